import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import { performanceinsights as pi } from '../../src';
import { expectNothingDenied } from './cloudhsm-bed';
import { DatabasesBed, MINUTE, valueAt } from './databases-bed';
import { Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const LOCK = 'Lock:tuple';
const STATEMENT = "UPDATE account SET balance = 0 WHERE owner = 'a secret'";

function instance(stack: Stack): rds.DatabaseInstance {
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 0, restrictDefaultSecurityGroup: false });
  return new rds.DatabaseInstance(stack, 'Orders', {
    instanceIdentifier: 'orders',
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
    credentials: rds.Credentials.fromGeneratedSecret('orders'),
    enablePerformanceInsights: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

/** A database and an alarm of each kind. */
function orders(stack: Stack): void {
  const database = pi.DataSource.fromInstance(instance(stack));
  const topic = new sns.Topic(stack, 'OnCall', { topicName: 'on-call' });
  const topKeys = new pi.TopKeysNotification(stack, 'TopKeys', { dataSource: database, topic });
  const locks = { waitEvent: LOCK, threshold: 4 };
  const okActions = [new actions.SnsAction(topic)];
  const alarm = database.alarmOnWaitEvent(stack, 'Locks', { ...locks, alarmActions: [topKeys], okActions });
  database.alarmOnWaitEvent(stack, 'Quick', { ...locks, evaluationPeriods: 1 });
  database.alarmOnTopSql(stack, 'Share', { threshold: 70, minimumLoad: 8 });
  database.alarmOnLoadPerVcpu(stack, 'Native', { threshold: 5 });
  database.alarmOnLoad(stack, 'Math', { threshold: 10, engine: pi.MetricEngine.METRIC_MATH });
  database.alarmOnAnomaly(stack, 'Band', { metric: pi.Metric.user('batch'), period: Duration.minutes(1) });
  new cloudwatch.CompositeAlarm(stack, 'Both', {
    alarmRule: cloudwatch.AlarmRule.allOf(
      cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM),
      cloudwatch.AlarmRule.fromAlarm(
        database.alarmOnLoad(stack, 'Load', { threshold: 10 }),
        cloudwatch.AlarmState.ALARM,
      ),
    ),
  });
}

test('an incident raises every kind of alarm in time, tells what the database did, and clears', async () => {
  const bed = await DatabasesBed.start();
  expect((await bed.bed.deploy(orders)).status).toBe('CREATE_COMPLETE');
  const { resourceId } = bed.databases.instances.existing(bed.place, 'orders');
  await bed.pass(62);

  // Ten minutes, of which the agent does not measure the fourth to the sixth.
  const begin = bed.minuteIn(1);
  const end = begin + 10 * MINUTE;
  const [from, to] = [new Date(begin - 10_000), new Date(end)];
  bed.controls.incident({ resourceId, from, to, sessions: 20, waitEvent: LOCK, sql: STATEMENT, user: 'batch' });
  bed.controls.gap({ resourceId, from: new Date(begin + 3 * MINUTE), to: new Date(begin + 6 * MINUTE) });
  await bed.passTo(end + 20 * MINUTE);

  // From the end of the minute that made the difference to the change of state: one, and two of three.
  const raisedAt = (name: string) => bed.transitions(name).find(({ state }) => state === 'ALARM')!.at;
  const clearedAt = (name: string) => bed.transitions(name).at(-1)!.at;
  expect(raisedAt('App-Quick') - (begin + MINUTE)).toBeLessThanOrEqual(2 * MINUTE);
  for (const name of ['App-Locks', 'App-Share', 'App-Native', 'App-Math', 'App-Band', 'AppBoth']) {
    expect([name, raisedAt(name) > begin]).toEqual([name, true]);
    expect([name, Math.ceil((raisedAt(name) - (begin + 2 * MINUTE)) / MINUTE) <= 2]).toEqual([name, true]);
    // Two minutes of three without it.
    expect([name, Math.ceil((clearedAt(name) - (end + 2 * MINUTE)) / MINUTE) <= 2]).toEqual([name, true]);
    expect([name, bed.states(name).slice(-2)]).toEqual([name, ['ALARM', 'OK']]);
  }
  // Nothing begins without data, and the gap ends nothing.
  expect(bed.states('App-Locks')).toEqual(['OK', 'ALARM', 'OK']);
  expect(bed.states('App-Quick')).toEqual(['OK', 'ALARM', 'OK']);
  expect(bed.states('HeartbeatAlarm')).toEqual(['OK']);

  const gap = [3, 4, 5].map((minute) => begin + minute * MINUTE);
  expect(gap.map((minute) => valueAt(bed.published('orders'), minute))).toEqual([0, 0, 0]);
  const waits = bed.published('orders', 'DBLoad', { 'db.wait_event.name': LOCK });
  expect(gap.map((minute) => valueAt(waits, minute))).toEqual([undefined, undefined, undefined]);
  // Absent, and so zero, before and after.
  expect([begin - 5 * MINUTE, begin, end].map((minute) => valueAt(waits, minute))).toEqual([0, 20, 0]);

  const { topics } = bed.sandbox.supporting.tools;
  const messages = topics.messages(`arn:aws:sns:eu-central-1:${bed.place.accountId}:on-call`);
  expect(messages.map(({ subject }) => subject?.split(':')[0])).toEqual(['OK', 'ALARM', 'OK']);
  const { message } = messages[1]!;
  expect(message).toContain(STATEMENT);
  expect(message).toContain(LOCK);
  expect(message).toMatch(/What loaded instance orders from \S+ to \S+, in average active sessions/);
  // No text of SQL in any log.
  expect(bed.sandbox.functions.logs.length).toBeGreaterThan(100);
  const texts = bed.controls
    .activities(bed.place, resourceId)
    .flatMap(({ statement }) => [statement.text, statement.digest]);
  const told = bed.sandbox.functions.logs.filter(({ text }) => [STATEMENT, ...texts].some((sql) => text.includes(sql)));
  expect(told).toEqual([]);

  expectNothingDenied(bed.bed);
  expect(bed.sandbox.functions.droppedEvents).toEqual([]);
  expect((await bed.bed.destroy()).status).toBe('DELETE_COMPLETE');
  expect(bed.sandbox.inventory()).toEqual([]);
});
