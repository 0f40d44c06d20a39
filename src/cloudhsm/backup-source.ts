import { Fn } from 'aws-cdk-lib';
import { Validation } from '../core/validation';
import type { ICluster } from './cluster-interface';

/** The model's `BackupId` and `BackupArn`: https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_Backup.html */
const ID = /^backup-[2-7a-zA-Z]{11,16}$/;
const ARN = /^arn:[\w-]+:cloudhsm:[a-z0-9-]+:\d{12}:backup\/backup-[2-7a-zA-Z]{11,16}$/;

/** A backup of a cluster, to restore or to copy. */
export class BackupSource {
  /** The backup with this id, `backup-…`, in the region of the cluster to make, or in that from which to copy. */
  static id(backupId: string): BackupSource {
    new Validation('cloudhsm.BackupSource')
      .pattern('id', backupId, ID, 'be the id of a backup, backup-…')
      .throwIfInvalid();
    return new BackupSource({ backup: backupId, id: backupId });
  }

  /** The backup with this ARN, which may be in another account that shares it. */
  static arn(backupArn: string): BackupSource {
    new Validation('cloudhsm.BackupSource')
      .pattern('arn', backupArn, ARN, 'be the ARN of a backup, arn:aws:cloudhsm:<region>:<account>:backup/backup-…')
      .throwIfInvalid();
    return new BackupSource({ backup: backupArn, id: Fn.select(1, Fn.split('/', backupArn)) });
  }

  /**
   * The latest backup of a cluster that is ready when the resource is created. Later backups change nothing: a restored
   * cluster and a copy stay what they are.
   */
  static latestOf(cluster: ICluster): BackupSource {
    return new BackupSource({ cluster });
  }

  private constructor(private readonly source: GivenBackup | LatestBackup) {}

  /**
   * What the handler of clusters reads.
   *
   * @internal
   */
  _forCluster(): string {
    return 'cluster' in this.source ? `latest:${this.source.cluster.clusterId}` : this.source.backup;
  }

  /**
   * What the handler of copies reads. CopyBackupToRegion knows ids only.
   *
   * @internal
   */
  _forCopy(): { SourceBackupId?: string; ClusterId?: string } {
    return 'cluster' in this.source ? { ClusterId: this.source.cluster.clusterId } : { SourceBackupId: this.source.id };
  }
}

interface GivenBackup {
  /** Id or ARN. */
  readonly backup: string;
  readonly id: string;
}

interface LatestBackup {
  readonly cluster: ICluster;
}
