import { Clock } from '../../../sandbox/kernel/clock';
import { type Json, parseDefinition } from '../../../sandbox/states/definition';
import { interpret } from '../../../sandbox/states/interpreter';
import { StateError } from '../../../sandbox/states/state-error';

const FUNCTION = 'arn:aws:lambda:eu-west-1:111111111111:function:f';
const INVOKE = 'arn:aws:states:::lambda:invoke';
const START = Date.parse('2030-01-01T00:00:00Z');

let clock: Clock;
/** When the task ran, in virtual milliseconds since the start. */
let runs: number[];

beforeEach(() => {
  clock = new Clock(new Date(START));
  runs = [];
});

/** Runs states, the first one first; the task does what `task` says. */
function run(
  states: Record<string, Json>,
  input: Json = {},
  task: (input: Json, run: number) => Json = (given) => given,
) {
  const definition = parseDefinition(JSON.stringify({ StartAt: Object.keys(states)[0], States: states }));
  const runTask = async (_resource: string, given: Json) => task(given, runs.push(clock.now() - START));
  return interpret(definition, input, { clock, runTask, wanted: () => true });
}

function failing(error: string, cause = '') {
  return () => {
    throw new StateError(error, cause);
  };
}

const TASK = { Type: 'Task', Resource: FUNCTION, End: true };

describe('paths', () => {
  const task = (fields: Json) => ({ Task: { ...TASK, ...fields } });

  test.each([
    ['the input is the whole by default', {}, { a: 1 }, { a: 1 }],
    ['InputPath selects', { InputPath: '$.a.b[1]' }, { a: { b: [1, 2] } }, 2],
    ['InputPath null selects nothing', { InputPath: null }, { a: 1 }, {}],
    ['ResultPath places the result in the input', { ResultPath: '$.r.s' }, { a: 1 }, { a: 1, r: { s: { a: 1 } } }],
    ['ResultPath null drops the result', { ResultPath: null, Parameters: { x: 2 } }, { a: 1 }, { a: 1 }],
    ['OutputPath selects from the output', { OutputPath: '$.a' }, { a: 1 }, 1],
    [
      'Parameters fill in paths',
      { Parameters: { 'x.$': "$['a b']", y: [{ 'z.$': '$' }] } },
      { 'a b': 1 },
      { x: 1, y: [{ z: { 'a b': 1 } }] },
    ],
    ['ResultSelector picks from the result', { ResultSelector: { 'only.$': '$.a' } }, { a: 1, b: 2 }, { only: 1 }],
  ])('%s', async (_name, fields, input, output) => {
    expect(await run(task(fields), input)).toEqual(output);
  });

  test('a path that matches nothing fails the execution', async () => {
    await expect(run(task({ InputPath: '$.missing' }), {})).rejects.toMatchObject({ error: 'States.Runtime' });
  });
});

describe('Retry', () => {
  test('counts intervals with their back-off, up to the longest', async () => {
    const Retry = [
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 10, BackoffRate: 2, MaxAttempts: 4, MaxDelaySeconds: 30 },
    ];
    await expect(run({ Task: { ...TASK, Retry } }, {}, failing('E', 'why'))).rejects.toMatchObject({
      error: 'E',
      cause: 'why',
    });
    expect(runs).toEqual([0, 10_000, 30_000, 60_000, 90_000]);
  });

  test('is made three times, after 1, 2 and 4 seconds, by default', async () => {
    const Retry = [{ ErrorEquals: ['E'] }];
    await expect(run({ Task: { ...TASK, Retry } }, {}, failing('E'))).rejects.toThrow();
    expect(runs).toEqual([0, 1000, 3000, 7000]);
  });

  test('takes the first retrier that names the error, each with a count of its own', async () => {
    const Retry = [
      { ErrorEquals: ['A'], MaxAttempts: 1, IntervalSeconds: 5 },
      { ErrorEquals: ['States.TaskFailed'], MaxAttempts: 1, IntervalSeconds: 7 },
    ];
    const errors = ['A', 'B', 'A'];
    const task = (_: Json, n: number) => failing(String(errors[n - 1]))();
    await expect(run({ Task: { ...TASK, Retry } }, {}, task)).rejects.toMatchObject({ error: 'A' });
    expect(runs).toEqual([0, 5000, 12_000]);
  });

  test('ends with the first success', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 20, BackoffRate: 1, MaxAttempts: 9 }];
    expect(await run({ Task: { ...TASK, Retry } }, {}, (_, n) => (n < 3 ? failing('E')() : 'done'))).toBe('done');
    expect(clock.now() - START).toBe(40_000);
  });

  test('does not take what no retry can heal', async () => {
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    await expect(run({ Task: { ...TASK, Retry } }, {}, failing('States.Runtime'))).rejects.toThrow();
    expect(runs).toHaveLength(1);
  });
});

describe('Catch', () => {
  const handled = (catcher: Json) => ({
    Task: { ...TASK, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Handler', ...catcher }] },
    Handler: { Type: 'Pass', End: true },
  });

  test('goes on with the error in place of the input', async () => {
    expect(await run(handled({}), { a: 1 }, failing('E', 'why'))).toEqual({ Error: 'E', Cause: 'why' });
  });

  test('may keep the input', async () => {
    const output = { a: 1, error: { Error: 'E', Cause: 'why' } };
    expect(await run(handled({ ResultPath: '$.error' }), { a: 1 }, failing('E', 'why'))).toEqual(output);
  });

  test('does not take other errors', async () => {
    await expect(run(handled({ ErrorEquals: ['F'] }), {}, failing('E'))).rejects.toMatchObject({ error: 'E' });
  });
});

test('a task that takes longer than its timeout fails with States.Timeout', async () => {
  const slow = run({ Task: { ...TASK, TimeoutSeconds: 5 } }, {}, () => clock.sleep(60_000));
  await expect(slow).rejects.toMatchObject({ error: 'States.Timeout' });
  expect(clock.now() - START).toBe(5000);
});

test('a state with more data than Step Functions passes on fails', async () => {
  const large = run({ Task: TASK }, {}, () => 'x'.repeat(262_143));
  await expect(large).rejects.toMatchObject({ error: 'States.DataLimitExceeded' });
});

test.each([
  [{ Seconds: 90 }, 90_000],
  [{ SecondsPath: '$.s' }, 30_000],
  [{ Timestamp: '2030-01-01T01:00:00Z' }, 3_600_000],
  [{ TimestampPath: '$.t' }, 60_000],
])('Wait %j', async (fields, elapsed) => {
  await run({ Wait: { Type: 'Wait', End: true, ...fields } }, { s: 30, t: '2030-01-01T00:01:00Z' });
  expect(clock.now() - START).toBe(elapsed);
});

describe('Choice', () => {
  const input = { n: 5, s: 'abc*', b: true, none: null, t: '2030-01-01T00:00:00Z', other: 5 };
  test.each([
    [{ Variable: '$.n', NumericEquals: 5 }, true],
    [{ Variable: '$.n', NumericEqualsPath: '$.other' }, true],
    [{ Variable: '$.n', NumericLessThan: 5 }, false],
    [{ Variable: '$.n', NumericGreaterThanEquals: 5 }, true],
    [{ Variable: '$.n', StringEquals: '5' }, false],
    [{ Variable: '$.s', StringMatches: 'a*\\*' }, true],
    [{ Variable: '$.s', StringGreaterThan: 'abb' }, true],
    [{ Variable: '$.b', BooleanEquals: true }, true],
    [{ Variable: '$.t', TimestampLessThan: '2030-01-01T01:00:00+01:00' }, false],
    [{ Variable: '$.t', IsTimestamp: true }, true],
    [{ Variable: '$.none', IsNull: true }, true],
    [{ Variable: '$.missing', IsPresent: false }, true],
    [{ Not: { Variable: '$.n', IsNumeric: true } }, false],
    [
      {
        And: [
          { Variable: '$.n', IsNumeric: true },
          { Variable: '$.s', IsString: true },
        ],
      },
      true,
    ],
    [
      {
        Or: [
          { Variable: '$.n', IsString: true },
          { Variable: '$.b', IsBoolean: false },
        ],
      },
      false,
    ],
  ])('%j is %s', async (rule, holds) => {
    const states = {
      Choice: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' },
      Yes: { Type: 'Pass', Result: true, End: true },
      No: { Type: 'Pass', Result: false, End: true },
    };
    expect(await run(states, input)).toBe(holds);
  });

  test('that matches nothing fails without a default', async () => {
    const states = {
      Choice: { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 1, Next: 'End' }] },
      End: { Type: 'Succeed' },
    };
    await expect(run(states, { a: 2 })).rejects.toMatchObject({ error: 'States.NoChoiceMatched' });
  });
});

test('Fail ends the execution with its error', async () => {
  const states = { Fail: { Type: 'Fail', Error: 'Broken', Cause: 'because' } };
  await expect(run(states)).rejects.toMatchObject({ error: 'Broken', cause: 'because' });
});

test.each([
  ['a type it does not know', { S: { Type: 'Map', End: true } }, 'type "Map"'],
  ['a field it does not know', { S: { ...TASK, HeartbeatSeconds: 1 } }, 'HeartbeatSeconds'],
  ['another service', { S: { ...TASK, Resource: 'arn:aws:states:::sns:publish' } }, 'Lambda functions only'],
  ['an intrinsic function', { S: { ...TASK, Parameters: { 'x.$': 'States.UUID()' } } }, 'not a simple path'],
  ['the context object', { S: { ...TASK, InputPath: '$$.Execution' } }, 'not a simple path'],
  ['no next state', { S: { Type: 'Pass' } }, 'Next names no state'],
  ['a next state that is not there', { S: { Type: 'Pass', Next: 'T' } }, 'names no state: "T"'],
  ['States.ALL beside others', { S: { ...TASK, Retry: [{ ErrorEquals: ['States.ALL', 'E'] }] } }, 'must stand alone'],
  ['no function to invoke', { S: { ...TASK, Resource: INVOKE } }, 'without Parameters.FunctionName'],
  [
    'a comparison it does not know',
    { S: { Type: 'Choice', Choices: [{ Variable: '$.a', Is: 1, Next: 'S' }] } },
    'the comparison Is',
  ],
  ['no duration', { S: { Type: 'Wait', End: true } }, 'needs one of Seconds'],
])('a definition with %s is refused', (_name, States, message) => {
  expect(() => parseDefinition(JSON.stringify({ StartAt: 'S', States }))).toThrow(message);
});

test('a definition that is no JSON, or in another language, is refused', () => {
  expect(() => parseDefinition('{')).toThrow('it is not JSON');
  expect(() => parseDefinition('{"QueryLanguage":"JSONata"}')).toThrow('use JSONPath');
});
