import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { ACCOUNT, CloudWatchBed, loadAlarm, MINUTE, minute, NAMESPACE, PLACE, REGION } from './harness';

afterEach(() => CloudWatchBed.stopAll());

const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:alarms`;
const lambda = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:notify`;

/** One value at the end of each minute. */
async function feed(bed: CloudWatchBed, from: number, values: ReadonlyArray<number | undefined>, name = 'Load') {
  for (const [index, value] of values.entries()) {
    await bed.until(from + index + 1);
    if (value !== undefined) bed.put(name, value, minute(from + index));
  }
}

test('an alarm begins without data, fires, and recovers', async () => {
  const bed = await CloudWatchBed.start();
  bed.alarms.put(PLACE, loadAlarm());
  expect(bed.alarms.get(PLACE, 'load').state).toMatchObject({
    value: 'INSUFFICIENT_DATA',
    reason: 'Unchecked: Initial alarm creation',
  });
  await feed(bed, 0, [1, 1, 9, 9, 1, 1]);
  await bed.until(7);
  expect(
    bed.alarms
      .transitions(PLACE, 'load')
      .map(({ at, state }) => [(at.getTime() - minute(0).getTime()) / MINUTE, state]),
  ).toEqual([
    [1.5, 'OK'],
    [3.5, 'ALARM'],
    [5.5, 'OK'],
  ]);
});

test('time does not pass for the sake of alarms', async () => {
  const bed = await CloudWatchBed.start();
  bed.alarms.put(PLACE, loadAlarm());
  await bed.clock.sleep(10);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(bed.clock.now()).toBe(minute(0).getTime() + 10);
});

test('without alarms there are no ticks, and deleted ones are not evaluated', async () => {
  const bed = await CloudWatchBed.start();
  bed.alarms.put(PLACE, loadAlarm());
  await bed.until(1);
  bed.alarms.delete(PLACE, 'load');
  bed.put('Load', 9, minute(0));
  await bed.until(5);
  expect(bed.alarms.history(PLACE, 'load').map(({ summary }) => summary)).toEqual([
    'Alarm "load" created',
    'Alarm "load" deleted',
  ]);
});

test.each<[string, object, ReadonlyArray<number | undefined>, string, string]>([
  [
    '1 of 1',
    {},
    [1, 9.5],
    'ALARM',
    'Threshold Crossed: 1 out of the last 1 datapoints [9.5 (01/01/30 00:01:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
  ],
  [
    '2 of 3',
    { EvaluationPeriods: 3, DatapointsToAlarm: 2 },
    [1, 1, 9, 1, 8],
    'ALARM',
    'Threshold Crossed: 2 out of the last 3 datapoints [8.0 (01/01/30 00:04:00), 9.0 (01/01/30 00:02:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).',
  ],
  [
    'back to normal',
    { EvaluationPeriods: 3, DatapointsToAlarm: 2 },
    [9, 9, 9, 1, 1],
    'OK',
    'Threshold Crossed: 2 out of the last 3 datapoints [1.0 (01/01/30 00:04:00), 1.0 (01/01/30 00:03:00)] were not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).',
  ],
  [
    'no data',
    {},
    [1, undefined, undefined, undefined],
    'INSUFFICIENT_DATA',
    'Insufficient Data: 1 datapoint was unknown.',
  ],
  [
    'missing is breaching',
    { TreatMissingData: 'breaching', EvaluationPeriods: 2 },
    [1, undefined, undefined, undefined, undefined],
    'ALARM',
    'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].',
  ],
  [
    'missing is not breaching',
    { TreatMissingData: 'notBreaching' },
    [9, undefined, undefined, undefined],
    'OK',
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
  ],
  [
    'below',
    { ComparisonOperator: 'LessThanOrEqualToThreshold' },
    [9, 5],
    'ALARM',
    'Threshold Crossed: 1 out of the last 1 datapoints [5.0 (01/01/30 00:01:00)] was less than or equal to the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
  ],
])('%s: the state and its reason', async (_, more, values, state, reason) => {
  const bed = await CloudWatchBed.start();
  bed.alarms.put(PLACE, loadAlarm(more));
  await feed(bed, 0, values);
  await bed.until(values.length + 1);
  expect(bed.alarms.get(PLACE, 'load').state).toMatchObject({ value: state, reason });
});

test('missing data that is ignored leaves the state alone', async () => {
  const bed = await CloudWatchBed.start();
  bed.alarms.put(PLACE, loadAlarm({ TreatMissingData: 'ignore' }));
  await feed(bed, 0, [9]);
  await bed.until(60);
  expect(bed.state('load')).toBe('ALARM');
});

test('a point that comes two minutes late still counts', async () => {
  const bed = await CloudWatchBed.start();
  bed.alarms.put(PLACE, loadAlarm({ TreatMissingData: 'breaching' }));
  for (let number = 0; number < 10; number++) {
    await bed.until(number + 2, 2);
    bed.put('Load', 1, minute(number));
  }
  expect(bed.alarms.transitions(PLACE, 'load').map(({ state }) => state)).toEqual(['ALARM', 'OK']);
});

test('a period of five minutes is looked at every minute', async () => {
  const bed = await CloudWatchBed.start();
  bed.alarms.put(PLACE, loadAlarm({ Period: 300, Statistic: 'Sum', Threshold: 9 }));
  await feed(bed, 0, [2, 2, 2, 2, 2, 0, 0, 0]);
  await bed.until(9);
  const at = bed.alarms
    .transitions(PLACE, 'load')
    .map(({ at, state }) => [(at.getTime() - minute(0).getTime()) / MINUTE, state]);
  expect(at).toEqual([
    [1.5, 'OK'],
    [5.5, 'ALARM'],
    [6.5, 'OK'],
  ]);
});

describe('actions', () => {
  test('are taken once for each change of state, and are in the history', async () => {
    const bed = await CloudWatchBed.start();
    const gone = topic.replace('alarms', 'gone');
    bed.alarms.put(PLACE, loadAlarm({ AlarmActions: [topic, gone], OKActions: [lambda] }));
    await feed(bed, 0, [9, 9, 9, 1, 1]);
    await bed.until(6);
    expect(bed.published.map(({ subject }) => subject)).toEqual(['ALARM: "load" in EU (Frankfurt)']);
    expect(bed.invoked.map(({ arn, event }) => [arn, event.alarmData.state.value])).toEqual([[lambda, 'OK']]);
    expect(bed.alarms.history(PLACE, 'load').map(({ type, summary }) => `${type}: ${summary}`)).toEqual([
      'ConfigurationUpdate: Alarm "load" created',
      'StateUpdate: Alarm updated from INSUFFICIENT_DATA to ALARM',
      `Action: Successfully executed action ${topic}`,
      `Action: Failed to execute action ${gone}. Received error: "Topic does not exist"`,
      'StateUpdate: Alarm updated from ALARM to OK',
      `Action: Successfully executed action ${lambda}`,
    ]);
  });

  test('are not taken while they are disabled', async () => {
    const bed = await CloudWatchBed.start();
    bed.alarms.put(PLACE, loadAlarm({ AlarmActions: [topic], ActionsEnabled: false }));
    await feed(bed, 0, [9]);
    await bed.until(2);
    expect([bed.state('load'), bed.published]).toEqual(['ALARM', []]);
  });

  test('tell the topic and the function what has happened', async () => {
    const bed = await CloudWatchBed.start();
    const Dimensions = [{ Name: 'id', Value: 'a' }];
    bed.alarms.put(
      PLACE,
      loadAlarm({ Dimensions, AlarmDescription: 'look', InsufficientDataActions: [], AlarmActions: [topic, lambda] }),
    );
    await bed.until(1);
    await bed.send({ MetricName: 'Load', Value: 9, Dimensions, Timestamp: minute(0) });
    await bed.until(2);
    const alarmArn = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:load`;
    const time = '2030-01-01T00:01:30.000+0000';
    const reason = expect.stringContaining('Threshold Crossed');
    expect(JSON.parse(bed.published[0]!.message)).toMatchObject({
      AlarmName: 'load',
      AlarmDescription: 'look',
      AWSAccountId: ACCOUNT,
      NewStateValue: 'ALARM',
      NewStateReason: reason,
      StateChangeTime: time,
      Region: 'EU (Frankfurt)',
      AlarmArn: alarmArn,
      OldStateValue: 'INSUFFICIENT_DATA',
      Trigger: {
        MetricName: 'Load',
        Namespace: NAMESPACE,
        Statistic: 'AVERAGE',
        Dimensions: [{ value: 'a', name: 'id' }],
        Period: 60,
        EvaluationPeriods: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 5,
      },
    });
    const { event } = bed.invoked[0]!;
    expect(event).toMatchObject({
      source: 'aws.cloudwatch',
      alarmArn,
      accountId: ACCOUNT,
      time,
      region: REGION,
      alarmData: {
        alarmName: 'load',
        state: { value: 'ALARM', reason, timestamp: time },
        previousState: { value: 'INSUFFICIENT_DATA', reason: 'Insufficient Data: 1 datapoint was unknown.' },
        configuration: {
          description: 'look',
          metrics: [
            {
              metricStat: {
                metric: { namespace: NAMESPACE, name: 'Load', dimensions: { id: 'a' } },
                period: 60,
                stat: 'Average',
              },
              returnData: true,
            },
          ],
        },
      },
    });
    expect(JSON.parse(event.alarmData.state.reasonData)).toMatchObject({
      version: '1.0',
      queryDate: time,
      startDate: '2030-01-01T00:00:00.000+0000',
      statistic: 'Average',
      period: 60,
      recentDatapoints: [9],
      threshold: 5,
      evaluatedDatapoints: [{ timestamp: '2030-01-01T00:00:00.000+0000', value: 9 }],
    });
  });
});

test('an alarm on an expression watches its result', async () => {
  const bed = await CloudWatchBed.start();
  const stat = (MetricName: string) => ({ Metric: { Namespace: NAMESPACE, MetricName }, Period: 60, Stat: 'Sum' });
  const Metrics = [
    { Id: 'e1', Expression: '100 * errors / calls', Label: 'rate' },
    { Id: 'errors', MetricStat: stat('Errors'), ReturnData: false },
    { Id: 'calls', MetricStat: stat('Calls'), ReturnData: false },
  ];
  bed.alarms.put(PLACE, loadAlarm({ Metrics, AlarmActions: [lambda] }));
  await bed.until(1);
  bed.put('Errors', 1, minute(0));
  bed.put('Calls', 10, minute(0));
  await bed.until(2);
  expect(bed.state('load')).toBe('ALARM');
  expect(bed.invoked[0]!.event.alarmData.configuration.metrics[0]).toEqual({
    id: 'e1',
    expression: '100 * errors / calls',
    label: 'rate',
    returnData: true,
  });
});

test('an alarm on a band learns what is normal before it fires', async () => {
  const bed = await CloudWatchBed.start({ anomalyDetection: { minimumDatapoints: 20 } });
  const Metrics = [
    { Id: 'band', Expression: 'ANOMALY_DETECTION_BAND(m1, 3)', ReturnData: true },
    {
      Id: 'm1',
      MetricStat: { Metric: { Namespace: NAMESPACE, MetricName: 'Load' }, Period: 60, Stat: 'Average' },
      ReturnData: true,
    },
  ];
  const ComparisonOperator = 'LessThanLowerOrGreaterThanUpperThreshold';
  bed.alarms.put(PLACE, loadAlarm({ Metrics, ThresholdMetricId: 'band', ComparisonOperator }));
  await feed(
    bed,
    0,
    Array.from({ length: 20 }, (_, index) => 10 + (index % 3)),
  );
  expect(bed.state('load')).toBe('INSUFFICIENT_DATA');
  await feed(
    bed,
    20,
    Array.from({ length: 20 }, (_, index) => 10 + (index % 3)),
  );
  expect(bed.state('load')).toBe('OK');
  await feed(bed, 40, [30]);
  await bed.until(42);
  expect(bed.alarms.get(PLACE, 'load').state).toMatchObject({
    value: 'ALARM',
    reason: expect.stringMatching(
      /^Thresholds Crossed: 1 out of the last 1 datapoints \[30\.0 \(.*\)\] was less than the lower thresholds \[8\..*\] or greater than the upper thresholds \[13\..*\] \(minimum 1 datapoint for OK -> ALARM transition\)\.$/,
    ),
  });
  await feed(bed, 42, [11]);
  await bed.until(44);
  expect(bed.state('load')).toBe('OK');
});

describe('composite alarms', () => {
  test('follow their children at once', async () => {
    const bed = await CloudWatchBed.start();
    bed.alarms.put(PLACE, loadAlarm({ AlarmName: 'a' }));
    bed.alarms.put(PLACE, loadAlarm({ AlarmName: 'b', MetricName: 'Other' }));
    const rule = `ALARM("a") AND NOT ALARM("arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:b")`;
    bed.alarms.putComposite(PLACE, { AlarmName: 'both', AlarmRule: rule, AlarmActions: [topic], OKActions: [lambda] });
    await feed(bed, 0, [1, 9]);
    await feed(bed, 0, [1, 1], 'Other');
    await bed.until(3);
    expect(bed.state('both')).toBe('ALARM');
    await feed(bed, 3, [9], 'Other');
    bed.put('Load', 9, minute(3));
    await bed.until(5);
    expect(bed.alarms.transitions(PLACE, 'both').map(({ state }) => state)).toEqual(['OK', 'ALARM', 'OK']);
    expect(bed.published).toHaveLength(1);
    expect(JSON.parse(bed.published[0]!.message)).toMatchObject({
      AlarmName: 'both',
      NewStateValue: 'ALARM',
      AlarmRule: rule,
    });
    expect(() => bed.alarms.delete(PLACE, 'a')).toThrow('composite alarm(s) depending on it: both');
  });

  test.each([
    ['ALARM(none)', 'alarms [none] in the alarm rule do not exist'],
    ['ALARM(a) XOR OK(a)', 'AlarmRule is not valid'],
    ['(ALARM(a)', 'AlarmRule is not valid'],
    ['', '1 to 10240 characters'],
  ])('%s is refused', async (AlarmRule, message) => {
    const bed = await CloudWatchBed.start();
    bed.alarms.put(PLACE, loadAlarm({ AlarmName: 'a' }));
    expect(() => bed.alarms.putComposite(PLACE, { AlarmName: 'c', AlarmRule })).toThrow(message);
  });

  test.each([
    ['TRUE', 'ALARM'],
    ['FALSE OR NOT FALSE AND FALSE', 'OK'],
    ["OK('a') OR INSUFFICIENT_DATA(a)", 'ALARM'],
    ['NOT (ALARM(a) OR OK(a))', 'ALARM'],
  ])('%s comes to %s', async (AlarmRule, state) => {
    const bed = await CloudWatchBed.start();
    bed.alarms.put(PLACE, loadAlarm({ AlarmName: 'a' }));
    bed.alarms.putComposite(PLACE, { AlarmName: 'c', AlarmRule });
    await bed.until(1);
    expect(bed.state('c')).toBe(state);
  });
});

test('alarms and their history are described', async () => {
  const bed = await CloudWatchBed.start();
  const client = bed.admin();
  bed.alarms.put(PLACE, loadAlarm({ AlarmActions: [topic] }));
  bed.alarms.put(PLACE, loadAlarm({ AlarmName: 'other', MetricName: 'Other' }));
  bed.alarms.putComposite(PLACE, { AlarmName: 'any', AlarmRule: 'ALARM(load) OR ALARM(other)' });
  await feed(bed, 0, [9]);
  await bed.until(2);
  const { MetricAlarms, CompositeAlarms } = await client.send(new DescribeAlarmsCommand({}));
  expect([MetricAlarms!.map(({ AlarmName }) => AlarmName), CompositeAlarms]).toEqual([['load', 'other'], []]);
  expect(MetricAlarms![0]).toMatchObject({
    StateValue: 'ALARM',
    StateUpdatedTimestamp: new Date(minute(1).getTime() + 30_000),
    ActionsEnabled: true,
    Threshold: 5,
    AlarmActions: [topic],
  });
  const firing = await client.send(
    new DescribeAlarmsCommand({ StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }),
  );
  expect([firing.MetricAlarms!.length, firing.CompositeAlarms!.map(({ AlarmRule }) => AlarmRule)]).toEqual([
    1,
    ['ALARM(load) OR ALARM(other)'],
  ]);
  const page = await client.send(new DescribeAlarmsCommand({ MaxRecords: 1 }));
  const next = await client.send(new DescribeAlarmsCommand({ MaxRecords: 1, NextToken: page.NextToken }));
  expect([...page.MetricAlarms!, ...next.MetricAlarms!].map(({ AlarmName }) => AlarmName)).toEqual(['load', 'other']);
  const { AlarmHistoryItems } = await client.send(
    new DescribeAlarmHistoryCommand({ AlarmName: 'load', HistoryItemType: 'StateUpdate' }),
  );
  expect(AlarmHistoryItems!.map(({ HistorySummary }) => HistorySummary)).toEqual([
    'Alarm updated from INSUFFICIENT_DATA to ALARM',
  ]);
});
