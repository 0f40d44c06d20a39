import { backupCopyReconciler } from '../../src/cloudhsm/backup-copy.reconciler';
import { ID_TAG, OWNER_TAG, ownerOf } from '../../src/runtime/identity';
import { Properties } from '../../src/runtime/properties';
import type { Run } from '../../src/runtime/reconciler';
import { CLUSTER_ID } from '../support/cluster-views';
import { FakeAws, type FakeOperation } from '../support/fake-aws';
import { ADDRESS, aRun, awsError, ID, MADE_UP_ID } from '../support/runs';

const HERE = 'eu-central-1';
const THERE = 'us-east-1';
const OUR_TAGS = [
  { Key: ID_TAG, Value: ID },
  { Key: OWNER_TAG, Value: ownerOf(ADDRESS) },
];
const FORMER_TAGS = [{ Key: ID_TAG, Value: 'old' }, OUR_TAGS[1]!];

interface Backup {
  readonly BackupId: string;
  readonly BackupState?: string;
  readonly TagList?: typeof OUR_TAGS;
  readonly CopyTimestamp?: Date;
  readonly CreateTimestamp?: Date;
  readonly SourceBackup?: string;
}

/** Backups by region, in pages of two. */
function awsWith(regions: Record<string, readonly Backup[]>, operations: Record<string, FakeOperation> = {}) {
  return new FakeAws({
    DescribeBackups: ({ Filters, NextToken = '0' }, region) => {
      const ids: string[] | undefined = Filters?.backupIds;
      const all = (regions[region] ?? []).filter(({ BackupId }) => ids === undefined || ids.includes(BackupId));
      const start = Number(NextToken);
      const Backups = all.slice(start, start + 2).map((backup) => ({ BackupState: 'READY', ...backup }));
      return { Backups, NextToken: start + 2 < all.length ? `${start + 2}` : undefined };
    },
    ...operations,
  });
}

const GIVEN = { SourceBackupId: 'backup-source22222', DestinationRegion: THERE };

function observe(aws: FakeAws, values: Record<string, unknown> = GIVEN, changes: Partial<Run<never>> = {}) {
  return backupCopyReconciler.observe(
    aRun({ properties: new Properties(values), aws: aws.clients, ...changes }) as never,
  );
}

const day = (number: number) => new Date(Date.UTC(2026, 0, number));

describe('looking', () => {
  test('our copies are found in the destination, on all pages, the oldest first', async () => {
    const aws = awsWith({
      [THERE]: [
        { BackupId: 'backup-foreign2222' },
        { BackupId: 'backup-younger2222', TagList: OUR_TAGS, CopyTimestamp: day(3) },
        { BackupId: 'backup-older222222', TagList: OUR_TAGS, CopyTimestamp: day(2) },
        { BackupId: 'backup-gone2222222', TagList: OUR_TAGS, BackupState: 'DELETED' },
      ],
      [HERE]: [{ BackupId: 'backup-here2222222', TagList: OUR_TAGS }],
    });
    const observed = await observe(aws);
    expect(observed.copies.map(({ id }) => id)).toEqual(['backup-older222222', 'backup-younger2222']);
    expect(observed.own).toMatchObject({ id: 'backup-older222222', region: THERE });
    expect(aws.calls).toEqual([`DescribeBackups in ${THERE}`, `DescribeBackups in ${THERE}`]);
  });

  test('a copy that lives counts before an older one that is pending deletion', async () => {
    const aws = awsWith({
      [THERE]: [
        { BackupId: 'backup-deleted2222', TagList: OUR_TAGS, CopyTimestamp: day(1), BackupState: 'PENDING_DELETION' },
        { BackupId: 'backup-alive222222', TagList: OUR_TAGS, CopyTimestamp: day(2) },
      ],
    });
    expect((await observe(aws)).own?.id).toBe('backup-alive222222');
  });

  test('in an update the copy is looked for in the region before, too', async () => {
    const aws = awsWith({ 'us-west-2': [{ BackupId: 'backup-older222222', TagList: OUR_TAGS }] });
    const previousProperties = new Properties({ ...GIVEN, DestinationRegion: 'us-west-2' });
    expect((await observe(aws, GIVEN, { previousProperties })).own?.region).toBe('us-west-2');
    expect((await observe(aws, GIVEN, { previousProperties, fresh: true })).own).toBeUndefined();
  });

  test('the given source is looked up in its own region', async () => {
    const aws = awsWith({ [HERE]: [{ BackupId: 'backup-another2222' }, { BackupId: GIVEN.SourceBackupId }] });
    expect((await observe(aws)).source).toMatchObject({ backup: { id: GIVEN.SourceBackupId }, inProgress: false });
  });

  test('a source that AWS does not know is no error', async () => {
    const DescribeBackups: FakeOperation = ({ Filters }) => {
      if (Filters?.backupIds !== undefined) throw awsError('CloudHsmResourceNotFoundException');
      return {};
    };
    expect((await observe(awsWith({}, { DescribeBackups }))).source).toEqual({ backup: undefined, inProgress: false });
  });

  test('of a cluster the latest backup that is ready is the source', async () => {
    const aws = awsWith({
      [HERE]: [
        { BackupId: 'backup-first222222', CreateTimestamp: day(1) },
        { BackupId: 'backup-latest22222', CreateTimestamp: day(2) },
        { BackupId: 'backup-coming22222', CreateTimestamp: day(3), BackupState: 'CREATE_IN_PROGRESS' },
      ],
    });
    const { source } = await observe(aws, { ClusterId: CLUSTER_ID, DestinationRegion: THERE });
    expect(source).toMatchObject({ backup: { id: 'backup-latest22222' }, inProgress: true });
  });

  test('what an earlier resource of this place has left can be had back by a new one', async () => {
    const aws = awsWith({
      [THERE]: [
        { BackupId: 'backup-former22222', TagList: FORMER_TAGS, BackupState: 'PENDING_DELETION' },
        // Retained, so it is its owner's.
        { BackupId: 'backup-retained222', TagList: FORMER_TAGS },
      ],
    });
    expect((await observe(aws, GIVEN, { fresh: true })).reclaimable.map(({ id }) => id)).toEqual([
      'backup-former22222',
    ]);
    expect((await observe(aws)).reclaimable).toEqual([]);
  });

  test('to delete what a cancelled creation made, the copy is known by its owner', async () => {
    const aws = awsWith({ [THERE]: [{ BackupId: 'backup-orphan22222', TagList: OUR_TAGS, CopyTimestamp: day(1) }] });
    const deletion = { requestType: 'Delete', id: MADE_UP_ID, unknownId: true } as const;
    const { copies, source } = await observe(aws, GIVEN, deletion);
    expect(copies.map(({ id }) => id)).toEqual(['backup-orphan22222']);
    expect(source).toBeUndefined();
  });
});

describe('acting', () => {
  const acting = async (action: Parameters<typeof backupCopyReconciler.act>[0]) => {
    const seen: unknown[] = [];
    const operation: FakeOperation = (input, region) => seen.push({ region, ...input });
    const aws = new FakeAws(Object.fromEntries([[action.call, operation]]));
    await backupCopyReconciler.act(action, aRun({ aws: aws.clients }) as never);
    return seen;
  };
  const at = { backupId: 'backup-aaaaaaaaaaa', region: THERE };

  test('a copy is asked for where the source is, with all tags', async () => {
    const goal = { sourceBackupId: 'backup-source22222', region: THERE, tags: { team: 'crypto' } };
    expect(await acting({ call: 'CopyBackupToRegion', backupId: 'backup-source22222', goal })).toEqual([
      {
        region: HERE,
        BackupId: 'backup-source22222',
        DestinationRegion: THERE,
        TagList: [{ Key: 'team', Value: 'crypto' }, ...OUR_TAGS],
      },
    ]);
  });

  test('all else happens where the copy is', async () => {
    const BackupId = at.backupId;
    expect(await acting({ call: 'DeleteBackup', ...at })).toEqual([{ region: THERE, BackupId }]);
    expect(await acting({ call: 'RestoreBackup', ...at })).toEqual([{ region: THERE, BackupId }]);
    expect(await acting({ call: 'TagResource', ...at, tags: { a: 'b' } })).toEqual([
      { region: THERE, ResourceId: BackupId, TagList: [{ Key: 'a', Value: 'b' }] },
    ]);
    expect(await acting({ call: 'UntagResource', ...at, keys: ['a'] })).toEqual([
      { region: THERE, ResourceId: BackupId, TagKeyList: ['a'] },
    ]);
  });
});

test.each([
  ['neither', {}],
  ['both', { SourceBackupId: 'backup-source22222', ClusterId: CLUSTER_ID }],
])('%s of backup and cluster is an error', (_what, values) => {
  const properties = new Properties({ DestinationRegion: THERE, ...values });
  expect(() => backupCopyReconciler.decode(properties)).toThrow('one of the properties SourceBackupId and ClusterId');
});
