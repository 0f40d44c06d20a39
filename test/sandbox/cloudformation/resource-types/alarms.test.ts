import { App, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { ACCOUNT, Lab, plain, REGION } from '../lab';

const PLACE = { accountId: ACCOUNT, region: REGION };
const NAMESPACE = 'App';
const metric = (metricName: string) =>
  new cloudwatch.Metric({ namespace: NAMESPACE, metricName, period: Duration.minutes(1), statistic: 'Average' });

function deploy(it: Lab, build: (stack: Stack) => void) {
  const stack = new Stack(new App({ analyticsReporting: false }), 'app');
  build(stack);
  const { Resources, ...template } = (stack.node.root as App).synth().getStackByName('app').template;
  return it.deploy(Resources, { template });
}

/** Puts a point into the minute that has just ended. */
function put(it: Lab, name: string, value: number): void {
  const { cloudWatch } = it.supporting;
  const MetricData = [{ MetricName: name, Value: value, Timestamp: new Date(it.clock.now() - 60_000) }];
  const call = { world: it.world, ...PLACE, principal: undefined as never, requestId: 'r' };
  const state = it.world.state(cloudWatch, ACCOUNT, REGION);
  cloudWatch.operations.PutMetricData!.handle({ Namespace: NAMESPACE, MetricData }, state, call);
}

test('an alarm of CDK fires into its topic, changes in place, and goes with its stack', async () => {
  const it = new Lab();
  const build = (threshold: number) => (stack: Stack) => {
    const topic = new sns.Topic(stack, 'Topic', { displayName: 'alarms' });
    topic.addSubscription(new EmailSubscription('a@example.com'));
    const alarm = metric('Load').createAlarm(stack, 'Alarm', { alarmName: 'load', threshold, evaluationPeriods: 1 });
    alarm.addAlarmAction(new SnsAction(topic));
    new cloudwatch.Dashboard(stack, 'Dashboard').addWidgets(new cloudwatch.AlarmWidget({ alarm }));
  };
  expect((await deploy(it, build(50))).status).toBe('CREATE_COMPLETE');
  expect(
    it
      .inventory()
      .map((line) => line.split(' ')[0])
      .sort(),
  ).toEqual(['alarm', 'dashboard', 'topic']);
  expect((await deploy(it, build(5))).status).toBe('UPDATE_COMPLETE');
  await it.clock.sleep(120_000);
  put(it, 'Load', 9);
  await it.clock.sleep(60_000);
  const { alarms, topics } = it.supporting.tools;
  const { state, settings } = alarms.get(PLACE, 'load');
  expect(state.value).toBe('ALARM');
  const [message] = topics.messages(settings.AlarmActions![0]!);
  expect(JSON.parse(message!.message)).toMatchObject({ AlarmName: 'load', NewStateValue: 'ALARM' });
  const [subscription] = topics.get(settings.AlarmActions![0]!).subscriptions.values();
  expect(subscription).toMatchObject({ protocol: 'email', endpoint: 'a@example.com' });
  expect((await it.delete()).status).toBe('DELETE_COMPLETE');
  expect(it.inventory()).toEqual([]);
});

test('alarms of CDK on expressions, bands and other alarms come and go', async () => {
  const it = new Lab();
  const result = await deploy(it, (stack) => {
    const ratio = new cloudwatch.MathExpression({
      expression: 'a / b',
      usingMetrics: { a: metric('A'), b: metric('B') },
      period: Duration.minutes(1),
    });
    const expression = ratio.createAlarm(stack, 'Expression', { threshold: 1, evaluationPeriods: 3 });
    const insights = new cloudwatch.MathExpression({
      expression: "DB_PERF_INSIGHTS('RDS', 'db-ABC', 'db.load.avg')",
      usingMetrics: {},
      period: Duration.minutes(1),
    });
    insights.createAlarm(stack, 'Insights', { threshold: 1, evaluationPeriods: 3 });
    const band = new cloudwatch.AnomalyDetectionAlarm(stack, 'Band', {
      metric: metric('A'),
      evaluationPeriods: 2,
      stdDevs: 3,
    });
    new cloudwatch.CompositeAlarm(stack, 'Either', {
      alarmRule: cloudwatch.AlarmRule.anyOf(
        cloudwatch.AlarmRule.fromAlarm(expression, cloudwatch.AlarmState.ALARM),
        cloudwatch.AlarmRule.not(cloudwatch.AlarmRule.fromAlarm(band, cloudwatch.AlarmState.OK)),
      ),
    });
  });
  expect(result.events.flatMap(({ status, reason }) => (status.endsWith('FAILED') ? [reason] : []))).toEqual([]);
  expect(it.inventory()).toHaveLength(4);
  await it.clock.sleep(180_000);
  expect((await it.delete()).status).toBe('DELETE_COMPLETE');
});

test('a band over Performance Insights synthesizes, and CloudWatch refuses it', async () => {
  const it = new Lab();
  const result = await deploy(it, (stack) => {
    const insights = new cloudwatch.MathExpression({
      expression: "DB_PERF_INSIGHTS('RDS', 'db-ABC', 'db.load.avg')",
      usingMetrics: {},
      period: Duration.minutes(1),
    });
    new cloudwatch.AnomalyDetectionAlarm(stack, 'Band', { metric: insights, evaluationPeriods: 2 });
  });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(result.events.map(({ reason }) => reason)).toContain(
    'Anomaly detection does not support the function DB_PERF_INSIGHTS',
  );
});

test('what has the name of an alarm that is there fails', async () => {
  const it = new Lab();
  const Metric = { Namespace: NAMESPACE, MetricName: 'Load', Period: '60', Statistic: 'Sum', Threshold: '1' };
  const Properties = {
    AlarmName: 'load',
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: '1',
    ...Metric,
  };
  const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties };
  expect((await it.deploy({ Alarm: alarm })).status).toBe('CREATE_COMPLETE');
  const second = await it.deploy({ A: plain(), Alarm: alarm }, { stackName: 'other' });
  expect(second.events.map(({ reason }) => reason)).toContain('load already exists');
  expect(it.inventory().filter((line) => line.startsWith('alarm'))).toEqual(['alarm load']);
});

test('a policy of a topic comes, changes and goes with the default in its place', async () => {
  const it = new Lab();
  const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alarms' } };
  const policy = (Effect: string) => ({
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: { Effect, Principal: '*', Action: 'sns:Publish', Resource: '*' },
      },
    },
  });
  const arn = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;
  const { topics } = it.supporting.tools;
  await it.deploy({ Topic: topic, Policy: policy('Allow') });
  expect(topics.get(arn).policy).toMatchObject({ Statement: { Effect: 'Allow' } });
  await it.deploy({ Topic: topic, Policy: policy('Deny') });
  expect(topics.get(arn).policy).toMatchObject({ Statement: { Effect: 'Deny' } });
  await it.deploy({ Topic: topic });
  expect(topics.get(arn).policy).toBeUndefined();
});

test.each<[string, object, string]>([
  [
    'a FIFO topic',
    { Type: 'AWS::SNS::Topic', Properties: { FifoTopic: true } },
    'the sandbox does not model FIFO topics',
  ],
  [
    'a dashboard that is no JSON',
    { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{' } },
    'The dashboard body is invalid',
  ],
  [
    'a detector without a statistic',
    { Type: 'AWS::CloudWatch::AnomalyDetector', Properties: { Namespace: 'n', MetricName: 'm' } },
    'needs Namespace, MetricName and Stat',
  ],
])('%s is refused', async (_, resource, reason) => {
  const result = await new Lab().deploy({ A: resource });
  expect(result.events.map((event) => event.reason)).toContainEqual(expect.stringContaining(reason));
});
