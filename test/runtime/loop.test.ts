import { converge, type LoopEnvironment, SECOND_LOOK_AFTER_MS } from '../../src/runtime/loop';
import type { Wanted } from '../../src/runtime/operation';
import type { Act, Observation, Reconciler, Run, Step } from '../../src/runtime/reconciler';
import { captureOutput } from '../support/captured-output';
import { FakeClock } from '../support/fake-clock';
import { aNote, aRun, awsError, ID, MADE_UP_ID, STARTED, unassumable } from '../support/runs';

const output = captureOutput();

const DONE: Step<Act> = { kind: 'done', attributes: { Arn: 'arn:1' } };
const WAIT: Step<Act> = { kind: 'wait', reason: 'it is PENDING' };
const CREATE = actOf('CreateThing');
const TAG = actOf('TagThing');

function actOf(call: string): Step<Act> {
  return { kind: 'act', action: { call } };
}

/** Looks and acts by a script: what each look leads to, and what becomes of each act. What happens is written down. */
class Scripted {
  readonly happened: string[] = [];

  constructor(
    private readonly steps: Array<Step<Act> | Error>,
    private readonly acts: Array<Error | undefined> = [],
    private readonly wanted: Array<Wanted | Error> = [],
  ) {}

  readonly reconciler: Reconciler<string, Observation & { step: Step<Act> }, Act> = {
    decode: () => 'goal',
    replacementReasons: () => [],
    observe: async () => {
      this.happened.push('look');
      const step = this.steps.shift();
      if (step === undefined) throw new Error('looked more often than the script has it');
      if (step instanceof Error) throw step;
      return { step };
    },
    plan: (_goal, { step }) => step,
    act: async ({ call }) => {
      this.happened.push(call);
      const failure = this.acts.shift();
      if (failure !== undefined) throw failure;
    },
  };

  converge(run: Partial<Run<string>> = {}, environment: Partial<LoopEnvironment> = {}) {
    return converge(this.reconciler, 'goal', aRun(run), {
      clock: new FakeClock(),
      stillWanted: async () => {
        this.happened.push('wanted?');
        const wanted = this.wanted.shift() ?? { wanted: true };
        if (wanted instanceof Error) throw wanted;
        return wanted;
      },
      remainingMilliseconds: () => 300_000,
      deadline: new Date('2026-01-01T00:50:00.000Z'),
      ...environment,
    });
  }
}

describe('a plan', () => {
  test('that is done ends the run with the attributes, without a call', async () => {
    const script = new Scripted([DONE]);
    await expect(script.converge()).resolves.toEqual({ complete: true, attributes: { Arn: 'arn:1' } });
    expect(script.happened).toEqual(['look']);
  });

  test('to wait ends the invocation, without a call', async () => {
    const script = new Scripted([WAIT, DONE]);
    await expect(script.converge()).resolves.toEqual({ complete: false, reason: 'it is PENDING' });
    expect(script.happened).toEqual(['look']);
  });

  test('to fail fails with its reason, without a call', async () => {
    const script = new Scripted([{ kind: 'fail', reason: 'it exists already' }]);
    await expect(script.converge()).rejects.toMatchObject({ name: 'SettlingError', message: 'it exists already' });
    expect(script.happened).toEqual(['look']);
  });

  test('to act asks CloudFormation, makes the call and looks again, in the same invocation', async () => {
    const script = new Scripted([CREATE, TAG, DONE]);
    await expect(script.converge()).resolves.toMatchObject({ complete: true });
    expect(script.happened).toEqual(['look', 'wanted?', 'CreateThing', 'look', 'wanted?', 'TagThing', 'look']);
  });

  test('that repeats the last act waits, since AWS does not show its effect yet', async () => {
    const script = new Scripted([CREATE, CREATE]);
    await expect(script.converge()).resolves.toEqual({
      complete: false,
      reason: 'AWS does not show the effect of CreateThing yet',
    });
    expect(script.happened).toEqual(['look', 'wanted?', 'CreateThing', 'look']);
  });

  test('that repeats an act after another one is followed', async () => {
    const script = new Scripted([CREATE, TAG, CREATE, DONE]);
    await expect(script.converge()).resolves.toMatchObject({ complete: true });
  });

  test('that throws fails the run, saying where', async () => {
    const script = new Scripted([DONE]);
    script.reconciler.plan = () => {
      throw new TypeError('a bug');
    };
    await expect(script.converge()).rejects.toThrow(`looking at ${ID} failed: TypeError: a bug`);
  });
});

describe('an act', () => {
  test.each([
    ['is throttled', awsError('ThrottlingException', 'slow down')],
    ['is cut off', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['meets an internal error', awsError('InternalServerException', '?', 500)],
    ['meets a conflict', awsError('ConflictException', '?', 409)],
  ])('that %s waits, and the next invocation looks before it acts', async (_what, failure) => {
    const script = new Scripted([CREATE, DONE], [failure]);
    await expect(script.converge()).resolves.toEqual({
      complete: false,
      reason: expect.stringContaining(`CreateThing for ${ID} failed`),
    });
    expect(script.happened).toEqual(['look', 'wanted?', 'CreateThing']);
    // It had taken effect: no second call.
    await expect(script.converge()).resolves.toMatchObject({ complete: true });
    expect(script.happened).toEqual(['look', 'wanted?', 'CreateThing', 'look']);
  });

  test('that is denied fails with the remedy and the request id', async () => {
    const script = new Scripted([CREATE], [awsError('AccessDeniedException', 'not authorized', 403)]);
    await expect(script.converge()).rejects.toThrow(
      `CreateThing for ${ID} failed: AccessDeniedException: not authorized (AWS request id r-42); AWS names neither action nor resource: grant this action`,
    );
    expect(script.happened).toEqual(['look', 'wanted?', 'CreateThing']);
  });

  test.each([
    ['denied: what is gone has no tags to allow it by', 'AccessDeniedException', DONE, true],
    ['invalid: what is being deleted refuses to be deleted', 'CloudHsmInvalidRequestException', WAIT, false],
  ])(
    'of removal is over when it was %s, and the next look no longer asks for it',
    async (_why, name, next, complete) => {
      const script = new Scripted([actOf('DeleteThing'), next], [awsError(name)]);
      await expect(script.converge()).resolves.toMatchObject({ complete });
      expect(script.happened).toEqual(['look', 'wanted?', 'DeleteThing', 'look']);
    },
  );

  test('of removal that was refused and is still asked for fails with the refusal', async () => {
    const script = new Scripted([actOf('DeleteThing'), actOf('DeleteThing')], [awsError('ValidationException', 'no')]);
    await expect(script.converge()).rejects.toThrow(`DeleteThing for ${ID} failed: ValidationException: no`);
  });

  test.each<[string, boolean]>([
    [STARTED, true],
    ['2025-12-31T23:59:59.999Z', false],
  ])('that is to begin by %s is made: %p, and else it waits', async (notAfter, made) => {
    const act: Step<Act> = { kind: 'act', action: { call: 'CreateThing', notAfter: new Date(notAfter) } };
    const script = new Scripted([act, DONE]);
    await expect(script.converge()).resolves.toMatchObject({ complete: made });
    expect(script.happened.includes('CreateThing')).toBe(made);
  });

  test('that is refused fails with what AWS said', async () => {
    const script = new Scripted([CREATE], [awsError('ValidationException', 'Domain is not valid')]);
    await expect(script.converge()).rejects.toMatchObject({
      name: 'SettlingError',
      message: `CreateThing for ${ID} failed: ValidationException: Domain is not valid (AWS request id r-42)`,
    });
  });

  test('on what has gone since the look waits, to look again', async () => {
    const script = new Scripted([actOf('DeleteThing'), DONE], [awsError('ResourceNotFoundException', 'no thing', 404)]);
    await expect(script.converge()).resolves.toEqual({
      complete: false,
      reason: expect.stringMatching(/^DeleteThing found nothing to act on: ResourceNotFoundException: no thing/),
    });
    await expect(script.converge()).resolves.toMatchObject({ complete: true });
  });

  test('with a role that cannot be assumed yet waits in the first minute of the run, then fails', async () => {
    const early = { now: new Date('2026-01-01T00:00:59.999Z') };
    const late = { now: new Date('2026-01-01T00:01:00.000Z') };
    await expect(new Scripted([CREATE], [unassumable()]).converge(early)).resolves.toMatchObject({ complete: false });
    await expect(new Scripted([CREATE], [unassumable()]).converge(late)).rejects.toThrow('sts:AssumeRole');
  });
});

describe('a look', () => {
  test.each([
    ['is throttled', awsError('ThrottlingException')],
    ['is cut off', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
  ])('that %s waits', async (_what, failure) => {
    const script = new Scripted([failure, DONE]);
    await expect(script.converge()).resolves.toEqual({
      complete: false,
      reason: expect.stringContaining(`looking at ${ID} failed`),
    });
    expect(script.happened).toEqual(['look']);
  });

  test.each([
    ['is denied', awsError('AccessDeniedException', 'not authorized', 403), 'grant this action'],
    ['is refused', awsError('ValidationException', 'bad name'), 'bad name'],
  ])('that %s fails', async (_what, failure, message) => {
    await expect(new Scripted([failure]).converge()).rejects.toThrow(message);
  });
});

describe('a run', () => {
  test('that is no longer wanted ends without the call', async () => {
    const script = new Scripted([CREATE], [], [{ wanted: false, reason: 'the stack rolls back' }]);
    await expect(script.converge()).rejects.toMatchObject({
      name: 'SettlingError',
      message: `this Create of ${ID} is no longer wanted: the stack rolls back`,
    });
    expect(script.happened).toEqual(['look', 'wanted?']);
  });

  test('is asked for before every call, not only before the first', async () => {
    const script = new Scripted([CREATE, TAG], [], [{ wanted: true }, { wanted: false, reason: 'cancelled' }]);
    await expect(script.converge()).rejects.toThrow('no longer wanted: cancelled');
    expect(script.happened).toEqual(['look', 'wanted?', 'CreateThing', 'look', 'wanted?']);
  });

  test('of which CloudFormation does not know waits without the call', async () => {
    const script = new Scripted([CREATE], [], [{ wanted: 'unknown', reason: 'not listed yet' }]);
    await expect(script.converge()).resolves.toEqual({ complete: false, reason: 'not listed yet' });
    expect(script.happened).toEqual(['look', 'wanted?']);
  });

  test('is asked for when a look is denied, and ends the run: its permissions went first', async () => {
    const script = new Scripted(
      [awsError('AccessDeniedException')],
      [],
      [{ wanted: false, reason: 'a sibling failed' }],
    );
    await expect(script.converge()).rejects.toThrow(/no longer wanted: a sibling failed/);
    expect(script.happened).toEqual(['look', 'wanted?']);
  });

  test('that nobody can tell after a denied look leaves that look as the failure', async () => {
    const script = new Scripted([awsError('AccessDeniedException')], [], [new Error('denied as well')]);
    await expect(script.converge()).rejects.toThrow(/looking at .* failed/);
  });

  test('about which CloudFormation cannot answer now waits without the call', async () => {
    const script = new Scripted([CREATE], [], [awsError('Throttling')]);
    await expect(script.converge()).resolves.toEqual({
      complete: false,
      reason: expect.stringContaining('asking CloudFormation for the stack failed: Throttling'),
    });
    expect(script.happened).toEqual(['look', 'wanted?']);
  });

  test('about which CloudFormation may not be asked fails without the call', async () => {
    const script = new Scripted([CREATE], [], [awsError('AccessDenied', 'no', 403)]);
    await expect(script.converge()).rejects.toThrow('asking CloudFormation for the stack failed: AccessDenied');
    expect(script.happened).toEqual(['look', 'wanted?']);
  });

  test('writes its steps and why it waits to the log', async () => {
    await new Scripted([CREATE], [awsError('Throttling', 'slow down')]).converge();
    expect(output()).toContain('"call":"CreateThing"');
    expect(output()).toContain('slow down');
  });
});

describe('at the deadline', () => {
  const late = new FakeClock('2026-01-01T00:50:00.000Z');
  const inTime = new FakeClock('2026-01-01T00:49:59.999Z');

  test.each<[string, Array<Step<Act> | Error>, Array<Error | undefined>, string]>([
    ['a state', [WAIT], [], 'it is PENDING'],
    ['a failed look', [awsError('Throttling', 'slow down')], [], 'Throttling: slow down'],
    ['a failed act', [CREATE], [awsError('InternalFailure', 'oops')], 'CreateThing'],
    ['a thing to act on that is not there', [CREATE], [awsError('ResourceNotFoundException', 'no pool')], 'no pool'],
  ])('a wait for %s fails and says what was last seen', async (_what, steps, acts, lastSeen) => {
    const message = new RegExp(`^${ID} did not settle in time; last seen: .*${lastSeen}`);
    await expect(new Scripted([...steps], [...acts]).converge({}, { clock: late })).rejects.toThrow(message);
  });

  test('what is done is done', async () => {
    await expect(new Scripted([DONE]).converge({}, { clock: late })).resolves.toMatchObject({ complete: true });
  });

  test('and not before it, a wait fails', async () => {
    await expect(new Scripted([WAIT]).converge({}, { clock: inTime })).resolves.toMatchObject({ complete: false });
  });
});

describe('one invocation', () => {
  test('makes at most twenty steps of a plan at odds with itself, then waits', async () => {
    const script = new Scripted(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? CREATE : TAG)));
    await expect(script.converge()).resolves.toEqual({
      complete: false,
      reason: 'more than 20 steps in one invocation',
    });
    expect(script.happened.filter((what) => what === 'look')).toHaveLength(20);
  });

  test('begins no step with less than a minute left', async () => {
    const remaining = [60_000, 59_999];
    const script = new Scripted([CREATE, DONE]);
    const outcome = script.converge({}, { remainingMilliseconds: () => remaining.shift() ?? 0 });
    await expect(outcome).resolves.toEqual({ complete: false, reason: 'this invocation has little time left' });
    expect(script.happened).toEqual(['look', 'wanted?', 'CreateThing']);
  });
});

describe('a Delete with an id that CloudFormation made up', () => {
  const run = { requestType: 'Delete', id: MADE_UP_ID, unknownId: true, note: aNote({ startedAt: STARTED }) } as const;

  test('is not done before it has looked for a while, for what the cancelled creation has under way', async () => {
    const clock = new FakeClock(STARTED);
    await expect(new Scripted([DONE]).converge(run, { clock })).resolves.toMatchObject({ complete: false });
    clock.advance(SECOND_LOOK_AFTER_MS - 1);
    await expect(new Scripted([DONE]).converge(run, { clock })).resolves.toMatchObject({ complete: false });
    clock.advance(1);
    await expect(new Scripted([DONE]).converge(run, { clock })).resolves.toMatchObject({ complete: true });
  });

  test('deletes what turns up in the meantime', async () => {
    const clock = new FakeClock(STARTED);
    const script = new Scripted([DONE, actOf('DeleteThing'), DONE]);
    await script.converge(run, { clock });
    clock.advance(SECOND_LOOK_AFTER_MS);
    await expect(script.converge(run, { clock })).resolves.toMatchObject({ complete: true });
    expect(script.happened).toEqual(['look', 'look', 'wanted?', 'DeleteThing', 'look']);
  });

  test('looks longer than one interval of the provider, so that there is a second look', () => {
    expect(SECOND_LOOK_AFTER_MS).toBeGreaterThan(5_000);
  });
});
