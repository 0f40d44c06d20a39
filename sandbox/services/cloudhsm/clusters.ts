/** Clusters: create, describe, delete. */
import type { Permission } from '../../iam/principal';
import { type Call, type Document, ServiceError } from '../service';
import { startDailyBackups } from './backup-lifecycle';
import { checkRestorable, modeOf, type Placement, placementOf, retentionDays } from './cluster-rules';
import { describeCluster, shownState } from './descriptions';
import { invalidRequest } from './errors';
import { ageKey, filtered, page } from './pages';
import { createClusterPermissions, deleteClusterPermissions, onEverything, resourceTags } from './permissions';
import { readySource, sourceOf } from './restore-sources';
import { makeSecurityGroup } from './security-group';
import {
  accountState,
  arnOf,
  type Backup,
  type CloudHsmContext,
  type CloudHsmOperations,
  type CloudHsmState,
  type Cluster,
  type ClusterMode,
  clusterIn,
  homeOf,
  newId,
} from './state';
import { tagContext, tagsOf } from './tag-rules';

/** The model's `ClustersMaxSize`. */
const MAX_PAGE = 25;

export function clusterOperations(context: CloudHsmContext): CloudHsmOperations {
  return {
    CreateCluster: {
      permissions: (input, call) => [
        createPermission(input, call, context),
        ...createClusterPermissions(input, call, context),
      ],
      handle: (input, state, call) => create(input, state, call, context),
    },
    DescribeClusters: {
      permissions: () => [onEverything('DescribeClusters')],
      handle: (input, state, call) => describe(input, state, call, context),
    },
    DeleteCluster: {
      permissions: deleteClusterPermissions,
      handle: (input, state, call) => remove(input, state, call, context),
    },
  };
}

/** On everything, or on the backup to restore, whose own policy must agree where it is another account's. */
function createPermission(input: Document, call: Call, context: CloudHsmContext): Permission {
  const tags = tagContext(input);
  if (input.SourceBackupId === undefined) return { ...onEverything('CreateCluster'), context: tags };
  const { arn, backup, policy } = sourceOf(input.SourceBackupId, call, context);
  return {
    action: 'cloudhsm:CreateCluster',
    resource: arn,
    context: { ...tags, ...resourceTags(backup) },
    resourcePolicy: { document: policy },
  };
}

/** Everything is checked before anything is made. */
async function create(input: Document, state: CloudHsmState, call: Call, context: CloudHsmContext): Promise<Document> {
  const { settings } = context;
  const mode = modeOf(input, settings);
  const tags = tagsOf(input);
  const retention = { days: retentionDays(input.BackupRetentionPolicy) };
  const placement = placementOf(input.SubnetIds, call, context);
  const backup = input.SourceBackupId === undefined ? undefined : readySource(input.SourceBackupId, call, context);
  if (backup !== undefined) checkRestorable(backup, input, mode);
  if (living(state).length >= settings.quotas.clusters) {
    const message = `the account has ${settings.quotas.clusters} clusters in this region, which is its quota`;
    throw new ServiceError(settings.quotaError, message);
  }
  const cluster = make(input, { mode, tags, retention, placement, backup }, state, call, context);
  return { Cluster: await describeCluster(cluster, { context, now: call.world.clock.now() }) };
}

interface Plan {
  readonly mode: ClusterMode;
  readonly tags: Map<string, string>;
  readonly retention: { days: number };
  readonly placement: Placement;
  readonly backup?: Backup;
}

function make(input: Document, plan: Plan, state: CloudHsmState, call: Call, context: CloudHsmContext): Cluster {
  const { placement, backup, ...rest } = plan;
  const now = call.world.clock.now();
  const id = newId(call, 'cluster');
  const cluster: Cluster = {
    ...rest,
    id,
    arn: arnOf(call, 'cluster', id),
    sequence: ++state.sequence,
    createdAt: now,
    networkType: input.NetworkType ?? 'IPV4',
    vpcId: placement.vpcId,
    subnetMapping: placement.subnets,
    securityGroup: makeSecurityGroup(placement.vpcId, id, call, context.network),
    sourceBackupId: backup?.id,
    hsms: new Map(),
    state: 'CREATE_IN_PROGRESS',
    degraded: false,
    hsmType: input.HsmType,
    activated: backup !== undefined,
    claim: backup?.claim,
  };
  state.clusters.set(id, cluster);
  accountState(context, call).serviceLinkedRole = true;
  state.agenda.at(now + context.settings.durations.clusterCreate * 1000, (then) => {
    // What is restored has its owner's certificates and users already.
    cluster.state = cluster.activated ? 'ACTIVE' : 'UNINITIALIZED';
    if (cluster.activated) startDailyBackups(cluster, state, context, then);
  });
  return cluster;
}

async function describe(
  input: Document,
  state: CloudHsmState,
  call: Call,
  context: CloudHsmContext,
): Promise<Document> {
  const found = filtered([...state.clusters.values()], input.Filters, {
    clusterIds: ({ id }) => id,
    vpcIds: ({ vpcId }) => vpcId,
    states: shownState,
  });
  const { items, NextToken } = page(found, ageKey, input, { most: MAX_PAGE });
  const instant = { context, now: call.world.clock.now() };
  const Clusters = await Promise.all(items.map((cluster) => describeCluster(cluster, instant)));
  return { Clusters, ...(NextToken !== undefined && { NextToken }) };
}

async function remove(input: Document, state: CloudHsmState, call: Call, context: CloudHsmContext): Promise<Document> {
  const cluster = clusterIn(state, input.ClusterId, ['UNINITIALIZED', 'INITIALIZED', 'ACTIVE']);
  // HSMs that are being deleted count, as long as they are listed.
  if (cluster.hsms.size > 0) {
    throw invalidRequest(`cluster '${cluster.id}' still contains ${cluster.hsms.size} HSM(s); delete them first`);
  }
  const now = call.world.clock.now();
  cluster.state = 'DELETE_IN_PROGRESS';
  state.agenda.at(now + context.settings.durations.clusterDelete * 1000, (then) =>
    vanish(cluster, state, context, then),
  );
  return { Cluster: await describeCluster(cluster, { context, now }) };
}

function vanish(cluster: Cluster, state: CloudHsmState, context: CloudHsmContext, now: number): void {
  const { accountId, region } = homeOf(state);
  cluster.state = 'DELETED';
  try {
    context.network.deleteSecurityGroup(accountId, region, cluster.securityGroup);
  } catch (error) {
    // A group that somebody else uses stays behind; whether the cluster then does too is not documented.
    if (!(error instanceof ServiceError)) throw error;
  }
  state.agenda.at(now + context.settings.durations.deletedVisible * 1000, () => state.clusters.delete(cluster.id));
}

function living(state: CloudHsmState): Cluster[] {
  return [...state.clusters.values()].filter((cluster) => cluster.state !== 'DELETED');
}
