import fc from 'fast-check';
import type { ClusterView, HsmView } from '../../src/cloudhsm/cluster-view.runtime';
import { type HsmAction, type HsmGoal, hsmReconciler } from '../../src/cloudhsm/hsm.reconciler';
import { claimsOf, formatClaim } from '../../src/cloudhsm/hsm-claim.runtime';
import type { AwsClients } from '../../src/runtime/clients';
import { newPhysicalId } from '../../src/runtime/identity';
import { Properties } from '../../src/runtime/properties';
import type { Run } from '../../src/runtime/reconciler';
import { aCluster, anHsm, CLUSTER_ID } from '../support/cluster-views';
import { FakeClock } from '../support/fake-clock';
import { aRun, STACK_ID } from '../support/runs';

const ZONE = 'eu-central-1a';
const FATES = ['answered', 'throttled', 'lost before', 'lost after'] as const;
type Fate = (typeof FATES)[number];

interface Hidden extends HsmView {
  /** When AWS begins to list it. */
  readonly shows: number;
  readonly settles: number;
}

/** A cluster in memory: an HSM shows late, becomes ACTIVE later, and is listed for a while after its deletion. */
class World {
  readonly clock = new FakeClock();
  hsms: Hidden[] = [];
  tags: Record<string, string> = {};
  readonly deleted: string[] = [];
  private made = 0;

  constructor(
    private readonly lags: readonly number[],
    private readonly order: readonly number[],
  ) {}

  make(settled = false): string {
    const count = this.made++;
    const now = this.clock.now().getTime();
    const shows = settled ? now : now + (this.lags[count % this.lags.length] ?? 0);
    // Interfaces do not sort by age.
    const eniId = `eni-0${String(this.order[count % this.order.length]).padStart(5, '0')}${String(count).padStart(5, '0')}`;
    const state = settled ? 'ACTIVE' : 'CREATE_IN_PROGRESS';
    this.hsms.push({ ...anHsm({ eniId, hsmId: `hsm-${count}`, state }), shows, settles: shows + 60_000 });
    return eniId;
  }

  /** AWS replaces a failed HSM on its interface. */
  replaceAll(): void {
    this.hsms = this.hsms.map((hsm) => ({ ...hsm, hsmId: `${hsm.hsmId}x` }));
  }

  advance(milliseconds: number): void {
    this.clock.advance(milliseconds);
    const now = this.clock.now().getTime();
    this.hsms = this.hsms
      .filter(({ state, settles }) => state !== 'DELETE_IN_PROGRESS' || settles > now)
      .map((hsm) => (hsm.state === 'CREATE_IN_PROGRESS' && hsm.settles <= now ? { ...hsm, state: 'ACTIVE' } : hsm));
  }

  get view(): ClusterView {
    const now = this.clock.now().getTime();
    return aCluster({ hsms: this.hsms.filter(({ shows }) => shows <= now), tags: { ...this.tags } });
  }

  get aws(): AwsClients {
    const { id, state, hsms, tags } = this.view;
    const Hsms = hsms.map((hsm) => ({
      HsmId: hsm.hsmId,
      EniId: hsm.eniId,
      EniIp: hsm.address,
      AvailabilityZone: hsm.zone,
      State: hsm.state,
    }));
    const TagList = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    const send = async () => ({ Clusters: [{ ClusterId: id, State: state, Hsms, TagList }] });
    return { get: () => ({ send }) } as unknown as AwsClients;
  }

  act(action: HsmAction): void {
    const now = this.clock.now().getTime();
    switch (action.call) {
      case 'TagResource':
        expect(formatClaim(action.claim).length).toBeLessThanOrEqual(256);
        this.tags[action.claim.key] = formatClaim(action.claim);
        return;
      case 'UntagResource':
        delete this.tags[action.key];
        return;
      case 'CreateHsm':
        this.make();
        return;
      case 'DeleteHsm':
        this.deleted.push(action.eniId);
        this.hsms = this.hsms.map((hsm) =>
          hsm.eniId === action.eniId ? { ...hsm, state: 'DELETE_IN_PROGRESS', settles: now + 120_000 } : hsm,
        );
    }
  }
}

/** One resource: the rounds of its loop, one look and one call at a time, so that others come in between. */
class Resource {
  readonly address: { readonly stackId: string; readonly logicalId: string };
  readonly id: string;
  goal: HsmGoal | undefined = { clusterId: CLUSTER_ID, zone: ZONE };
  unknownId = false;
  finished = false;
  private invocation = 0;
  private began = 0;
  private planned?: HsmAction;
  private last = '';

  constructor(
    private readonly world: World,
    logicalId: string,
    private readonly fates: Fate[],
  ) {
    this.address = { stackId: STACK_ID, logicalId };
    this.id = newPhysicalId(this.address, 'r');
    this.renew();
  }

  /** The invocation ends: by a wait, or by a crash between any two calls. */
  renew(): void {
    Object.assign(this, { planned: undefined, last: '', invocation: this.invocation + 1 });
    this.began = this.world.clock.now().getTime();
  }

  remove(unknownId: boolean): void {
    Object.assign(this, { goal: undefined, unknownId, finished: false });
    this.renew();
  }

  /** Looks and plans, or makes the call that it has planned. */
  async turn(): Promise<void> {
    if (this.planned !== undefined) return this.perform(this.planned);
    const run = this.run();
    const step = hsmReconciler.plan(this.goal, await hsmReconciler.observe(run), run);
    if (step.kind === 'fail') throw new Error(step.reason);
    this.finished = step.kind === 'done';
    if (step.kind !== 'act' || JSON.stringify(step.action) === this.last) return this.renew();
    this.planned = step.action;
    this.last = JSON.stringify(step.action);
  }

  private perform(action: HsmAction): void {
    this.planned = undefined;
    const fate = this.fates.shift() ?? 'answered';
    if (fate === 'answered' || fate === 'lost after') this.world.act(action);
    if (fate !== 'answered') this.renew();
  }

  private run(): Run<HsmGoal> {
    return aRun<HsmGoal>({
      address: this.address,
      id: this.unknownId ? 'made-up' : this.id,
      requestType: this.goal === undefined ? 'Delete' : 'Create',
      unknownId: this.unknownId,
      fresh: this.goal !== undefined,
      invocation: `${this.address.logicalId}-${this.invocation}`.slice(-8),
      now: new Date(this.began),
      aws: this.world.aws,
      properties: new Properties({ ClusterId: CLUSTER_ID, AvailabilityZone: ZONE }),
    });
  }
}

/** Far more than the turns that the faults can cost. */
const MAX_ROUNDS = 400;

async function settle(world: World, resources: readonly Resource[]): Promise<void> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const resource of resources) await resource.turn();
    if (resources.every(({ finished }) => finished)) return;
    world.advance(5_000);
  }
  throw new Error(`not settled after ${MAX_ROUNDS} rounds`);
}

const EVENTS = fc.array(fc.constantFrom('a', 'b', 'crash a', 'crash b', 'time', 'replace'), { maxLength: 40 });
const GIVEN = fc.record({
  // An HSM shows sooner than its creation is repeated.
  lags: fc.array(fc.nat(29_000), { minLength: 1, maxLength: 4 }),
  order: fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
  fates: fc.tuple(...[0, 1].map(() => fc.array(fc.constantFrom(...FATES), { maxLength: 12 }))),
  events: EVENTS,
  foreign: fc.nat(2),
});
type Given = typeof GIVEN extends fc.Arbitrary<infer T> ? T : never;

async function begin({ lags, order, fates, events, foreign }: Given) {
  const world = new World(lags, order);
  const theirs = Array.from({ length: foreign }, () => world.make(true));
  const a = new Resource(world, 'HsmA', [...(fates[0] ?? [])]);
  const b = new Resource(world, 'HsmB', [...(fates[1] ?? [])]);
  for (const event of events) {
    if (event === 'a') await a.turn();
    if (event === 'b') await b.turn();
    if (event === 'crash a') a.renew();
    if (event === 'crash b') b.renew();
    if (event === 'time') world.advance(5_000);
    if (event === 'replace') world.replaceAll();
  }
  return { world, a, b, theirs };
}

function expectHsms(world: World, theirs: readonly string[], ours: number): void {
  world.advance(600_000);
  expect(world.deleted.filter((eniId) => theirs.includes(eniId))).toEqual([]);
  const claims = claimsOf(world.view);
  expect(new Set(claims.map(({ eniId }) => eniId)).size).toBe(ours);
  const standing = world.hsms.map(({ eniId }) => eniId).sort();
  expect(standing).toEqual([...theirs, ...claims.map(({ eniId }) => eniId)].sort());
}

/** Fixed, so that the known failure below is the same in each run. */
const SEED = 1;

test('two HSMs of one zone, one after the other as the constructs make them, end as exactly two, and then as none', async () => {
  await fc.assert(
    fc.asyncProperty(GIVEN, fc.boolean(), async (given, unknownId) => {
      const { world, a, b, theirs } = await begin({ ...given, events: given.events.filter((event) => event !== 'b') });
      await settle(world, [a]);
      await settle(world, [b]);
      expectHsms(world, theirs, 2);
      a.remove(unknownId);
      await settle(world, [a]);
      expectHsms(world, theirs, 1);
      b.remove(false);
      await settle(world, [b]);
      expectHsms(world, theirs, 0);
    }),
    { numRuns: 500, seed: SEED },
  );
});

// Known and open: at the same time, a lost call of one and an HSM that shows after 20 seconds can end with an HSM too many.
// The constructs of one app never make two at once in one zone; those of two stacks could.
test.failing('two HSMs of one zone at the same time end as exactly two, whatever is lost, late or cut off, and then as none', async () => {
  await fc.assert(
    fc.asyncProperty(GIVEN, fc.boolean(), async (given, unknownId) => {
      const { world, a, b, theirs } = await begin(given);
      await settle(world, [a, b]);
      expectHsms(world, theirs, 2);
      a.remove(unknownId);
      await settle(world, [a]);
      expectHsms(world, theirs, 1);
      b.remove(false);
      await settle(world, [b]);
      expectHsms(world, theirs, 0);
    }),
    { numRuns: 500, seed: SEED },
  );
});

test('a creation that is cut off anywhere and then deleted leaves nothing but the other HSM and those of others', async () => {
  await fc.assert(
    fc.asyncProperty(GIVEN, fc.boolean(), fc.boolean(), async (given, unknownId, both) => {
      const { world, a, b, theirs } = await begin(given);
      a.remove(unknownId);
      if (both) b.remove(!unknownId);
      await settle(world, [a, b]);
      expectHsms(world, theirs, both ? 0 : 1);
    }),
    { numRuns: 500, seed: SEED },
  );
});

test('an HSM that someone else makes while a pending one is removed is not taken for ours', async () => {
  const world = new World([0], [5]);
  const a = new Resource(world, 'HsmA', ['answered', 'lost after']);
  for (let turn = 0; turn < 4; turn++) await a.turn();
  expect(world.hsms).toHaveLength(1);
  world.advance(120_000);
  a.remove(false);
  while (world.deleted.length === 0) await a.turn();
  const theirs = world.make(true);
  await settle(world, [a]);
  expectHsms(world, [theirs], 0);
});
