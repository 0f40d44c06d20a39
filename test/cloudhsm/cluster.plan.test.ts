import { type ClusterGoal, type ClusterObservation, clusterReconciler } from '../../src/cloudhsm/cluster.reconciler';
import type { ClusterView } from '../../src/cloudhsm/cluster-view.runtime';
import { type Claim, claimOwner, formatClaim } from '../../src/cloudhsm/hsm-claim.runtime';
import type { PlanContext } from '../../src/runtime/reconciler';
import { aCluster, anHsm } from '../support/cluster-views';
import { ADDRESS, aRun, STACK_ID } from '../support/runs';

const GOAL: ClusterGoal = { subnetIds: ['subnet-1'], hsmType: 'hsm2m.medium', migrate: false, tags: {} };
const EMPTY = aCluster({ hsms: [] });
const KEY = 'cdk-settled:hsm:0';
const OWNER = claimOwner({ ...ADDRESS, logicalId: 'Hsm' });
const claim: Claim = { key: KEY, owner: OWNER, at: new Date(0), zone: 'z', eniId: anHsm().eniId, tries: 1, before: [] };
const CLAIMED = { [KEY]: formatClaim(claim) };

function plan(
  goal: ClusterGoal | undefined,
  own?: ClusterView,
  more: Partial<ClusterObservation> = {},
  run: Partial<PlanContext<ClusterGoal>> = {},
) {
  return clusterReconciler.plan(goal, { own, duplicates: [], backupIds: [], ...more }, aRun<ClusterGoal>(run));
}
const calls = (call: string, more = {}) => ({ kind: 'act', action: { call, ...more } });

test.each([
  ['CREATE_IN_PROGRESS', 'wait', 'wait', 'wait'],
  ['UNINITIALIZED', 'done', 'ModifyCluster', 'DeleteCluster'],
  ['INITIALIZE_IN_PROGRESS', 'done', 'wait', 'wait'],
  ['INITIALIZED', 'done', 'ModifyCluster', 'DeleteCluster'],
  ['ACTIVE', 'done', 'ModifyCluster', 'DeleteCluster'],
  ['UPDATE_IN_PROGRESS', 'done', 'wait', 'wait'],
  ['MODIFY_IN_PROGRESS', 'wait', 'wait', 'wait'],
  ['ROLLBACK_IN_PROGRESS', 'done', 'wait', 'wait'],
  ['DEGRADED', 'done', 'ModifyCluster', 'DeleteCluster'],
  ['DELETE_IN_PROGRESS', 'wait', 'wait', 'wait'],
])('in %s: as wanted %s, different %s, to be deleted %s', (state, ...expected) => {
  const own = { ...EMPTY, state };
  const steps = [plan(GOAL, own), plan({ ...GOAL, retentionDays: 7 }, own), plan(undefined, own)];
  expect(steps.map((step) => (step.kind === 'act' ? step.action.call : step.kind))).toEqual(expected);
});

test('none is created, and none is done where none is wanted', () => {
  expect(plan(GOAL)).toEqual(calls('CreateCluster', { goal: GOAL }));
  expect(plan(undefined)).toEqual({ kind: 'done', attributes: {} });
});

test('duplicates go first', () => {
  const duplicate = { ...EMPTY, id: 'cluster-2' };
  const going = { ...duplicate, state: 'DELETE_IN_PROGRESS' };
  for (const goal of [GOAL, undefined]) {
    expect(plan(goal, EMPTY, { duplicates: [duplicate] })).toEqual(calls('DeleteCluster', { clusterId: 'cluster-2' }));
  }
  // The new cluster is complete only when it is the only one.
  expect(plan(GOAL, EMPTY, { duplicates: [going] })).toMatchObject({ kind: 'wait' });
  expect(plan(undefined, undefined, { duplicates: [going] })).toMatchObject({ kind: 'wait' });
});

test('at deletion claimed HSMs go, foreign ones stay and fail it, then backups go, then the cluster', () => {
  const going = { ...anHsm(), state: 'DELETE_IN_PROGRESS' };
  expect(plan(undefined, aCluster({ tags: CLAIMED }))).toMatchObject(calls('DeleteHsm', { eniId: anHsm().eniId }));
  expect(plan(undefined, aCluster({ tags: CLAIMED, hsms: [going] }))).toMatchObject({ kind: 'wait' });
  expect(plan(undefined, aCluster())).toMatchObject({ kind: 'fail', reason: expect.stringContaining(anHsm().hsmId) });
  expect(plan(undefined, aCluster({ hsms: [going] }))).toMatchObject({ kind: 'wait' });
  expect(plan(undefined, EMPTY, { backupIds: ['b'] })).toEqual(calls('DeleteBackup', { backupId: 'b' }));
});

test('an HSM that another stack has claimed stays, and the failure says whose it is', () => {
  const tags = { [KEY]: formatClaim({ ...claim, owner: claimOwner({ stackId: `${STACK_ID}0`, logicalId: 'Hsm' }) }) };
  expect(plan(undefined, aCluster({ tags }))).toMatchObject({
    kind: 'fail',
    reason: expect.stringContaining(`${anHsm().hsmId} of another stack, by the tag ${KEY}`),
  });
  const going = { ...anHsm(), state: 'DELETE_IN_PROGRESS' };
  expect(plan(undefined, aCluster({ tags, hsms: [going] }))).toMatchObject({ kind: 'wait' });
});

test('at deletion it is told which HSMs are waited for', () => {
  const coming = { ...anHsm(), state: 'CREATE_IN_PROGRESS' };
  expect(plan(undefined, aCluster({ tags: CLAIMED, hsms: [coming] }))).toEqual({
    kind: 'wait',
    reason: `AWS still lists HSMs of ${EMPTY.id}: ${coming.hsmId} in CREATE_IN_PROGRESS`,
  });
});

test('the type replaces, or migrates after the retention', () => {
  const own = { ...EMPTY, hsmType: 'hsm1.medium', retentionDays: 90 };
  const migrating = { ...GOAL, migrate: true, retentionDays: 7 };
  expect(clusterReconciler.replacementReasons(GOAL, own)).toEqual(['the HSM type changes']);
  expect(plan(GOAL, own)).toMatchObject({ kind: 'fail' });
  expect(plan(GOAL, own, {}, { fresh: true })).toMatchObject(calls('DeleteCluster'));
  expect(plan(migrating, own)).toMatchObject(calls('ModifyCluster', { retentionDays: 7 }));
  expect(plan(migrating, { ...own, retentionDays: 7 })).toMatchObject(
    calls('ModifyCluster', { hsmType: 'hsm2m.medium' }),
  );
});

test('another shape replaces', () => {
  const own = { ...EMPTY, tags: { 'cdk-settled:shape': 'other' } };
  expect(clusterReconciler.replacementReasons(GOAL, own)).toHaveLength(1);
});

test('tags differ by what is named; claims and tags of others stay', () => {
  const goal = { ...GOAL, tags: { a: '1' } };
  const previous = { ...GOAL, tags: { a: '1', old: '1', [KEY]: '' } };
  const tags = { ...CLAIMED, theirs: '1', old: '1' };
  expect(plan(goal, { ...EMPTY, tags }, {}, { previous })).toMatchObject(calls('TagResource', { tags: { a: '1' } }));
  expect(plan(goal, { ...EMPTY, tags: { ...tags, a: '1' } }, {}, { previous })).toMatchObject(
    calls('UntagResource', { keys: ['old'] }),
  );
  expect(plan(goal, { ...EMPTY, tags: { ...tags, a: '1' } })).toMatchObject({ kind: 'done' });
});
