import fc from 'fast-check';
import { appMonitorReconciler, type OwnMonitor } from '../../src/rum/app-monitor.reconciler';
import {
  configurationOf,
  createInput,
  differences,
  type MonitorGoal,
} from '../../src/rum/app-monitor-configuration.runtime';
import { ID_TAG, newPhysicalId, OWNER_TAG, ownerOf, successorId } from '../../src/runtime/identity';
import { converge } from '../../src/runtime/loop';
import type { OperationNote } from '../../src/runtime/operation';
import { Properties } from '../../src/runtime/properties';
import { type Run, settledTags } from '../../src/runtime/reconciler';
import { captureOutput } from '../support/captured-output';
import { FakeClock } from '../support/fake-clock';
import { FakeRum, type Fate, notOurs } from '../support/fake-rum';
import { goalOf } from '../support/monitor-goals';
import { ADDRESS, aNote, aRun, ID, MADE_UP_ID } from '../support/runs';

captureOutput();

type Values = Readonly<Record<string, unknown>>;

const PAGES = fc.subarray(['https://a.example.com/1', 'https://a.example.com/2']);
const OPTIONAL = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const BOOLEAN = OPTIONAL(fc.constantFrom('true', 'false'));

/** Properties as CloudFormation delivers them. */
const PROPERTIES: fc.Arbitrary<Values> = fc
  .record({
    Name: OPTIONAL(fc.constantFrom('shop', 'other-shop')),
    DomainList: fc.subarray(['a.example.com', 'b.example.com', 'c.example.com'], { minLength: 1 }),
    CwLogEnabled: BOOLEAN,
    SessionSampleRate: OPTIONAL(fc.constantFrom('0', '0.5', '1')),
    Telemetries: OPTIONAL(fc.shuffledSubarray(['errors', 'http', 'performance'])),
    AllowCookies: BOOLEAN,
    EnableXRay: BOOLEAN,
    pages: PAGES,
    pagesAre: fc.constantFrom('IncludedPages', 'ExcludedPages'),
    FavoritePages: OPTIONAL(PAGES),
    CustomEvents: OPTIONAL(fc.constantFrom('ENABLED', 'DISABLED')),
    // Mostly the same, since each change replaces.
    Platform: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constant('iOS')),
    IdentityPoolId: fc.oneof({ weight: 5, arbitrary: fc.constant('eu-central-1:pool') }, fc.constant(undefined)),
    JavaScriptSourceMaps: OPTIONAL(fc.constant('s3://maps/shop')),
    Tags: fc.dictionary(fc.constantFrom('team', 'stage'), fc.constantFrom('1', '2')),
  })
  .map(({ pages, pagesAre, Tags, ...properties }) => ({
    ...properties,
    [pagesAre]: pages,
    Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })),
  }));

const FATES: fc.Arbitrary<Fate[]> = fc.array(
  fc.constantFrom<Fate>('answered', 'throttled', 'lost', 'conflict', 'stale'),
  { maxLength: 30 },
);
const OPTIONS = fc.record({ deletingFor: fc.nat(3), mergesDeeply: fc.boolean(), answersTags: fc.boolean() });
const OWNERS_TAGS = fc.dictionary(fc.constantFrom('team', 'theirs'), fc.constantFrom('1', '9'));
const STATES = fc.constantFrom('CREATED' as const, 'ACTIVE' as const, 'DELETING' as const);

interface Result {
  readonly failure?: string;
  readonly invocations: number;
}

/** Far less than the steps that a fault can cost, and those that need none. */
const MAX_INVOCATIONS = 50;

/** A run over as many invocations as it needs. */
async function settle(goal: MonitorGoal | undefined, run: Run<MonitorGoal>, clock = new FakeClock()): Promise<Result> {
  for (let invocations = 1; invocations <= MAX_INVOCATIONS; invocations++) {
    try {
      if ((await invocation(goal, run, clock)).complete) return { invocations };
    } catch (error) {
      if ((error as Error).name !== 'SettlingError') throw error;
      return { invocations, failure: (error as Error).message };
    }
    clock.advance(5_000);
  }
  throw new Error(`not settled after ${MAX_INVOCATIONS} invocations`);
}

function invocation(goal: MonitorGoal | undefined, run: Run<MonitorGoal>, clock: FakeClock) {
  return converge(
    appMonitorReconciler,
    goal,
    { ...run, now: clock.now() },
    {
      clock,
      stillWanted: async () => ({ wanted: true }),
      remainingMilliseconds: () => 300_000,
      deadline: new Date('2027-01-01T00:00:00.000Z'),
    },
  );
}

function runFor(rum: FakeRum, values: Values, changes: Partial<Run<MonitorGoal>> = {}): Run<MonitorGoal> {
  const previous = changes.previousProperties;
  return aRun<MonitorGoal>({
    aws: rum.aws,
    properties: new Properties(values),
    previous: previous && appMonitorReconciler.decode(previous),
    ...changes,
  });
}

function wantedName(values: Values): string {
  return (values.Name as string | undefined) ?? ID;
}

/** A monitor of the run, as it was made from other properties, with tags that someone has added. */
function putOwn(
  rum: FakeRum,
  name: string,
  values: Values,
  tags: Record<string, string>,
  state: OwnMonitor['state'],
): void {
  const goal = goalOf(values);
  const Tags = { ...tags, ...goal.tags, ...settledTags({ address: ADDRESS, id: ID }) };
  rum.create({ ...createInput(name, goal), Tags }, state as 'CREATED');
}

function putForeign(rum: FakeRum, name: string): void {
  rum.create({ Name: name, Domain: 'theirs.example.com', Tags: { [ID_TAG]: 'of-another', theirs: '1' } });
}

function own(rum: FakeRum): OwnMonitor | undefined {
  const monitor = rum.tagged(ID_TAG, ID)[0];
  if (monitor === undefined || monitor.State === 'DELETING') return undefined;
  const { Name: name = '', Id: id = '', State: state = '', Tags: tags = {} } = monitor;
  return { name, id, state, tags, configuration: configurationOf(monitor) };
}

/** What every run that has reached its goal leaves. */
function expectReached(rum: FakeRum, goal: MonitorGoal): void {
  expect(rum.tagged(ID_TAG, ID)).toHaveLength(1);
  const monitor = own(rum) as OwnMonitor;
  expect(monitor.name).toBe(goal.name ?? ID);
  expect(differences(goal.configuration, monitor.configuration)).toEqual([]);
  expect(monitor.tags).toMatchObject({ ...goal.tags, [OWNER_TAG]: ownerOf(ADDRESS) });
}

test('a creation reaches its goal or fails for a name that is taken, and touches nothing of others', async () => {
  const given = fc.record({
    options: OPTIONS,
    fates: FATES,
    values: PROPERTIES,
    foreign: fc.subarray(['shop', 'other-shop']),
    earlierTry: OPTIONAL(fc.record({ values: PROPERTIES, state: STATES })),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ options, fates, values, foreign, earlierTry }) => {
      const rum = new FakeRum(options);
      const name = wantedName(values);
      for (const theirs of foreign) putForeign(rum, theirs);
      const taken = foreign.includes(name);
      if (earlierTry !== undefined && !taken) putOwn(rum, name, earlierTry.values, {}, earlierTry.state);
      const theirs = notOurs(rum, ID);
      rum.fates = [...fates];

      const { failure } = await settle(goalOf(values), runFor(rum, values, { fresh: true }));

      expect(notOurs(rum, ID)).toEqual(theirs);
      if (taken) expect(failure).toContain(`an app monitor named "${name}" already exists`);
      else expect(failure).toBeUndefined();
      if (!taken) expectReached(rum, goalOf(values));
    }),
    { numRuns: 500 },
  );
});

test('an update reaches its goal, or fails where only a replacement could, and touches nothing of others', async () => {
  const given = fc.record({
    options: OPTIONS,
    fates: FATES,
    previous: PROPERTIES,
    values: PROPERTIES,
    state: fc.option(STATES, { nil: undefined }),
    addedTags: OWNERS_TAGS,
    foreign: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ options, fates, previous, values, state, addedTags, foreign }) => {
      const rum = new FakeRum(options);
      const goal = goalOf(values);
      if (state !== undefined) putOwn(rum, wantedName(previous), previous, addedTags, state);
      const taken = foreign && !rum.monitors.has(wantedName(values));
      if (taken) putForeign(rum, wantedName(values));
      const theirs = notOurs(rum, ID);
      const found = own(rum);
      const stuck = found !== undefined && appMonitorReconciler.replacementReasons(goal, found).length > 0;
      rum.fates = [...fates];

      const run = runFor(rum, values, { requestType: 'Update', previousProperties: new Properties(previous) });
      const { failure } = await settle(goal, run);

      expect(notOurs(rum, ID)).toEqual(theirs);
      if (stuck) {
        expect(failure).toContain('changed during the update');
        expect(own(rum)).toEqual(found);
        return;
      }
      if (taken) {
        expect(failure).toContain('already exists');
        return;
      }
      expect(failure).toBeUndefined();
      expectReached(rum, goal);
      if (found === undefined) return;
      const removed = Object.keys(goalOf(previous).tags).filter((key) => !(key in goal.tags));
      for (const key of removed) expect(own(rum)?.tags).not.toHaveProperty(key);
      if ('theirs' in addedTags) expect(own(rum)?.tags.theirs).toBe(addedTags.theirs);
    }),
    { numRuns: 500 },
  );
});

test('an update that is repeated makes no further change', async () => {
  await fc.assert(
    fc.asyncProperty(OPTIONS, FATES, PROPERTIES, async (options, fates, values) => {
      const rum = new FakeRum(options);
      rum.fates = [...fates];
      await settle(goalOf(values), runFor(rum, values));
      Object.assign(rum, { calls: [], fates: [] });
      await expect(settle(goalOf(values), runFor(rum, values))).resolves.toEqual({ invocations: 1 });
      const { answersTags } = options;
      expect(rum.calls).toEqual(answersTags ? ['GetAppMonitor'] : ['GetAppMonitor', 'ListTagsForResource']);
    }),
    { numRuns: 200 },
  );
});

test('a deletion always ends with nothing of ours, from any state, and touches nothing of others', async () => {
  const given = fc.record({
    options: OPTIONS,
    fates: FATES,
    values: PROPERTIES,
    state: fc.option(STATES, { nil: undefined }),
    foreign: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ options, fates, values, state, foreign }) => {
      const rum = new FakeRum(options);
      const name = wantedName(values);
      if (state !== undefined) putOwn(rum, name, values, {}, state);
      else if (foreign) putForeign(rum, name);
      putForeign(rum, 'unrelated');
      const theirs = notOurs(rum, ID);
      rum.fates = [...fates];

      const { failure } = await settle(undefined, runFor(rum, values, { requestType: 'Delete' }));

      expect(failure).toBeUndefined();
      expect(rum.tagged(ID_TAG, ID)).toEqual([]);
      expect(notOurs(rum, ID)).toEqual(theirs);
    }),
    { numRuns: 500 },
  );
});

test('a deletion after a creation that was cut off at any point ends with nothing of ours, whether or not its id is known', async () => {
  const given = fc.record({
    options: OPTIONS,
    values: PROPERTIES,
    idKnown: fc.boolean(),
    foreign: fc.boolean(),
    creating: fc.record({ fates: FATES, invocations: fc.nat(5) }),
    deleting: FATES,
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ options, values, idKnown, foreign, creating, deleting }) => {
      const rum = new FakeRum(options);
      const sameOwner = { stackId: ADDRESS.stackId, logicalId: `${ADDRESS.logicalId}2` };
      // Their names begin like ours.
      const siblings = [newPhysicalId(sameOwner, 'r'), `${ID}-of-someone`, 'shop-Monitor5C1F2A3B-mine'];
      for (const name of siblings) putForeign(rum, name);
      if (foreign && values.Name !== undefined) putForeign(rum, wantedName(values));
      const theirs = notOurs(rum, ID);
      const clock = new FakeClock();
      rum.fates = [...creating.fates];
      for (let i = 0; i < creating.invocations; i++) {
        await invocation(goalOf(values), runFor(rum, values, { fresh: true }), clock).catch(() => undefined);
      }
      rum.settle();
      rum.fates = [...deleting];

      const note: OperationNote = aNote({ startedAt: clock.now().toISOString() });
      const id = idKnown ? ID : MADE_UP_ID;
      const deletion = runFor(rum, values, { requestType: 'Delete', id, unknownId: !idKnown, note });
      const { failure } = await settle(undefined, deletion, clock);

      expect(failure).toBeUndefined();
      expect(rum.tagged(OWNER_TAG, ownerOf(ADDRESS))).toEqual([]);
      expect(notOurs(rum, ID)).toEqual(theirs);
    }),
    { numRuns: 500 },
  );
});

test('a deletion with an unknown id leaves what its owner has retained for more than a day', async () => {
  const rum = new FakeRum();
  putOwn(rum, ID, { Domain: 'a.example.com' }, {}, 'ACTIVE');
  const monitor = rum.monitors.get(ID);
  const run = runFor(rum, {}, { requestType: 'Delete', id: MADE_UP_ID, unknownId: true });
  Object.assign(monitor as object, { Created: '2025-12-30T23:59:59.000Z' });
  expect(await settle(undefined, run)).not.toHaveProperty('failure');
  expect(rum.tagged(ID_TAG, ID)).toHaveLength(1);
  Object.assign(monitor as object, { Created: '2025-12-31T23:59:59.000Z' });
  expect(await settle(undefined, run)).not.toHaveProperty('failure');
  expect(rum.tagged(ID_TAG, ID)).toEqual([]);
});

test('a deletion with an unknown id looks only at monitors whose names begin like ours', async () => {
  const rum = new FakeRum();
  for (const name of ['a', 'b', 'shop', 'shop-Other']) putForeign(rum, name);
  const run = runFor(rum, {}, { requestType: 'Delete', id: MADE_UP_ID, unknownId: true });
  await settle(undefined, run);
  expect(new Set(rum.calls)).toEqual(new Set(['ListAppMonitors']));
});

test('a creation makes the monitor with all its tags in one call', async () => {
  const rum = new FakeRum();
  const values = { Domain: 'a.example.com', Tags: [{ Key: 'team', Value: '1' }] };
  await settle(goalOf(values), runFor(rum, values));
  expect(rum.calls).toEqual(['GetAppMonitor', 'CreateAppMonitor', 'GetAppMonitor']);
});

test('the removal of what a failed replacement has left does not touch the monitor that has the fixed name', async () => {
  const rum = new FakeRum();
  const values = { Name: 'shop', Domain: 'a.example.com' };
  putOwn(rum, 'shop', values, {}, 'ACTIVE');
  const leftover = runFor(rum, values, { requestType: 'Delete', id: successorId(ADDRESS, ID) });
  await expect(settle(undefined, leftover)).resolves.toEqual({ invocations: 1 });
  expect(own(rum)).toMatchObject({ name: 'shop', state: 'ACTIVE' });
});
