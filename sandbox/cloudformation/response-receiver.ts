import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { PemConverter, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { bodyOf, close, listen, portOf } from '../endpoint/loopback';
import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';

/**
 * Where custom resources put their answers: the stand-in for the S3 bucket behind the pre-signed `ResponseURL`. It
 * speaks HTTPS on loopback with a certificate of its own, which functions are made to trust.
 */
export class ResponseReceiver {
  /** Answers that came when nobody expected them any more. */
  readonly late: Response[] = [];
  /** All answers, those that came late included. */
  readonly answers: Response[] = [];
  /** All addresses that were ever handed out. Who knows one that is open can answer in the name of the resource. */
  readonly addresses: string[] = [];
  private readonly expected = new Map<string, Expectation>();
  private server?: Server;
  private folder?: string;

  constructor(private readonly o: { readonly clock: Clock; readonly random: Random }) {}

  async start(): Promise<void> {
    const { key, certificate } = await makeCertificate();
    this.folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-receiver-'));
    writeFileSync(this.caFile, certificate);
    const server = createServer({ key, cert: certificate }, (request, response) => this.receive(request, response));
    // Idle connections are the client's to close: a race between the two would make runs differ.
    server.keepAliveTimeout = 0;
    this.server = server;
    await listen(server);
  }

  get port(): number {
    if (!this.server?.listening) throw new Error('the response receiver is not running: call start() first');
    return portOf(this.server);
  }

  get caFile(): string {
    if (this.folder === undefined) throw new Error('the response receiver is not running: call start() first');
    return path.join(this.folder, 'ca.pem');
  }

  /**
   * Makes an address that takes one answer and hands it over in a turn of the clock of its own. It has no port, because
   * the provider framework would drop it: functions find the port by their default one.
   */
  expect(handler: (body: string) => void): { url: string; close(): void } {
    const { clock, random } = this.o;
    const token = random.hex(32);
    const expectation: Expectation = { handler, open: true, expires: clock.now() + EXPIRES_SECONDS * 1000 };
    this.expected.set(token, expectation);
    const query = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=${EXPIRES_SECONDS}&X-Amz-Signature=${random.hex(64)}`;
    const url = `https://localhost${PREFIX}${token}?${query}`;
    this.addresses.push(url);
    return {
      url,
      close: () => {
        expectation.open = false;
      },
    };
  }

  async stop(): Promise<void> {
    const { server, folder } = this;
    this.server = undefined;
    this.folder = undefined;
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    if (server !== undefined) await close(server);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Without a body the function was killed while it sent.
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined) return;
    const token = (request.url ?? '').split('?')[0]?.slice(PREFIX.length) ?? '';
    response.statusCode = request.method === 'PUT' ? this.accept(token, body.toString()) : 405;
    response.end();
  }

  /**
   * Storing is all that S3 does: an address takes answers until it expires, whether CloudFormation still waits for them
   * or not, and a function learns nothing of that.
   */
  private accept(token: string, body: string): number {
    const { clock } = this.o;
    const expectation = this.expected.get(token);
    if (expectation === undefined || clock.now() >= expectation.expires) return 403;
    this.answers.push({ at: clock.now(), body });
    if (!expectation.open) {
      this.late.push({ at: clock.now(), body });
      return 200;
    }
    clock.schedule(0, () => this.deliver(expectation, body));
    return 200;
  }

  private deliver(expectation: Expectation, body: string): void {
    if (!expectation.open) {
      this.late.push({ at: this.o.clock.now(), body });
      return;
    }
    expectation.open = false;
    expectation.handler(body);
  }
}

export interface Response {
  /** Virtual time in milliseconds. */
  readonly at: number;
  readonly body: string;
}

interface Expectation {
  readonly handler: (body: string) => void;
  readonly expires: number;
  open: boolean;
}

const PREFIX = '/cloudformation-custom-resource-response/';

/** Of the pre-signed addresses that CloudFormation hands out. */
const EXPIRES_SECONDS = 7_200;

async function makeCertificate(): Promise<{ key: string; certificate: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      name: 'CN=cdk-settled sandbox',
      keys,
      signingAlgorithm: algorithm,
      // TLS compares with the real time, which is of no interest here.
      notBefore: new Date('2000-01-01T00:00:00Z'),
      notAfter: new Date('2100-01-01T00:00:00Z'),
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: 'dns', value: 'localhost' },
          { type: 'ip', value: '127.0.0.1' },
        ]),
      ],
    },
    webcrypto as Parameters<typeof X509CertificateGenerator.createSelfSigned>[1],
  );
  const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, certificate: certificate.toString('pem') };
}
