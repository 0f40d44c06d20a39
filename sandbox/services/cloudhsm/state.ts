import type { Call, Operation, Service, World } from '../service';
import { Agenda } from './agenda';
import { invalidRequest, notFound } from './errors';
import type { Hardware } from './hardware';
import type { Network } from './network';
import type { CloudHsmSettings } from './options';

/** What CloudHSM remembers in an account and region. */
export interface CloudHsmState {
  /** Where this state belongs; set by the first call. */
  home?: Home;
  readonly clusters: Map<string, Cluster>;
  readonly backups: Map<string, Backup>;
  /** They appear with a cluster's first HSM and outlive the cluster. */
  readonly logGroups: Set<string>;
  readonly agenda: Agenda;
  /** Numbers what was made, for an order among equal times. */
  sequence: number;
  /** In the state of the region `aws-global` only: the role is one an account. */
  serviceLinkedRole: boolean;
}

export interface Home {
  readonly world: World;
  readonly accountId: string;
  readonly region: string;
}

export type ClusterState =
  | 'CREATE_IN_PROGRESS'
  | 'UNINITIALIZED'
  | 'INITIALIZE_IN_PROGRESS'
  | 'INITIALIZED'
  | 'ACTIVE'
  | 'MODIFY_IN_PROGRESS'
  | 'ROLLBACK_IN_PROGRESS'
  | 'DELETE_IN_PROGRESS'
  | 'DELETED';

export interface Cluster {
  readonly id: string;
  readonly arn: string;
  readonly sequence: number;
  readonly createdAt: number;
  readonly mode: ClusterMode;
  readonly networkType: string;
  readonly vpcId: string;
  /** From Availability Zone to subnet. */
  readonly subnetMapping: ReadonlyMap<string, string>;
  readonly securityGroup: string;
  readonly sourceBackupId?: string;
  readonly tags: Map<string, string>;
  /** By network interface, which an HSM keeps when AWS replaces it. */
  readonly hsms: Map<string, Hsm>;
  /** Shared with the cluster's own backups, so that a change reaches them and they keep it when the cluster is gone. */
  readonly retention: { days: number };
  state: ClusterState;
  /** The cluster shows DEGRADED; beneath it the state is what it was. */
  degraded: boolean;
  hsmType: string;
  /** What the command-line tool did, and what the control plane shows only later as ACTIVE. */
  activated: boolean;
  claim?: Claim;
  migration?: Migration;
}

export type ClusterMode = 'FIPS' | 'NON_FIPS';

/** The certificates with which the owner initialized the cluster, in PEM. */
export interface Claim {
  readonly clusterCertificate: string;
  readonly trustAnchor: string;
}

export interface Migration {
  readonly from: string;
  readonly to: string;
  readonly rollbackUntil: number;
}

export interface Hsm {
  /** Changes when AWS replaces the HSM. */
  id: string;
  readonly eniId: string;
  readonly ip: string;
  readonly ipV6?: string;
  readonly subnetId: string;
  readonly zone: string;
  readonly sequence: number;
  hsmType: string;
  state: 'CREATE_IN_PROGRESS' | 'ACTIVE' | 'DEGRADED' | 'DELETE_IN_PROGRESS';
  /** Of its key pair, see hardware.ts. */
  keyNumber: number;
  /** When this piece of hardware came. */
  since: number;
}

export interface Backup {
  readonly id: string;
  readonly arn: string;
  readonly sequence: number;
  readonly clusterId: string;
  readonly createdAt: number;
  readonly hsmType: string;
  readonly mode: ClusterMode;
  readonly claim?: Claim;
  readonly tags: Map<string, string>;
  /** Of the cluster; a copy has none of its own. */
  readonly retention?: { readonly days: number };
  readonly copy?: BackupOrigin;
  state: 'CREATE_IN_PROGRESS' | 'READY' | 'PENDING_DELETION' | 'DELETED';
  neverExpires: boolean;
  deleteAt?: number;
  /** The resource policy, as it was put. */
  policy?: string;
}

/** Of a copied backup. */
export interface BackupOrigin {
  readonly copiedAt: number;
  readonly region: string;
  readonly backupId: string;
  readonly clusterId: string;
}

/** What all operations share. */
export interface CloudHsmContext {
  readonly service: Service<CloudHsmState>;
  readonly settings: CloudHsmSettings;
  readonly network: Network;
  readonly hardware: Hardware;
}

export type CloudHsmOperations = Readonly<Record<string, Operation<CloudHsmState>>>;

export function newCloudHsmState(): CloudHsmState {
  return {
    clusters: new Map(),
    backups: new Map(),
    logGroups: new Set(),
    agenda: new Agenda(),
    sequence: 0,
    serviceLinkedRole: false,
  };
}

/** The account's state, where it is not a region's. */
export function accountState(context: CloudHsmContext, call: Call): CloudHsmState {
  return call.world.state(context.service, call.accountId, 'aws-global');
}

export function homeOf(state: CloudHsmState): Home {
  if (state.home === undefined) throw new Error('nobody has called CloudHSM in this account and region yet');
  return state.home;
}

export type ResourceKind = 'cluster' | 'backup' | 'hsm';

export function arnOf({ world, accountId, region }: Home, kind: ResourceKind, id: string): string {
  return `arn:${world.partition}:cloudhsm:${region}:${accountId}:${kind}/${id}`;
}

const ID_ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export function newId({ world }: Home, kind: ResourceKind): string {
  return `${kind}-${world.random.string(11, ID_ALPHABET)}`;
}

export function existingCluster(state: CloudHsmState, id: string): Cluster {
  const cluster = state.clusters.get(id);
  if (cluster === undefined || cluster.state === 'DELETED') throw notFound('cluster', id);
  return cluster;
}

/** The cluster, which must be in one of the states. */
export function clusterIn(state: CloudHsmState, id: string, states: readonly ClusterState[]): Cluster {
  const cluster = existingCluster(state, id);
  if (!states.includes(cluster.state)) {
    throw invalidRequest(`cluster '${id}' is ${cluster.state}; this needs it to be ${states.join(' or ')}`);
  }
  return cluster;
}

/** The backup, which must be in the state where one is given. */
export function existingBackup(state: CloudHsmState, id: string, needed?: Backup['state']): Backup {
  const backup = state.backups.get(id);
  if (backup === undefined || backup.state === 'DELETED') throw notFound('backup', id);
  if (needed !== undefined && backup.state !== needed) {
    throw invalidRequest(`backup '${id}' is ${backup.state}; this needs it to be ${needed}`);
  }
  return backup;
}

/** The HSM whose certificate request the cluster shows: only one exists before initialization. */
export function requestingHsm(cluster: Cluster): Hsm | undefined {
  if (cluster.state !== 'UNINITIALIZED') return undefined;
  return [...cluster.hsms.values()].find(({ state }) => state === 'ACTIVE' || state === 'DEGRADED');
}
