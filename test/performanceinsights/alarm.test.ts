import { Duration, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  Alarm,
  type AlarmOptions,
  AnomalyDirection,
  DataSource,
  DimensionGroup,
  Metric,
  MetricEngine,
  ReadinessCheck,
} from '../../src/performanceinsights';
import { importedCluster, ordersSource, RESOURCE_ID } from '../support/databases';
import { type Json, messageOf, onlyResource, resourcesOf, synthesize, testStack } from '../support/synthesis';

const ALARM = 'AWS::CloudWatch::Alarm';
const READINESS = 'Custom::SettledPerformanceInsightsReadiness';
const NAMESPACE = 'CdkSettled/PerformanceInsights';
const { ComparisonOperator } = cloudwatch;

/** The only alarm that `make` makes, but for the one on the heartbeat. */
function alarmOf(make: (stack: Stack) => void): Json {
  const template = synthesize(make);
  const alarms = resourcesOf(template, ALARM).filter(({ Properties }) => Properties.MetricName !== 'Heartbeat');
  expect(alarms).toHaveLength(1);
  return alarms[0];
}

const orders = () => ordersSource();
const INSTANCE = { Name: 'DBInstanceIdentifier', Value: 'orders' };

const FACTORIES: Array<[string, (stack: Stack) => Alarm, string, Json[]]> = [
  [
    'alarmOnWaitEvent',
    (s) => orders().alarmOnWaitEvent(s, 'A', { waitEvent: 'CPU', threshold: 1 }),
    'DBLoad',
    [{ Name: 'db.wait_event.name', Value: 'CPU' }],
  ],
  [
    'alarmOnWaitEventType',
    (s) => orders().alarmOnWaitEventType(s, 'A', { waitEventType: 'IO', threshold: 1 }),
    'DBLoad',
    [{ Name: 'db.wait_event_type.name', Value: 'IO' }],
  ],
  [
    'alarmOnTopSql',
    (s) => orders().alarmOnTopSql(s, 'A', { threshold: 60 }),
    'TopShare',
    [{ Name: 'Group', Value: 'db.sql_tokenized' }],
  ],
  [
    'alarmOnTopSql of a group',
    (s) => orders().alarmOnTopSql(s, 'A', { threshold: 60, group: DimensionGroup.USER }),
    'TopShare',
    [{ Name: 'Group', Value: 'db.user' }],
  ],
  [
    'alarmOnSqlDigest',
    (s) => orders().alarmOnSqlDigest(s, 'A', { sqlDigest: 'AB', threshold: 1 }),
    'DBLoad',
    [{ Name: 'db.sql_tokenized.id', Value: 'AB' }],
  ],
  [
    'alarmOnUser',
    (s) => orders().alarmOnUser(s, 'A', { user: 'app', threshold: 1 }),
    'DBLoad',
    [{ Name: 'db.user.name', Value: 'app' }],
  ],
  [
    'alarmOnHost',
    (s) => orders().alarmOnHost(s, 'A', { host: 'h', threshold: 1 }),
    'DBLoad',
    [{ Name: 'db.host.name', Value: 'h' }],
  ],
  [
    'alarmOnDatabase',
    (s) => orders().alarmOnDatabase(s, 'A', { database: 'shop', threshold: 1 }),
    'DBLoad',
    [{ Name: 'db.name', Value: 'shop' }],
  ],
  [
    'alarmOnApplication',
    (s) => orders().alarmOnApplication(s, 'A', { application: 'psql', threshold: 1 }),
    'DBLoad',
    [{ Name: 'db.application.name', Value: 'psql' }],
  ],
  [
    'alarmOnDimension',
    (s) =>
      orders().alarmOnDimension(s, 'A', {
        group: DimensionGroup.HOST,
        dimension: 'db.host.id',
        value: 'ü',
        publishedAs: 'ue',
        threshold: 1,
      }),
    'DBLoad',
    [{ Name: 'db.host.id', Value: 'ue' }],
  ],
  [
    'any of them per vCPU',
    (s) => orders().alarmOnUser(s, 'A', { user: 'app', threshold: 1, perVcpu: true }),
    'DBLoadPerVCPU',
    [{ Name: 'db.user.name', Value: 'app' }],
  ],
];

describe('an alarm that is polled', () => {
  test.each(FACTORIES)('by %s is on its series', (_, make, MetricName, dimensions) => {
    expect(alarmOf(make).Properties).toMatchObject({
      Namespace: NAMESPACE,
      MetricName,
      Dimensions: [INSTANCE, ...dimensions],
      Statistic: 'Average',
      Period: 60,
    });
  });

  test('goes off at two of three minutes, and keeps its state in gaps', () => {
    const alarm = alarmOf((stack) => orders().alarmOnUser(stack, 'A', { user: 'app', threshold: 5 }));
    expect(alarm.Properties).toMatchObject({
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      TreatMissingData: 'ignore',
    });
  });

  test('of the writer has the dimensions of the cluster', () => {
    const alarm = alarmOf((stack) =>
      DataSource.fromClusterWriter(importedCluster(stack)).alarmOnLoad(stack, 'A', { threshold: 5 }),
    );
    expect(alarm.Properties.Dimensions).toEqual([
      { Name: 'DBClusterIdentifier', Value: 'shop' },
      { Name: 'Role', Value: 'WRITER' },
    ]);
  });
});

describe('an alarm that RDS serves', () => {
  test('on load is on its metric, without a poller, a readiness check or anything else', () => {
    const template = synthesize((stack) => orders().alarmOnLoad(stack, 'A', { threshold: 5 }));
    expect(Object.keys(template.toJSON().Resources)).toHaveLength(1);
    expect(onlyResource(template, ALARM).Properties).toMatchObject({
      Namespace: 'AWS/RDS',
      MetricName: 'DBLoad',
      Dimensions: [INSTANCE],
      // RDS publishes nothing where there is no load.
      TreatMissingData: 'notBreaching',
    });
  });

  test('on load per vCPU has the threshold 1, unless given otherwise', () => {
    expect(alarmOf((stack) => orders().alarmOnLoadPerVcpu(stack, 'A')).Properties).toMatchObject({
      MetricName: 'DBLoadRelativeToNumVCPUs',
      Threshold: 1,
    });
    expect(alarmOf((stack) => orders().alarmOnLoadPerVcpu(stack, 'A', { threshold: 2 })).Properties.Threshold).toBe(2);
  });

  test('on load by anomaly has a band', () => {
    const { Properties } = alarmOf((stack) => orders().alarmOnAnomaly(stack, 'A'));
    expect(Properties).toMatchObject({
      ComparisonOperator: 'GreaterThanUpperThreshold',
      ThresholdMetricId: 'expr_1',
      Metrics: [
        { Expression: 'ANOMALY_DETECTION_BAND(m0, 2)' },
        { Id: 'm0', MetricStat: { Metric: { Namespace: 'AWS/RDS', MetricName: 'DBLoad' }, Period: 60 } },
      ],
    });
    expect(Properties).not.toHaveProperty('Threshold');
  });
});

describe('an alarm by metric math', () => {
  const counter = Metric.counter('os.cpuUtilization.user');

  test('on a counter asks Performance Insights by itself, and depends on the readiness check', () => {
    const template = synthesize((stack) => orders().alarmOnCounter(stack, 'A', { counter, threshold: 80 }));
    expect(resourcesOf(template, 'AWS::Scheduler::Schedule')).toEqual([]);
    const alarm = onlyResource(template, ALARM);
    expect(alarm.DependsOn).toEqual(Object.keys(template.findResources(READINESS)));
    expect(alarm.Properties).toMatchObject({
      TreatMissingData: 'missing',
      Metrics: [
        {
          Expression: `DB_PERF_INSIGHTS('RDS', '${RESOURCE_ID}', 'os.cpuUtilization.user.avg')`,
          Period: 60,
          ReturnData: true,
        },
      ],
    });
  });

  test('on load per vCPU divides', () => {
    const { Properties } = alarmOf((stack) =>
      orders().alarmOnLoadPerVcpu(stack, 'A', { engine: MetricEngine.METRIC_MATH }),
    );
    const ask = (metric: string) => `DB_PERF_INSIGHTS('RDS', '${RESOURCE_ID}', '${metric}')`;
    expect(Properties.Metrics[0].Expression).toBe(`${ask('db.load.avg')} / ${ask('os.general.numVCPUs.avg')}`);
  });

  test('is no reason to warn of metrics that are missing', () => {
    const stack = testStack();
    orders().alarmOnCounter(stack, 'A', { counter, threshold: 80 });
    expect(Annotations.fromStack(stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  test('with a band is an error', () => {
    const make = () => orders().alarmOnAnomaly(testStack(), 'A', { metric: counter, engine: MetricEngine.METRIC_MATH });
    expect(messageOf(make)).toContain('CloudWatch learns no band of expected values over DB_PERF_INSIGHTS');
  });
});

describe('a band of expected values', () => {
  test.each([
    [AnomalyDirection.ABOVE, 'GreaterThanUpperThreshold', 'above'],
    [AnomalyDirection.BELOW, 'LessThanLowerThreshold', 'below'],
    [AnomalyDirection.BOTH, 'LessThanLowerOrGreaterThanUpperThreshold', 'outside'],
  ])('%s is compared by %s', (direction, operator, word) => {
    const { Properties } = alarmOf((stack) =>
      orders().alarmOnAnomaly(stack, 'A', {
        metric: Metric.waitEventType('IO'),
        anomaly: { standardDeviations: 4, direction },
        period: Duration.minutes(5),
      }),
    );
    expect(Properties).toMatchObject({
      ComparisonOperator: operator,
      Metrics: [
        { Expression: 'ANOMALY_DETECTION_BAND(m0, 4)' },
        { MetricStat: { Metric: { Namespace: NAMESPACE, MetricName: 'DBLoad' }, Period: 300 } },
      ],
    });
    expect(Properties.AlarmDescription).toContain(`: ${word} what is expected. `);
  });
});

test('a minimum of load lets minutes without it count as zero, from series of the same minute', () => {
  const { Properties } = alarmOf((stack) => orders().alarmOnTopSql(stack, 'A', { threshold: 60, minimumLoad: 2 }));
  const series = (id: string, MetricName: string) =>
    expect.objectContaining({
      Id: id,
      MetricStat: expect.objectContaining({
        Metric: expect.objectContaining({ Namespace: NAMESPACE, MetricName }),
        Period: 60,
      }),
    });
  expect(Properties.Metrics).toEqual([
    expect.objectContaining({ Expression: 'IF(load > 2, value, 0)', ReturnData: true }),
    series('load', 'DBLoad'),
    series('value', 'TopShare'),
  ]);
});

test('what is given of an alarm is taken', () => {
  const options: AlarmOptions = {
    threshold: 3,
    comparison: ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 10,
    datapointsToAlarm: 7,
    period: Duration.minutes(5),
    treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    actionsEnabled: false,
    alarmName: 'low',
    alarmDescription: 'Too low',
  };
  expect(alarmOf((stack) => orders().alarmOnLoad(stack, 'A', options)).Properties).toMatchObject({
    Threshold: 3,
    ComparisonOperator: 'LessThanOrEqualToThreshold',
    EvaluationPeriods: 10,
    DatapointsToAlarm: 7,
    Period: 300,
    TreatMissingData: 'breaching',
    ActionsEnabled: false,
    AlarmName: 'low',
    AlarmDescription: 'Too low',
  });
});

test('one evaluation period takes one data point', () => {
  const alarm = alarmOf((stack) => orders().alarmOnLoad(stack, 'A', { threshold: 3, evaluationPeriods: 1 }));
  expect(alarm.Properties).toMatchObject({ EvaluationPeriods: 1, DatapointsToAlarm: 1 });
});

test('actions are those for each state', () => {
  const { Properties } = alarmOf((stack) => {
    const action = (id: string) => [new SnsAction(new sns.Topic(stack, id))];
    orders().alarmOnLoad(stack, 'A', {
      threshold: 3,
      alarmActions: action('Alarm'),
      okActions: action('Ok'),
      insufficientDataActions: action('Unknown'),
    });
  });
  expect(Properties).toMatchObject({
    AlarmActions: [{ Ref: expect.stringMatching(/^Alarm/) }],
    OKActions: [{ Ref: expect.stringMatching(/^Ok/) }],
    InsufficientDataActions: [{ Ref: expect.stringMatching(/^Unknown/) }],
  });
});

test('it is an alarm of CloudWatch, for composite alarms and dashboards', () => {
  const stack = testStack();
  const locks = orders().alarmOnWaitEventType(stack, 'Locks', { waitEventType: 'Lock', threshold: 2 });
  const load = orders().alarmOnLoad(stack, 'Load', { threshold: 2 });
  new cloudwatch.CompositeAlarm(stack, 'Both', { alarmRule: cloudwatch.AlarmRule.allOf(locks, load) });
  new cloudwatch.Dashboard(stack, 'Dashboard', { widgets: [[new cloudwatch.AlarmWidget({ alarm: locks })]] });
  expect(locks.toAnnotation().value).toBe(2);
  expect(onlyResource(Template.fromStack(stack), 'AWS::CloudWatch::CompositeAlarm').Properties.AlarmRule).toBeDefined();
});

const DESCRIPTIONS: Array<[string, (stack: Stack) => Alarm, string]> = [
  [
    'load',
    (s) => orders().alarmOnLoad(s, 'A', { threshold: 5 }),
    'Database load on orders: above 5 average active sessions. Look at the load by wait events',
  ],
  [
    'a counter',
    (s) =>
      orders().alarmOnCounter(s, 'A', {
        counter: Metric.counter('os.memory.free'),
        threshold: 5,
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      }),
    'os.memory.free.avg on orders: below 5. Look at',
  ],
  [
    'a share',
    (s) => orders().alarmOnTopSql(s, 'A', { threshold: 60 }),
    'Share of the load that the top db.sql_tokenized has on orders: above 60 percent. Look at',
  ],
  [
    'a wait event',
    (s) => orders().alarmOnWaitEvent(s, 'A', { waitEvent: 'CPU', threshold: 1, perVcpu: true }),
    'Load of db.wait_event.name "CPU" on orders: above 1 average active sessions for each vCPU. Look at the top SQL that waits for it in Database Insights.',
  ],
  [
    'a digest',
    (s) => orders().alarmOnSqlDigest(s, 'A', { sqlDigest: 'AB', threshold: 1 }),
    'Look at its text, its plan and what it waits for in Database Insights.',
  ],
  [
    'a blocking session',
    (s) =>
      orders().alarmOnDimension(s, 'A', {
        group: DimensionGroup.BLOCKING_SESSION,
        dimension: 'db.blocking_session.id',
        value: '1',
        threshold: 1,
      }),
    'Look at the sessions that it blocks in Database Insights.',
  ],
  [
    'the writer',
    (s) => DataSource.fromClusterWriter(importedCluster(s)).alarmOnUser(s, 'A', { user: 'app', threshold: 1 }),
    'Load of db.user.name "app" on the writer of shop: above 1',
  ],
];
test.each(DESCRIPTIONS)('the description of an alarm on %s says what to look at', (_, make, text) => {
  expect(alarmOf(make).Properties.AlarmDescription).toContain(text);
});

describe('readiness', () => {
  const made = (options: Partial<AlarmOptions>) =>
    synthesize((stack) => orders().alarmOnUser(stack, 'A', { user: 'app', threshold: 1, ...options }));

  test.each([
    [undefined, 'true'],
    [ReadinessCheck.FIRST_DATA_POINT, 'true'],
    [ReadinessCheck.ANSWER, 'false'],
  ])('%s waits for a first data point: %s', (readiness, FirstDataPoint) => {
    expect(onlyResource(made({ readiness }), READINESS).Properties).toMatchObject({ FirstDataPoint });
  });

  test('NONE waits for nothing', () => {
    const template = made({ readiness: ReadinessCheck.NONE });
    expect(resourcesOf(template, READINESS)).toEqual([]);
    for (const alarm of resourcesOf(template, ALARM)) expect(alarm.DependsOn ?? []).not.toContain(READINESS);
  });

  test('can be asked for with metrics of RDS', () => {
    const template = synthesize((stack) =>
      orders().alarmOnLoad(stack, 'A', { threshold: 1, readiness: ReadinessCheck.ANSWER }),
    );
    expect(onlyResource(template, ALARM).DependsOn).toEqual(Object.keys(template.findResources(READINESS)));
  });

  test('comes after the schedule, and before all alarms', () => {
    const template = made({});
    const [readinessId] = Object.keys(template.findResources(READINESS));
    const [scheduleId] = Object.keys(template.findResources('AWS::Scheduler::Schedule'));
    expect(onlyResource(template, READINESS).DependsOn).toContain(scheduleId);
    for (const alarm of resourcesOf(template, ALARM)) expect(alarm.DependsOn).toContain(readinessId);
  });
});

const REJECTED: Array<[string, AlarmOptions, string]> = [
  ['neither threshold nor band', {}, 'threshold or anomaly must be given, and only one of them, got none; give one'],
  ['both threshold and band', { threshold: 1, anomaly: {} }, 'only one of them, got both; give one'],
  [
    'a band and a comparison',
    { anomaly: {}, comparison: ComparisonOperator.LESS_THAN_THRESHOLD },
    'comparison is of a threshold, and anomaly has a direction instead',
  ],
  [
    'the comparison of a band',
    { threshold: 1, comparison: ComparisonOperator.LESS_THAN_LOWER_THRESHOLD },
    'comparison must compare with a threshold (give anomaly for a band of expected values), got "LessThanLowerThreshold"',
  ],
  ['a band and a minimum of load', { anomaly: {}, minimumLoad: 1 }, 'minimumLoad and anomaly exclude each other'],
  [
    'a minimum of load with metrics of RDS',
    { threshold: 1, minimumLoad: 1, engine: MetricEngine.NATIVE },
    'engine must be MetricEngine.POLLER with minimumLoad',
  ],
  ['a negative minimum of load', { threshold: 1, minimumLoad: -1 }, 'minimumLoad must be from 0 to 1000000, got -1'],
  ['a band without width', { anomaly: { standardDeviations: 0 } }, 'anomaly.standardDeviations must be above 0, got 0'],
  ['no periods', { threshold: 1, evaluationPeriods: 0 }, 'evaluationPeriods must be from 1 to 1440, got 0'],
  [
    'more data points than periods',
    { threshold: 1, datapointsToAlarm: 4 },
    'datapointsToAlarm must be from 1 to 3, got 4',
  ],
  ['half a minute', { threshold: 1, period: Duration.seconds(30) }, 'period must be whole minutes, got "30 seconds"'],
  [
    'a long description',
    { threshold: 1, alarmDescription: 'a'.repeat(1025) },
    'alarmDescription must have 0 to 1024 characters',
  ],
];
test.each(REJECTED)('%s is rejected, with the path of the alarm', (_, options, message) => {
  const text = messageOf(
    () => new Alarm(testStack(), 'A', { dataSource: orders(), metric: Metric.load(), ...options }),
  );
  expect(text).toMatch(/^Stack\/A: /);
  expect(text).toContain(message);
});

test('a share above 100 percent is rejected', () => {
  expect(messageOf(() => orders().alarmOnTopSql(testStack(), 'A', { threshold: 101 }))).toBe(
    'Stack/A: threshold must be from 0 to 100 percent, got 101',
  );
});

test('an alarm that is rejected leaves nothing behind', () => {
  const stack = testStack();
  messageOf(() => orders().alarmOnTopSql(stack, 'A', { threshold: 101 }));
  expect(stack.node.children).toEqual([]);
});
