import {
  CreateClusterCommand,
  type CreateClusterCommandInput,
  DeleteBackupCommand,
  DeleteClusterCommand,
  DeleteHsmCommand,
  ModifyClusterCommand,
  type ModifyClusterCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudhsm-v2';
import { digest } from '../runtime/digest';
import { isOwn, type PlanContext, type Reconciler, type Run, type Step, settledTags } from '../runtime/reconciler';
import { tagChanges, tagList } from '../runtime/tags';
import { type BackupView, describeBackups } from './backup-view.runtime';
import { type ClusterView, cloudHsm, describeClusters, type HsmView } from './cluster-view.runtime';
import { claimsOf, isClaim, isOfStack } from './hsm-claim.runtime';

export interface ClusterGoal {
  readonly subnetIds: readonly string[];
  readonly hsmType: string;
  readonly mode?: string;
  readonly networkType?: string;
  readonly retentionDays?: number;
  /** Id or ARN of the backup to restore, or `latest:` and the id of the cluster whose latest one is meant. */
  readonly sourceBackup?: string;
  /** Whether a change of the type migrates the HSMs in place. */
  readonly migrate: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ClusterObservation {
  readonly own?: ClusterView;
  /** Further clusters with the same id: a CreateCluster whose answer was lost, and its repetition. */
  readonly duplicates: readonly ClusterView[];
  /** Backups of the own cluster that can be deleted; read only where a deletion asks for them. */
  readonly backupIds: readonly string[];
  /** The backup to restore; read only where a cluster is to be made from one. */
  readonly sourceBackupId?: string;
}

export type ClusterAction =
  | { readonly call: 'CreateCluster'; readonly goal: ClusterGoal; readonly sourceBackupId?: string }
  | {
      readonly call: 'ModifyCluster';
      readonly clusterId: string;
      readonly hsmType?: string;
      readonly retentionDays?: number;
    }
  | { readonly call: 'TagResource'; readonly clusterId: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly call: 'UntagResource'; readonly clusterId: string; readonly keys: readonly string[] }
  | { readonly call: 'DeleteHsm'; readonly clusterId: string; readonly eniId: string }
  | { readonly call: 'DeleteBackup'; readonly backupId: string }
  | { readonly call: 'DeleteCluster'; readonly clusterId: string };

export const clusterReconciler: Reconciler<ClusterGoal, ClusterObservation, ClusterAction> = {
  decode: (properties) => ({
    subnetIds: properties.optionalStrings('SubnetIds') ?? [],
    hsmType: properties.string('HsmType'),
    mode: properties.optionalString('Mode'),
    networkType: properties.optionalString('NetworkType'),
    retentionDays: properties.optionalNumber('BackupRetentionDays'),
    sourceBackup: properties.optionalString('SourceBackup'),
    migrate: properties.optionalBoolean('MigrateHsmType') ?? false,
    tags: properties.tags('Tags'),
  }),
  replacementReasons,
  observe,
  plan,
  act,
};

/** A digest of what can be given at creation only: AWS does not answer all of it, and the SDK drops some more. */
const SHAPE_TAG = 'cdk-settled:shape';

function shapeOf({ subnetIds, mode, networkType, sourceBackup }: ClusterGoal): string {
  const parts = [[...subnetIds].sort().join('+'), mode ?? '', networkType ?? '', sourceBackup ?? ''];
  return digest(parts.join(' '), 16);
}

function replacementReasons(goal: ClusterGoal, own: ClusterView): string[] {
  const reasons: string[] = [];
  const shape = own.tags[SHAPE_TAG];
  if (shape !== undefined && shape !== shapeOf(goal)) {
    reasons.push('the subnets, the mode, the network type or the backup to restore change');
  }
  if (own.hsmType !== goal.hsmType && !goal.migrate) reasons.push('the HSM type changes');
  return reasons;
}

async function observe(run: Run<ClusterGoal>): Promise<ClusterObservation> {
  const all = await describeClusters(run.aws);
  const [own, ...duplicates] = all
    .filter(({ tags, created }) => isOwn(run, tags, created))
    .sort((a, b) => (a.created?.getTime() ?? 0) - (b.created?.getTime() ?? 0));
  const deleting = run.requestType === 'Delete' && (run.properties.optionalBoolean('DeleteBackups') ?? false);
  const backupIds = own === undefined || !deleting ? [] : (await readyBackups(own.id, run)).map(({ id }) => id);
  const sourceBackupId = own === undefined ? await sourceOf(run) : undefined;
  return { own, duplicates, backupIds, sourceBackupId };
}

const LATEST = 'latest:';

/** Which backup is the latest is decided when the cluster is made, and stays decided. */
async function sourceOf(run: Run<ClusterGoal>): Promise<string | undefined> {
  const source = run.properties.optionalString('SourceBackup');
  if (!source?.startsWith(LATEST) || run.requestType === 'Delete') return source;
  const backups = await readyBackups(source.slice(LATEST.length), run);
  return backups.sort((a, b) => (b.created?.getTime() ?? 0) - (a.created?.getTime() ?? 0))[0]?.id;
}

async function readyBackups(clusterId: string, run: Run<ClusterGoal>): Promise<BackupView[]> {
  const backups = await describeBackups(run.aws, { clusterIds: [clusterId] });
  return backups.filter(({ state }) => state === 'READY');
}

function plan(
  goal: ClusterGoal | undefined,
  observed: ClusterObservation,
  run: PlanContext<ClusterGoal>,
): Step<ClusterAction> {
  const duplicate = observed.duplicates.find(({ state }) => state !== 'DELETE_IN_PROGRESS');
  if (duplicate !== undefined) return planRemoval(duplicate, [], run);
  if (goal === undefined) return planAbsence(observed, run);
  const [leaving] = observed.duplicates;
  if (leaving !== undefined) return { kind: 'wait', reason: `the duplicate cluster ${leaving.id} is being deleted` };
  if (observed.own === undefined) return planCreation(goal, observed.sourceBackupId);
  return planPresence(goal, observed.own, run);
}

function planCreation(goal: ClusterGoal, sourceBackupId: string | undefined): Step<ClusterAction> {
  if (goal.sourceBackup !== undefined && sourceBackupId === undefined) {
    const clusterId = goal.sourceBackup.slice(LATEST.length);
    return { kind: 'wait', reason: `cluster ${clusterId} has no backup that is ready` };
  }
  return { kind: 'act', action: { call: 'CreateCluster', goal, sourceBackupId } };
}

function planAbsence(
  { own, duplicates, backupIds }: ClusterObservation,
  run: PlanContext<ClusterGoal>,
): Step<ClusterAction> {
  const last = own ?? duplicates[0];
  return last === undefined ? { kind: 'done', attributes: {} } : planRemoval(last, backupIds, run);
}

/** A cluster deletes only when it is empty. HSMs that this stack's claims name go first; others are not ours to delete. */
function planRemoval(
  cluster: ClusterView,
  backupIds: readonly string[],
  run: PlanContext<ClusterGoal>,
): Step<ClusterAction> {
  const { id: clusterId, state, hsms } = cluster;
  if (state === 'DELETE_IN_PROGRESS') return { kind: 'wait', reason: `cluster ${clusterId} is being deleted` };
  const claims = claimsOf(cluster).filter((claim) => isOfStack(claim, run.address));
  const claimed = new Set(claims.map(({ eniId }) => eniId));
  const foreign = hsms.filter((hsm) => !claimed.has(hsm.eniId) && hsm.state !== 'DELETE_IN_PROGRESS');
  if (foreign.length > 0) {
    return {
      kind: 'fail',
      reason: `cluster ${clusterId} has HSMs that this stack did not make (${foreign.map((hsm) => told(hsm, cluster)).join(', ')}); delete them first, then the stack again`,
    };
  }
  const ready = hsms.find((hsm) => !hsm.state.endsWith('_IN_PROGRESS'));
  if (ready !== undefined) return { kind: 'act', action: { call: 'DeleteHsm', clusterId, eniId: ready.eniId } };
  if (hsms.length > 0) {
    const still = hsms.map(({ hsmId, state: hsmState }) => `${hsmId} in ${hsmState}`).join(', ');
    return { kind: 'wait', reason: `AWS still lists HSMs of ${clusterId}: ${still}` };
  }
  if (CHANGING.has(state)) return { kind: 'wait', reason: `cluster ${clusterId} is in ${state}` };
  const [backupId] = backupIds;
  return backupId === undefined
    ? { kind: 'act', action: { call: 'DeleteCluster', clusterId } }
    : { kind: 'act', action: { call: 'DeleteBackup', backupId } };
}

/** An HSM and, where it belongs to another stack of this library, that it does. */
function told({ hsmId, eniId }: HsmView, cluster: ClusterView): string {
  const owner = claimsOf(cluster).find((claim) => claim.eniId === eniId);
  return owner === undefined ? hsmId : `${hsmId} of another stack, by the tag ${owner.key}`;
}

/** States in which the service refuses changes. */
const CHANGING: ReadonlySet<string> = new Set([
  'CREATE_IN_PROGRESS',
  'INITIALIZE_IN_PROGRESS',
  'UPDATE_IN_PROGRESS',
  'MODIFY_IN_PROGRESS',
  'ROLLBACK_IN_PROGRESS',
]);

function planPresence(goal: ClusterGoal, own: ClusterView, run: PlanContext<ClusterGoal>): Step<ClusterAction> {
  const obstacles = replacementReasons(goal, own);
  if (obstacles.length > 0) {
    return run.fresh
      ? planRemoval(own, [], run)
      : { kind: 'fail', reason: `cluster ${own.id} changed during the update (${obstacles.join('; ')}); deploy again` };
  }
  if (own.state === 'DELETE_IN_PROGRESS') return { kind: 'wait', reason: `cluster ${own.id} is being deleted` };
  const modification = modificationOf(goal, own);
  const settling = own.state === 'CREATE_IN_PROGRESS' || own.state === 'MODIFY_IN_PROGRESS';
  if (settling || (modification !== undefined && CHANGING.has(own.state))) {
    return { kind: 'wait', reason: `cluster ${own.id} is in ${own.state}` };
  }
  if (modification !== undefined) return { kind: 'act', action: modification };
  return planTags(goal, own, run) ?? { kind: 'done', attributes: attributesOf(own) };
}

function modificationOf(goal: ClusterGoal, own: ClusterView): ClusterAction | undefined {
  const { retentionDays } = goal;
  if (retentionDays !== undefined && retentionDays !== own.retentionDays) {
    return { call: 'ModifyCluster', clusterId: own.id, retentionDays };
  }
  return goal.hsmType === own.hsmType ? undefined : { call: 'ModifyCluster', clusterId: own.id, hsmType: goal.hsmType };
}

/** Claims stay, whatever the previous properties named. */
function planTags(goal: ClusterGoal, own: ClusterView, run: PlanContext<ClusterGoal>): Step<ClusterAction> | undefined {
  const previous = Object.entries(run.previous?.tags ?? {}).filter(([key]) => !isClaim(key));
  const { changed, removed } = tagChanges(goal.tags, Object.fromEntries(previous), own.tags);
  if (changed !== undefined) return { kind: 'act', action: { call: 'TagResource', clusterId: own.id, tags: changed } };
  return removed && { kind: 'act', action: { call: 'UntagResource', clusterId: own.id, keys: removed } };
}

function attributesOf(own: ClusterView): Record<string, string> {
  return {
    ClusterId: own.id,
    State: own.state,
    SecurityGroupId: own.securityGroupId,
    VpcId: own.vpcId,
    SubnetMapping: JSON.stringify(own.subnets),
  };
}

async function act(action: ClusterAction, run: Run<ClusterGoal>): Promise<void> {
  const client = cloudHsm(run.aws);
  switch (action.call) {
    case 'CreateCluster':
      await client.send(new CreateClusterCommand(createInput(action, run)));
      return;
    case 'ModifyCluster':
      await client.send(new ModifyClusterCommand(modifyInput(action)));
      return;
    case 'TagResource':
      await client.send(new TagResourceCommand({ ResourceId: action.clusterId, TagList: tagList(action.tags) }));
      return;
    case 'UntagResource':
      await client.send(new UntagResourceCommand({ ResourceId: action.clusterId, TagKeyList: [...action.keys] }));
      return;
    case 'DeleteHsm':
      await client.send(new DeleteHsmCommand({ ClusterId: action.clusterId, EniId: action.eniId }));
      return;
    case 'DeleteBackup':
      await client.send(new DeleteBackupCommand({ BackupId: action.backupId }));
      return;
    case 'DeleteCluster':
      await client.send(new DeleteClusterCommand({ ClusterId: action.clusterId }));
      return;
  }
}

function createInput(
  { goal, sourceBackupId }: Extract<ClusterAction, { call: 'CreateCluster' }>,
  run: Run<ClusterGoal>,
): CreateClusterCommandInput {
  const newer = { Mode: goal.mode, NetworkType: goal.networkType };
  return {
    HsmType: goal.hsmType,
    SubnetIds: [...goal.subnetIds],
    SourceBackupId: sourceBackupId,
    BackupRetentionPolicy: retention(goal.retentionDays),
    TagList: tagList({ ...goal.tags, ...settledTags(run), [SHAPE_TAG]: shapeOf(goal) }),
    // Inputs that the service has learned since the SDK's version; it passes them through.
    ...newer,
  };
}

function modifyInput(action: Extract<ClusterAction, { call: 'ModifyCluster' }>): ModifyClusterCommandInput {
  const newer = { HsmType: action.hsmType };
  return { ClusterId: action.clusterId, BackupRetentionPolicy: retention(action.retentionDays), ...newer };
}

function retention(days: number | undefined): { Type: 'DAYS'; Value: string } | undefined {
  return days === undefined ? undefined : { Type: 'DAYS', Value: `${days}` };
}
