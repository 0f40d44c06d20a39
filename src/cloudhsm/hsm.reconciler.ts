import {
  CreateHsmCommand,
  DeleteHsmCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudhsm-v2';
import { ID_TAG, idPrefix, OWNER_TAG, ownerOf } from '../runtime/identity';
import type { Properties } from '../runtime/properties';
import { isOwn, type PlanContext, REPLACES_TAG, type Reconciler, type Run, type Step } from '../runtime/reconciler';
import { type ClusterView, cloudHsm, describeCluster, type HsmView } from './cluster-view.runtime';
import { type Claim, claimKey, claimOwner, claimsOf, endingsOf, formatClaim } from './hsm-claim.runtime';
import {
  callBefore,
  claimsIn,
  firstComerOf,
  isActive,
  isContested,
  mayAppear,
  predecessorOf,
  shareOf,
} from './hsm-share.runtime';

export interface HsmGoal {
  readonly clusterId: string;
  readonly zone: string;
  /** Absent when AWS chooses it. */
  readonly address?: string;
}

export interface HsmObservation {
  readonly own?: OwnHsm;
  readonly cluster?: ClusterView;
}

export interface OwnHsm {
  readonly tags: Readonly<Record<string, string>>;
  readonly claim: Claim;
  /** The HSM on the claim's interface, while AWS lists it. */
  readonly hsm?: HsmView;
  readonly clusterId: string;
}

export type HsmAction =
  | { readonly call: 'TagResource'; readonly clusterId: string; readonly claim: Claim }
  | { readonly call: 'UntagResource'; readonly clusterId: string; readonly key: string }
  | { readonly call: 'CreateHsm'; readonly goal: HsmGoal; readonly notAfter: Date }
  | { readonly call: 'DeleteHsm'; readonly clusterId: string; readonly eniId: string };

export const hsmReconciler: Reconciler<HsmGoal, HsmObservation, HsmAction> = {
  decode: (properties) => ({
    clusterId: properties.string('ClusterId'),
    zone: properties.string('AvailabilityZone'),
    address: properties.optionalString('IpAddress'),
  }),
  replacementReasons,
  observe,
  plan,
  act,
};

function replacementReasons(goal: HsmGoal, own: OwnHsm): string[] {
  const reasons: string[] = [];
  if (goal.clusterId !== own.clusterId) reasons.push('the cluster changes');
  if (goal.zone !== own.claim.zone) reasons.push('the availability zone changes');
  // AWS may not tell the address of an HSM that is being created.
  const address = own.hsm?.address || own.claim.address;
  if (goal.address !== undefined && address !== undefined && goal.address !== address) {
    reasons.push('the IP address changes');
  }
  return reasons;
}

async function observe(run: Run<HsmGoal>): Promise<HsmObservation> {
  for (const clusterId of clusterIds(run.properties, run.fresh ? undefined : run.previousProperties)) {
    const cluster = await describeCluster(run.aws, clusterId);
    if (cluster === undefined) continue;
    const claim = ownClaim(cluster, run);
    if (claim === undefined) {
      if (clusterId === run.properties.optionalString('ClusterId')) return { cluster };
      continue;
    }
    const hsm = cluster.hsms.find(({ eniId }) => eniId === claim.eniId);
    return { cluster, own: { claim, hsm, clusterId, tags: tagsOf(claim, run) } };
  }
  return {};
}

/** The claim in the form of the tags that other resources have. */
function tagsOf({ replaces }: Claim, { id, address }: Run<HsmGoal>): Record<string, string> {
  return replaces === undefined
    ? { [ID_TAG]: id }
    : { [ID_TAG]: id, [REPLACES_TAG]: `${idPrefix(address)}${replaces}` };
}

function clusterIds(...all: Array<Properties | undefined>): Set<string> {
  return new Set(all.flatMap((properties) => properties?.optionalString('ClusterId') ?? []));
}

function ownClaim(cluster: ClusterView, run: Run<HsmGoal>): Claim | undefined {
  const claims = claimsOf(cluster);
  const byId = claims.find(({ key }) => key === claimKey(run.id));
  if (byId !== undefined || !run.unknownId) return byId;
  const tags = { [OWNER_TAG]: ownerOf(run.address) };
  return claims.find(({ owner, at }) => owner === claimOwner(run.address) && isOwn(run, tags, at));
}

function plan(goal: HsmGoal | undefined, observed: HsmObservation, run: PlanContext<HsmGoal>): Step<HsmAction> {
  return goal === undefined ? planAbsence(observed, run) : planPresence(goal, observed, run);
}

const IN_PROGRESS: ReadonlySet<string> = new Set(['CREATE_IN_PROGRESS', 'DELETE_IN_PROGRESS']);

function planAbsence({ own, cluster }: HsmObservation, run: PlanContext<HsmGoal>): Step<HsmAction> {
  if (own === undefined || cluster === undefined) return { kind: 'done', attributes: {} };
  const { claim, clusterId, hsm } = own;
  // What another claim has taken is not deleted for this one, which may still have made another.
  if (isContested(claim, cluster)) return claiming(cluster, unbound(claim));
  if (claim.eniId === undefined) return planPendingAbsence(claim, cluster, run);
  if (hsm === undefined) return waitForLate([claim], run) ?? untagging(claim, cluster);
  // Whether an HSM may be deleted while it is being created is not documented.
  return IN_PROGRESS.has(hsm.state)
    ? { kind: 'wait', reason: `HSM ${hsm.hsmId} on ${hsm.eniId} is in ${hsm.state}` }
    : { kind: 'act', action: { call: 'DeleteHsm', clusterId, eniId: hsm.eniId } };
}

/** The HSM is bound before it is deleted: what others make while it goes away must not be taken for it. */
function planPendingAbsence(claim: Claim, cluster: ClusterView, run: PlanContext<HsmGoal>): Step<HsmAction> {
  const zone = claimsIn(claim.zone, cluster);
  return planShare(claim, cluster, run) ?? waitForLate(zone, run) ?? untagging(claim, cluster);
}

/** What becomes of the HSMs that a pending claim has made; undefined when none is there. */
function planShare(claim: Claim, cluster: ClusterView, run: PlanContext<HsmGoal>): Step<HsmAction> | undefined {
  const { mine, surplus } = shareOf(claim, cluster);
  if (mine === undefined) return undefined;
  // Once it is bound, nobody would look for what a repeated call has made as well.
  const wait = claim.tries > 1 ? waitForLate(claimsIn(claim.zone, cluster), run) : undefined;
  return wait ?? planSurplus(claim, surplus, cluster) ?? claiming(cluster, { ...claim, eniId: mine.eniId });
}

function waitForLate(claims: readonly Claim[], run: PlanContext<HsmGoal>): Step<HsmAction> | undefined {
  return mayAppear(claims, run.now)
    ? { kind: 'wait', reason: `an HSM that was asked for in ${claims[0]?.zone} may still appear` }
    : undefined;
}

/** A call that took effect later than any lag that is known, so that it was repeated. */
function planSurplus(claim: Claim, surplus: readonly HsmView[], cluster: ClusterView): Step<HsmAction> | undefined {
  const going = surplus.find(({ state }) => state === 'DELETE_IN_PROGRESS');
  if (going !== undefined) {
    const before = [...claim.before, ...endingsOf([going])];
    return claiming(cluster, { ...unbound(claim), tries: claim.tries - 1, before });
  }
  const extra = surplus.find(({ state }) => !IN_PROGRESS.has(state));
  if (extra !== undefined) {
    return { kind: 'act', action: { call: 'DeleteHsm', clusterId: cluster.id, eniId: extra.eniId } };
  }
  return surplus.length > 0 ? { kind: 'wait', reason: `a surplus HSM in ${claim.zone} is on its way out` } : undefined;
}

/** The claim as it was before it was bound; CreateHsm is not called for it again at once. */
function unbound(claim: Claim): Claim {
  return { ...claim, eniId: undefined, invocation: undefined };
}

function planPresence(goal: HsmGoal, observed: HsmObservation, run: PlanContext<HsmGoal>): Step<HsmAction> {
  const { cluster, own } = observed;
  if (cluster === undefined) {
    return { kind: 'fail', reason: `cluster ${goal.clusterId} does not exist; deploy the cluster again` };
  }
  if (own === undefined) return planClaim(goal, undefined, cluster, run);
  // What an earlier try has left elsewhere under a fresh id.
  if (run.fresh && replacementReasons(goal, own).length > 0) return planAbsence(observed, run);
  return own.claim.eniId === undefined
    ? planPending(goal, own.claim, cluster, run)
    : planBound(goal, own, cluster, run);
}

/** A claim to call CreateHsm for, the first one or in place of another with which nothing came. */
function planClaim(
  goal: HsmGoal,
  last: Claim | undefined,
  cluster: ClusterView,
  run: PlanContext<HsmGoal>,
): Step<HsmAction> {
  const key = claimKey(run.id);
  const wait = waitForTurn(predecessorOf({ key, zone: goal.zone, at: last?.at }, cluster, run.now), cluster);
  if (wait !== undefined) return wait;
  return claiming(cluster, {
    key,
    owner: claimOwner(run.address),
    at: run.now,
    zone: goal.zone,
    address: goal.address,
    tries: (last?.tries ?? 0) + 1,
    invocation: run.invocation,
    before: endingsOf(cluster.hsms),
    replaces: run.replaces?.slice(idPrefix(run.address).length) ?? last?.replaces,
  });
}

/** Why an HSM cannot be asked for now; undefined when it can. */
function waitForTurn(first: Claim | undefined, cluster: ClusterView): Step<HsmAction> | undefined {
  const obstacle = notReadyForHsm(cluster);
  if (obstacle !== undefined) return { kind: 'wait', reason: obstacle };
  return (
    first && { kind: 'wait', reason: `another HSM is asked for in ${first.zone} (tag ${first.key}), and comes first` }
  );
}

function claiming({ id: clusterId }: ClusterView, claim: Claim): Step<HsmAction> {
  return { kind: 'act', action: { call: 'TagResource', clusterId, claim } };
}

function untagging({ key }: Claim, { id: clusterId }: ClusterView): Step<HsmAction> {
  return { kind: 'act', action: { call: 'UntagResource', clusterId, key } };
}

function planPending(goal: HsmGoal, claim: Claim, cluster: ClusterView, run: PlanContext<HsmGoal>): Step<HsmAction> {
  const share = planShare(claim, cluster, run);
  if (share !== undefined) return share;
  if (claim.invocation !== run.invocation) {
    return waitForLate(claimsIn(claim.zone, cluster), run) ?? planClaim(goal, claim, cluster, run);
  }
  const wait = waitForTurn(firstComerOf(claim, cluster, run.now), cluster);
  return wait ?? { kind: 'act', action: { call: 'CreateHsm', goal, notAfter: callBefore(claim) } };
}

function planBound(goal: HsmGoal, own: OwnHsm, cluster: ClusterView, run: PlanContext<HsmGoal>): Step<HsmAction> {
  const { hsm, claim } = own;
  if (isContested(claim, cluster)) return claiming(cluster, unbound(claim));
  // Gone for good: begin again.
  if (hsm === undefined) {
    return waitForLate([claim], run) ?? planClaim(goal, { ...claim, tries: 0, at: run.now }, cluster, run);
  }
  if (IN_PROGRESS.has(hsm.state)) {
    return { kind: 'wait', reason: `HSM ${hsm.hsmId} on ${hsm.eniId} is in ${hsm.state}` };
  }
  const obstacles = replacementReasons(goal, own);
  if (obstacles.length > 0) {
    return {
      kind: 'fail',
      reason: `HSM ${hsm.hsmId} changed during the update (${obstacles.join('; ')}); deploy again`,
    };
  }
  // A degraded HSM is reported, and is no reason to hang: AWS replaces it on the same interface.
  return {
    kind: 'done',
    attributes: { HsmId: hsm.hsmId, EniId: hsm.eniId, IpAddress: hsm.address, State: hsm.state },
  };
}

/** Why CreateHsm would be refused now; undefined when it may be called. */
function notReadyForHsm(cluster: ClusterView): string | undefined {
  if (isActive(cluster)) return undefined;
  if (cluster.state === 'UNINITIALIZED' && cluster.hsms.length === 0) return undefined;
  if (cluster.hsms.length > 0 && ['UNINITIALIZED', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED'].includes(cluster.state)) {
    return `cluster ${cluster.id} has an HSM and is ${cluster.state}: it takes a second one only when it is active`;
  }
  return `cluster ${cluster.id} is in ${cluster.state}${cluster.stateMessage ? ` (${cluster.stateMessage})` : ''}`;
}

async function act(action: HsmAction, run: Run<HsmGoal>): Promise<void> {
  const client = cloudHsm(run.aws);
  switch (action.call) {
    case 'TagResource': {
      const claim = { Key: action.claim.key, Value: formatClaim(action.claim) };
      await client.send(new TagResourceCommand({ ResourceId: action.clusterId, TagList: [claim] }));
      return;
    }
    case 'UntagResource':
      await client.send(new UntagResourceCommand({ ResourceId: action.clusterId, TagKeyList: [action.key] }));
      return;
    case 'CreateHsm': {
      const { clusterId: ClusterId, zone: AvailabilityZone, address: IpAddress } = action.goal;
      await client.send(new CreateHsmCommand({ ClusterId, AvailabilityZone, IpAddress }));
      return;
    }
    case 'DeleteHsm':
      await client.send(new DeleteHsmCommand({ ClusterId: action.clusterId, EniId: action.eniId }));
      return;
  }
}
