import { createServer, request } from 'node:http';
import { askRunning } from '../../../sandbox/control/client';
import { ControlServer } from '../../../sandbox/control/server';
import { type Request, Session } from '../../../sandbox/control/session';
import { close, listen } from '../../../sandbox/endpoint/loopback';
import { Assemblies, failing, topic } from './assembly';

const assemblies = new Assemblies();
afterAll(() => assemblies.remove());

let session: Session;
let control: ControlServer;
let address: string;

beforeEach(async () => {
  session = await Session.start({});
  control = new ControlServer(session);
  address = await control.start();
});

afterEach(async () => {
  await control.stop();
  await session.sandbox.stop();
});

async function ask(what: Request) {
  const lines: string[] = [];
  const succeeded = await askRunning(address, what, (line) => lines.push(line));
  return { succeeded, lines };
}

/** What a client that is not ours is answered. */
async function post(body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) {
  const response = await fetch(address, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

test('stacks are deployed, listed and deleted over the control address', async () => {
  const assembly = assemblies.write({ App: { News: topic('news') } });
  const deployed = await ask({ command: 'deploy', assembly });
  expect(deployed.succeeded).toBe(true);
  expect(deployed.lines[0]).toContain('CREATE_IN_PROGRESS');
  expect((await ask({ command: 'inventory' })).lines).toEqual(['standing      1', expect.stringContaining('news')]);
  expect((await ask({ command: 'destroy', assembly })).succeeded).toBe(true);
  expect((await ask({ command: 'inventory' })).lines).toEqual(['standing      nothing']);
});

test('a stack that failed is no success, and what marks the end is not shown', async () => {
  const { succeeded, lines } = await ask({
    command: 'deploy',
    assembly: assemblies.write({ App: { Bad: failing('no') } }),
  });
  expect(succeeded).toBe(false);
  expect(lines.filter((line) => line.startsWith('#'))).toEqual([]);
});

test('what cannot be carried out is an error at the client', async () => {
  await expect(ask({ command: 'deploy', assembly: '/no/such' })).rejects.toThrow('there is no folder /no/such');
});

test('a client that goes away in the middle leaves the run and the others alone', async () => {
  const assembly = assemblies.write({ App: { News: topic('news') } });
  const headers = { 'content-type': 'application/json' };
  await new Promise<void>((resolve) => {
    const leaving = request(address, { method: 'POST', headers }, (response) => {
      response.once('data', () => response.destroy()).once('close', resolve);
    });
    leaving.end(JSON.stringify({ command: 'deploy', assembly }));
  });
  expect((await ask({ command: 'inventory' })).lines[0]).toBe('standing      1');
});

test.each([
  ['no JSON', '{', 'the request is not JSON'],
  ['null', 'null', 'the command must be one of deploy, destroy, inventory'],
  ['another command', '{"command":"serve"}', 'the command must be one of deploy, destroy, inventory, got "serve"'],
])('%s is refused', async (_what, body, message) => {
  expect((await post(body)).text).toContain(`#refused\n${message}`);
});

test('what a page in a browser could send is refused', async () => {
  const form = await post('{"command":"inventory"}', { 'content-type': 'text/plain' });
  expect(form).toEqual({ status: 405, text: expect.stringContaining('takes a POST of JSON') });
  expect((await fetch(address)).status).toBe(405);
});

test('a port that is taken is told, with what to do', async () => {
  const port = Number(new URL(address).port);
  await expect(new ControlServer(session).start(port)).rejects.toThrow(
    `the port ${port} is taken: choose another one with --port`,
  );
});

describe('a client', () => {
  test('says when nobody answers', async () => {
    await control.stop();
    await expect(ask({ command: 'inventory' })).rejects.toThrow(
      `no sandbox answers at ${address} (ECONNREFUSED); start one with: npm run sandbox -- serve`,
    );
  });

  test('says when something else answers, such as the endpoint of the services', async () => {
    const { url } = session.sandbox.endpoint;
    await expect(askRunning(url, { command: 'inventory' }, () => {})).rejects.toThrow(
      `${url} is not the control address of a sandbox`,
    );
  });

  test.each([
    ['properly', (end: () => void) => end()],
    ['with a cut connection', (_end: () => void, cut: () => void) => cut()],
  ])('says when the answer ends %s before the run does', async (_how, leave) => {
    const server = createServer((_message, response) => {
      response.writeHead(200, { 'content-type': 'text/x-cdk-settled-sandbox' });
      response.write('a line\n', () =>
        leave(
          () => response.end(),
          () => response.destroy(),
        ),
      );
    });
    const half = `http://127.0.0.1:${await listen(server)}`;
    try {
      await expect(askRunning(half, { command: 'inventory' }, () => {})).rejects.toThrow('ended before it was done');
    } finally {
      await close(server);
    }
  });
});
