/** Backups: describe, delete and take back, exempt from the retention, copy to another region. */
import type { Call, Document } from '../service';
import { scheduleDeletion, store } from './backup-lifecycle';
import { describeBackup } from './descriptions';
import { invalidRequest } from './errors';
import { ageKey, filtered, page } from './pages';
import { onEverything, onResource, taggingNew } from './permissions';
import {
  arnOf,
  type Backup,
  type CloudHsmContext,
  type CloudHsmOperations,
  type CloudHsmState,
  existingBackup,
  newId,
} from './state';
import { tagContext, tagsOf } from './tag-rules';
import { stateOf } from './upkeep';

/** The model's `BackupsMaxSize`. */
const MAX_PAGE = 50;

export function backupOperations(context: CloudHsmContext): CloudHsmOperations {
  const onBackup = (action: string) => (input: Document, call: Call, state: CloudHsmState) => [
    onResource(action, input.BackupId, call, state),
  ];
  return {
    DescribeBackups: { permissions: () => [onEverything('DescribeBackups')], handle: describe },
    DeleteBackup: {
      permissions: onBackup('DeleteBackup'),
      handle: (input, state, call) => {
        const backup = existingBackup(state, input.BackupId, 'READY');
        scheduleDeletion(backup, state, context, call.world.clock.now());
        return { Backup: describeBackup(backup) };
      },
    },
    RestoreBackup: { permissions: onBackup('RestoreBackup'), handle: restore },
    ModifyBackupAttributes: { permissions: onBackup('ModifyBackupAttributes'), handle: modify },
    CopyBackupToRegion: {
      permissions: copyPermissions,
      handle: (input, state, call) => copy(input, state, call, context),
    },
  };
}

function describe(input: Document, state: CloudHsmState): Document {
  // Backups of others show only when their share was promoted in the Resource Access Manager, which is not here.
  const all = input.Shared === true ? [] : [...state.backups.values()];
  const found = filtered<Backup>(all, input.Filters, {
    backupIds: ({ id }) => id,
    sourceBackupIds: ({ copy: origin }) => origin?.backupId,
    clusterIds: ({ clusterId }) => clusterId,
    states: ({ state: is }) => is,
    neverExpires: ({ neverExpires }) => String(neverExpires),
  });
  const descending = input.SortAscending !== true;
  const { items, NextToken } = page(found, ageKey, input, { most: MAX_PAGE, descending });
  return { Backups: items.map(describeBackup), ...(NextToken !== undefined && { NextToken }) };
}

function restore(input: Document, state: CloudHsmState): Document {
  const backup = existingBackup(state, input.BackupId, 'PENDING_DELETION');
  backup.state = 'READY';
  backup.deleteAt = undefined;
  return { Backup: describeBackup(backup) };
}

function modify(input: Document, state: CloudHsmState): Document {
  const backup = existingBackup(state, input.BackupId, 'READY');
  backup.neverExpires = input.NeverExpires;
  return { Backup: describeBackup(backup) };
}

function copyPermissions(input: Document, call: Call, state: CloudHsmState) {
  const permission = onResource('CopyBackupToRegion', input.BackupId, call, state);
  return [
    { ...permission, context: { ...permission.context, ...tagContext(input) } },
    ...taggingNew('backup', input, { ...call, region: input.DestinationRegion }),
  ];
}

/** The copy has the age of its source, and its tags unless the request brings some. */
function copy(input: Document, state: CloudHsmState, call: Call, context: CloudHsmContext): Document {
  const source = existingBackup(state, input.BackupId, 'READY');
  if (input.DestinationRegion === call.region) {
    throw invalidRequest(`backup '${source.id}' is in ${call.region} already; name another DestinationRegion`);
  }
  const home = { world: call.world, accountId: call.accountId, region: input.DestinationRegion };
  const destination = stateOf(context.service, home);
  const now = call.world.clock.now();
  const id = newId(home, 'backup');
  const { clusterId, createdAt, hsmType, mode, claim } = source;
  const made: Backup = {
    ...{ id, arn: arnOf(home, 'backup', id), sequence: ++destination.sequence },
    ...{ clusterId, createdAt, hsmType, mode, claim },
    tags: input.TagList === undefined ? new Map(source.tags) : tagsOf(input),
    copy: { copiedAt: now, region: call.region, backupId: source.id, clusterId },
    state: 'CREATE_IN_PROGRESS',
    neverExpires: false,
  };
  store(made, destination, now + context.settings.durations.backupCopy * 1000);
  return {
    DestinationBackup: {
      CreateTimestamp: new Date(createdAt),
      SourceRegion: call.region,
      SourceBackup: source.id,
      SourceCluster: clusterId,
    },
  };
}
