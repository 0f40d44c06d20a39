import { GetResourceMetricsCommand, PIClient } from '@aws-sdk/client-pi';
import type { FaultKind } from '../../sandbox/kernel/faults';
import { performanceinsights as pi } from '../../src';
import { DatabasesBed, expectUnbroken, MINUTE, sourceOf } from './databases-bed';
import { Testbed } from './testbed';

jest.setTimeout(180_000);
afterEach(() => Testbed.stopAll());

const HOUR = 60 * MINUTE;
const LOAD = pi.Metric.load();
const POLLER = { engine: pi.MetricEngine.POLLER };

const KINDS: readonly FaultKind[] = [
  'throttle',
  'internal-error',
  'unavailable',
  'cut-before',
  'cut-after',
  'kill-before',
  'kill-after',
];

/** Over a day: each kind of fault many times at each call, and outages of the services. */
function planFaults({ sandbox }: DatabasesBed): void {
  const { faults } = sandbox;
  const calls: ReadonlyArray<[string, string, number]> = [
    ['cloudwatch', 'PutMetricData', 83],
    ['pi', 'GetResourceMetrics', 89],
    ['cloudwatch', 'GetMetricStatistics', 3],
  ];
  for (const [service, operation, distance] of calls) {
    for (let index = 0; index < 2 * KINDS.length; index++) {
      const match = { service, operation, execution: true, nth: 40 + index * distance } as const;
      faults.add({ match, kind: KINDS[index % KINDS.length]! });
    }
  }
  for (const [from, operation, service] of [
    [900, 'PutMetricData', 'cloudwatch'],
    [1000, 'GetResourceMetrics', 'pi'],
  ] as const) {
    faults.add({ match: { service, operation, execution: true, from }, kind: 'throttle', times: 12 });
  }
}

/** Invocations that never come, come late or come twice; each starts from the scheduled time, in minutes. */
function planIncidents({ sandbox, now }: DatabasesBed): void {
  const at = (minute: number) => new Date(Math.floor(now / MINUTE) * MINUTE + minute * MINUTE);
  const { incidents } = sandbox.scheduler;
  for (let minute = 70; minute < 1300; minute += 31) {
    const between = { from: at(minute), to: at(minute + 1) };
    const kind = (['skip', 'delay', 'duplicate'] as const)[minute % 3]!;
    incidents.add({ kind, between, afterMs: 10_000 + (minute % 7) * 20_000 });
  }
  incidents.add({ kind: 'skip', between: { from: at(400), to: at(430) } });
}

test('over a day of faults no minute of a database is lost, and none is published twice', async () => {
  const bed = await DatabasesBed.start({ scheduler: { jitterMs: { min: 0, max: 30_000 } } });
  const orders = bed.instance('orders');
  await bed.pass(5);
  const deployed = await bed.bed.deploy((stack) => {
    const source = sourceOf(orders);
    source.alarmOnUser(stack, 'User', { user: 'app', threshold: 1000 });
    source.metric(stack, LOAD, POLLER);
  });
  expect(deployed.status).toBe('CREATE_COMPLETE');
  bed.sandbox.faults.clear();
  planFaults(bed);
  planIncidents(bed);
  for (let hour = 0; hour < 24; hour++) {
    await bed.pass(60);
    if (hour % 5 === 2) bed.sandbox.functions.coldStart();
  }
  expect(bed.sandbox.faults.unused()).toEqual([]);
  expect(bed.sandbox.scheduler.incidents.unused()).toEqual([]);

  // What is missing in the last hour still has its turns.
  const sure = <Sample extends { timestamp: number }>(samples: Sample[]) =>
    samples.filter(({ timestamp }) => timestamp < bed.now - HOUR);
  const load = sure(bed.published('orders', 'DBLoad'));
  expect(load.length).toBeGreaterThan(1370);
  expectUnbroken(load);
  expectUnbroken(sure(bed.published('orders', 'DBLoad', { 'db.user.name': 'app' })));
  const heartbeats = sure(bed.published('orders'));
  expectUnbroken(heartbeats);
  expect(new Set(heartbeats.map(({ sum }) => sum))).toEqual(new Set([1]));
  expect(load.map(({ timestamp, sum }) => [timestamp, sum])).toEqual(
    await measured(bed, orders.resourceId, load.length),
  );
});

/** What Performance Insights has of as many minutes, from the first that was published on. */
async function measured(bed: DatabasesBed, resourceId: string, count: number): Promise<Array<[number, number]>> {
  const client = new PIClient(bed.sandbox.clientConfiguration());
  const first = bed.published('orders')[0]!.timestamp;
  const { MetricList = [] } = await client.send(
    new GetResourceMetricsCommand({
      ServiceType: 'RDS',
      Identifier: resourceId,
      MetricQueries: [{ Metric: 'db.load.avg' }],
      StartTime: new Date(first),
      EndTime: new Date(first + count * MINUTE),
      PeriodInSeconds: 60,
      PeriodAlignment: 'START_TIME',
    }),
  );
  return (MetricList[0]?.DataPoints ?? []).map(({ Timestamp, Value }) => [Timestamp!.getTime(), Value!]);
}

test('twelve databases with 15 questions each are polled in the same minutes', async () => {
  const bed = await DatabasesBed.start();
  const instances = Array.from({ length: 12 }, (_, index) => bed.instance(`db${index}`));
  await bed.pass(3);
  const deployed = await bed.bed.deploy((stack) => {
    for (const instance of instances) {
      const source = sourceOf(instance, { heartbeatAlarm: false });
      for (let user = 0; user < 14; user++) source.metric(stack, pi.Metric.user(`user${user}`));
      source.metric(stack, LOAD, POLLER);
    }
  });
  expect(deployed.status).toBe('CREATE_COMPLETE');
  const calls = bed.sandbox.journal.calls.length;
  await bed.passTo(bed.minuteIn(4));
  const puts = bed.sandbox.journal.calls.slice(calls).filter(({ operation }) => operation === 'PutMetricData');
  for (const { identifier } of instances) {
    expect(bed.published(identifier).length).toBeGreaterThanOrEqual(3);
    expectUnbroken(bed.published(identifier));
    expectUnbroken(bed.published(identifier, 'DBLoad', { 'db.user.name': 'user13' }));
  }
  // A request for each database and minute, though all come at once.
  expect(puts).toHaveLength(instances.reduce((sum, { identifier }) => sum + bed.published(identifier).length, 0));
  expect(bed.sandbox.functions.droppedEvents).toEqual([]);
});
