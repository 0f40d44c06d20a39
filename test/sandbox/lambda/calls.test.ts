import { ALLOW_ALL, Lab } from './lab';

// Processes start slowly where many tests share the processors.
jest.setTimeout(60_000);

let lab: Lab;

beforeEach(async () => {
  lab = new Lab();
  await lab.endpoint.start();
});

afterEach(() => lab.stop());

/** Invokes the functions that the event names, at once, and answers with what they answered and when. */
const CALLER = `
  const { Lambda } = require('@aws-sdk/client-lambda');
  exports.handler = async ({ calls, maxAttempts = 1 }) => {
    const lambda = new Lambda({ maxAttempts });
    return Promise.all(calls.map(async ([name, event]) => {
      try {
        const answer = await lambda.invoke({ FunctionName: name, Payload: JSON.stringify(event ?? {}) });
        return [Buffer.from(answer.Payload).toString(), answer.FunctionError ?? '', Date.now()];
      } catch (error) {
        return [error.name, error.message, Date.now()];
      }
    }));
  };`;

const SLEEPER = `exports.handler = async ({ ms }) => {
  await require('node:timers/promises').setTimeout(ms);
  return 'slept ' + ms;
};`;

test('a function invokes another and waits for it in virtual time', async () => {
  lab.create('sleeper', SLEEPER);
  const { payload } = await lab.invoke(lab.create('caller', CALLER), { calls: [['sleeper', { ms: 600_000 }]] });
  expect(payload).toEqual([['"slept 600000"', '', lab.start + 600_050]]);
  expect(lab.elapsed).toBe(600_050);
});

test('an error of the function that was invoked is told by FunctionError', async () => {
  lab.create('failing', 'exports.handler = async () => { throw new RangeError("no"); };');
  const { payload } = await lab.invoke(lab.create('caller', CALLER), { calls: [['failing']] });
  const [text, functionError] = payload[0];
  expect(functionError).toBe('Unhandled');
  expect(JSON.parse(text)).toMatchObject({ errorType: 'RangeError', errorMessage: 'no' });
});

test('a function that does not exist is a documented error', async () => {
  const { payload } = await lab.invoke(lab.create('caller', CALLER), { calls: [['missing']] });
  expect(payload[0].slice(0, 2)).toEqual([
    'ResourceNotFoundException',
    'Function not found: arn:aws:lambda:eu-west-1:111111111111:function:missing',
  ]);
});

test('a role without the permission is refused', async () => {
  lab.create('sleeper', SLEEPER);
  const roleArn = lab.role('powerless', 'lambda.amazonaws.com');
  const { payload } = await lab.invoke(lab.create('caller', CALLER, { roleArn }), { calls: [['sleeper', { ms: 1 }]] });
  expect(payload[0][0]).toBe('AccessDeniedException');
  expect(payload[0][1]).toContain('lambda:InvokeFunction');
});

test('calls at once overlap in virtual time', async () => {
  lab.create('sleeper', SLEEPER);
  const calls = [3000, 1000, 2000].map((ms) => ['sleeper', { ms }]);
  const { payload } = await lab.invoke(lab.create('caller', CALLER), { calls });
  expect(payload.map(([, , at]: [string, string, number]) => at - lab.start)).toEqual([3050, 1050, 2050]);
  expect(lab.elapsed).toBe(3050);
});

test('a timer fires while a call is under way', async () => {
  lab.create('sleeper', SLEEPER);
  const arn = lab.create(
    'impatient',
    `const { Lambda } = require('@aws-sdk/client-lambda');
     exports.handler = async () => {
       const controller = new AbortController();
       setTimeout(() => controller.abort(), 5000);
       const call = new Lambda({}).invoke(
         { FunctionName: 'sleeper', Payload: '{"ms":60000}' }, { abortSignal: controller.signal });
       const outcome = await call.catch((error) => error.name);
       await require('node:timers/promises').setTimeout(1000);
       return [outcome, Date.now()];
     };`,
  );
  expect((await lab.invoke(arn)).payload).toEqual(['AbortError', lab.start + 6000]);
});

test('the back-off of the SDK takes virtual time only', async () => {
  lab.create('sleeper', SLEEPER);
  lab.faults.add({ match: { service: 'lambda', operation: 'Invoke' }, kind: 'throttle', times: 3 });
  const event = { calls: [['sleeper', { ms: 0 }]], maxAttempts: 4 };
  const { payload } = await lab.invoke(lab.create('caller', CALLER), event);
  expect(payload[0][0]).toBe('"slept 0"');
  expect(lab.elapsed).toBeGreaterThan(200);
});

test('a connection that is cut is an error of the call', async () => {
  lab.create('sleeper', SLEEPER);
  lab.faults.add({ match: { operation: 'Invoke' }, kind: 'cut-after' });
  const { payload } = await lab.invoke(lab.create('caller', CALLER), { calls: [['sleeper', { ms: 10 }]] });
  expect(payload[0][1]).toMatch(/hang up|ECONNRESET/);
});

test('a function that is killed in a call is a Runtime.ExitError, and the clock goes on', async () => {
  lab.create('sleeper', SLEEPER);
  lab.faults.add({ match: { operation: 'Invoke' }, kind: 'kill-after' });
  const result = await lab.invoke(lab.create('caller', CALLER), { calls: [['sleeper', { ms: 10 }]] });
  expect(result.payload.errorType).toBe('Runtime.ExitError');
  await lab.clock.sleep(1000);
  expect(lab.elapsed).toBe(1060);
});

test('a function that waits for another too long is timed out, and the other goes on', async () => {
  lab.create('sleeper', `${SLEEPER.replace('return', 'console.log("woke"); return')}`);
  const caller = lab.create('caller', CALLER, { timeoutSeconds: 2 });
  const { payload } = await lab.invoke(caller, { calls: [['sleeper', { ms: 5000 }]] });
  expect(payload.errorType).toBe('Sandbox.Timedout');
  expect(lab.elapsed).toBe(2000);
  await lab.clock.sleep(10_000);
  expect(lab.functions.logs.map(({ text }) => text)).toContain('woke');
});

test('a run with many concurrent functions is the same every time', async () => {
  const run = async () => {
    const other = new Lab();
    await other.endpoint.start();
    other.create('sleeper', SLEEPER);
    const caller = other.create('caller', CALLER);
    const events = [7, 5, 3].map((ms) => ({
      calls: [
        ['sleeper', { ms }],
        ['sleeper', { ms: ms * 2 }],
      ],
    }));
    const results = await Promise.all(events.map((event) => other.invoke(caller, event)));
    const calls = other.journal.calls.map(({ at, operation, principal }) => [at, operation, principal]);
    await other.stop();
    return { results, calls };
  };
  expect(await run()).toEqual(await run());
});

test('GetFunction tells that the function is active', async () => {
  const arn = lab.create(
    'f',
    `const { Lambda } = require('@aws-sdk/client-lambda');
     exports.handler = async () => (await new Lambda({}).getFunction({ FunctionName: 'f' })).Configuration;`,
  );
  expect((await lab.invoke(arn)).payload).toMatchObject({
    FunctionArn: arn,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    Timeout: 900,
  });
});

test('the API starts and describes executions', async () => {
  const roleArn = lab.role('states', 'states.amazonaws.com', ALLOW_ALL);
  const definition = JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } });
  const place = { accountId: '111111111111', region: 'eu-west-1' };
  const { arn } = lab.stateMachines.create({ ...place, name: 'machine', definition, roleArn });
  const starter = lab.create(
    'starter',
    `const { SFN } = require('@aws-sdk/client-sfn');
     exports.handler = async ({ stateMachineArn, input }) => {
       const states = new SFN({});
       try {
         const { executionArn } = await states.startExecution({ stateMachineArn, input });
         await require('node:timers/promises').setTimeout(120_000);
         const { type } = await states.describeStateMachine({ stateMachineArn });
         return { ...(await states.describeExecution({ executionArn })), $metadata: type };
       } catch (error) { return error.name; }
     };`,
  );
  expect((await lab.invoke(starter, { stateMachineArn: arn, input: '{"a":1}' })).payload).toMatchObject({
    $metadata: 'STANDARD',
    status: 'SUCCEEDED',
    output: '{"a":1}',
  });
  const tooLong = JSON.stringify('x'.repeat(262_144));
  expect((await lab.invoke(starter, { stateMachineArn: arn, input: tooLong })).payload).toBe('InvalidExecutionInput');
});
