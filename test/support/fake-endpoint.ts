import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FakeRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Access key id of the signature. */
  readonly accessKeyId?: string;
}

export type FakeAnswer =
  | { readonly status: number; readonly type: string; readonly body: string; readonly headers?: Record<string, string> }
  /** The connection is closed without an answer. */
  | 'cut';

/** AWS as one address on loopback, which answers what a test says. */
export class FakeEndpoint {
  answer: (request: FakeRequest) => FakeAnswer = () => 'cut';
  readonly requests: FakeRequest[] = [];
  private readonly server: Server = createServer(async (request, response) => {
    const [, accessKeyId] = /Credential=([^/]+)/.exec(request.headers.authorization ?? '') ?? [];
    const received = { path: request.url ?? '', headers: request.headers, body: await text(request), accessKeyId };
    this.requests.push(received);
    const answer = this.answer(received);
    if (answer === 'cut') request.socket.destroy();
    else response.writeHead(answer.status, { 'content-type': answer.type, ...answer.headers }).end(answer.body);
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Runs it for the tests of a file, whose clients find it by the environment. Call in the file's top level. */
export function fakeEndpoint(): FakeEndpoint {
  const endpoint = new FakeEndpoint();
  const environment = process.env;
  let url = '';
  beforeAll(async () => {
    url = await endpoint.start();
  });
  beforeEach(() => {
    endpoint.requests.length = 0;
    process.env = {
      ...environment,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIAOWN',
      AWS_SECRET_ACCESS_KEY: 'not-a-secret',
      AWS_SESSION_TOKEN: undefined,
    };
    delete process.env.AWS_SESSION_TOKEN;
  });
  afterEach(() => {
    process.env = environment;
  });
  afterAll(() => endpoint.stop());
  return endpoint;
}

/** What a service with a JSON protocol refuses a call with. */
export function jsonError(name: string, message: string, status = 400): FakeAnswer {
  const body = JSON.stringify({ __type: name, message });
  return { status, type: 'application/x-amz-json-1.1', body, headers: { 'x-amzn-errortype': name } };
}

/** What a service with a query protocol answers. */
export function queryAnswer(action: string, result: string): FakeAnswer {
  const body = `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
  return { status: 200, type: 'text/xml', body };
}

export function queryError(code: string, message: string, status = 403): FakeAnswer {
  const body = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-42</RequestId></ErrorResponse>`;
  return { status, type: 'text/xml', body };
}
