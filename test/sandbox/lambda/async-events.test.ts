import { perform } from '../../../sandbox/endpoint/performance';
import type { EnvironmentOptions } from '../../../sandbox/lambda/function-pool';
import { ACCOUNT, ALLOW_ALL, Lab, REGION } from './lab';

// Processes start slowly where many tests share the processors.
jest.setTimeout(60_000);

let lab: Lab;

async function start(environments?: EnvironmentOptions): Promise<void> {
  await lab?.stop();
  lab = new Lab(undefined, { environments });
  await lab.endpoint.start();
}

beforeEach(() => start());
afterEach(() => lab.stop());

const FAILING = 'exports.handler = async () => { console.log("try"); throw new Error(); };';
const SLOW = `exports.handler = async ({ ms = 0 }) => { console.log('start');
  await require('timers/promises').setTimeout(ms); return process.pid; };`;

/** Virtual seconds at which lines were printed. */
const printed = () => lab.functions.logs.map(({ at }) => (at - lab.start) / 1000);

describe('the configuration of asynchronous events', () => {
  test.each([
    [0, 21_600, [0], 'RetriesExhausted'],
    [1, 21_600, [0, 60], 'RetriesExhausted'],
    [2, 21_600, [0, 60, 180], 'RetriesExhausted'],
    [2, 61, [0, 60], 'EventAgeExceeded'],
    [2, 60, [0], 'EventAgeExceeded'],
  ])('%d retries within %d seconds', async (maximumRetryAttempts, maximumEventAgeSeconds, tries, reason) => {
    const arn = lab.create('f', FAILING);
    lab.functions.setEventInvokeConfig(arn, { maximumRetryAttempts, maximumEventAgeSeconds });
    lab.functions.invokeAsync(arn, '{"n":1}');
    await lab.clock.sleep(3_600_000);
    expect(printed()).toEqual(tries);
    expect(lab.functions.droppedEvents).toEqual([
      expect.objectContaining({ functionArn: arn, payload: '{"n":1}', reason }),
    ]);
  });

  test.each([
    [{ maximumRetryAttempts: 3, maximumEventAgeSeconds: 60 }, 'MaximumRetryAttempts 3'],
    [{ maximumRetryAttempts: 0, maximumEventAgeSeconds: 59 }, 'MaximumEventAgeInSeconds 59'],
  ])('%j is refused', (config, message) => {
    const arn = lab.create('f', '');
    expect(() => lab.functions.setEventInvokeConfig(arn, config)).toThrow(message);
  });
});

describe('an event in the background', () => {
  test('moves no time: its function rests in the middle until time goes on', async () => {
    const arn = lab.create('f', `${SLOW.replace('return', 'console.log("end"); return')}`);
    lab.functions.invokeAsync(arn, '{"ms":60000}', { background: true });
    await lab.clock.sleep(1000);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([lab.elapsed, printed()]).toEqual([1000, [0]]);
    await lab.clock.sleep(3_600_000);
    expect(printed()).toEqual([0, 60]);
  });

  test('does not keep the sandbox from ending', async () => {
    const arn = lab.create('f', SLOW);
    lab.functions.invokeAsync(arn, '{"ms":60000}', { background: true });
    await lab.clock.sleep(1000);
    await lab.functions.stop();
    expect(lab.elapsed).toBe(1000);
  });

  test('is repeated in the background too', async () => {
    const arn = lab.create('f', FAILING);
    lab.functions.invokeAsync(arn, '{}', { background: true });
    await lab.clock.sleep(1000);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lab.elapsed).toBe(1000);
    await lab.clock.sleep(600_000);
    expect(printed()).toEqual([0, 60, 180]);
  });
});

describe('concurrency', () => {
  test('beyond the limit is throttled', async () => {
    const arn = lab.create('f', SLOW, { reservedConcurrency: 1 });
    const first = lab.invoke(arn, { ms: 1000 });
    await expect(lab.invoke(arn)).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      statusCode: 429,
    });
    await first;
    lab.functions.limitConcurrency(arn, 0);
    await expect(lab.invoke(arn)).rejects.toThrow('Rate Exceeded.');
    lab.functions.limitConcurrency(arn, undefined);
    expect((await lab.invoke(arn)).functionError).toBeUndefined();
  });

  test('of events is waited for, at first a second and then longer', async () => {
    const arn = lab.create('f', SLOW, { reservedConcurrency: 1 });
    lab.functions.invokeAsync(arn, '{"ms":5000}');
    lab.functions.invokeAsync(arn, '{}');
    await lab.clock.sleep(60_000);
    expect(printed()).toEqual([0, 7]);
  });

  test('of events that never ends makes them too old', async () => {
    const arn = lab.create('f', SLOW, { reservedConcurrency: 0 });
    lab.functions.setEventInvokeConfig(arn, { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 });
    lab.functions.invokeAsync(arn, '{}');
    await lab.clock.sleep(600_000);
    expect(lab.functions.droppedEvents).toEqual([
      expect.objectContaining({ reason: 'EventAgeExceeded', at: lab.start + 31_000 }),
    ]);
  });
});

describe('environments', () => {
  test('end on demand: the next invocation is a cold start', async () => {
    const [f, g] = [lab.create('f', SLOW), lab.create('g', SLOW)];
    const pids = [(await lab.invoke(f)).payload, (await lab.invoke(g)).payload];
    lab.functions.coldStart(f);
    expect((await lab.invoke(f)).payload).not.toBe(pids[0]);
    expect((await lab.invoke(g)).payload).toBe(pids[1]);
    lab.functions.coldStart();
    expect((await lab.invoke(g)).payload).not.toBe(pids[1]);
  });

  test('end when they were idle for long enough', async () => {
    await start({ idleSeconds: 600 });
    const arn = lab.create('f', SLOW);
    const first = (await lab.invoke(arn, { ms: 60_000 })).payload;
    await lab.clock.sleep(599_000);
    expect((await lab.invoke(arn)).payload).toBe(first);
    await lab.clock.sleep(600_000);
    expect((await lab.invoke(arn)).payload).not.toBe(first);
  });

  test('take turns by the seed', async () => {
    await start({ choice: 'any' });
    const arn = lab.create('f', SLOW);
    await Promise.all([lab.invoke(arn, { ms: 10 }), lab.invoke(arn, { ms: 10 })]);
    const pids = [];
    for (let n = 0; n < 10; n++) pids.push((await lab.invoke(arn)).payload);
    expect(new Set(pids).size).toBe(2);
  });
});

test('a stranger from another account needs a permission of the function', async () => {
  const arn = lab.create('f', SLOW);
  const stranger = lab.iam.createRole({
    accountId: '222222222222',
    name: 'stranger',
    trust: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    },
    inlinePolicies: { all: ALLOW_ALL },
  });
  const invoke = async () => {
    const principal = lab.credentials.find(lab.credentials.forRole(stranger, 's').accessKeyId)!.principal;
    const call = { world: lab.world, principal, accountId: stranger.accountId, region: REGION, requestId: 'r' };
    const input = { FunctionName: arn, InvocationType: 'DryRun' };
    return (await perform(lab.functions.service, 'Invoke', input, call, lab.iam)).error?.code ?? 'ok';
  };
  expect(await invoke()).toBe('AccessDeniedException');
  lab.functions.addPermission(arn, { statementId: 's', action: 'lambda:*', principal: '222222222222' });
  expect(await invoke()).toBe('ok');
});

describe('a service in its own name', () => {
  const alarm = {
    service: 'lambda.alarms.cloudwatch.amazonaws.com',
    sourceArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:load`,
    sourceAccount: ACCOUNT,
  };
  const permission = { statementId: 's', action: 'lambda:InvokeFunction', principal: alarm.service };

  test.each([
    [undefined, false],
    [permission, true],
    [{ ...permission, action: 'lambda:*' }, true],
    [{ ...permission, action: 'lambda:GetFunction' }, false],
    [{ ...permission, principal: 'sns.amazonaws.com' }, false],
    [{ ...permission, sourceArn: alarm.sourceArn, sourceAccount: ACCOUNT }, true],
    [{ ...permission, sourceArn: `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:*` }, true],
    [{ ...permission, sourceArn: `${alarm.sourceArn}-2` }, false],
    [{ ...permission, sourceAccount: '222222222222' }, false],
    [{ ...permission, principal: '222222222222' }, false],
  ])('with the permission %j', async (given, invoked) => {
    const arn = lab.create('f', SLOW);
    if (given !== undefined) lab.functions.addPermission(arn, given);
    const invoke = () => lab.functions.invokeForService(alarm, arn, '{}');
    if (invoked) invoke();
    else expect(invoke).toThrow(`${alarm.service} is not authorized to perform: lambda:InvokeFunction on`);
    await lab.clock.sleep(1000);
    expect(printed()).toEqual(invoked ? [0] : []);
  });

  test('loses the right with the permission', () => {
    const arn = lab.create('f', SLOW);
    lab.functions.addPermission(arn, permission);
    lab.functions.removePermission(arn, 's');
    expect(() => lab.functions.invokeForService(alarm, arn, '{}')).toThrow('not authorized');
  });

  test.each([
    [{ principal: 'me' }, 'principal was invalid'],
    [{ action: 'sns:Publish' }, 'Action "sns:Publish"'],
  ])('%j is refused', (more, message) => {
    const arn = lab.create('f', '');
    expect(() => lab.functions.addPermission(arn, { ...permission, ...more })).toThrow(message);
  });
});
