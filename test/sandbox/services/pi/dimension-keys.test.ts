import {
  DescribeDimensionKeysCommand,
  type DescribeDimensionKeysCommandInput,
  GetDimensionKeyDetailsCommand,
  GetResourceMetadataCommand,
  ListAvailableResourceDimensionsCommand,
  ListAvailableResourceMetricsCommand,
} from '@aws-sdk/client-pi';
import type { DbInstance } from '../../../../sandbox/services/rds/state';
import { errorOf } from '../../endpoint/testbed';
import { allow } from '../supporting-bed';
import { DatabaseBed, MINUTE, PLACE } from './bed';

afterEach(() => DatabaseBed.stopAll());

function keys(bed: DatabaseBed, { resourceId }: DbInstance, more: Partial<DescribeDimensionKeysCommandInput> = {}) {
  return new DescribeDimensionKeysCommand({
    ServiceType: 'RDS',
    Identifier: resourceId,
    Metric: 'db.load.avg',
    GroupBy: { Group: 'db.sql_tokenized', Limit: 25 },
    StartTime: bed.ago(10 * MINUTE - 1_000),
    EndTime: bed.ago(5 * MINUTE),
    PeriodInSeconds: 60,
    ...more,
  });
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

describe('DescribeDimensionKeys', () => {
  test('answers averages over the aligned window, largest first', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const window = { resourceId: instance.resourceId, from: bed.ago(8 * MINUTE), to: bed.ago(7 * MINUTE) };
    bed.controls.incident({ ...window, sessions: 50, sql: "SELECT * FROM huge WHERE name = 'x'" });
    const { Keys, AlignedStartTime, PartitionKeys } = await bed.admin().send(keys(bed, instance));
    expect(AlignedStartTime).toEqual(bed.ago(10 * MINUTE));
    expect(Keys![0]).toMatchObject({
      Dimensions: { 'db.sql_tokenized.statement': 'SELECT * FROM huge WHERE name = ?' },
      Total: expect.closeTo(10),
    });
    expect([...Keys!].sort((a, b) => b.Total! - a.Total!)).toEqual(Keys);
    expect(PartitionKeys).toBeUndefined();
  });

  test('partitions each key, in the order of the partition keys', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const more = { GroupBy: { Group: 'db.user' }, PartitionBy: { Group: 'db.wait_event', Limit: 25 } };
    const { Keys, PartitionKeys } = await bed.admin().send(keys(bed, instance, more));
    expect(PartitionKeys).toHaveLength(5);
    for (const { Total, Partitions } of Keys!) expect(total(Partitions!)).toBeCloseTo(Total!, 9);
  });

  test('gives statistics of digests, and of nothing else', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const AdditionalMetrics = ['db.sql_tokenized.stats.calls_per_sec.avg'];
    const { Keys } = await bed.admin().send(keys(bed, instance, { AdditionalMetrics }));
    expect(Object.keys(Keys![0]!.AdditionalMetrics!)).toEqual(AdditionalMetrics);
    for (const more of [
      { AdditionalMetrics, GroupBy: { Group: 'db.user' } },
      { AdditionalMetrics: ['db.sql_tokenized.stats.calls_per_sec.max'] },
      { Metric: 'os.general.numVCPUs.avg' },
    ]) {
      expect((await errorOf(bed.admin().send(keys(bed, instance, more)))).name).toBe('InvalidArgumentException');
    }
  });

  test('filters and pages', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const Filter = { 'db.wait_event.name': 'CPU' };
    const request = { Filter, StartTime: bed.ago(10 * MINUTE), EndTime: bed.ago(5 * MINUTE) };
    const whole = await bed.admin().send(keys(bed, instance, request));
    const first = await bed.admin().send(keys(bed, instance, { ...request, MaxResults: 4 }));
    const rest = await bed.admin().send(keys(bed, instance, { ...request, NextToken: first.NextToken }));
    expect([...first.Keys!, ...rest.Keys!]).toEqual(whole.Keys);
    const all = await bed.admin().send(keys(bed, instance));
    expect(total(whole.Keys!.map(({ Total }) => Total!))).toBeLessThan(total(all.Keys!.map(({ Total }) => Total!)));
  });

  test('of a window without data has no keys', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    bed.controls.gap({ resourceId: instance.resourceId, from: bed.ago(10 * MINUTE), to: bed.ago(5 * MINUTE) });
    expect((await bed.admin().send(keys(bed, instance))).Keys).toEqual([]);
  });
});

describe('GetDimensionKeyDetails', () => {
  async function longStatement() {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const activities = bed.controls.activities(PLACE, instance.resourceId);
    const { statement } = activities.find(({ statement: { text } }) => text.length > 500)!;
    const ask = (more: object = {}) =>
      bed.admin().send(
        new GetDimensionKeyDetailsCommand({
          ServiceType: 'RDS',
          Identifier: instance.resourceId,
          Group: 'db.sql',
          GroupIdentifier: statement.id,
          ...more,
        }),
      );
    return { bed, instance, statement, ask };
  }

  test('gives the whole text', async () => {
    const { statement, ask } = await longStatement();
    const whole = [{ Dimension: 'db.sql.statement', Status: 'AVAILABLE', Value: statement.text }];
    for (const RequestedDimensions of [undefined, ['statement'], ['db.sql.statement']]) {
      expect((await ask({ RequestedDimensions })).Dimensions).toEqual(whole);
    }
  });

  test.each([
    ['PROCESSING', 500],
    ['UNAVAILABLE', undefined],
  ] as const)('that is %s gives %p characters', async (status, length) => {
    const { bed, instance, statement, ask } = await longStatement();
    bed.controls.detail({ resourceId: instance.resourceId, id: statement.id, status });
    const [detail] = (await ask()).Dimensions!;
    expect([detail!.Status, detail!.Value?.length]).toEqual([status, length]);
  });

  test.each([
    { GroupIdentifier: 'UNKNOWN' },
    { Group: 'db.sql_tokenized' },
    { Group: 'db.query' },
    { RequestedDimensions: ['text'] },
  ])('refuses %j', async (more) => {
    const { ask } = await longStatement();
    expect((await errorOf(ask(more))).name).toBe('InvalidArgumentException');
  });
});

describe('what is available', () => {
  test.each([
    ['postgres', 'RDS', 'os', 'os.general.numVCPUs'],
    ['postgres', 'RDS', 'db', 'db.load'],
    ['aurora-mysql', 'RDS', 'db.sql_tokenized.stats', 'db.sql_tokenized.stats.count_star_per_sec'],
    ['sqlserver-se', 'RDS', 'os', undefined],
    ['docdb', 'DOCDB', 'os', 'os.general.numVCPUs'],
    ['docdb', 'DOCDB', 'db', undefined],
  ] as const)('of %s (%s) by metric type %s has %s', async (engine, ServiceType, type, name) => {
    const bed = await DatabaseBed.start();
    const { resourceId: Identifier } = await bed.measured({ engine });
    const command = new ListAvailableResourceMetricsCommand({ ServiceType, Identifier, MetricTypes: [type] });
    const names = (await bed.admin().send(command)).Metrics!.map(({ Metric }) => Metric);
    expect(name === undefined ? names : names.includes(name)).toEqual(name === undefined ? [] : true);
  });

  test('of an unknown metric type is refused', async () => {
    const bed = await DatabaseBed.start();
    const { resourceId: Identifier } = await bed.measured();
    const command = new ListAvailableResourceMetricsCommand({ ServiceType: 'RDS', Identifier, MetricTypes: ['sql'] });
    expect((await errorOf(bed.admin().send(command))).name).toBe('InvalidArgumentException');
  });

  test.each([
    ['postgres', 'RDS', ['db.application', 'db.session_type', 'db'], ['db.wait_state']],
    ['aurora-mysql', 'RDS', ['db'], ['db.application', 'db.session_type']],
    ['oracle-se2', 'RDS', ['db.sql'], ['db', 'db.application']],
    ['docdb', 'DOCDB', ['db.query', 'db.wait_state'], ['db.sql', 'db.user', 'db.wait_event']],
  ] as const)('of %s (%s) has the groups %j and not %j', async (engine, ServiceType, present, absent) => {
    const bed = await DatabaseBed.start();
    const { resourceId: Identifier } = await bed.measured({ engine });
    const command = new ListAvailableResourceDimensionsCommand({ ServiceType, Identifier, Metrics: ['db.load'] });
    const [load] = (await bed.admin().send(command)).MetricDimensions!;
    const groups = load!.Groups!.map(({ Group }) => Group);
    expect(groups).toEqual(expect.arrayContaining([...present]));
    expect(groups.filter((group) => (absent as readonly unknown[]).includes(group))).toEqual([]);
  });

  test('to a caller is what it may see with all of the actions', async () => {
    const bed = await DatabaseBed.start();
    const { resourceId: Identifier } = await bed.measured();
    const only = (...dimensions: string[]) => ({ 'ForAllValues:StringEquals': { 'pi:Dimensions': dimensions } });
    const client = bed.as(
      'Reader',
      allow('pi:ListAvailableResourceDimensions'),
      allow('pi:GetResourceMetrics', '*', only('db.user.name', 'db.host.name')),
      allow('pi:DescribeDimensionKeys', '*', only('db.user.name', 'db.host.id')),
    );
    const seen = async (...AuthorizedActions: Array<'GetResourceMetrics' | 'DescribeDimensionKeys'>) => {
      const request = { ServiceType: 'RDS', Identifier, Metrics: ['db.load'], AuthorizedActions } as const;
      const { MetricDimensions } = await client.send(
        new ListAvailableResourceDimensionsCommand({ ...request, Metrics: [...request.Metrics] }),
      );
      return MetricDimensions![0]!.Groups!.flatMap(({ Dimensions }) => Dimensions!.map((one) => one.Identifier));
    };
    expect(await seen('GetResourceMetrics')).toEqual(['db.host.name', 'db.user.name']);
    expect(await seen('GetResourceMetrics', 'DescribeDimensionKeys')).toEqual(['db.user.name']);
    expect((await seen()).length).toBeGreaterThan(10);
  });

  test('of features is what the options say', async () => {
    const bed = await DatabaseBed.start({ features: { A: 'ENABLED' } });
    const { resourceId: Identifier } = await bed.measured();
    const answer = await bed.admin().send(new GetResourceMetadataCommand({ ServiceType: 'RDS', Identifier }));
    expect(answer).toMatchObject({ Identifier, Features: { A: { Status: 'ENABLED' } } });
  });
});
