/**
 * ModifyCluster: the backup retention, at once, and the type of the HSMs, one HSM after the other with a backup before each,
 * on the same network interfaces, and back again within a day of its start
 * (https://docs.aws.amazon.com/cloudhsm/latest/userguide/hsm1-to-hsm2-migration.html).
 */
import type { Call, Document } from '../service';
import { takeBackup } from './backup-lifecycle';
import { checkHsmType, FIPS_ONLY, retentionDays } from './cluster-rules';
import { describeCluster } from './descriptions';
import { invalidRequest } from './errors';
import { onResource } from './permissions';
import {
  type CloudHsmContext,
  type CloudHsmOperations,
  type CloudHsmState,
  type Cluster,
  clusterIn,
  existingCluster,
  homeOf,
  newId,
} from './state';

export function modificationOperations(context: CloudHsmContext): CloudHsmOperations {
  return {
    ModifyCluster: {
      permissions: (input, call, state) => [onResource('ModifyCluster', input.ClusterId, call, state)],
      handle: (input, state, call) => modify(input, state, call, context),
    },
  };
}

async function modify(input: Document, state: CloudHsmState, call: Call, context: CloudHsmContext): Promise<Document> {
  const { HsmType: type, BackupRetentionPolicy: policy } = input;
  const cluster = existingCluster(state, input.ClusterId);
  if (type === undefined && policy === undefined) {
    throw invalidRequest('nothing to modify: give HsmType or BackupRetentionPolicy');
  }
  if (cluster.state === 'CREATE_IN_PROGRESS' || cluster.state === 'DELETE_IN_PROGRESS') {
    throw invalidRequest(`cluster '${cluster.id}' is ${cluster.state} and cannot be modified`);
  }
  const now = call.world.clock.now();
  const days = policy === undefined ? cluster.retention.days : retentionDays(policy);
  if (type !== undefined) changeType(cluster, type, state, context, now);
  cluster.retention.days = days;
  return { Cluster: await describeCluster(cluster, { context, now }) };
}

function changeType(cluster: Cluster, type: string, state: CloudHsmState, context: CloudHsmContext, now: number): void {
  checkHsmType(type, context.settings);
  if (isRollback(cluster, type, now)) {
    cluster.state = 'ROLLBACK_IN_PROGRESS';
    cluster.migration = undefined;
  } else {
    clusterIn(state, cluster.id, ['ACTIVE']);
    if (cluster.hsmType !== FIPS_ONLY || type === FIPS_ONLY) {
      throw invalidRequest(`cluster '${cluster.id}' of ${cluster.hsmType} cannot be changed to HsmType '${type}'`);
    }
    cluster.state = 'MODIFY_IN_PROGRESS';
    const rollbackUntil = now + context.settings.durations.typeRollbackWindow * 1000;
    cluster.migration = { from: cluster.hsmType, to: type, rollbackUntil };
  }
  migrateNext(cluster, type, state, context, now);
}

function isRollback({ migration, state }: Cluster, type: string, now: number): boolean {
  const changeable = state === 'ACTIVE' || state === 'MODIFY_IN_PROGRESS';
  return migration !== undefined && changeable && migration.from === type && now < migration.rollbackUntil;
}

/** Changes one HSM and then the rest, until the direction is turned. */
function migrateNext(
  cluster: Cluster,
  type: string,
  state: CloudHsmState,
  context: CloudHsmContext,
  now: number,
): void {
  const direction = cluster.state;
  const hsm = [...cluster.hsms.values()].find(({ hsmType }) => hsmType !== type);
  if (hsm !== undefined) takeBackup(cluster, state, context, now);
  const delay = hsm === undefined ? 0 : context.settings.durations.typeMigration * 1000;
  state.agenda.at(now + delay, (then) => {
    if (cluster.state !== direction) return;
    if (hsm === undefined) {
      cluster.hsmType = type;
      cluster.state = 'ACTIVE';
      return;
    }
    hsm.id = newId(homeOf(state), 'hsm');
    hsm.hsmType = type;
    hsm.since = then;
    migrateNext(cluster, type, state, context, then);
  });
}
