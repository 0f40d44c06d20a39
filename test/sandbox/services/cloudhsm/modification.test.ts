import { CloudHsmHarness, DAY } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

const MIGRATION = 1800;

async function olderCluster(): Promise<string> {
  const id = await aws.active({ HsmType: 'hsm1.medium', Mode: undefined });
  await aws.addHsm(id, 'b');
  await aws.pass(480);
  return id;
}

const hsmsOf = async (id: string) => (await aws.cluster(id)).Hsms as Array<Record<string, string>>;
const types = async (id: string) => (await hsmsOf(id)).map(({ HsmType }) => HsmType);

test('the retention changes at once', async () => {
  const id = await aws.created();
  const BackupRetentionPolicy = { Type: 'DAYS', Value: '379' };
  const { Cluster } = await aws.call('ModifyCluster', { ClusterId: id, BackupRetentionPolicy });
  expect(Cluster).toMatchObject({ State: 'UNINITIALIZED', BackupRetentionPolicy });
});

test('something must be asked for, and of a cluster that can be modified', async () => {
  const id = await aws.create();
  const BackupRetentionPolicy = { Type: 'DAYS', Value: '30' };
  expect((await aws.failure('ModifyCluster', { ClusterId: id })).message).toMatch(/nothing to modify/);
  const early = await aws.failure('ModifyCluster', { ClusterId: id, BackupRetentionPolicy });
  expect(early.message).toContain('CREATE_IN_PROGRESS');
  await aws.pass(150);
  for (const Value of ['6', '380']) {
    const wrong = { ClusterId: id, BackupRetentionPolicy: { Type: 'DAYS', Value } };
    expect((await aws.failure('ModifyCluster', wrong)).message).toContain(`Value '${Value}'`);
  }
});

test('the type changes one HSM after the other, on the same network interfaces, with a backup before each', async () => {
  const id = await olderCluster();
  const before = await hsmsOf(id);
  const backups = (await aws.backups()).length;
  const { Cluster } = await aws.call('ModifyCluster', { ClusterId: id, HsmType: 'hsm2m.medium' });
  expect(Cluster).toMatchObject({
    State: 'MODIFY_IN_PROGRESS',
    HsmTypeRollbackExpiration: new Date(aws.clock.now() + DAY * 1000),
  });
  expect(await types(id)).toEqual(['hsm1.medium', 'hsm1.medium']);
  expect(await aws.backups()).toHaveLength(backups + 1);
  await aws.pass(MIGRATION);
  expect(await types(id)).toEqual(['hsm2m.medium', 'hsm1.medium']);
  expect(await aws.backups()).toHaveLength(backups + 2);
  expect(await aws.stateOfCluster(id)).toBe('MODIFY_IN_PROGRESS');
  await aws.pass(MIGRATION);
  const after = await hsmsOf(id);
  expect(await aws.cluster(id)).toMatchObject({ State: 'ACTIVE', HsmType: 'hsm2m.medium' });
  expect(after.map(({ EniId, EniIp }) => [EniId, EniIp])).toEqual(before.map(({ EniId, EniIp }) => [EniId, EniIp]));
  expect(after.some(({ HsmId }) => before.some((old) => old.HsmId === HsmId))).toBe(false);
});

test('HSMs can be neither added nor removed, nor the cluster deleted, while the type changes', async () => {
  const id = await olderCluster();
  await aws.call('ModifyCluster', { ClusterId: id, HsmType: 'hsm2m.medium' });
  const [{ HsmId }] = (await hsmsOf(id)) as [{ HsmId: string }];
  const again = { ClusterId: id, HsmType: 'hsm2m.medium' };
  expect((await aws.failure('ModifyCluster', again)).message).toContain('MODIFY_IN_PROGRESS');
  expect((await aws.failure('DeleteCluster', { ClusterId: id })).message).toContain('MODIFY_IN_PROGRESS');
  expect((await aws.failure('DeleteHsm', { ClusterId: id, HsmId })).message).toContain('MODIFY_IN_PROGRESS');
  const add = { ClusterId: id, AvailabilityZone: 'eu-central-1c' };
  expect((await aws.failure('CreateHsm', add)).message).toContain('MODIFY_IN_PROGRESS');
});

test('the type can be taken back within a day, also half-way', async () => {
  const id = await olderCluster();
  await aws.call('ModifyCluster', { ClusterId: id, HsmType: 'hsm2m.medium' });
  await aws.pass(MIGRATION);
  const { Cluster } = await aws.call('ModifyCluster', { ClusterId: id, HsmType: 'hsm1.medium' });
  expect([Cluster.State, Cluster.HsmTypeRollbackExpiration]).toEqual(['ROLLBACK_IN_PROGRESS', undefined]);
  await aws.pass(MIGRATION - 1);
  expect(await aws.stateOfCluster(id)).toBe('ROLLBACK_IN_PROGRESS');
  await aws.pass(1);
  expect(await aws.cluster(id)).toMatchObject({ State: 'ACTIVE', HsmType: 'hsm1.medium' });
  expect(await types(id)).toEqual(['hsm1.medium', 'hsm1.medium']);
});

test('the type cannot be taken back later, nor changed to an older or unknown one', async () => {
  const id = await olderCluster();
  await aws.call('ModifyCluster', { ClusterId: id, HsmType: 'hsm2m.medium' });
  await aws.pass(DAY);
  expect((await aws.cluster(id)).HsmTypeRollbackExpiration).toBeUndefined();
  for (const HsmType of ['hsm1.medium', 'hsm2m.medium', 'hsm9.huge']) {
    const error = await aws.failure('ModifyCluster', { ClusterId: id, HsmType });
    expect(error.message).toContain(`HsmType '${HsmType}'`);
  }
});

test('a cluster without HSMs has the new type at once', async () => {
  const id = await aws.active({ HsmType: 'hsm1.medium', Mode: undefined });
  await aws.deleteHsm(id, { HsmId: (await hsmsOf(id))[0]!.HsmId });
  await aws.pass(120);
  await aws.call('ModifyCluster', { ClusterId: id, HsmType: 'hsm2m.medium' });
  expect(await aws.cluster(id)).toMatchObject({ State: 'ACTIVE', HsmType: 'hsm2m.medium' });
});
