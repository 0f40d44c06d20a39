import { type Backup, DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import type { AwsClients } from '../runtime/clients';
import { ifPresent } from '../runtime/errors';
import { everyPage } from '../runtime/pages';
import { tagsOf } from '../runtime/tags';
import { cloudHsm } from './cluster-view.runtime';

/** A backup as plans see it. */
export interface BackupView {
  readonly id: string;
  /** `CREATE_IN_PROGRESS`, `READY` or `PENDING_DELETION`. */
  readonly state: string;
  readonly created?: Date;
  readonly tags: Readonly<Record<string, string>>;
  /** Of a copy: when it was made, and of what. */
  readonly copied?: Date;
  readonly sourceBackup?: string;
  readonly sourceCluster?: string;
}

/** All backups that are not gone. */
export async function describeBackups(aws: AwsClients, Filters?: Record<string, string[]>): Promise<BackupView[]> {
  const pages = await everyPage(async (NextToken) => {
    const command = new DescribeBackupsCommand({ Filters, NextToken });
    // A filter that names a backup which is not there may be answered by an error.
    return (await ifPresent(() => cloudHsm(aws).send(command))) ?? {};
  });
  const backups = pages.flatMap(({ Backups = [] }: { readonly Backups?: Backup[] }) => Backups.map(viewOf));
  return backups.filter(({ state }) => state !== 'DELETED');
}

function viewOf(backup: Backup): BackupView {
  return {
    id: backup.BackupId ?? '',
    state: backup.BackupState ?? '',
    created: backup.CreateTimestamp,
    tags: tagsOf(backup.TagList),
    copied: backup.CopyTimestamp,
    sourceBackup: backup.SourceBackup,
    sourceCluster: backup.SourceCluster,
  };
}
