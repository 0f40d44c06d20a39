import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { DataSource, Metric } from '../../src/performanceinsights';
import { decodePollRequest } from '../../src/performanceinsights/poll-request.runtime';
import { RoleAssumption } from '../../src/sts';
import {
  auroraCluster,
  importedCluster,
  ordersSource,
  postgresInstance,
  RESOURCE_ID,
  testVpc,
} from '../support/databases';
import {
  filledIn,
  type Json,
  messageOf,
  onlyResource,
  resourcesOf,
  synthesize,
  testApp,
  testStack,
} from '../support/synthesis';

const SCHEDULE = 'AWS::Scheduler::Schedule';
const ALARM = 'AWS::CloudWatch::Alarm';

/** The inputs of all schedules, as EventBridge Scheduler sends them. */
function requestsOf(template: Template): Json[] {
  return resourcesOf(template, SCHEDULE).map(({ Properties }) =>
    JSON.parse(filledIn(Properties.Target.Input).replace('<aws.scheduler.scheduled-time>', '2030-01-01T00:05:00Z')),
  );
}

const user = (stack: Stack, source: DataSource, name: string, id = name) =>
  source.alarmOnUser(stack, id, { user: name, threshold: 1 });

describe('the schedule of a data source', () => {
  const template = synthesize((stack) => {
    const source = ordersSource();
    user(stack, source, 'a');
    user(stack, source, 'b');
  });

  test('fires each minute, exactly and once', () => {
    expect(onlyResource(template, SCHEDULE).Properties).toMatchObject({
      ScheduleExpression: 'cron(* * * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
    });
  });

  test('sends what the poller reads', () => {
    const question = (value: string) => ({
      metricName: 'DBLoad',
      dimensions: { 'db.user.name': value },
      unit: 'None',
      metric: 'db.load.avg',
      group: 'db.user',
      dimension: 'db.user.name',
      value,
    });
    expect(requestsOf(template)).toEqual([
      {
        scheduledTime: '2030-01-01T00:05:00Z',
        source: {
          serviceType: 'RDS',
          resourceId: RESOURCE_ID,
          instanceIdentifier: 'orders',
          dimensions: { DBInstanceIdentifier: 'orders' },
        },
        namespace: 'CdkSettled/PerformanceInsights',
        catchUpMinutes: 60,
        questions: [question('a'), question('b')],
      },
    ]);
  });

  test('waits for the permissions of the poller and of its own', () => {
    expect(onlyResource(template, SCHEDULE).DependsOn).toEqual([
      expect.stringMatching(/PollerRoleDefaultPolicy/),
      expect.stringMatching(/PollerRole/),
      expect.stringMatching(/PollerScheduleRoleDefaultPolicy/),
      expect.stringMatching(/PollerScheduleRole/),
    ]);
  });

  test('has one function behind it that is not called again when it fails', () => {
    expect(onlyResource(template, 'AWS::Lambda::EventInvokeConfig').Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
      Qualifier: '$LATEST',
    });
  });
});

test('all kinds of questions and sources are understood by the poller', () => {
  const template = synthesize((stack) => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading', { externalId: 'word' });
    const writer = DataSource.fromClusterWriter(importedCluster(stack), { catchUp: Duration.minutes(5) });
    for (const [index, source] of [ordersSource(), writer, ordersSource({ assumeRole })].entries()) {
      user(stack, source, 'a', `User${index}`);
      source.alarmOnTopSql(stack, `Share${index}`, { threshold: 50 });
      source.alarmOnWaitEventType(stack, `Wait${index}`, { waitEventType: 'IO', threshold: 50, perVcpu: true });
      source.metric(stack, Metric.counter('os.memory.free'));
    }
  });
  const decoded = requestsOf(template).map((request) => decodePollRequest(request, 'eu-west-1'));
  expect(decoded.map(({ source }) => source)).toMatchObject([
    { resourceId: RESOURCE_ID, dimensions: { DBInstanceIdentifier: 'orders' } },
    { writerOf: 'shop', dimensions: { DBClusterIdentifier: 'shop', Role: 'WRITER' } },
    { resourceId: RESOURCE_ID, dimensions: { DBInstanceIdentifier: 'orders', AccountId: '222222222222' } },
  ]);
  expect(decoded.map(({ catchUpMinutes }) => catchUpMinutes)).toEqual([60, 5, 60]);
  expect(decoded.map(({ questions }) => questions.length)).toEqual([3, 4, 4]);
  expect(decoded[2]!.assumeRole?.request).toMatchObject({ ExternalId: 'word' });
  expect(decoded[0]!.assumeRole).toBeUndefined();
});

test('identifiers that are known at deployment only become part of the JSON', () => {
  const stack = testStack();
  const vpc = testVpc(stack);
  user(stack, DataSource.fromInstance(postgresInstance(stack, 'Db', vpc)), 'a', 'A');
  user(stack, DataSource.fromClusterWriter(auroraCluster(stack, 'Shop', vpc)), 'a', 'B');
  const [instance, writer] = requestsOf(Template.fromStack(stack)).map(({ source }) => source);
  expect(instance).toMatchObject({ resourceId: expect.stringMatching(/^\[Db\w+\.DbiResourceId\]$/) });
  expect(instance.dimensions).toEqual({ DBInstanceIdentifier: instance.instanceIdentifier });
  expect(writer).toMatchObject({ writerOf: expect.stringMatching(/^\[Shop\w+\]$/) });
});

describe('one stack', () => {
  test('has one poller for all data sources, with a schedule each', () => {
    const template = synthesize((stack) => {
      for (const instanceIdentifier of ['a', 'b', 'c'])
        user(stack, ordersSource({ instanceIdentifier }), 'u', instanceIdentifier);
    });
    expect(resourcesOf(template, SCHEDULE)).toHaveLength(3);
    const targets = resourcesOf(template, SCHEDULE).map(({ Properties }) => JSON.stringify(Properties.Target.Arn));
    expect(new Set(targets).size).toBe(1);
  });

  test('polls a database once, however often it is made a data source and asked the same', () => {
    const template = synthesize((stack) => {
      user(stack, ordersSource(), 'a', 'A');
      user(stack, ordersSource(), 'a', 'B');
      ordersSource().metric(stack, Metric.user('a'), { label: 'Again' });
    });
    expect(requestsOf(template).map(({ questions }) => questions.length)).toEqual([1]);
  });

  test('has no two keys under one name', () => {
    const stack = testStack();
    const ask = (name: string) => ordersSource().metric(stack, Metric.user(name, { publishedAs: 'x' }));
    ask('ü');
    expect(messageOf(() => ask('ö'))).toContain('publishedAs must be of one key only, got "x" for two of them');
  });

  test('takes questions until synthesis, as many as fit into the input of a schedule', () => {
    const stack = testStack();
    const source = ordersSource();
    for (let index = 0; index < 150; index++) source.metric(stack, Metric.user(`user${index}`));
    expect(requestsOf(Template.fromStack(stack))[0].questions).toHaveLength(150);
  });

  test('says so where they do not fit', () => {
    const stack = testStack();
    const source = ordersSource();
    for (let index = 0; index < 400; index++) source.metric(stack, Metric.user(`${index}`.padEnd(255, 'x')));
    expect(messageOf(() => Template.fromStack(stack))).toMatch(
      /questions about a data source must fit into 262144 bytes of a schedule's input, got 400 of them with \d+ bytes; ask fewer/,
    );
  });
});

test('two stacks have a poller each', () => {
  const app = testApp();
  const stacks = ['One', 'Two'].map((id) => new Stack(app, id));
  const source = ordersSource();
  for (const stack of stacks) user(stack, source, 'a');
  for (const stack of stacks) expect(requestsOf(Template.fromStack(stack))).toHaveLength(1);
});

test('databases of two stacks with the same logical id are told apart', () => {
  const app = new App({ context: testApp().node.getAllContext() });
  const sources = ['One', 'Two'].map((id) => {
    const stack = new Stack(app, id);
    return DataSource.fromInstance(postgresInstance(stack, 'Db', testVpc(stack)));
  });
  const stack = new Stack(app, 'Alarms');
  for (const [index, source] of sources.entries()) user(stack, source, 'a', `A${index}`);
  expect(resourcesOf(Template.fromStack(stack), SCHEDULE)).toHaveLength(2);
});

describe('the heartbeat', () => {
  const heartbeat = (template: Template) =>
    resourcesOf(template, ALARM).filter(({ Properties }) => Properties.MetricName === 'Heartbeat');

  test('has an alarm that goes off when nothing was published for ten minutes', () => {
    const [alarm, ...others] = heartbeat(synthesize((stack) => user(stack, ordersSource(), 'a')));
    expect(others).toEqual([]);
    expect(alarm.Properties).toMatchObject({
      Namespace: 'CdkSettled/PerformanceInsights',
      Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'orders' }],
      // Their number, not their value: an idle database has no data either.
      Statistic: 'SampleCount',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 60,
      EvaluationPeriods: 10,
      DatapointsToAlarm: 10,
      TreatMissingData: 'breaching',
    });
    expect(alarm.Properties).not.toHaveProperty('AlarmActions');
  });

  test('has actions that are given', () => {
    const template = synthesize((stack) => {
      const heartbeatActions = [new SnsAction(new sns.Topic(stack, 'Topic'))];
      user(stack, ordersSource({ heartbeatActions }), 'a');
    });
    const actions = [{ Ref: expect.stringMatching(/^Topic/) }];
    expect(heartbeat(template)[0].Properties).toMatchObject({ AlarmActions: actions, OKActions: actions });
  });

  test('has no alarm where that is switched off', () => {
    expect(heartbeat(synthesize((stack) => user(stack, ordersSource({ heartbeatAlarm: false }), 'a')))).toEqual([]);
  });

  test('is a metric for graphs', () => {
    expect(ordersSource().metricHeartbeat()).toMatchObject({
      namespace: 'CdkSettled/PerformanceInsights',
      metricName: 'Heartbeat',
      statistic: 'Minimum',
    });
  });
});
