import { DescribeDBClustersCommand, DescribeDBInstancesCommand, RDSClient } from '@aws-sdk/client-rds';
import { ACCOUNT, errorOf } from '../../endpoint/testbed';
import { allow, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

const place = { accountId: ACCOUNT, region: REGION };
const MINUTE = 60_000;

async function start() {
  const bed = await SupportingBed.start();
  const { databases } = bed.tools;
  const rds = new RDSClient(bed.admin());
  const instances = async (input = {}) => (await rds.send(new DescribeDBInstancesCommand(input))).DBInstances!;
  const status = async () => (await instances({ DBInstanceIdentifier: 'a' }))[0]!.DBInstanceStatus;
  return { bed, databases, rds, instances, status };
}

async function withCluster() {
  const it = await start();
  it.databases.clusters.create(place, { identifier: 'C', engine: 'aurora-postgresql' });
  for (const [identifier, promotionTier] of [
    ['c-1', 0],
    ['c-2', 2],
    ['c-3', 1],
  ] as const) {
    it.databases.instances.create(place, { identifier, clusterIdentifier: 'c', promotionTier });
  }
  await it.bed.clock.sleep(60 * MINUTE);
  const cluster = async () =>
    (await it.rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: 'c' }))).DBClusters![0]!;
  const writer = async () =>
    (await cluster()).DBClusterMembers!.find((member) => member.IsClusterWriter)?.DBInstanceIdentifier;
  return { ...it, cluster, writer };
}

describe('an instance', () => {
  test('is described with what Performance Insights needs', async () => {
    const { databases, bed, instances } = await start();
    const made = databases.instances.create(place, {
      identifier: 'Alpha',
      engine: 'mysql',
      instanceClass: 'db.t4g.medium',
      performanceInsights: true,
      performanceInsightsKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/k',
      performanceInsightsRetentionDays: 93,
      tags: { team: 'a' },
    });
    await bed.clock.sleep(60 * MINUTE);
    expect(await instances()).toMatchObject([
      {
        DBInstanceIdentifier: 'alpha',
        DbiResourceId: expect.stringMatching(/^db-[A-Z0-9]{26}$/),
        DBInstanceArn: `arn:aws:rds:${REGION}:${ACCOUNT}:db:alpha`,
        DBInstanceStatus: 'available',
        DBInstanceClass: 'db.t4g.medium',
        Engine: 'mysql',
        EngineVersion: '8.0.40',
        Endpoint: { Address: made.endpoint, Port: 3306 },
        PerformanceInsightsEnabled: true,
        PerformanceInsightsKMSKeyId: 'arn:aws:kms:eu-central-1:111111111111:key/k',
        PerformanceInsightsRetentionPeriod: 93,
        TagList: [{ Key: 'team', Value: 'a' }],
      },
    ]);
  });

  test('goes through its states in virtual time', async () => {
    const { databases, bed, status } = await start();
    const { instances } = databases;
    const seen: Array<string | undefined> = [];
    const look = async (minutes: number) => {
      seen.push(await status());
      await bed.clock.sleep(minutes * MINUTE);
      seen.push(await status());
    };
    instances.create(place, { identifier: 'a', engine: 'postgres', monitoringInterval: 60 });
    await look(7.5);
    await look(1);
    await bed.clock.sleep(MINUTE);
    instances.update(place, 'a', { instanceClass: 'db.r6g.2xlarge' });
    await look(2);
    instances.stop(place, 'a');
    await look(3);
    instances.start(place, 'a');
    await look(6);
    instances.delete(place, 'a');
    seen.push(await status());
    expect(seen).toEqual([
      ...['creating', 'backing-up', 'backing-up', 'configuring-enhanced-monitoring'],
      ...['modifying', 'available', 'stopping', 'stopped', 'starting', 'available', 'deleting'],
    ]);
    await bed.clock.sleep(5 * MINUTE);
    expect(await errorOf(status())).toMatchObject({
      name: 'DBInstanceNotFoundFault',
      message: 'DBInstance a not found.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('shows a change of Performance Insights at once and in no status', async () => {
    const { databases, bed, instances } = await start();
    databases.instances.create(place, { identifier: 'a', engine: 'postgres' });
    await bed.clock.sleep(60 * MINUTE);
    expect((await instances())[0]).toMatchObject({ PerformanceInsightsEnabled: false });
    databases.instances.setPerformanceInsights(place, 'a', true);
    expect((await instances())[0]).toMatchObject({ DBInstanceStatus: 'available', PerformanceInsightsEnabled: true });
  });

  test('that is replaced keeps its name and gets another resource id', async () => {
    const { databases, bed, instances } = await start();
    const old = databases.instances.create(place, { identifier: 'a', engine: 'postgres' });
    await bed.clock.sleep(60 * MINUTE);
    databases.instances.replace(place, 'a');
    const [found, ...others] = await instances();
    expect([found!.DBInstanceIdentifier, others]).toEqual(['a', []]);
    expect(found!.DbiResourceId).not.toBe(old.resourceId);
  });

  test.each([
    [{ identifier: 'a', engine: 'postgres' }, 'DBInstanceAlreadyExists'],
    [{ identifier: 'b', engine: 'db2' }, 'InvalidParameterValue'],
    [{ identifier: 'b' }, 'InvalidParameterValue'],
    [{ identifier: 'b', clusterIdentifier: 'none' }, 'DBClusterNotFoundFault'],
    [{ identifier: 'b', engine: 'mysql', subnetGroup: 'none' }, 'DBSubnetGroupNotFoundFault'],
    [{ identifier: 'b', engine: 'mysql', parameterGroup: 'none' }, 'DBParameterGroupNotFound'],
    [{ identifier: 'b', engine: 'mysql', performanceInsightsRetentionDays: 8 }, 'InvalidParameterValue'],
  ])('cannot be made as %j', async (settings, code) => {
    const { databases } = await start();
    databases.instances.create(place, { identifier: 'A', engine: 'postgres' });
    expect(() => databases.instances.create(place, settings)).toThrow(expect.objectContaining({ code }));
  });
});

describe('DescribeDBInstances', () => {
  test('pages by markers in the order of identifiers', async () => {
    const { databases, rds } = await start();
    const names = Array.from({ length: 45 }, (_, index) => `i-${String(index).padStart(2, '0')}`);
    for (const identifier of [...names].reverse()) databases.instances.create(place, { identifier, engine: 'mysql' });
    const pages: string[][] = [];
    let Marker: string | undefined;
    do {
      const page = await rds.send(new DescribeDBInstancesCommand({ MaxRecords: 20, Marker }));
      pages.push(page.DBInstances!.map(({ DBInstanceIdentifier }) => DBInstanceIdentifier!));
      Marker = page.Marker;
    } while (Marker !== undefined);
    expect([pages.flat(), pages.length]).toEqual([names, 3]);
  });

  test.each([19, 101])('refuses MaxRecords %d', async (MaxRecords) => {
    const { rds } = await start();
    expect((await errorOf(rds.send(new DescribeDBInstancesCommand({ MaxRecords })))).name).toBe(
      'InvalidParameterValue',
    );
  });

  test('filters; one value of each filter must fit', async () => {
    const { databases, instances } = await withCluster();
    const alone = databases.instances.create(place, { identifier: 'alone', engine: 'mysql' });
    const names = async (...filters: Array<readonly [string, ...string[]]>) =>
      (await instances({ Filters: filters.map(([Name, ...Values]) => ({ Name, Values })) })).map(
        ({ DBInstanceIdentifier }) => DBInstanceIdentifier,
      );
    expect(await names(['dbi-resource-id', alone.resourceId])).toEqual(['alone']);
    expect(await names(['db-cluster-id', `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:c`])).toEqual(['c-1', 'c-2', 'c-3']);
    expect(await names(['db-instance-id', 'c-1', 'ALONE'])).toEqual(['alone', 'c-1']);
    expect(await names(['db-instance-id', 'c-1', 'alone'], ['engine', 'mysql'])).toEqual(['alone']);
    expect((await errorOf(names(['color', 'red']))).name).toBe('InvalidParameterValue');
  });

  test('asks for the permission on the instance, or on all', async () => {
    const { databases, bed } = await start();
    const { arn } = databases.instances.create(place, { identifier: 'a', engine: 'mysql', tags: { team: 'x' } });
    const one = new RDSClient(bed.as('One', allow('rds:DescribeDBInstances', arn)));
    const tagged = new RDSClient(
      bed.as('Tagged', allow('rds:DescribeDBInstances', '*', { StringEquals: { 'aws:ResourceTag/team': 'x' } })),
    );
    for (const client of [one, tagged]) {
      await client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: 'A' }));
      expect((await errorOf(client.send(new DescribeDBInstancesCommand({})))).name).toBe('AccessDenied');
    }
  });
});

describe('a cluster', () => {
  test('is described with its members, of which the first one writes', async () => {
    const { cluster } = await withCluster();
    expect(await cluster()).toMatchObject({
      DBClusterIdentifier: 'c',
      Status: 'available',
      Engine: 'aurora-postgresql',
      DbClusterResourceId: expect.stringMatching(/^cluster-[A-Z0-9]{26}$/),
      DBClusterMembers: [
        { DBInstanceIdentifier: 'c-1', IsClusterWriter: true },
        { DBInstanceIdentifier: 'c-2', IsClusterWriter: false },
        { DBInstanceIdentifier: 'c-3', IsClusterWriter: false },
      ],
    });
  });

  test('fails over to the reader of the lowest tier, or to the one named', async () => {
    const { bed, databases, cluster, writer, instances } = await withCluster();
    databases.clusters.failover(place, 'c');
    expect([(await cluster()).Status, await writer()]).toEqual(['failing-over', 'c-1']);
    expect((await instances({ DBInstanceIdentifier: 'c-1' }))[0]!.DBInstanceStatus).toBe('rebooting');
    await bed.clock.sleep(MINUTE);
    expect([(await cluster()).Status, await writer()]).toEqual(['available', 'c-3']);
    databases.clusters.failover(place, 'c', 'c-2');
    await bed.clock.sleep(MINUTE);
    expect(await writer()).toBe('c-2');
    expect(() => databases.clusters.failover(place, 'c', 'c-2')).toThrow('c-2');
  });

  test('has another writer when the writer is deleted, and goes after its instances', async () => {
    const { bed, databases, cluster, writer } = await withCluster();
    databases.instances.delete(place, 'c-1');
    expect(await writer()).toBe('c-3');
    expect(() => databases.clusters.delete(place, 'c')).toThrow('still contains');
    for (const name of ['c-2', 'c-3']) databases.instances.delete(place, name);
    databases.clusters.delete(place, 'c');
    await bed.clock.sleep(5 * MINUTE);
    expect(await errorOf(cluster())).toMatchObject({
      name: 'DBClusterNotFoundFault',
      $metadata: { httpStatusCode: 404 },
    });
    expect(bed.supporting.rds.inventory(databases.state(place))).toEqual([]);
  });

  test('that does not exist is not described, and an account without any has an empty list', async () => {
    const { rds } = await start();
    expect((await rds.send(new DescribeDBClustersCommand({}))).DBClusters).toEqual([]);
    expect((await rds.send(new DescribeDBInstancesCommand({}))).DBInstances).toEqual([]);
  });
});
