import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Request, Session } from './session';

/**
 * The control address of a sandbox that is kept running: a POST carries a {@link Request} and is answered by the lines
 * of the run as they come. The last line is {@link SUCCEEDED} or {@link FAILED}. It listens on loopback alone.
 */
export class ControlServer {
  private server?: Server;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly session: Session) {}

  async start(port = 0): Promise<string> {
    const server = createServer((message, response) => {
      // One request after the other, as the commands of one user.
      this.last = this.last.then(() => this.serve(message, response));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.server = server;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const print = (line: string) => response.write(`${line}\n`);
    try {
      const request = JSON.parse(await textOf(message)) as Request;
      const succeeded = await this.session.carryOut(request, print, false);
      print(succeeded ? SUCCEEDED : FAILED);
    } catch (error) {
      print(error instanceof Error ? error.message : String(error));
      print(FAILED);
    } finally {
      response.end();
    }
  }
}

export const SUCCEEDED = '#succeeded';
export const FAILED = '#failed';

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
