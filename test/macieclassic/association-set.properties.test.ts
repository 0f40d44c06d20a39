import fc from 'fast-check';
import { s3ResourcesReconciler } from '../../src/macieclassic/s3-resources.reconciler';
import { AssociationRuns } from '../support/association-runs';
import { captureOutput } from '../support/captured-output';
import { FakeMacieClassic, type FakeResource, type Fate } from '../support/fake-macie-classic';
import { ACCOUNT } from '../support/runs';

captureOutput();

const MEMBER = '222222222222';

/** What a template names. */
interface Wanted {
  readonly member: boolean;
  readonly resources: readonly FakeResource[];
}

const RESOURCE: fc.Arbitrary<FakeResource> = fc.record({
  bucketName: fc.constantFrom('logs', 'data', 'mail'),
  prefix: fc.constantFrom('', 'a/', 'b/'),
  oneTime: fc.constantFrom('NONE', 'FULL'),
});
const RESOURCES = fc.uniqueArray(RESOURCE, {
  selector: ({ bucketName, prefix }) => `${bucketName}/${prefix}`,
  maxLength: 9,
});
/** Mostly of the same account, since all of another one are others. */
const WANTED: fc.Arbitrary<Wanted> = fc.record({
  member: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  resources: RESOURCES,
});
/** What somebody else has associated, with whatever the template wants of it: else it were a conflict. */
const EXISTING = fc.uniqueArray(fc.tuple(fc.constantFrom('logs', 'data', 'mail'), fc.constantFrom('', 'a/', 'b/')), {
  selector: ([bucket, prefix]) => `${bucket}/${prefix}`,
  maxLength: 5,
});
const FATES: fc.Arbitrary<Fate[]> = fc.array(fc.constantFrom<Fate>('answered', 'answered', 'throttled', 'lost'), {
  maxLength: 40,
});
const CUT = fc.nat(8);

function valuesOf({ member, resources }: Wanted): Record<string, unknown> {
  return {
    ...(member && { MemberAccountId: MEMBER }),
    Resources: resources.map(({ bucketName, prefix, oneTime }) => ({
      BucketName: bucketName,
      ...(prefix !== '' && { Prefix: prefix }),
      OneTime: oneTime,
      Continuous: 'FULL',
    })),
  };
}

function keysOf({ member, resources }: Wanted): Map<string, string> {
  const account = member ? MEMBER : ACCOUNT;
  return new Map(
    resources.map(({ bucketName, prefix, oneTime }) => [JSON.stringify([account, bucketName, prefix]), oneTime ?? '']),
  );
}

function macieWith(existing: ReadonlyArray<readonly [string, string]>, ...wishes: readonly Wanted[]) {
  const macie = new FakeMacieClassic(4);
  macie.members.add(MEMBER);
  const wanted = new Map([...wishes].reverse().flatMap((wish) => [...keysOf(wish)]));
  for (const [bucketName, prefix] of existing) {
    macie.associate({
      bucketName,
      prefix,
      oneTime: wanted.get(JSON.stringify([ACCOUNT, bucketName, prefix])) ?? 'NONE',
    });
  }
  return { macie, theirs: new Map(macie.resources), runs: new AssociationRuns(s3ResourcesReconciler, macie) };
}

const sorted = (map: ReadonlyMap<string, string>) => [...map].sort();
const values = (wanted: Wanted) => ({ values: valuesOf(wanted) });

test('any set is reached from any other, and nothing of others is removed', async () => {
  const given = fc.record({ existing: EXISTING, first: WANTED, second: WANTED, fates: FATES });
  await fc.assert(
    fc.asyncProperty(given, async ({ existing, first, second, fates }) => {
      const { macie, theirs, runs } = macieWith(existing, first);
      const created = await runs.settle({ type: 'Create', ...values(first) });
      expect(created.failure).toBeUndefined();
      expect(sorted(macie.resources)).toEqual(sorted(new Map([...theirs, ...keysOf(first)])));
      expect(created.attributes).toEqual({
        Count: `${first.resources.length}`,
        PreExisting: `${[...keysOf(first).keys()].filter((key) => theirs.has(key)).length}`,
      });
      macie.fates = [...fates];

      const updated = await runs.settle({ type: 'Update', ...values(second), previous: valuesOf(first) });

      const conflict = [...keysOf(second)].some(
        ([key, oneTime]) => theirs.has(key) && !keysOf(first).has(key) && theirs.get(key) !== oneTime,
      );
      if (conflict) {
        expect(updated.failure).toContain('exist already');
        expect(sorted(macie.resources)).toEqual(sorted(new Map([...theirs, ...keysOf(first)])));
        return;
      }
      expect(updated.failure).toBeUndefined();
      expect(sorted(macie.resources)).toEqual(sorted(new Map([...theirs, ...keysOf(second)])));

      macie.fates = [...fates];
      expect((await runs.settle({ type: 'Delete', ...values(second) })).failure).toBeUndefined();
      expect([...macie.resources.keys()].sort()).toEqual([...theirs.keys()].sort());
      expect(macie.parameters.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('a creation that is cut off anywhere is undone by a deletion, whether or not its id is known', async () => {
  const given = fc.record({
    existing: EXISTING,
    first: WANTED,
    fates: FATES,
    cut: CUT,
    unknownId: fc.boolean(),
    after: FATES,
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ existing, first, fates, cut, unknownId, after }) => {
      const { macie, theirs, runs } = macieWith(existing, first);
      macie.fates = [...fates];
      await runs.settle({ type: 'Create', ...values(first) }, 20, cut);
      macie.fates = [...after];
      expect((await runs.settle({ type: 'Delete', ...values(first), unknownId })).failure).toBeUndefined();
      expect(sorted(macie.resources)).toEqual(sorted(theirs));
      expect(macie.parameters.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('an update that is cut off anywhere, or in which resources fail, is undone by its rollback', async () => {
  const given = fc.record({
    existing: EXISTING,
    first: WANTED,
    second: WANTED,
    fates: FATES,
    cut: fc.oneof(CUT, fc.constant(Number.POSITIVE_INFINITY)),
    failing: fc.subarray(['logs', 'data', 'mail']),
    after: FATES,
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ existing, first, second, fates, cut, failing, after }) => {
      const { macie, theirs, runs } = macieWith(existing, first, second);
      await runs.settle({ type: 'Create', ...values(first) });
      const before = new Map(macie.resources);
      macie.fates = [...fates];
      for (const bucket of failing) macie.failing.set(bucket, { code: 'Bad', message: 'no' });
      const update = { type: 'Update', ...values(second), previous: valuesOf(first) } as const;
      await runs.settle(update, 20, cut);
      macie.failing.clear();
      macie.fates = [...after];

      const back = { type: 'Update', ...values(first), previous: valuesOf(second), rollback: true } as const;
      expect((await runs.settle(back)).failure).toBeUndefined();
      expect(sorted(macie.resources)).toEqual(sorted(before));

      await runs.settle({ type: 'Delete', ...values(first) });
      expect([...macie.resources.keys()].sort()).toEqual([...theirs.keys()].sort());
      expect(macie.parameters.size).toBe(0);
    }),
    { numRuns: 500 },
  );
});

test('no more calls change associations than there are kinds of changes', async () => {
  const given = fc.record({ first: WANTED, second: WANTED });
  await fc.assert(
    fc.asyncProperty(given, async ({ first, second }) => {
      const { macie, runs } = macieWith([], first);
      await runs.settle({ type: 'Create', ...values(first) });
      macie.calls.length = 0;
      await runs.settle({ type: 'Update', ...values(second), previous: valuesOf(first) });
      const [before, after] = [keysOf(first), keysOf(second)];
      const kept = [...after.keys()].filter((key) => before.has(key));
      const changed = kept.some((key) => before.get(key) !== after.get(key));
      const expected = [
        ...(changed ? ['UpdateS3Resources'] : []),
        ...(after.size > kept.length ? ['AssociateS3Resources'] : []),
        ...(before.size > kept.length ? ['DisassociateS3Resources'] : []),
      ];
      const ofResources = macie.changes.filter((call) => call.endsWith('S3Resources'));
      // What comes back under another kind of change would show here, too.
      expect(ofResources).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
