import { DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { cloudhsm } from '../../src';
import {
  aCluster,
  aVpc,
  cluster,
  clustersIn,
  countOf,
  expectNothingLeft,
  hsmClient,
  onlyCluster,
  startHsmBed,
  ZONES,
  zonesOf,
} from './cloudhsm-bed';
import { Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

describe('a cluster', () => {
  test.each([1, 3])('with %d HSMs in as many zones deploys to ACTIVE and goes without a trace', async (hsmCount) => {
    const bed = await startHsmBed();
    expect((await bed.deploy(cluster({ hsmCount }))).status).toBe('CREATE_COMPLETE');
    const made = await onlyCluster(bed);
    expect(made.State).toBe('ACTIVE');
    expect(zonesOf(made)).toEqual(ZONES.slice(0, hsmCount));
    expect(countOf(bed, 'CreateHsm')).toBe(hsmCount);
    await expectNothingLeft(bed);
  });

  test('without HSMs is parked, and wakes with two of them', async () => {
    const bed = await startHsmBed();
    expect((await bed.deploy(cluster({ hsmCount: 0 }))).status).toBe('CREATE_COMPLETE');
    const parked = await onlyCluster(bed);
    expect(parked).toMatchObject({ State: 'UNINITIALIZED', Hsms: [] });
    expect((await bed.deploy(cluster({ hsmCount: 2 }))).status).toBe('UPDATE_COMPLETE');
    const awake = await onlyCluster(bed);
    expect(awake).toMatchObject({ ClusterId: parked.ClusterId, State: 'ACTIVE' });
    expect(zonesOf(awake)).toEqual(ZONES.slice(0, 2));
    await expectNothingLeft(bed);
  });

  test('grows and shrinks in place: 1, 3, 1, 0 and 2 HSMs', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster({ hsmCount: 1 }));
    const { ClusterId, Hsms } = await onlyCluster(bed);
    for (const hsmCount of [3, 1, 0, 2]) {
      expect((await bed.deploy(cluster({ hsmCount }))).status).toBe('UPDATE_COMPLETE');
      const changed = await onlyCluster(bed);
      expect(changed).toMatchObject({ ClusterId, State: 'ACTIVE' });
      expect(zonesOf(changed)).toEqual(ZONES.slice(0, hsmCount));
      if (hsmCount === 3) expect(changed.Hsms).toContainEqual(Hsms![0]);
    }
    expect(countOf(bed, 'CreateHsm')).toBe(5);
    expect(countOf(bed, 'DeleteHsm')).toBe(3);
    expect(countOf(bed, 'InitializeCluster')).toBe(1);
    await expectNothingLeft(bed);
  });

  test('with Activation.none() stops at INITIALIZED', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster({ activation: cloudhsm.Activation.none() }));
    expect((await onlyCluster(bed)).State).toBe('INITIALIZED');
    expect(bed.sandbox.journal.calls.filter(({ service }) => service === 'codebuild')).toEqual([]);
    await expectNothingLeft(bed);
  });

  test('that is retained stays without HSMs when its stack goes', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster({ removalPolicy: RemovalPolicy.RETAIN }));
    await bed.destroy();
    expect(await onlyCluster(bed)).toMatchObject({ State: 'ACTIVE', Hsms: [] });
  });

  test('shares a stack, a VPC and a provider with another one', async () => {
    const bed = await startHsmBed();
    const result = await bed.deploy((stack) => {
      const vpc = aVpc(stack);
      aCluster(stack, { vpc, hsmCount: 2 }, 'First');
      aCluster(stack, { vpc, hsmCount: 2 }, 'Second');
    });
    expect(result.status).toBe('CREATE_COMPLETE');
    const clusters = await clustersIn(bed);
    expect(clusters.map(({ State, Hsms }) => [State, Hsms?.length])).toEqual([
      ['ACTIVE', 2],
      ['ACTIVE', 2],
    ]);
    await expectNothingLeft(bed);
  });
});

describe('an update in place', () => {
  test('changes the retention of backups and the tags, and leaves the tags of others', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster({ hsmCount: 0, tags: { team: 'crypto', old: 'x' } }));
    const before = await onlyCluster(bed);
    const wishes = { hsmCount: 0, backupRetention: Duration.days(30), tags: { team: 'vault', fresh: 'y' } };
    expect((await bed.deploy(cluster(wishes))).status).toBe('UPDATE_COMPLETE');
    const after = await onlyCluster(bed);
    expect(after.ClusterId).toBe(before.ClusterId);
    expect(after.BackupRetentionPolicy).toEqual({ Type: 'DAYS', Value: '30' });
    const tags = Object.fromEntries(after.TagList!.map(({ Key, Value }) => [Key, Value]));
    expect(tags).toMatchObject({ team: 'vault', fresh: 'y' });
    expect(tags).not.toHaveProperty('old');
    expect(countOf(bed, 'ModifyCluster')).toBe(1);
    await expectNothingLeft(bed);
  });
});

describe('a replacement', () => {
  test('of the cluster happens when its zones change; the old one goes with its HSMs', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster({ hsmCount: 2, availabilityZones: [ZONES[0], ZONES[1]] }));
    const { ClusterId } = await onlyCluster(bed);
    const result = await bed.deploy(cluster({ hsmCount: 2, availabilityZones: [ZONES[1], ZONES[2]] }));
    expect(result.status).toBe('UPDATE_COMPLETE');
    const made = await onlyCluster(bed);
    expect(made.ClusterId).not.toBe(ClusterId);
    expect(made.State).toBe('ACTIVE');
    expect(zonesOf(made)).toEqual([ZONES[1], ZONES[2]]);
    await expectNothingLeft(bed);
  });

  test('of an HSM happens when its zone changes; the cluster stays', async () => {
    const bed = await startHsmBed();
    const second = (zone: string) => (stack: Stack) => {
      aCluster(stack).addHsm('Second', { availabilityZone: zone });
    };
    await bed.deploy(second(ZONES[1]));
    const { ClusterId } = await onlyCluster(bed);
    expect((await bed.deploy(second(ZONES[2]))).status).toBe('UPDATE_COMPLETE');
    const changed = await onlyCluster(bed);
    expect(changed.ClusterId).toBe(ClusterId);
    expect(zonesOf(changed)).toEqual([ZONES[0], ZONES[2]]);
    await expectNothingLeft(bed);
  });
});

describe('a restored cluster', () => {
  async function bedWithBackup() {
    const bed = await startHsmBed();
    await bed.deploy(cluster());
    await bed.sandbox.clock.sleep(10_000);
    const { Backups = [] } = await hsmClient(bed).send(new DescribeBackupsCommand({}));
    const [backup] = Backups.filter(({ BackupState }) => BackupState === 'READY');
    return { bed, backupId: backup!.BackupId!, original: await onlyCluster(bed) };
  }

  const withRestored = (source: (original: cloudhsm.Cluster) => cloudhsm.BackupSource) => {
    return (stack: Stack) => {
      const original = aCluster(stack);
      aCluster(stack, { hsmCount: 2, restoreFrom: source(original) }, 'Restored');
    };
  };

  test.each(['id', 'latest'] as const)('is active with its HSMs at once (%s)', async (kind) => {
    const { bed, backupId, original } = await bedWithBackup();
    const result = await bed.deploy(
      withRestored((cluster) =>
        kind === 'id' ? cloudhsm.BackupSource.id(backupId) : cloudhsm.BackupSource.latestOf(cluster),
      ),
    );
    expect(result.status).toBe('UPDATE_COMPLETE');
    const restored = (await clustersIn(bed)).find(({ ClusterId }) => ClusterId !== original.ClusterId)!;
    expect(restored).toMatchObject({ State: 'ACTIVE', SourceBackupId: backupId });
    expect(zonesOf(restored)).toEqual(ZONES.slice(0, 2));
    expect(countOf(bed, 'InitializeCluster')).toBe(1);
    await expectNothingLeft(bed);
  });
});
