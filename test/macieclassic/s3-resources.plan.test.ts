import type { AssociationObservation } from '../../src/macieclassic/association.runtime';
import { setOf } from '../../src/macieclassic/association-set.runtime';
import type { Refusal } from '../../src/macieclassic/macie-classic.runtime';
import { encodeRecord, hash, setHash } from '../../src/macieclassic/record.runtime';
import {
  type S3Association,
  type S3ResourcesGoal,
  s3ResourcesReconciler,
} from '../../src/macieclassic/s3-resources.reconciler';
import type { PlanContext } from '../../src/runtime/reconciler';
import { ACCOUNT, aRun } from '../support/runs';

const NAME = '/cdk-settled/shop/macie-classic/Thing-abc';
const MEMBER = '222222222222';

type Named = readonly [bucketName: string, oneTime?: 'FULL' | 'NONE'];

function aGoal(...named: readonly Named[]): S3ResourcesGoal {
  const resources = named.map(([bucketName, oneTime = 'NONE']) => ({
    bucketName,
    prefix: '',
    classification: { oneTime, continuous: 'FULL' as const },
  }));
  return { resources };
}

function there(bucketName: string, oneTime: 'FULL' | 'NONE' = 'NONE', accountId = ACCOUNT): S3Association {
  return {
    key: JSON.stringify([accountId, bucketName, '']),
    accountId,
    name: bucketName,
    setting: `continuous FULL, one-time ${oneTime}`,
    bucketName,
    prefix: '',
    classification: { oneTime, continuous: 'FULL' },
  };
}

const associations = ({ resources }: S3ResourcesGoal) =>
  resources.map(({ bucketName, classification }) => there(bucketName, classification.oneTime as 'FULL'));
const setHashOf = (goal: S3ResourcesGoal) => setHash(setOf(associations(goal)));

/** A record that knows the sets of these goals, and that these were there before. */
function recordOf(goals: readonly S3ResourcesGoal[], existing: readonly S3Association[] = []) {
  const own = {
    examined: goals.map(setHashOf),
    existing: new Set(existing.map(({ key }) => hash(key))),
    tags: {},
  };
  return { name: NAME, own };
}

function plan(
  goal: S3ResourcesGoal | undefined,
  observed: Omit<Partial<AssociationObservation<S3Association>>, 'present' | 'stated'> & {
    readonly present?: readonly S3Association[];
    readonly stated?: S3ResourcesGoal;
  } = {},
  run: Partial<PlanContext<S3ResourcesGoal>> = {},
) {
  const { present = [], stated = aGoal(), ...rest } = observed;
  const all = { record: { name: NAME }, strangers: [], refusals: [], settled: true, ...rest };
  const sight = { ...all, present: setOf(present), stated: setOf(associations(stated)) };
  return s3ResourcesReconciler.plan(goal, sight, aRun<S3ResourcesGoal>(run));
}

const put = (goals: readonly S3ResourcesGoal[], existing: readonly S3Association[] = [], overwrite = false) => ({
  kind: 'act',
  action: {
    call: 'PutParameter',
    name: NAME,
    value: encodeRecord({ examined: goals.map(setHashOf), existing: new Set(existing.map(({ key }) => hash(key))) }),
    overwrite,
  },
});
const act = (call: string, ...batch: readonly S3Association[]) => ({
  kind: 'act',
  action: { call, accountId: ACCOUNT, batch },
});
const done = (count: number, preExisting = 0) => ({
  kind: 'done',
  attributes: { Count: `${count}`, PreExisting: `${preExisting}` },
});
const forget = { kind: 'act', action: { call: 'DeleteParameter', name: NAME } };
const refused = (bucketName: string, kind: Refusal['kind'] = 'final'): Refusal => ({
  key: there(bucketName).key,
  name: bucketName,
  reason: 'Bad: no',
  kind,
});

const A = aGoal(['a']);
const AB = aGoal(['a'], ['b']);
const B = aGoal(['b']);

describe('to create', () => {
  test('the record comes first, with what is there already', () => {
    expect(plan(AB, { present: [there('b'), there('other')] })).toEqual(put([AB], [there('b')]));
  });

  test.each([
    ['all are associated at once', [], act('AssociateS3Resources', there('a'), there('b'))],
    ['only what is missing is associated', [there('b')], act('AssociateS3Resources', there('a'))],
    ['it is done when all are there', [there('a'), there('b')], done(2)],
  ])('%s', (_what, present, step) => {
    expect(plan(AB, { record: recordOf([AB]), present })).toEqual(step);
  });

  test('no call takes more than 250', () => {
    const many = aGoal(...Array.from({ length: 600 }, (_each, index) => [`b${index}`] as const));
    const step = plan(many, { record: recordOf([many]), present: associations(many).slice(0, 100) });
    expect(step).toEqual(act('AssociateS3Resources', ...associations(many).slice(100, 350)));
  });

  test('what was there before is counted', () => {
    const record = recordOf([AB], [there('b')]);
    expect(plan(AB, { record, present: [there('a'), there('b')] })).toEqual(done(2, 1));
  });

  test('what was there before with another classification is a failure that says what to do', () => {
    expect(plan(AB, { present: [there('b', 'FULL')] })).toEqual({
      kind: 'fail',
      reason:
        '1 of the associations exist already, were not made by this stack, and are otherwise than wanted: b has continuous FULL, one-time FULL and is to have continuous FULL, one-time NONE; give them the classification that they have, or disassociate them first',
    });
  });

  test('more than a record can hold is a failure', () => {
    const many = aGoal(...Array.from({ length: 700 }, (_each, index) => [`b${index}`] as const));
    expect(plan(many, { present: associations(many) })).toMatchObject({
      reason: expect.stringMatching(/^700 of the associations were there before this stack.*divide them/),
    });
  });

  test('a record that an earlier resource of this place has left is forgotten first', () => {
    expect(plan(A, { record: { name: NAME, other: 'former' }, present: [there('a')] })).toEqual(forget);
  });

  test("somebody else's parameter is a failure", () => {
    expect(plan(A, { record: { name: NAME, other: 'foreign' } })).toMatchObject({
      kind: 'fail',
      reason: expect.stringContaining(`the parameter ${NAME} is not this stack's`),
    });
  });

  test('an account that is no member is a failure', () => {
    const goal = { ...A, memberAccountId: MEMBER };
    expect(plan(goal, { strangers: [MEMBER] })).toMatchObject({
      kind: 'fail',
      reason: expect.stringContaining(`account ${MEMBER} is not associated with Macie Classic`),
    });
  });

  test('without Macie Classic it fails', () => {
    expect(plan(A, { unavailable: 'it is gone' })).toEqual({ kind: 'fail', reason: 'it is gone' });
  });
});

describe('what is refused', () => {
  const record = recordOf([AB]);

  test('does not keep the others from being tried', () => {
    expect(plan(AB, { record, refusals: [refused('a')] })).toEqual(act('AssociateS3Resources', there('b')));
  });

  test('is told when all were tried', () => {
    expect(plan(AB, { record, refusals: [refused('a'), refused('b')] })).toEqual({
      kind: 'fail',
      reason:
        'Macie Classic has refused 2 of the associations: a (Bad: no); b (Bad: no); mend what it names and deploy again',
    });
  });

  test('is told as far as it fits', () => {
    const many = aGoal(...Array.from({ length: 200 }, (_each, index) => [`bucket-${index}`] as const));
    const refusals = many.resources.map(({ bucketName }) => refused(bucketName));
    const { reason } = plan(many, { record: recordOf([many]), refusals }) as { reason: string };
    expect(reason).toMatch(
      /^Macie Classic has refused 200 of the associations: bucket-0 \(Bad: no\);.*; and \d+ more; mend/,
    );
    expect(Buffer.byteLength(reason)).toBeLessThan(2000);
  });

  test('is no failure where it is there all the same', () => {
    expect(plan(A, { record: recordOf([A]), present: [there('a')], refusals: [refused('a')] })).toEqual(done(1));
  });

  test('because it is there already is waited for to be seen', () => {
    expect(plan(A, { record: recordOf([A]), refusals: [refused('a', 'passing')] })).toMatchObject({ kind: 'wait' });
  });
});

describe('to update', () => {
  const update = { requestType: 'Update', previous: AB } as const;
  const present = [there('a'), there('b')];

  test('the new set is examined before anything is done, and what the old one has made stays ours', () => {
    const AC = aGoal(['a'], ['c']);
    expect(plan(AC, { record: recordOf([AB]), present: [...present, there('c')] }, update)).toEqual(
      put([AB, AC], [there('c')], true),
    );
  });

  test.each([
    [
      'a classification changes first',
      aGoal(['b', 'FULL'], ['c']),
      present,
      act('UpdateS3Resources', there('b', 'FULL')),
    ],
    ['what is new comes next', aGoal(['b'], ['c']), present, act('AssociateS3Resources', there('c'))],
    ['what is not wanted any more goes last', B, present, act('DisassociateS3Resources', there('a'))],
    ['what is gone already needs no call', B, [there('b')], put([B], [], true)],
  ])('%s', (_what, goal, seen, step) => {
    expect(plan(goal, { record: recordOf([AB, goal]), present: seen }, update)).toEqual(step);
  });

  test('what was there before the stack stays', () => {
    expect(plan(B, { record: recordOf([AB, B], [there('a')]), present }, update)).toEqual(put([B], [], true));
  });

  test('without a record nothing is known to be ours, and nothing goes', () => {
    expect(plan(B, { present }, update)).toEqual(put([B], [there('b')]));
    expect(plan(B, { record: recordOf([B], [there('b')]), present }, update)).toEqual(done(1, 1));
  });

  test('that the template changes the classification of what was there before is a wish', () => {
    const goal = aGoal(['a', 'FULL']);
    const record = recordOf([A], [there('a')]);
    expect(plan(goal, { record, present: [there('a')] }, { requestType: 'Update', previous: A })).toEqual(
      act('UpdateS3Resources', there('a', 'FULL')),
    );
  });

  test('what others have changed of theirs stays', () => {
    const record = recordOf([A], [there('a')]);
    const seen = [there('a', 'FULL')];
    expect(plan(A, { record, present: seen }, { requestType: 'Update', previous: A })).toEqual(done(1, 1));
  });

  test('what others have changed of ours is mended', () => {
    const seen = [there('a', 'FULL')];
    expect(plan(A, { record: recordOf([A]), present: seen }, { requestType: 'Update', previous: A })).toEqual(
      act('UpdateS3Resources', there('a')),
    );
  });
});

describe('a rollback', () => {
  const rollback = { requestType: 'Update', previous: B, rollback: true } as const;

  test('waits for what the update may have had under way before it forgets that there was one', () => {
    const observed = { record: recordOf([A, B]), present: [there('a')], settled: false };
    expect(plan(A, observed, rollback)).toMatchObject({ kind: 'wait' });
    expect(plan(A, { ...observed, settled: true }, rollback)).toEqual(put([A], [], true));
  });

  test.each([
    ['the service is gone', recordOf([A, B]), { unavailable: 'it is gone' }],
    ['the account is no member and nothing was done', recordOf([A]), { strangers: [ACCOUNT] }],
  ])('ends although %s', (_what, record, observed) => {
    expect(plan(A, { record, ...observed }, rollback)).toEqual(done(1));
  });

  test('ends although something cannot be associated that was missing before the update', () => {
    const observed = { record: recordOf([A]), refusals: [refused('a')] };
    expect(plan(A, observed, { ...rollback, previous: AB })).toEqual(done(1));
  });
});

describe('to delete', () => {
  const deletion = { requestType: 'Delete' } as const;
  const all = { stated: AB, present: [there('a'), there('b'), there('other')] };

  test.each([
    ['without a record nothing was done', {}, { kind: 'done', attributes: {} }],
    ['with a record of another set nothing was done with this one', { record: recordOf([A]) }, forget],
    ['what is ours goes', { record: recordOf([AB]) }, act('DisassociateS3Resources', there('a'), there('b'))],
    [
      'what was there before stays',
      { record: recordOf([AB], [there('a')]) },
      act('DisassociateS3Resources', there('b')),
    ],
    ['the record goes last', { record: recordOf([AB]), present: [there('other')] }, forget],
    ['without Macie Classic only the record is left', { record: recordOf([AB]), unavailable: 'it is gone' }, forget],
  ])('%s', (_what, observed, step) => {
    expect(plan(undefined, { ...all, ...observed }, deletion)).toEqual(step);
  });

  test('what cannot be disassociated is a failure', () => {
    const refusals = [refused('a'), refused('b')];
    expect(plan(undefined, { ...all, record: recordOf([AB]), refusals }, deletion)).toMatchObject({ kind: 'fail' });
  });

  test.each([
    ['was cancelled', { unknownId: true }],
    ['failed', { rollback: true }],
  ])('the record of a creation that %s stays while something of it may still show', (_what, given) => {
    const observed = { record: recordOf([AB]), stated: AB, settled: false };
    const unconfirmed = { ...deletion, ...given };
    expect(plan(undefined, observed, unconfirmed)).toMatchObject({ kind: 'wait' });
    expect(plan(undefined, { ...observed, settled: true }, unconfirmed)).toEqual(forget);
  });
});
