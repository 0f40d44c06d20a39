/**
 * The backups that CloudHSM makes by itself, and how they end. There is one at activation and at each HSM that is added or
 * removed, before each migration step, and daily where the option says so. The cluster's retention policy purges them, never
 * the last one, and never copies.
 */
import { arnOf, type Backup, type CloudHsmContext, type CloudHsmState, type Cluster, homeOf, newId } from './state';

export const DAY_MS = 86_400_000;

/** https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_DeleteBackup.html */
const PENDING_DAYS = 7;

/** A backup of the cluster, where it has an HSM to take it from. */
export function takeBackup(cluster: Cluster, state: CloudHsmState, context: CloudHsmContext, now: number): void {
  if (![...cluster.hsms.values()].some((hsm) => hsm.state === 'ACTIVE')) return;
  const home = homeOf(state);
  const id = newId(home, 'backup');
  const backup: Backup = {
    id,
    arn: arnOf(home, 'backup', id),
    sequence: ++state.sequence,
    clusterId: cluster.id,
    createdAt: now,
    hsmType: cluster.hsmType,
    mode: cluster.mode,
    claim: cluster.claim,
    tags: new Map(),
    retention: cluster.retention,
    state: 'CREATE_IN_PROGRESS',
    neverExpires: false,
  };
  store(backup, state, now + context.settings.durations.backupCreate * 1000);
}

/** Keeps a backup that will be ready at a time. */
export function store(backup: Backup, state: CloudHsmState, readyAt: number): void {
  state.backups.set(backup.id, backup);
  state.agenda.at(readyAt, () => {
    if (backup.state === 'CREATE_IN_PROGRESS') backup.state = 'READY';
  });
}

export function startDailyBackups(cluster: Cluster, state: CloudHsmState, context: CloudHsmContext, now: number): void {
  if (!context.settings.dailyBackups) return;
  state.agenda.at(now + DAY_MS, (then) => {
    if (!state.clusters.has(cluster.id) || cluster.state === 'DELETED') return;
    takeBackup(cluster, state, context, then);
    startDailyBackups(cluster, state, context, then);
  });
}

/** A deleted backup can be restored for some days and is then gone. */
export function scheduleDeletion(backup: Backup, state: CloudHsmState, context: CloudHsmContext, now: number): void {
  const deleteAt = now + PENDING_DAYS * DAY_MS;
  backup.state = 'PENDING_DELETION';
  backup.deleteAt = deleteAt;
  state.agenda.at(deleteAt, (then) => {
    // Restored since, and perhaps deleted again.
    if (backup.deleteAt !== deleteAt) return;
    backup.state = 'DELETED';
    state.agenda.at(then + context.settings.durations.deletedVisible * 1000, () => state.backups.delete(backup.id));
  });
}

export function purgeExpired(state: CloudHsmState, now: number): void {
  const own = [...state.backups.values()].filter(
    ({ retention, state: is }) => retention !== undefined && is === 'READY',
  );
  for (const backup of own) {
    const days = backup.retention!.days;
    const isLast = !own.some((other) => other.clusterId === backup.clusterId && other.sequence > backup.sequence);
    if (!isLast && !backup.neverExpires && backup.createdAt + days * DAY_MS <= now) state.backups.delete(backup.id);
  }
}
