import {
  CopyBackupToRegionCommand,
  DeleteBackupCommand,
  RestoreBackupCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudhsm-v2';
import { SettlingError } from '../runtime/errors';
import { OWNER_TAG, ownerOf } from '../runtime/identity';
import type { Properties } from '../runtime/properties';
import { isOwn, type PlanContext, type Reconciler, type Run, type Step, settledTags } from '../runtime/reconciler';
import { tagChanges, tagList } from '../runtime/tags';
import { type BackupView, describeBackups } from './backup-view.runtime';
import { cloudHsm } from './cluster-view.runtime';

export interface BackupCopyGoal {
  /** One of both: a backup, or the cluster whose latest backup is to be copied. */
  readonly sourceBackupId?: string;
  readonly clusterId?: string;
  readonly region: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface CopyView extends BackupView {
  readonly region: string;
}

export interface BackupCopyObservation {
  /** The copy that counts: the oldest that lives, else one that is pending deletion. */
  readonly own?: CopyView;
  /** All copies with the id of this resource, the oldest first: one is wanted. */
  readonly copies: readonly CopyView[];
  /** A copy that this resource had under an earlier id, deleted but not gone yet. */
  readonly reclaimable: readonly CopyView[];
  /** What can be copied; read only where a copy is missing. */
  readonly source?: SourceView;
}

export interface SourceView {
  /** The backup that is wanted, or the latest one of the cluster that is ready. */
  readonly backup?: BackupView;
  /** A backup of the cluster is being made. */
  readonly inProgress: boolean;
}

export type BackupCopyAction =
  | { readonly call: 'CopyBackupToRegion'; readonly backupId: string; readonly goal: BackupCopyGoal }
  | { readonly call: 'RestoreBackup' | 'DeleteBackup'; readonly backupId: string; readonly region: string }
  | {
      readonly call: 'TagResource';
      readonly backupId: string;
      readonly region: string;
      readonly tags: Readonly<Record<string, string>>;
    }
  | {
      readonly call: 'UntagResource';
      readonly backupId: string;
      readonly region: string;
      readonly keys: readonly string[];
    };

export const backupCopyReconciler: Reconciler<BackupCopyGoal, BackupCopyObservation, BackupCopyAction> = {
  decode,
  replacementReasons,
  observe,
  plan,
  act,
};

function decode(properties: Properties): BackupCopyGoal {
  const sourceBackupId = properties.optionalString('SourceBackupId');
  const clusterId = properties.optionalString('ClusterId');
  if ((sourceBackupId === undefined) === (clusterId === undefined)) {
    throw new SettlingError('one of the properties SourceBackupId and ClusterId is required, and only one');
  }
  return { sourceBackupId, clusterId, region: properties.string('DestinationRegion'), tags: properties.tags('Tags') };
}

/** That the cluster has a later backup by now is no reason: a copy stays what it is. */
function replacementReasons(goal: BackupCopyGoal, own: CopyView): string[] {
  const reasons: string[] = [];
  if (goal.region !== own.region) reasons.push('the destination region changes');
  if (goal.sourceBackupId !== undefined && goal.sourceBackupId !== own.sourceBackup) {
    reasons.push('the source backup changes');
  }
  if (goal.clusterId !== undefined && goal.clusterId !== own.sourceCluster) reasons.push('the source cluster changes');
  return reasons;
}

async function observe(run: Run<BackupCopyGoal>): Promise<BackupCopyObservation> {
  const copies: CopyView[] = [];
  const reclaimable: CopyView[] = [];
  for (const region of regionsOf(run)) {
    for (const backup of await describeBackups(run.aws.inRegion(region))) {
      const copy = { ...backup, region };
      if (isOwn(run, backup.tags, backup.copied)) copies.push(copy);
      else if (isFormerlyOwn(backup, run)) reclaimable.push(copy);
    }
  }
  copies.sort(byAge);
  const own = copies.find(isAlive) ?? copies[0];
  const copyIsMissing = run.requestType !== 'Delete' && !copies.some(isAlive);
  return { own, copies, reclaimable, source: copyIsMissing ? await findSource(run) : undefined };
}

function regionsOf({ properties, previousProperties, fresh }: Run<BackupCopyGoal>): Set<string> {
  const all = fresh ? [properties] : [properties, previousProperties];
  return new Set(all.flatMap((each) => each?.optionalString('DestinationRegion') ?? []));
}

/** What an earlier resource of this place in the stack has left behind, deleted: seven days long it can be had back. */
function isFormerlyOwn({ tags, state }: BackupView, { fresh, address }: Run<BackupCopyGoal>): boolean {
  return fresh && state === 'PENDING_DELETION' && tags[OWNER_TAG] === ownerOf(address);
}

function byAge(a: BackupView, b: BackupView): number {
  const age = ({ copied, created }: BackupView) => (copied ?? created)?.getTime() ?? 0;
  return age(a) - age(b) || (a.id < b.id ? -1 : 1);
}

function isAlive({ state }: BackupView): boolean {
  return state === 'READY' || state === 'CREATE_IN_PROGRESS';
}

async function findSource({ properties, aws }: Run<BackupCopyGoal>): Promise<SourceView> {
  const backupId = properties.optionalString('SourceBackupId');
  const clusterId = properties.optionalString('ClusterId') ?? '';
  const filters: Record<string, string[]> =
    backupId === undefined ? { clusterIds: [clusterId] } : { backupIds: [backupId] };
  const found = await describeBackups(aws, filters);
  const inProgress = found.some(({ state }) => state === 'CREATE_IN_PROGRESS');
  if (backupId !== undefined) return { backup: found[0], inProgress };
  const created = (backup: BackupView) => backup.created?.getTime() ?? 0;
  const [backup] = found.filter(({ state }) => state === 'READY').sort((a, b) => created(b) - created(a));
  return { backup, inProgress };
}

function plan(
  goal: BackupCopyGoal | undefined,
  observed: BackupCopyObservation,
  run: PlanContext<BackupCopyGoal>,
): Step<BackupCopyAction> {
  if (goal === undefined) return planAbsence(observed.copies) ?? { kind: 'done', attributes: {} };
  if (goal.region === run.place.region) {
    return {
      kind: 'fail',
      reason: `the destination region ${goal.region} is that of the backup itself; give another destinationRegion`,
    };
  }
  const unfit = observed.copies.filter((copy) => isAlive(copy) && replacementReasons(goal, copy).length > 0);
  if (unfit.length > 0) return planUnfit(goal, unfit, run);
  const fit = observed.copies.filter((copy) => replacementReasons(goal, copy).length === 0);
  const [keeper, ...surplus] = fit.filter(isAlive);
  if (keeper === undefined) return planCopy(goal, fit, observed, run);
  if (keeper.state !== 'READY') return { kind: 'wait', reason: stillCopying(keeper) };
  return planAbsence(surplus) ?? planTags(goal, keeper, run) ?? { kind: 'done', attributes: attributesOf(keeper, run) };
}

/** A backup that is pending deletion counts as absent: AWS keeps it for seven days, whoever asks. */
function planAbsence(copies: readonly CopyView[]): Step<BackupCopyAction> | undefined {
  const alive = copies.filter(isAlive);
  const [ready] = alive.filter(({ state }) => state === 'READY');
  if (ready !== undefined) {
    return { kind: 'act', action: { call: 'DeleteBackup', backupId: ready.id, region: ready.region } };
  }
  const [copying] = alive;
  return copying && { kind: 'wait', reason: `${stillCopying(copying)}; it can be deleted when it is ready` };
}

function stillCopying({ id, region, state }: CopyView): string {
  return `backup ${id} in ${region} is in ${state}`;
}

/** Under a fresh id stands what an earlier try of this replacement made for another goal. */
function planUnfit(
  goal: BackupCopyGoal,
  unfit: readonly CopyView[],
  { fresh }: PlanContext<BackupCopyGoal>,
): Step<BackupCopyAction> {
  const removal = planAbsence(unfit);
  if (fresh && removal !== undefined) return removal;
  const [{ id }] = unfit as [CopyView];
  return {
    kind: 'fail',
    reason: `backup ${id} changed during the update (${replacementReasons(goal, unfit[0]!).join('; ')}); deploy again`,
  };
}

function planCopy(
  goal: BackupCopyGoal,
  deleted: readonly CopyView[],
  { reclaimable, source }: BackupCopyObservation,
  run: PlanContext<BackupCopyGoal>,
): Step<BackupCopyAction> {
  // The youngest: it is the likeliest to last until the call.
  const own = deleted.at(-1);
  if (own !== undefined) {
    return { kind: 'act', action: { call: 'RestoreBackup', backupId: own.id, region: own.region } };
  }
  const wanted = goal.sourceBackupId ?? source?.backup?.id;
  const former = reclaimable.find(({ sourceBackup, region }) => sourceBackup === wanted && region === goal.region);
  if (former !== undefined) {
    // Claimed first, so that what is restored is ours at every moment.
    const tags = { ...goal.tags, ...settledTags(run) };
    return { kind: 'act', action: { call: 'TagResource', backupId: former.id, region: former.region, tags } };
  }
  const backup = source?.backup;
  if (backup?.state === 'READY') {
    return { kind: 'act', action: { call: 'CopyBackupToRegion', backupId: backup.id, goal } };
  }
  return planMissingSource(goal, source);
}

function planMissingSource(goal: BackupCopyGoal, source: SourceView | undefined): Step<BackupCopyAction> {
  const { sourceBackupId: id, clusterId } = goal;
  if (id === undefined) {
    const hope = source?.inProgress === true ? 'one is being made' : 'AWS makes one at activation and every day';
    return { kind: 'wait', reason: `cluster ${clusterId} has no backup that is ready: ${hope}` };
  }
  if (source?.inProgress === true) return { kind: 'wait', reason: `backup ${id} is still being made` };
  const problem = source?.backup === undefined ? 'does not exist' : `is in ${source.backup.state}`;
  return { kind: 'fail', reason: `backup ${id} ${problem} and cannot be copied; give a backup that is READY` };
}

function planTags(
  goal: BackupCopyGoal,
  { id: backupId, region, tags: present }: CopyView,
  run: PlanContext<BackupCopyGoal>,
): Step<BackupCopyAction> | undefined {
  const { changed, removed } = tagChanges(goal.tags, run.previous?.tags, present);
  if (changed !== undefined) {
    const tags = { ...changed, [OWNER_TAG]: ownerOf(run.address) };
    return { kind: 'act', action: { call: 'TagResource', backupId, region, tags } };
  }
  return removed && { kind: 'act', action: { call: 'UntagResource', backupId, region, keys: removed } };
}

function attributesOf(
  { id, region, state, sourceBackup = '' }: CopyView,
  { place }: PlanContext<BackupCopyGoal>,
): Record<string, string> {
  const BackupArn = `arn:${place.partition}:cloudhsm:${region}:${place.accountId}:backup/${id}`;
  return { BackupId: id, BackupArn, State: state, SourceBackupId: sourceBackup };
}

async function act(action: BackupCopyAction, run: Run<BackupCopyGoal>): Promise<void> {
  if (action.call === 'CopyBackupToRegion') {
    const { backupId: BackupId, goal } = action;
    const TagList = tagList({ ...goal.tags, ...settledTags(run) });
    await cloudHsm(run.aws).send(new CopyBackupToRegionCommand({ BackupId, DestinationRegion: goal.region, TagList }));
    return;
  }
  const there = cloudHsm(run.aws.inRegion(action.region));
  switch (action.call) {
    case 'RestoreBackup':
      await there.send(new RestoreBackupCommand({ BackupId: action.backupId }));
      return;
    case 'DeleteBackup':
      await there.send(new DeleteBackupCommand({ BackupId: action.backupId }));
      return;
    case 'TagResource':
      await there.send(new TagResourceCommand({ ResourceId: action.backupId, TagList: tagList(action.tags) }));
      return;
    case 'UntagResource':
      await there.send(new UntagResourceCommand({ ResourceId: action.backupId, TagKeyList: [...action.keys] }));
      return;
  }
}
