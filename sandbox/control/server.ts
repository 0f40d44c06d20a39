import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { bodyOf, close, listen } from '../endpoint/loopback';
import { CONTROL_TYPE, FAILED, parseRequest, REFUSED, SUCCEEDED } from './protocol';
import type { Session } from './session';

/**
 * The control address of a sandbox that is kept running: a POST carries a request as JSON and is answered by the lines of
 * the run as they come. The last line is {@link SUCCEEDED} or {@link FAILED}; what cannot be carried out is answered by
 * {@link REFUSED} and the reason. It listens on loopback alone.
 */
export class ControlServer {
  private server?: Server;

  constructor(private readonly session: Session) {}

  /** Without a port, any free one. */
  async start(port = 0): Promise<string> {
    const server = createServer((message, response) => void this.serve(message, response));
    const chosen = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
      throw notListening(port, error);
    });
    this.server = server;
    return `http://127.0.0.1:${chosen}`;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server !== undefined) await close(server);
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    // Writing to a client that has gone away does nothing; what it began goes on.
    const print = (line: string) => response.write(`${line}\n`);
    // Pages in a browser can post plain forms to any port, but not JSON.
    if (message.method !== 'POST' || message.headers['content-type'] !== 'application/json') {
      response.writeHead(405, { 'content-type': CONTROL_TYPE });
      response.end(
        `${REFUSED}\nthe control address takes a POST of JSON: npm run sandbox -- deploy <cdk.out> --to <url>\n`,
      );
      return;
    }
    response.writeHead(200, { 'content-type': CONTROL_TYPE });
    try {
      const request = parseRequest((await bodyOf(message)).toString());
      const succeeded = await this.session.carryOut(request, print, false);
      print(succeeded ? SUCCEEDED : FAILED);
    } catch (error) {
      print(REFUSED);
      print(error instanceof Error ? error.message : String(error));
    } finally {
      response.end();
    }
  }
}

function notListening(port: number, error: NodeJS.ErrnoException): Error {
  const why = error.code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${error.code ?? error.message})`;
  return new Error(`the port ${port} ${why}: choose another one with --port, or leave it out for any free one`);
}
