import 'reflect-metadata';
import { execFileSync } from 'node:child_process';
import { constants, generateKeyPairSync, type KeyObject, privateEncrypt, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetPublicKeyCommand, type KMSClient, type SignCommand } from '@aws-sdk/client-kms';
import * as x509 from '@peculiar/x509';
import { kmsAuthority } from '../../src/cloudhsm/kms-authority.runtime';
import type { AwsClients } from '../../src/runtime/clients';
import { aRequest } from '../support/certificates';

const CLUSTER = { id: 'cluster-igklspoyj5v', created: new Date('2026-01-01T12:34:56.789Z') };
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** The one part of KMS that the authority calls; it counts the signatures, which cost. */
class FakeKms {
  signatures = 0;

  constructor(
    private readonly key: { publicKey: KeyObject; privateKey: KeyObject } = KEY,
    private readonly algorithms = ['RSASSA_PKCS1_V1_5_SHA_256'],
  ) {}

  get clients(): AwsClients {
    return { get: () => ({ send: (command: unknown) => this.send(command) }) as unknown as KMSClient } as never;
  }

  private async send(command: unknown) {
    if (command instanceof GetPublicKeyCommand) {
      const PublicKey = this.key.publicKey.export({ format: 'der', type: 'spki' });
      return { PublicKey, KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: this.algorithms };
    }
    const { MessageType, Message } = (command as SignCommand).input;
    expect(MessageType).toBe('DIGEST');
    expect(Message).toHaveLength(32);
    this.signatures++;
    // A signature of a digest, as KMS makes it: PKCS#1 v1.5 over the DigestInfo of SHA-256.
    const digestInfo = Buffer.concat([Buffer.from('3031300d060960864801650304020105000420', 'hex'), Message!]);
    return {
      Signature: privateEncrypt({ key: this.key.privateKey, padding: constants.RSA_PKCS1_PADDING }, digestInfo),
    };
  }
}

const authorityOf = (kms = new FakeKms(), cluster = CLUSTER) => kmsAuthority('key', cluster, kms.clients);

describe('the root', () => {
  test('is the same, byte for byte, however often it is made', async () => {
    const [first, second] = [await (await authorityOf()).root(), await (await authorityOf(new FakeKms())).root()];
    expect(first).toBe(second);
  });

  test('is derived from the cluster: another cluster, or time, means another root', async () => {
    const roots = await Promise.all(
      [CLUSTER, { ...CLUSTER, id: 'cluster-aaaaaaaaaaa' }, { ...CLUSTER, created: new Date('2026-01-02') }].map(
        async (cluster) => (await authorityOf(undefined, cluster)).root(),
      ),
    );
    expect(new Set(roots).size).toBe(3);
  });

  test('is a self-signed certificate authority for ten years from the creation of the cluster', async () => {
    const root = new X509Certificate(await (await authorityOf()).root());
    expect(root.ca).toBe(true);
    expect(root.subject).toBe(`CN=${CLUSTER.id}`);
    expect(root.issuer).toBe(root.subject);
    expect(root.verify(KEY.publicKey)).toBe(true);
    expect(root.validFrom).toBe('Jan  1 12:34:56 2026 GMT');
    expect(root.validTo).toBe('Jan  1 12:34:56 2036 GMT');
    expect(root.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  test('has critical basic constraints and the usage to sign certificates', async () => {
    const root = new x509.X509Certificate(await (await authorityOf()).root());
    expect(root.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ ca: true, critical: true });
    expect(root.getExtension(x509.KeyUsagesExtension)?.usages).toBe(
      x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
    );
  });

  test('may last beyond 2049, where certificates write years with four digits', async () => {
    const cluster = { ...CLUSTER, created: new Date('2045-06-01T00:00:00Z') };
    const root = new X509Certificate(await (await authorityOf(undefined, cluster)).root());
    expect(root.validTo).toBe('Jun  1 00:00:00 2055 GMT');
  });

  test('is recognized without a signature', async () => {
    const root = await (await authorityOf()).root();
    const kms = new FakeKms();
    expect(await (await authorityOf(kms)).isRoot(root)).toBe(true);
    expect(kms.signatures).toBe(0);
  });

  test.each([
    ['no certificate', async () => 'hello'],
    [
      'of another cluster',
      async () => (await authorityOf(undefined, { ...CLUSTER, id: 'cluster-bbbbbbbbbbb' })).root(),
    ],
    [
      'of another key',
      async () => (await authorityOf(new FakeKms(generateKeyPairSync('rsa', { modulusLength: 2048 })))).root(),
    ],
  ])('%s is not taken for it', async (_what, other) => {
    expect(await (await authorityOf()).isRoot(await other())).toBe(false);
  });
});

describe('the certificate of the cluster', () => {
  test('is signed by the root, and for the key and the subject of the request', async () => {
    const authority = await authorityOf();
    const request = await aRequest();
    const root = new X509Certificate(await authority.root());
    const pem = await authority.certificate(request.pem);
    const certificate = new X509Certificate(pem);
    expect(certificate.checkIssued(root)).toBe(true);
    expect(certificate.verify(root.publicKey)).toBe(true);
    expect(certificate.publicKey.equals(request.key)).toBe(true);
    expect(new x509.X509Certificate(pem).subject).toBe(new x509.Pkcs10CertificateRequest(request.pem).subject);
    expect(certificate.ca).toBe(false);
  });

  test('is the same, byte for byte, for the same request, and another for another', async () => {
    const authority = await authorityOf();
    const [request, other] = [await aRequest(), await aRequest()];
    expect(await authority.certificate(request.pem)).toBe(await (await authorityOf()).certificate(request.pem));
    expect(new X509Certificate(await authority.certificate(other.pem)).serialNumber).not.toBe(
      new X509Certificate(await authority.certificate(request.pem)).serialNumber,
    );
  });

  test('takes one signature, and tells its authority', async () => {
    const kms = new FakeKms();
    const authority = await authorityOf(kms);
    const certificate = await authority.certificate((await aRequest()).pem);
    expect(kms.signatures).toBe(1);
    expect(authority.hasSigned(certificate)).toBe(true);
    const stranger = await authorityOf(new FakeKms(generateKeyPairSync('rsa', { modulusLength: 2048 })));
    expect(stranger.hasSigned(certificate)).toBe(false);
  });

  test('is refused for a request that is not signed with its own key', async () => {
    const pem = (await aRequest()).pem;
    const bytes = Buffer.from(new x509.Pkcs10CertificateRequest(pem).rawData);
    bytes[bytes.length - 1] = bytes.at(-1)! ^ 1;
    const forged = new x509.Pkcs10CertificateRequest(bytes).toString('pem');
    await expect((await authorityOf()).certificate(forged)).rejects.toThrow('is not signed with its own key');
  });

  (hasOpenssl() ? test : test.skip)('stands up to openssl', async () => {
    const authority = await authorityOf();
    const folder = mkdtempSync(join(tmpdir(), 'settled-certificates-'));
    try {
      writeFileSync(join(folder, 'root.pem'), await authority.root());
      writeFileSync(join(folder, 'cluster.pem'), await authority.certificate((await aRequest()).pem));
      const run = (...parameters: string[]) => execFileSync('openssl', parameters, { cwd: folder }).toString();
      expect(run('verify', '-x509_strict', '-attime', '1780000000', '-CAfile', 'root.pem', 'root.pem')).toContain('OK');
      expect(run('verify', '-attime', '1780000000', '-CAfile', 'root.pem', 'cluster.pem')).toContain('OK');
      const text = run('x509', '-in', 'root.pem', '-noout', '-text');
      expect(text).toContain('X509v3 Basic Constraints: critical');
      expect(text).toContain('CA:TRUE');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('a key that cannot sign in this way is named, with what is needed', async () => {
  await expect(authorityOf(new FakeKms(KEY, ['ECDSA_SHA_256']))).rejects.toThrow(
    'KMS key key (RSA_2048, SIGN_VERIFY) cannot sign with RSASSA_PKCS1_V1_5_SHA_256; use an RSA key for SIGN_VERIFY',
  );
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
}
