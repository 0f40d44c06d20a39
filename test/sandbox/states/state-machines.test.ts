import type { NewStateMachine } from '../../../sandbox/states/state-machines';
import { ACCOUNT, ALLOW_ALL, Lab, REGION } from '../lambda/lab';

// Processes start slowly where many tests share the processors.
jest.setTimeout(60_000);

let lab: Lab;

beforeEach(async () => {
  lab = new Lab();
  await lab.endpoint.start();
});

afterEach(() => lab.stop());

function create(states: Record<string, object>, other: Partial<NewStateMachine> & { timeout?: number } = {}): string {
  const { timeout, ...rest } = other;
  const definition = JSON.stringify({ StartAt: Object.keys(states)[0], States: states, TimeoutSeconds: timeout });
  const roleArn = lab.role('states', 'states.amazonaws.com', ALLOW_ALL);
  return lab.stateMachines.create({ accountId: ACCOUNT, region: REGION, name: 'machine', definition, roleArn, ...rest })
    .arn;
}

/** Starts an execution and gives it an hour. */
async function execute(arn: string, input: unknown = {}) {
  const execution = lab.stateMachines.startExecution(arn, JSON.stringify(input));
  await lab.clock.sleep(3_600_000);
  return execution;
}

test('a task runs a function and goes on with its answer', async () => {
  const Resource = lab.create('f', 'exports.handler = async ({ n }) => ({ n: n + 1 });');
  const task = { Type: 'Task', Resource };
  const execution = await execute(create({ A: { ...task, Next: 'B' }, B: { ...task, End: true } }), { n: 1 });
  expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '{"n":3}' });
});

test('a task may run a function by lambda:invoke', async () => {
  const FunctionName = lab.create('f', 'exports.handler = async ({ n }) => n + 1;');
  const Parameters = { FunctionName, 'Payload.$': '$' };
  const invoke = {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters,
    OutputPath: '$.Payload',
    End: true,
  };
  expect(await execute(create({ Invoke: invoke }), { n: 1 })).toMatchObject({ status: 'SUCCEEDED', output: '2' });
});

test('an error of a function keeps its type as name and its description as cause', async () => {
  const Resource = lab.create('f', 'exports.handler = async () => { throw new RangeError("too far"); };');
  const execution = await execute(create({ Task: { Type: 'Task', Resource, End: true } }));
  expect(execution).toMatchObject({ status: 'FAILED', error: 'RangeError' });
  expect(JSON.parse(String(execution.cause))).toMatchObject({ errorType: 'RangeError', errorMessage: 'too far' });
});

test('a role that may not invoke the function fails the task', async () => {
  const Resource = lab.create('f', 'exports.handler = async () => 1;');
  const roleArn = lab.role('powerless', 'states.amazonaws.com');
  const execution = await execute(create({ Task: { Type: 'Task', Resource, End: true } }, { roleArn }));
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Lambda.AWSLambdaException' });
  expect(execution.cause).toContain('lambda:InvokeFunction');
  expect(lab.functions.invocations).toBe(0);
});

test('a function that does not exist fails the task', async () => {
  const Resource = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:missing`;
  const execution = await execute(create({ Task: { Type: 'Task', Resource, End: true } }));
  expect(execution).toMatchObject({ status: 'FAILED', error: 'Lambda.ResourceNotFoundException' });
});

test('an execution that takes longer than its machine allows is timed out', async () => {
  const arn = create({ Wait: { Type: 'Wait', Seconds: 600, End: true } }, { timeout: 60 });
  const execution = await execute(arn);
  expect(execution).toMatchObject({ status: 'TIMED_OUT', stopped: lab.start + 60_000 });
});

test('an execution whose machine is deleted ends at its next transition', async () => {
  const arn = create({ Wait: { Type: 'Wait', Seconds: 600, Next: 'Fail' }, Fail: { Type: 'Fail' } });
  const execution = lab.stateMachines.startExecution(arn, '{}');
  await lab.clock.sleep(1000);
  lab.stateMachines.delete(arn);
  expect(lab.stateMachines.running()).toBe(1);
  await lab.clock.sleep(600_000);
  expect(execution.status).toBe('ABORTED');
  expect(lab.stateMachines.running()).toBe(0);
  expect(lab.stateMachines.list(ACCOUNT, REGION)).toEqual([]);
});

test('an execution goes on with the definition that it started with', async () => {
  const arn = create({
    Wait: { Type: 'Wait', Seconds: 60, Next: 'Old' },
    Old: { Type: 'Pass', Result: 'old', End: true },
  });
  const execution = lab.stateMachines.startExecution(arn, '{}');
  await lab.clock.sleep(1000);
  const definition = JSON.stringify({ StartAt: 'New', States: { New: { Type: 'Pass', Result: 'new', End: true } } });
  lab.stateMachines.update(arn, { definition });
  await lab.clock.sleep(60_000);
  expect(execution.output).toBe('"old"');
  expect((await execute(arn)).output).toBe('"new"');
});

test('an execution of the same name and input is the same while it runs, and taken after that', async () => {
  const arn = create({ Wait: { Type: 'Wait', Seconds: 60, End: true } });
  const first = lab.stateMachines.startExecution(arn, '{}', 'once');
  expect(lab.stateMachines.startExecution(arn, '{}', 'once')).toBe(first);
  expect(() => lab.stateMachines.startExecution(arn, '{"a":1}', 'once')).toThrow('Execution Already Exists');
  await lab.clock.sleep(61_000);
  expect(() => lab.stateMachines.startExecution(arn, '{}', 'once')).toThrow('Execution Already Exists');
});

test('what Step Functions refuses at creation is refused', () => {
  const states = { Succeed: { Type: 'Succeed' } };
  const roleArn = lab.role('other', 'lambda.amazonaws.com');
  expect(() => create(states, { roleArn })).toThrow('is authorized to assume the provided role');
  expect(() => create(states, { name: 'a b' })).toThrow("Invalid Name: 'a b'");
  create(states);
  expect(() => create(states)).toThrow('State Machine Already Exists');
});
