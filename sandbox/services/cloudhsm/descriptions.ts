/** Clusters, HSMs and backups as the API shows them. */
import type { Document } from '../service';
import { type Backup, type CloudHsmContext, type Cluster, type Hsm, requestingHsm } from './state';
import { tagList } from './tag-rules';

export interface Instant {
  readonly context: CloudHsmContext;
  /** Virtual time. */
  readonly now: number;
}

export async function describeCluster(cluster: Cluster, { context, now }: Instant): Promise<Document> {
  const { migration, networkType } = cluster;
  const rollback = migration !== undefined && now < migration.rollbackUntil;
  return {
    ClusterId: cluster.id,
    State: shownState(cluster),
    ...(cluster.degraded && { StateMessage: 'The cluster does not work as it should.' }),
    CreateTimestamp: new Date(cluster.createdAt),
    HsmType: cluster.hsmType,
    ...(rollback && { HsmTypeRollbackExpiration: new Date(migration.rollbackUntil) }),
    Mode: cluster.mode,
    NetworkType: networkType,
    VpcId: cluster.vpcId,
    SubnetMapping: Object.fromEntries(cluster.subnetMapping),
    // The examples of the user guide show the group only when the cluster has been created.
    ...(cluster.state !== 'CREATE_IN_PROGRESS' && { SecurityGroup: cluster.securityGroup }),
    ...(cluster.sourceBackupId !== undefined && { SourceBackupId: cluster.sourceBackupId }),
    BackupPolicy: 'DEFAULT',
    BackupRetentionPolicy: { Type: 'DAYS', Value: String(cluster.retention.days) },
    Hsms: [...cluster.hsms.values()].map((hsm) => describeHsm(hsm, cluster)),
    Certificates: await certificatesOf(cluster, context),
    TagList: tagList(cluster.tags),
  };
}

/** What DescribeClusters says: a degraded cluster shows so in place of any state in which it would be of use. */
export function shownState(cluster: Cluster): string {
  const steady = ['UNINITIALIZED', 'INITIALIZED', 'ACTIVE'].includes(cluster.state);
  return cluster.degraded && steady ? 'DEGRADED' : cluster.state;
}

/** The request, and the certificates to check it with, are there only until the cluster is initialized. */
async function certificatesOf(cluster: Cluster, { hardware }: CloudHsmContext): Promise<Document> {
  if (cluster.claim !== undefined) return { ClusterCertificate: cluster.claim.clusterCertificate };
  const hsm = requestingHsm(cluster);
  if (hsm === undefined) return {};
  const { request, hsm: certificate, awsHardware, manufacturerHardware } = await hardware.certificates(hsm);
  return {
    ClusterCsr: request,
    HsmCertificate: certificate,
    AwsHardwareCertificate: awsHardware,
    ManufacturerHardwareCertificate: manufacturerHardware,
  };
}

export function describeHsm(hsm: Hsm, cluster: Cluster): Document {
  return {
    HsmId: hsm.id,
    ClusterId: cluster.id,
    AvailabilityZone: hsm.zone,
    SubnetId: hsm.subnetId,
    EniId: hsm.eniId,
    EniIp: hsm.ip,
    ...(hsm.ipV6 !== undefined && { EniIpV6: hsm.ipV6 }),
    HsmType: hsm.hsmType,
    State: hsm.state,
    ...(hsm.state === 'DEGRADED' && { StateMessage: 'The HSM does not work as it should.' }),
  };
}

export function describeBackup(backup: Backup): Document {
  return {
    BackupId: backup.id,
    BackupArn: backup.arn,
    BackupState: backup.state,
    ClusterId: backup.clusterId,
    CreateTimestamp: new Date(backup.createdAt),
    ...(backup.copy !== undefined && {
      CopyTimestamp: new Date(backup.copy.copiedAt),
      SourceRegion: backup.copy.region,
      SourceBackup: backup.copy.backupId,
      SourceCluster: backup.copy.clusterId,
    }),
    NeverExpires: backup.neverExpires,
    ...(backup.deleteAt !== undefined && { DeleteTimestamp: new Date(backup.deleteAt) }),
    HsmType: backup.hsmType,
    Mode: backup.mode,
    TagList: tagList(backup.tags),
  };
}
