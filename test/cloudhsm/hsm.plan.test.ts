import type { ClusterView } from '../../src/cloudhsm/cluster-view.runtime';
import { type HsmGoal, hsmReconciler, type OwnHsm } from '../../src/cloudhsm/hsm.reconciler';
import { type Claim, claimKey, claimOwner, formatClaim } from '../../src/cloudhsm/hsm-claim.runtime';
import type { AwsClients } from '../../src/runtime/clients';
import { Properties } from '../../src/runtime/properties';
import type { PlanContext } from '../../src/runtime/reconciler';
import { aCluster, anHsm, CLUSTER_ID } from '../support/cluster-views';
import { ADDRESS, aRun, ID, MADE_UP_ID, STARTED } from '../support/runs';

const HSM = anHsm();
const GOAL: HsmGoal = { clusterId: CLUSTER_ID, zone: HSM.zone };
const at = (secondsAgo: number) => new Date(Date.parse(STARTED) - secondsAgo * 1000);
const PENDING: Claim = {
  key: claimKey(ID),
  owner: claimOwner(ADDRESS),
  at: at(0),
  zone: HSM.zone,
  tries: 1,
  invocation: 'a1b2c3d4',
  before: [],
};
const BOUND: Claim = { ...PENDING, eniId: HSM.eniId };
const [ONE, TWO] = [anHsm({ eniId: 'eni-00001' }), anHsm({ eniId: 'eni-00002' })];

function plan(
  goal: HsmGoal | undefined,
  cluster?: ClusterView,
  claim?: Claim,
  run: Partial<PlanContext<HsmGoal>> = {},
  others: Claim[] = [],
) {
  const all = [...others, ...(claim ? [claim] : [])];
  const tags = Object.fromEntries(all.map((one) => [one.key, formatClaim(one)]));
  const view = cluster && { ...cluster, tags };
  const hsm = cluster?.hsms.find(({ eniId }) => eniId === claim?.eniId);
  const own = claim && { claim, hsm, clusterId: CLUSTER_ID, tags: {} };
  return hsmReconciler.plan(goal, { cluster: view, own }, aRun<HsmGoal>(run));
}
const calls = (call: string, more = {}) => ({ kind: 'act', action: { call, ...more } });
const waits = { kind: 'wait' };

test.each(['ACTIVE', 'DEGRADED'])('without a claim, in a cluster that is %s, it is claimed first', (state) => {
  expect(plan(GOAL, aCluster({ state }))).toMatchObject(
    calls('TagResource', { claim: { ...PENDING, before: ['cdef0'] } }),
  );
});

test.each(['CREATE_IN_PROGRESS', 'UNINITIALIZED', 'INITIALIZED', 'MODIFY_IN_PROGRESS', 'DELETE_IN_PROGRESS'])(
  'it waits for a cluster with an HSM in %s',
  (state) => expect(plan(GOAL, aCluster({ state }))).toMatchObject(waits),
);

test('the first HSM comes before initialization, and without a cluster it fails', () => {
  expect(plan(GOAL, aCluster({ state: 'UNINITIALIZED', hsms: [] }))).toMatchObject(calls('TagResource'));
  expect(plan(GOAL)).toMatchObject({ kind: 'fail' });
  expect(plan(undefined)).toEqual({ kind: 'done', attributes: {} });
  expect(plan(undefined, aCluster())).toEqual({ kind: 'done', attributes: {} });
});

const other = { ...PENDING, invocation: 'other' };
const RENEWED = { ...PENDING, tries: 2, before: ['cdef0'] };
const addressed = anHsm({ eniId: 'eni-00003', address: '10.0.1.77' });
test.each<[string, Claim, ClusterView['hsms'], object]>([
  ['of this invocation', PENDING, [], calls('CreateHsm', { goal: GOAL, notAfter: at(-30) })],
  ['of another, young', other, [], waits],
  ['of another, not certain yet', { ...other, at: at(149) }, [], waits],
  ['of another, old', { ...other, at: at(150), before: ['cdef0'] }, [HSM], calls('TagResource', { claim: RENEWED })],
  ['with its HSM', other, [ONE], calls('TagResource', { claim: { eniId: ONE.eniId } })],
  ['with a stranger, tried once', other, [ONE, TWO], calls('TagResource', { claim: { eniId: ONE.eniId } })],
  [
    'with an address',
    { ...other, address: '10.0.1.77' },
    [ONE, addressed],
    calls('TagResource', { claim: { eniId: addressed.eniId } }),
  ],
  ['whose address is not there', { ...other, address: '10.0.1.77' }, [ONE], waits],
  ['tried twice, one there, young', { ...other, tries: 2 }, [ONE], waits],
  ['tried twice, one there, old', { ...other, tries: 2, at: at(150) }, [ONE], calls('TagResource')],
  ['tried twice, both there, young', { ...other, tries: 2 }, [ONE, TWO], waits],
  [
    'tried twice, both there, old',
    { ...other, tries: 2, at: at(150) },
    [ONE, TWO],
    calls('DeleteHsm', { eniId: TWO.eniId }),
  ],
  ['surplus in creation', { ...other, tries: 2, at: at(150) }, [ONE, { ...TWO, state: 'CREATE_IN_PROGRESS' }], waits],
  [
    'surplus going',
    { ...other, tries: 2, at: at(150) },
    [ONE, { ...TWO, state: 'DELETE_IN_PROGRESS' }],
    calls('TagResource', { claim: { tries: 1, before: ['00002'], invocation: undefined } }),
  ],
])('a pending claim %s', (_what, claim, hsms, step) => {
  expect(plan(GOAL, aCluster({ hsms }), claim)).toMatchObject(step);
});

const neighbour = { ...PENDING, key: 'cdk-settled:hsm:0', invocation: 'theirs' };
test('of several pending claims, the one with the fewest candidates takes first, and nobody deletes what another needs', () => {
  const first = { ...neighbour, tries: 2 };
  const cluster = aCluster({ hsms: [ONE, TWO] });
  const later = { ...other, before: ['00002'] };
  expect(plan(GOAL, cluster, later, {}, [first])).toMatchObject(calls('TagResource', { claim: { eniId: ONE.eniId } }));
  expect(plan(GOAL, cluster, { ...first, at: at(150) }, {}, [{ ...later, at: at(150) }])).toMatchObject(
    calls('TagResource', { claim: { eniId: TWO.eniId } }),
  );
});

test.each<[string, Claim | undefined, Claim, object]>([
  ['no claim', undefined, neighbour, waits],
  ['no claim', undefined, { ...neighbour, at: at(179) }, waits],
  ['no claim', undefined, { ...neighbour, at: at(180) }, calls('TagResource')],
  ['no claim', undefined, { ...neighbour, zone: 'eu-central-1b' }, calls('TagResource')],
  ['a claim of now', PENDING, { ...neighbour, at: at(1) }, calls('CreateHsm')],
  ['an old claim', { ...other, at: at(150) }, { ...neighbour, at: at(149) }, waits],
  ['an old claim', { ...other, at: at(150) }, { ...neighbour, at: at(151) }, waits],
  ['an old claim', { ...other, at: at(150) }, { ...neighbour, at: at(180) }, calls('TagResource')],
  ['an old claim', { ...other, at: at(150) }, { ...neighbour, at: at(149), eniId: 'eni-00009' }, waits],
  ['an old claim', { ...other, at: at(160) }, { ...neighbour, at: at(150), eniId: 'eni-00009' }, calls('TagResource')],
])('with %s beside that of another resource: %#', (_what, claim, theirs, step) => {
  expect(plan(GOAL, aCluster({ hsms: [] }), claim, {}, [theirs])).toMatchObject(step);
});

test('a claim tells the address that was asked for', () => {
  const goal = { ...GOAL, address: '10.0.1.77' };
  expect(plan(goal, aCluster())).toMatchObject(calls('TagResource', { claim: { address: '10.0.1.77' } }));
});

test.each(['ACTIVE', 'DEGRADED'])('a bound HSM that is %s is done, also when AWS has replaced it', (state) => {
  expect(plan(GOAL, aCluster({ hsms: [{ ...HSM, state, hsmId: 'hsm-new' }] }), BOUND)).toMatchObject({
    kind: 'done',
    attributes: { HsmId: 'hsm-new', EniId: HSM.eniId, State: state },
  });
});

test.each(['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS'])('a bound HSM in %s is waited for', (state) => {
  for (const goal of [GOAL, undefined]) {
    expect(plan(goal, aCluster({ hsms: [{ ...HSM, state }] }), BOUND)).toMatchObject(waits);
  }
});

test('a bound HSM that is gone is claimed anew, or its claim removed, once its neighbours know what it has made', () => {
  const old = { ...BOUND, at: at(150), replaces: '0123456789abcdef' };
  const empty = aCluster({ hsms: [] });
  for (const goal of [GOAL, undefined]) expect(plan(goal, empty, BOUND)).toMatchObject(waits);
  expect(plan(GOAL, empty, old)).toMatchObject(
    calls('TagResource', { claim: { tries: 1, at: at(0), replaces: '0123456789abcdef' } }),
  );
  expect(plan(undefined, empty, old)).toMatchObject(calls('UntagResource', { key: BOUND.key }));
});

test('a contested HSM stays with the first claim, also when the other is deleted', () => {
  const first = { ...BOUND, key: 'cdk-settled:hsm:0' };
  for (const goal of [GOAL, undefined]) {
    const step = plan(goal, aCluster(), BOUND, {}, [first]);
    const claim = { key: BOUND.key, eniId: undefined, tries: 1, at: at(0), invocation: undefined };
    expect(step).toMatchObject(calls('TagResource', { claim }));
  }
  expect(plan(GOAL, aCluster(), first, {}, [BOUND])).toMatchObject({ kind: 'done' });
});

test('a deletion binds a pending HSM, deletes it, and waits for one that may still appear', () => {
  expect(plan(undefined, aCluster(), PENDING)).toMatchObject(calls('TagResource', { claim: { eniId: HSM.eniId } }));
  expect(plan(undefined, aCluster(), BOUND)).toMatchObject(calls('DeleteHsm', { eniId: HSM.eniId }));
  expect(plan(undefined, aCluster({ hsms: [] }), PENDING)).toMatchObject(waits);
  const [old, empty] = [{ ...PENDING, at: at(150) }, aCluster({ hsms: [] })];
  expect(plan(undefined, empty, old)).toMatchObject(calls('UntagResource'));
  // A neighbour may have taken ours, and then its own is for us to remove.
  expect(plan(undefined, empty, old, {}, [{ ...neighbour, eniId: 'eni-00009' }])).toMatchObject(waits);
});

test('what an earlier try has left in another zone or at another address under a fresh id is removed', () => {
  for (const goal of [
    { ...GOAL, zone: 'eu-central-1b' },
    { ...GOAL, address: '10.0.1.77' },
  ]) {
    expect(plan(goal, aCluster(), BOUND, { fresh: true })).toMatchObject(calls('DeleteHsm'));
    expect(plan(goal, aCluster(), BOUND)).toMatchObject({ kind: 'fail' });
  }
});

test('reasons to replace', () => {
  const own: OwnHsm = { claim: BOUND, hsm: HSM, clusterId: CLUSTER_ID, tags: {} };
  expect(hsmReconciler.replacementReasons({ ...GOAL, address: HSM.address }, own)).toEqual([]);
  expect(hsmReconciler.replacementReasons({ clusterId: 'x', zone: 'y', address: 'z' }, own)).toHaveLength(3);
  const made = { ...own, hsm: { ...HSM, address: '' } };
  expect(hsmReconciler.replacementReasons({ ...GOAL, address: 'z' }, made)).toEqual([]);
  made.claim = { ...BOUND, address: 'y' };
  expect(hsmReconciler.replacementReasons({ ...GOAL, address: 'z' }, made)).toHaveLength(1);
});

test.each([
  [60, true],
  [25 * 3600, false],
])('a deletion with an unknown id finds a claim that is %p seconds old: %p', async (age, found) => {
  const TagList = [{ Key: BOUND.key, Value: formatClaim({ ...BOUND, at: at(age) }) }];
  const send = async () => ({ Clusters: [{ ClusterId: CLUSTER_ID, State: 'ACTIVE', TagList }] });
  const aws = { get: () => ({ send }) } as unknown as AwsClients;
  const properties = new Properties({ ClusterId: CLUSTER_ID });
  const observed = await hsmReconciler.observe(aRun<HsmGoal>({ id: MADE_UP_ID, unknownId: true, properties, aws }));
  expect(observed.own !== undefined).toBe(found);
});
