import { ACCOUNT, arnOf, CloudHsmHarness, DAY, OTHER_ACCOUNT, OTHER_REGION, REGION } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

/** The first backup of a new active cluster, ready. */
async function backedUp(more: object = {}): Promise<{ id: string; backupId: string }> {
  const id = await aws.active(more);
  return { id, backupId: (await aws.backups())[0]!.BackupId };
}

const states = async (input: object = {}) => (await aws.backups(input)).map(({ BackupState }) => BackupState);

describe('the service’s own backups', () => {
  test('there is none before activation, and one at it', async () => {
    const id = await aws.initialized();
    expect(await aws.backups()).toEqual([]);
    aws.service.activate(aws.state(), id);
    const [backup] = await aws.backups();
    expect(backup).toEqual({
      BackupId: expect.stringMatching(/^backup-[a-z2-7]{11}$/),
      BackupArn: arnOf(backup!.BackupId),
      BackupState: 'CREATE_IN_PROGRESS',
      ClusterId: id,
      CreateTimestamp: aws.clock.date(),
      NeverExpires: false,
      HsmType: 'hsm2m.medium',
      Mode: 'FIPS',
      TagList: [],
    });
    await aws.pass(60);
    expect(await states()).toEqual(['READY']);
  });

  test('there is one at each HSM that is added and removed', async () => {
    const id = await aws.active();
    const { HsmId } = await aws.addHsm(id);
    expect(await aws.backups()).toHaveLength(2);
    await aws.pass(480);
    await aws.deleteHsm(id, { HsmId });
    expect(await aws.backups()).toHaveLength(3);
  });

  test('there is none of a cluster without HSMs', async () => {
    const id = await aws.active();
    const [{ HsmId }] = (await aws.cluster(id)).Hsms;
    await aws.deleteHsm(id, { HsmId });
    await aws.pass(120);
    expect(await aws.backups()).toHaveLength(2);
    await aws.addHsm(id);
    expect(await aws.backups()).toHaveLength(2);
  });

  test('there is one a day where that is wanted, as long as the cluster has HSMs', async () => {
    aws = new CloudHsmHarness({ dailyBackups: true });
    const id = await aws.active();
    await aws.pass(3 * DAY);
    expect(await aws.backups()).toHaveLength(4);
    await aws.deleteHsm(id, { HsmId: (await aws.cluster(id)).Hsms[0].HsmId });
    await aws.pass(3 * DAY);
    expect(await aws.backups()).toHaveLength(5);
  });

  test('stay when the cluster is deleted', async () => {
    const id = await aws.active();
    await aws.deleteHsm(id, { HsmId: (await aws.cluster(id)).Hsms[0].HsmId });
    await aws.pass(120);
    await aws.call('DeleteCluster', { ClusterId: id });
    await aws.pass(150);
    const backups = await aws.backups();
    expect(backups).toHaveLength(2);
    expect([...aws.inventory()].sort()).toEqual(backups.map(({ BackupId }) => `cloudhsm backup ${BackupId}`).sort());
  });

  test('are purged as the retention says, but never the last one and never one that is exempt', async () => {
    const id = await aws.active({ BackupRetentionPolicy: { Type: 'DAYS', Value: '30' } });
    for (let i = 0; i < 3; i++) {
      await aws.addHsm(id);
      await aws.pass(480);
    }
    const [last, , exempt] = await aws.backups();
    await aws.call('ModifyBackupAttributes', { BackupId: exempt!.BackupId, NeverExpires: true });
    await aws.pass(29 * DAY);
    expect(await aws.backups()).toHaveLength(4);
    await aws.call('ModifyCluster', { ClusterId: id, BackupRetentionPolicy: { Type: 'DAYS', Value: '7' } });
    const left = await aws.backups();
    expect(left.map(({ BackupId }) => BackupId)).toEqual([last!.BackupId, exempt!.BackupId]);
    expect(left[1]!.NeverExpires).toBe(true);
  });
});

describe('DescribeBackups', () => {
  test('shows the newest first, or the oldest, in pages of 50', async () => {
    aws = new CloudHsmHarness({ dailyBackups: true });
    await aws.active({ BackupRetentionPolicy: { Type: 'DAYS', Value: '379' } });
    await aws.pass(59 * DAY);
    const times = (backups: object[]) => backups.map((b) => (b as { CreateTimestamp: Date }).CreateTimestamp.getTime());
    const first = await aws.call('DescribeBackups');
    expect(first.Backups).toHaveLength(50);
    const { Backups: rest, NextToken } = await aws.call('DescribeBackups', { NextToken: first.NextToken });
    expect([rest.length, NextToken]).toEqual([10, undefined]);
    const all = times([...first.Backups, ...rest]);
    expect(all).toEqual([...all].sort((a, b) => b - a));
    const ascending = await aws.call('DescribeBackups', { SortAscending: true, MaxResults: 2 });
    expect(times(ascending.Backups)).toEqual(all.slice(-2).reverse());
    const next = await aws.call('DescribeBackups', {
      SortAscending: true,
      NextToken: ascending.NextToken,
      MaxResults: 1,
    });
    expect(times(next.Backups)).toEqual([all.at(-3)]);
  });

  test('filters, and shows nothing that others share', async () => {
    const { id, backupId } = await backedUp();
    const found = async (Filters: object) => (await aws.backups({ Filters })).length;
    expect(await found({ backupIds: [backupId] })).toBe(1);
    expect(await found({ clusterIds: [id], states: ['READY'], neverExpires: ['false'] })).toBe(1);
    expect(await found({ states: ['PENDING_DELETION'] })).toBe(0);
    expect(await found({ sourceBackupIds: [backupId] })).toBe(0);
    expect(await aws.backups({ Shared: true })).toEqual([]);
    expect((await aws.failure('DescribeBackups', { Filters: { names: [] } })).message).toContain("'names'");
  });
});

describe('DeleteBackup', () => {
  test('leaves seven days to take it back', async () => {
    const { backupId: BackupId } = await backedUp();
    const { Backup } = await aws.call('DeleteBackup', { BackupId });
    const DeleteTimestamp = new Date(aws.clock.now() + 7 * DAY * 1000);
    expect(Backup).toMatchObject({ BackupId, BackupState: 'PENDING_DELETION', DeleteTimestamp });
    expect(aws.inventory()).toContain(`cloudhsm backup ${BackupId} (pending deletion)`);
    await aws.pass(6 * DAY);
    const restored = (await aws.call('RestoreBackup', { BackupId })).Backup;
    expect([restored.BackupState, restored.DeleteTimestamp]).toEqual(['READY', undefined]);
    await aws.pass(2 * DAY);
    expect(await states()).toEqual(['READY']);
    await aws.call('DeleteBackup', { BackupId });
    await aws.pass(7 * DAY);
    expect(await states()).toEqual([]);
    expect((await aws.failure('RestoreBackup', { BackupId })).code).toBe('CloudHsmResourceNotFoundException');
  });

  test('is refused for a backup that is not ready, as the taking back is for one that is not pending', async () => {
    const id = await aws.initialized();
    aws.service.activate(aws.state(), id);
    const BackupId = (await aws.backups())[0]!.BackupId;
    expect((await aws.failure('DeleteBackup', { BackupId })).message).toContain('CREATE_IN_PROGRESS');
    await aws.pass(60);
    expect((await aws.failure('RestoreBackup', { BackupId })).message).toContain('is READY');
    const unknown = { BackupId: 'backup-aaaaaaaaaaa' };
    expect((await aws.failure('DeleteBackup', unknown)).code).toBe('CloudHsmResourceNotFoundException');
    expect((await aws.failure('ModifyBackupAttributes', { ...unknown, NeverExpires: true })).code).toBe(
      'CloudHsmResourceNotFoundException',
    );
  });
});

describe('CopyBackupToRegion', () => {
  const there = { region: OTHER_REGION };

  test('makes a copy of the same age, which is ready after 300 seconds', async () => {
    const { id, backupId } = await backedUp();
    await aws.call('TagResource', { ResourceId: backupId, TagList: [{ Key: 'team', Value: 'keys' }] });
    const { CreateTimestamp } = (await aws.backups())[0]!;
    const { DestinationBackup } = await aws.call('CopyBackupToRegion', {
      BackupId: backupId,
      DestinationRegion: OTHER_REGION,
    });
    expect(DestinationBackup).toEqual({
      CreateTimestamp,
      SourceBackup: backupId,
      SourceCluster: id,
      SourceRegion: REGION,
    });
    const [copy] = await aws.backups({ Filters: { sourceBackupIds: [backupId] } }, there);
    expect(copy).toMatchObject({
      BackupArn: arnOf(copy!.BackupId, ACCOUNT, OTHER_REGION),
      BackupState: 'CREATE_IN_PROGRESS',
      ClusterId: id,
      CreateTimestamp,
      CopyTimestamp: aws.clock.date(),
      ...{ SourceBackup: backupId, SourceCluster: id, SourceRegion: REGION },
      TagList: [{ Key: 'team', Value: 'keys' }],
    });
    await aws.pass(300);
    expect((await aws.backups({}, there))[0]!.BackupState).toBe('READY');
    await aws.pass(400 * DAY);
    expect(await aws.backups({}, there)).toHaveLength(1);
  });

  test('gives the copy the tags of the request in place of those of its source', async () => {
    const { backupId } = await backedUp();
    await aws.call('TagResource', { ResourceId: backupId, TagList: [{ Key: 'team', Value: 'keys' }] });
    const TagList = [{ Key: 'copy', Value: 'yes' }];
    await aws.call('CopyBackupToRegion', { BackupId: backupId, DestinationRegion: OTHER_REGION, TagList });
    expect((await aws.backups({}, there))[0]!.TagList).toEqual(TagList);
  });

  test('is refused to the region where the backup is', async () => {
    const { backupId } = await backedUp();
    const input = { BackupId: backupId, DestinationRegion: REGION };
    expect((await aws.failure('CopyBackupToRegion', input)).code).toBe('CloudHsmInvalidRequestException');
  });
});

describe('a cluster from a backup', () => {
  const input = (SourceBackupId: string, more: object = {}) => ({
    ...{ HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: aws.subnets, SourceBackupId },
    ...more,
  });

  test('is active at once, without HSM and with its owner’s certificate', async () => {
    const { id, backupId } = await backedUp();
    const restored = await aws.created({ SourceBackupId: backupId });
    const { Certificates } = await aws.cluster(id);
    expect(await aws.cluster(restored)).toMatchObject({
      ...{ State: 'ACTIVE', SourceBackupId: backupId, Hsms: [], Certificates },
    });
    await Promise.all(['a', 'b'].map((zone) => aws.addHsm(restored, zone)));
    expect(aws.service.activate(aws.state(), restored)).toBe('already-activated');
  });

  test('can name the backup by its ARN', async () => {
    const { backupId } = await backedUp();
    expect(await aws.cluster(await aws.created({ SourceBackupId: arnOf(backupId) }))).toMatchObject({
      State: 'ACTIVE',
      SourceBackupId: backupId,
    });
  });

  test('must be of the backup’s mode, and not of an older type', async () => {
    const { backupId } = await backedUp();
    const mode = await aws.failure('CreateCluster', input(backupId, { Mode: 'NON_FIPS' }));
    expect(mode.message).toContain('is of mode FIPS and cannot be restored in mode NON_FIPS');
    const type = await aws.failure('CreateCluster', input(backupId, { HsmType: 'hsm1.medium' }));
    expect(type.message).toContain('cannot be restored to hsm1.medium');
  });

  test('needs a backup that is ready and of this region', async () => {
    const { backupId } = await backedUp();
    expect((await aws.failure('CreateCluster', input('backup-aaaaaaaaaaa'))).code).toBe(
      'CloudHsmResourceNotFoundException',
    );
    const elsewhere = arnOf(backupId, ACCOUNT, OTHER_REGION);
    expect((await aws.failure('CreateCluster', input(elsewhere))).message).toContain(`is in ${OTHER_REGION}`);
    await aws.call('DeleteBackup', { BackupId: backupId });
    expect((await aws.failure('CreateCluster', input(backupId))).message).toContain('is PENDING_DELETION');
  });

  test('can be made of another account’s backup by its ARN alone', async () => {
    const { backupId } = await backedUp();
    const stranger = { accountId: OTHER_ACCOUNT };
    const SubnetIds = aws.vpc(OTHER_ACCOUNT);
    const byId = await aws.failure('CreateCluster', input(backupId, { SubnetIds }), stranger);
    expect(byId.code).toBe('CloudHsmResourceNotFoundException');
    await aws.call('CreateCluster', input(arnOf(backupId), { SubnetIds }), stranger);
  });
});
