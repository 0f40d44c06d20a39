import type { Stack } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { DbInstance } from '../../sandbox/services/rds/state';
import { performanceinsights as pi, sts } from '../../src';
import { expectNothingDenied } from './cloudhsm-bed';
import { DatabasesBed, expectUnbroken, MINUTE, OTHER_ACCOUNT, sourceOf, valueAt } from './databases-bed';
import { Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const APP = { user: 'app', threshold: 1000 };
const USER = { 'db.user.name': 'app' };
const WRITER = { DBClusterIdentifier: 'shop', Role: 'WRITER' };
const AWAY = { accountId: OTHER_ACCOUNT, region: 'eu-west-1' };
const REMOTE = { DBInstanceIdentifier: 'orders', AccountId: AWAY.accountId, Region: AWAY.region };

/** Questions that no other of them answers, with those that an alarm asks. */
function ask(stack: Stack, source: pi.DataSource, count: number): void {
  for (let index = 1; index < count; index++) source.metric(stack, pi.Metric.user(`user${index}`));
}

function writer(stack: Stack): pi.DataSource {
  const clusterIdentifier = 'shop';
  return pi.DataSource.fromClusterWriter(
    rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Shop', { clusterIdentifier }),
  );
}

/** A database in another account and region, with the role that its owner gives. */
function remoteSource({ sandbox, place }: DatabasesBed, remote: DbInstance): pi.DataSource {
  const principal = { AWS: `arn:aws:iam::${place.accountId}:root` };
  const { arn } = sandbox.iam.createRole({
    accountId: AWAY.accountId,
    name: 'Reading',
    trust: { Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] },
    inlinePolicies: {
      Reading: { Statement: [{ Effect: 'Allow', Action: ['pi:*', 'rds:Describe*'], Resource: '*' }] },
    },
  });
  return sourceOf(remote, { assumeRole: sts.RoleAssumption.fromRoleArn(arn, { region: AWAY.region }) });
}

async function databases() {
  const bed = await DatabasesBed.start();
  bed.databases.clusters.create(bed.place, { identifier: 'shop', engine: 'aurora-mysql' });
  const made = {
    orders: bed.instance('orders'),
    reports: bed.instance('reports'),
    idle: bed.instance('idle'),
    stopped: bed.instance('stopped'),
    writers: ['shop-1', 'shop-2'].map((name) => bed.instance(name, { clusterIdentifier: 'shop' })),
    remote: bed.instance('orders', {}, AWAY),
  };
  await bed.pass(5);
  bed.databases.instances.stop(bed.place, 'stopped');
  await bed.pass(3);
  for (const [index, { resourceId }] of made.writers.entries()) bed.controls.baseline(resourceId, 2 + index * 18);
  return { bed, ...made };
}

/** How often Performance Insights is asked about an instance in one minute. */
async function callsInAMinute(bed: DatabasesBed, instances: readonly DbInstance[]): Promise<number[]> {
  const before = bed.sandbox.journal.calls.length;
  await bed.pass(5);
  const asked = bed.sandbox.journal.calls.slice(before).filter(({ operation }) => operation === 'GetResourceMetrics');
  return instances.map(({ resourceId }) => {
    return asked.filter(({ input }) => (input as { Identifier: string }).Identifier === resourceId).length / 5;
  });
}

test('each database is polled every minute, whatever becomes of the others', async () => {
  const { bed, orders, reports, idle, stopped, writers, remote } = await databases();
  const away = remoteSource(bed, remote);
  const result = await bed.bed.deploy((stack) => {
    ask(stack, sourceOf(orders), 15);
    ask(stack, sourceOf(reports), 16);
    const patient = { readiness: pi.ReadinessCheck.ANSWER };
    const following = writer(stack);
    following.metric(stack, pi.Metric.topShare(pi.DimensionGroup.SQL_TOKENIZED));
    const named = { Orders: sourceOf(orders), Reports: sourceOf(reports), Idle: sourceOf(idle), Remote: away };
    for (const [id, source] of Object.entries(named)) source.alarmOnUser(stack, id, APP);
    following.alarmOnUser(stack, 'Writer', APP);
    sourceOf(reports).alarmOnLoadPerVcpu(stack, 'Vcpus', { engine: pi.MetricEngine.POLLER });
    sourceOf(stopped).alarmOnUser(stack, 'Stopped', { ...APP, ...patient });
  });
  expect(result.status).toBe('CREATE_COMPLETE');

  const begin = bed.minuteIn(1);
  const at = (minute: number) => begin + minute * MINUTE;
  bed.controls.idle({ resourceId: idle.resourceId, from: new Date(at(0)), to: new Date(at(10)) });
  await bed.passTo(at(10));
  expect(await callsInAMinute(bed, [orders, reports, remote])).toEqual([1, 2, 1]);
  bed.databases.instances.setPerformanceInsights(bed.place, 'reports', false);
  bed.databases.clusters.failover(bed.place, 'shop');
  await bed.passTo(at(30));
  bed.databases.instances.setPerformanceInsights(bed.place, 'reports', true);
  bed.databases.instances.replace(bed.place, 'idle');
  await bed.passTo(at(50));

  // 15 questions, also from another account; zeros while nothing is active.
  for (const source of ['orders', REMOTE]) {
    expectUnbroken(bed.published(source));
    expectUnbroken(bed.published(source, 'DBLoad', USER));
    expect(new Set(bed.published(source).map(({ sum }) => sum))).toEqual(new Set([1]));
    expect(bed.heartbeatStates(source)).toEqual(['OK']);
  }
  const none = bed.published('orders', 'DBLoad', { 'db.user.name': 'user14' });
  expect(none).toHaveLength(bed.published('orders').length);
  const idling = bed.published('idle', 'DBLoad', USER);
  expect([-1, 0, 9, 10].map((minute) => valueAt(idling, at(minute)) === 0)).toEqual([false, true, true, false]);

  // Performance Insights off: nothing, then the alarm on the heartbeat; what it has none of is noted when it is on again.
  const heartbeats = bed.published('reports');
  expectUnbroken(heartbeats.filter(({ timestamp }) => timestamp < at(14)));
  expect(bed.heartbeatStates('reports')).toEqual(['OK', 'ALARM', 'OK']);
  expect(bed.states('App-Reports')).toEqual(['OK']);
  expectUnbroken(heartbeats);
  expect([17, 25, 35].map((minute) => valueAt(heartbeats, at(minute)))).toEqual([0, 0, 1]);

  // The writer is another instance: the series goes on, with the load of that one.
  expectUnbroken(bed.published(WRITER));
  expectUnbroken(bed.published(WRITER, 'TopShare', { Group: 'db.sql_tokenized' }));
  const asked = bed.sandbox.journal.calls.filter(({ operation }) => operation === 'GetResourceMetrics');
  const byWriter = writers.map(
    ({ resourceId }) => asked.filter(({ input }) => JSON.stringify(input).includes(resourceId)).length,
  );
  expect(byWriter.every((count) => count > 10)).toBe(true);
  const writing = bed.published(WRITER, 'DBLoad', USER);
  const mean = (from: number, to: number) => {
    const span = writing.filter(({ timestamp }) => timestamp >= at(from) && timestamp < at(to));
    return span.reduce((sum, sample) => sum + sample.sum, 0) / span.length;
  };
  expect(mean(17, 40)).toBeGreaterThan(3 * mean(0, 12));
  expect(bed.heartbeatStates(WRITER)).toEqual(['OK']);

  // A stopped instance has a heartbeat and no points.
  expect(bed.published('stopped', 'DBLoad', USER)).toEqual([]);
  expect(new Set(bed.published('stopped').map(({ sum }) => sum))).toEqual(new Set([0]));
  expect(bed.heartbeatStates('stopped')).toEqual(['OK']);

  // All that is granted is used, besides writing logs.
  for (const role of ['CdkSettledPerformanceInsightsPollerRole', 'CdkSettledPerformanceInsightsProviderRole']) {
    const { granted, used } = bed.actionsOf(role);
    expect([role, granted.filter((action) => !action.startsWith('logs:'))]).toEqual([role, used]);
  }
  expect((await bed.bed.destroy()).status).toBe('DELETE_COMPLETE');
  expect(bed.sandbox.inventory().filter((line) => !line.startsWith('rds '))).toEqual([]);
  expectNothingDenied(bed.bed);
});
