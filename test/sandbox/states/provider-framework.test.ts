import * as path from 'node:path';
import { ResponseReceiver } from '../../../sandbox/cloudformation/response-receiver';
import { ACCOUNT, ALLOW_ALL, Lab, REGION } from '../lambda/lab';

/** The CDK's own code, run as it is: functions, waiter, answer over HTTPS. */
const FRAMEWORK = path.join(
  path.dirname(require.resolve('aws-cdk-lib/package.json')),
  'custom-resources/lib/provider-framework/runtime',
);

// Processes start slowly where many tests share the processors.
jest.setTimeout(60_000);

let lab: Lab;
let receiver: ResponseReceiver;

beforeEach(async () => {
  const port: { port: number; caFile: string } = { port: 0, caFile: '' };
  lab = new Lab(port);
  receiver = new ResponseReceiver(lab);
  await receiver.start();
  Object.assign(port, { port: receiver.port, caFile: receiver.caFile });
  await lab.endpoint.start();
});

afterEach(async () => {
  await lab.stop();
  await receiver.stop();
});

/** Deploys a provider with the given user code, sends it a Create and resolves with its answer. */
function answerOf(code: string, waiter: { intervalSeconds: number; maxAttempts: number }) {
  const onEventFunction = lab.create('user', code, { handler: 'index.onEvent' });
  const isCompleteFunction = lab.create('user-is-complete', code, { handler: 'index.isComplete' });
  const environment = {
    USER_ON_EVENT_FUNCTION_ARN: onEventFunction,
    USER_IS_COMPLETE_FUNCTION_ARN: isCompleteFunction,
  };
  const entry = (name: string, other: Record<string, string> = {}) =>
    lab.create(`framework-${name}`, '', {
      codeDirectory: FRAMEWORK,
      handler: `framework.${name}`,
      environment: { ...environment, ...other },
    });
  const { arn } = lab.stateMachines.create({
    accountId: ACCOUNT,
    region: REGION,
    name: 'waiter',
    roleArn: lab.role('waiter', 'states.amazonaws.com', ALLOW_ALL),
    definition: waiterDefinition(entry('isComplete'), entry('onTimeout'), waiter),
  });
  const onEvent = entry('onEvent', { WAITER_STATE_MACHINE_ARN: arn });
  return new Promise<{ Status: string; Reason: string; PhysicalResourceId: string; Data: unknown }>((resolve) => {
    const { url } = receiver.expect((body) => resolve(JSON.parse(body)));
    const event = { RequestType: 'Create', RequestId: 'request', ResponseURL: url, ...STACK, ResourceProperties: {} };
    lab.functions.invokeAsync(onEvent, JSON.stringify(event));
  });
}

const STACK = { StackId: 'stack', LogicalResourceId: 'Resource' };

/** As WaiterStateMachine renders it. */
function waiterDefinition(
  isComplete: string,
  onTimeout: string,
  waiter: { intervalSeconds: number; maxAttempts: number },
) {
  const retry = { IntervalSeconds: waiter.intervalSeconds, MaxAttempts: waiter.maxAttempts, BackoffRate: 1 };
  return JSON.stringify({
    StartAt: 'framework-isComplete-task',
    States: {
      'framework-isComplete-task': {
        End: true,
        Retry: [{ ErrorEquals: ['States.ALL'], ...retry }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'framework-onTimeout-task' }],
        Type: 'Task',
        Resource: isComplete,
      },
      'framework-onTimeout-task': { End: true, Type: 'Task', Resource: onTimeout },
    },
  });
}

test('a resource is done at its third look', async () => {
  const code = `let looks = 0;
    exports.onEvent = async () => ({ PhysicalResourceId: 'id', Data: { Early: 'e' } });
    exports.isComplete = async () => ++looks < 3 ? { IsComplete: false } : { IsComplete: true, Data: { Looks: looks } };`;
  expect(await answerOf(code, { intervalSeconds: 20, maxAttempts: 10 })).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'id',
    Data: { Early: 'e', Looks: 3 },
  });
  // Two intervals, and five calls of 50 ms: Invoke and StartExecution by onEvent, Invoke by each look.
  expect(lab.elapsed).toBe(40_250);
  expect(lab.stateMachines.running()).toBe(0);
});

test('a resource that never settles times out', async () => {
  const code = `exports.onEvent = async () => ({ PhysicalResourceId: 'id' });
    exports.isComplete = async () => ({ IsComplete: false });`;
  expect(await answerOf(code, { intervalSeconds: 30, maxAttempts: 60 })).toMatchObject({
    Status: 'FAILED',
    Reason: 'Operation timed out',
    PhysicalResourceId: 'id',
  });
  expect(lab.elapsed).toBe(60 * 30_000 + 63 * 50);
});

test('an onEvent that throws fails with its message', async () => {
  const code = `exports.onEvent = async () => { throw new Error('no such thing'); };`;
  const answer = await answerOf(code, { intervalSeconds: 30, maxAttempts: 60 });
  expect(answer).toMatchObject({
    Status: 'FAILED',
    PhysicalResourceId: 'AWSCDK::CustomResourceProviderFramework::CREATE_FAILED',
  });
  expect(answer.Reason).toContain('no such thing');
});

test('a provider whose function is refused at first asks whether it is active and calls again', async () => {
  const code = `exports.onEvent = async () => ({ PhysicalResourceId: 'id' });
    exports.isComplete = async () => ({ IsComplete: true });`;
  lab.faults.add({ match: { operation: 'Invoke' }, kind: 'internal-error', times: 3 });
  lab.faults.add({ match: { operation: 'GetFunction' }, kind: 'deny', times: 2 });
  expect(await answerOf(code, { intervalSeconds: 30, maxAttempts: 60 })).toMatchObject({ Status: 'SUCCESS' });
  expect(lab.journal.calls.map(({ operation }) => operation)).toContain('GetFunction');
});
