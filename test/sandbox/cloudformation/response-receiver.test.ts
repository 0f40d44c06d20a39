import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { ResponseReceiver } from '../../../sandbox/cloudformation/response-receiver';
import { Clock } from '../../../sandbox/kernel/clock';
import { Random } from '../../../sandbox/kernel/random';

const clock = new Clock();
let receiver: ResponseReceiver;

beforeEach(async () => {
  receiver = new ResponseReceiver({ clock, random: new Random(1) });
  await receiver.start();
});

afterEach(() => receiver.stop());

/** As the provider framework does: without the port of the address. */
function put(url: string, body: string, method = 'PUT'): Promise<number | undefined> {
  const { hostname, pathname, search } = new URL(url);
  const ca = readFileSync(receiver.caFile);
  return new Promise((resolve, reject) => {
    const options = { hostname, path: pathname + search, method, ca, port: receiver.port, agent: false } as const;
    request(options, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end(body);
  });
}

test('an answer is handed over in a turn of the clock', async () => {
  const release = clock.hold();
  const bodies: string[] = [];
  const { url } = receiver.expect((body) => bodies.push(body));
  expect(url).toMatch(
    /^https:\/\/localhost\/cloudformation-custom-resource-response\/[0-9a-f]{32}\?.*X-Amz-Signature=/,
  );
  expect(await put(url, '{"Status":"SUCCESS"}')).toBe(200);
  expect(bodies).toEqual([]);
  release();
  await clock.sleep(0);
  expect(bodies).toEqual(['{"Status":"SUCCESS"}']);
});

test('an answer of more than 4,096 bytes is handed over whole', async () => {
  const bodies: string[] = [];
  await put(receiver.expect((body) => bodies.push(body)).url, 'x'.repeat(100_000));
  await clock.sleep(0);
  expect(bodies[0]).toHaveLength(100_000);
});

test('only the first answer counts; others are stored, as S3 does, and kept as late', async () => {
  const bodies: string[] = [];
  const { url } = receiver.expect((body) => bodies.push(body));
  await put(url, 'first');
  await put(url, 'second');
  await clock.sleep(0);
  expect(await put(url, 'third')).toBe(200);
  expect(bodies).toEqual(['first']);
  expect(receiver.late.map(({ body }) => body)).toEqual(['second', 'third']);
});

test('an answer to a closed address is late', async () => {
  const handler = jest.fn();
  const { url, close } = receiver.expect(handler);
  close();
  expect(await put(url, 'late')).toBe(200);
  await clock.sleep(0);
  expect(handler).not.toHaveBeenCalled();
  expect(receiver.late).toEqual([{ at: clock.now(), body: 'late' }]);
});

test('an address that was never given, has expired or is not put to is refused', async () => {
  const { url } = receiver.expect(() => {});
  expect(await put(url.replace(/response\/.{32}/, 'response/0'), '')).toBe(403);
  expect(await put(url, '', 'POST')).toBe(405);
  await clock.sleep(7_200_000);
  expect(await put(url, '')).toBe(403);
});

test('the certificate is removed when the receiver stops', async () => {
  const { caFile } = receiver;
  await receiver.stop();
  expect(existsSync(caFile)).toBe(false);
});
