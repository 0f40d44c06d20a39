import { GetResourceMetricsCommand } from '@aws-sdk/client-pi';
import { DatabaseBed, HOUR, MINUTE, PLACE } from './bed';

afterEach(() => DatabaseBed.stopAll());

const metric = (metricName: string, dimensions: Record<string, string>, namespace = 'AWS/RDS') => ({
  namespace,
  metricName,
  dimensions,
});

test('DBLoad is what the API answers, a point a minute', async () => {
  const bed = await DatabaseBed.start();
  const { resourceId } = await bed.measured();
  const [StartTime, EndTime] = [bed.ago(10 * MINUTE), bed.ago(5 * MINUTE)];
  const { MetricList } = await bed.admin().send(
    new GetResourceMetricsCommand({
      ServiceType: 'RDS',
      Identifier: resourceId,
      MetricQueries: [{ Metric: 'db.load.avg' }, { Metric: 'db.load.avg', Filter: { 'db.wait_event.name': 'CPU' } }],
      StartTime,
      EndTime,
      PeriodInSeconds: 60,
      PeriodAlignment: 'START_TIME',
    }),
  );
  const computed = bed.pi.computedMetrics(bed.world);
  const points = (name: string) =>
    computed.points(PLACE, metric(name, { DBInstanceIdentifier: 'db-1' }), StartTime, EndTime);
  const [load, cpu] = MetricList!.map(({ DataPoints }) =>
    DataPoints!.map(({ Timestamp, Value }) => ({ timestamp: Timestamp, value: expect.closeTo(Value!, 9) })),
  );
  expect([points('DBLoad'), points('DBLoadCPU')]).toEqual([load, cpu]);
  const values = (name: string) => points(name).map(({ value }) => value);
  const all = values('DBLoad');
  expect(values('DBLoadNonCPU')).toEqual(
    values('DBLoadCPU').map((value, index) => expect.closeTo(all[index]! - value, 9)),
  );
  expect(values('DBLoadRelativeToNumVCPUs')).toEqual(all.map((value) => expect.closeTo(value / 4, 9)));
  const seen = computed.performanceInsights(PLACE, 'RDS', resourceId, 'db.load.avg', StartTime, EndTime, 60);
  expect(seen).toEqual(load);
});

test('the writer’s load moves with a failover', async () => {
  const bed = await DatabaseBed.start();
  bed.databases.clusters.create(PLACE, { identifier: 'c', engine: 'aurora-mysql' });
  for (const identifier of ['c-1', 'c-2']) {
    const { resourceId } = bed.databases.instances.create(PLACE, {
      identifier,
      clusterIdentifier: 'c',
      performanceInsights: true,
    });
    bed.controls.baseline(resourceId, identifier === 'c-1' ? 1 : 100);
  }
  await bed.pass(HOUR);
  bed.databases.clusters.failover(PLACE, 'c');
  await bed.pass(10 * MINUTE);
  const computed = bed.pi.computedMetrics(bed.world);
  const dimensions = { DBClusterIdentifier: 'c', Role: 'WRITER' };
  const points = computed.points(PLACE, metric('DBLoad', dimensions), bed.ago(13 * MINUTE), bed.ago(5 * MINUTE));
  expect(points.map(({ value }) => value > 10)).toEqual([false, false, false, true, true, true, true]);
});

test('nothing is computed of gaps, other metrics and dimensions, and what is not over', async () => {
  const bed = await DatabaseBed.start();
  const { resourceId } = await bed.measured();
  bed.controls.gap({ resourceId, from: bed.ago(3 * MINUTE), to: bed.ago(2 * MINUTE) });
  const computed = bed.pi.computedMetrics(bed.world);
  const own = { DBInstanceIdentifier: 'db-1' };
  const count = (...asked: Parameters<typeof metric>) =>
    computed.points(PLACE, metric(...asked), bed.ago(4 * MINUTE), bed.ago(-4 * MINUTE)).length;
  expect(count('DBLoad', own)).toBe(2);
  expect(count('CPUUtilization', own)).toBe(0);
  expect(count('DBLoad', own, 'Mine')).toBe(0);
  expect(count('DBLoad', { ...own, Role: 'WRITER' })).toBe(0);
  expect(count('DBLoad', {})).toBe(0);
  const ask = (service: string, id: string, name: string) =>
    computed.performanceInsights(PLACE, service, id, name, bed.ago(9 * MINUTE), bed.ago(0), 60).length;
  expect(ask('RDS', resourceId, 'os.general.numVCPUs.avg')).toBe(8);
  expect([
    ask('RDS', resourceId, 'x.avg'),
    ask('RDS', 'db-NONE', 'db.load.avg'),
    ask('DOCDB', resourceId, 'db.load.avg'),
  ]).toEqual([0, 0, 0]);
});
