import {
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
  ListMetricsCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import { CloudWatchBed, errorOf, MINUTE, minute, NAMESPACE, START } from './harness';

afterEach(() => CloudWatchBed.stopAll());

async function start(...values: number[]) {
  const bed = await CloudWatchBed.start();
  values.forEach((value, index) => {
    bed.put('Load', value, minute(index));
  });
  await bed.until(values.length, 10);
  const client = bed.admin();
  const range = { StartTime: minute(0), EndTime: minute(values.length) };
  const statistics = (more: Partial<GetMetricStatisticsCommandInput> = {}) =>
    client.send(
      new GetMetricStatisticsCommand({
        Namespace: NAMESPACE,
        MetricName: 'Load',
        Period: 60,
        ...range,
        ...(more.ExtendedStatistics === undefined && { Statistics: ['Average'] }),
        ...more,
      }),
    );
  const data = (MetricDataQueries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
    client.send(new GetMetricDataCommand({ ...range, ScanBy: 'TimestampAscending', MetricDataQueries, ...more }));
  return { bed, client, statistics, data };
}

const metric = (Id: string, MetricName = 'Load', Stat = 'Average', Period = 60): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: NAMESPACE, MetricName }, Period, Stat },
});

describe('GetMetricStatistics', () => {
  test('gives the statistics of each period that has data', async () => {
    const { statistics } = await start(1, 2, 3, 4, 5, 6);
    const { Datapoints, Label } = await statistics({
      Period: 120,
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
    });
    expect(Label).toBe('Load');
    expect(Datapoints).toHaveLength(3);
    expect(Datapoints![1]).toEqual({
      Timestamp: minute(2),
      SampleCount: 2,
      Sum: 7,
      Average: 3.5,
      Minimum: 3,
      Maximum: 4,
      Unit: 'None',
    });
  });

  test('the start counts, the end does not, and seconds are rounded down', async () => {
    const { statistics } = await start(1, 2, 3, 4);
    const { Datapoints } = await statistics({ StartTime: new Date(START + MINUTE + 59_000), EndTime: minute(3) });
    expect(Datapoints!.map(({ Timestamp }) => Timestamp)).toEqual([minute(1), minute(2)]);
  });

  test('a point is seen some seconds after it was put', async () => {
    const { bed, statistics } = await start(1);
    bed.put('Load', 7, minute(0));
    const before = await statistics();
    await bed.clock.sleep(5_000);
    const after = await statistics();
    expect([before, after].map(({ Datapoints }) => Datapoints![0]!.Average)).toEqual([1, 4]);
  });

  test('percentiles come of values, not of statistic sets', async () => {
    const { bed, statistics } = await start(0);
    await bed.send({ MetricName: 'Load', Values: [1, 2, 3, 4], Timestamp: minute(0) });
    const StatisticValues = { SampleCount: 5, Sum: 5, Minimum: 0, Maximum: 3 };
    await bed.send({ MetricName: 'Sets', StatisticValues, Timestamp: minute(0) });
    await bed.clock.sleep(5_000);
    const ExtendedStatistics = ['p0', 'p50', 'p100'];
    expect((await statistics({ ExtendedStatistics })).Datapoints![0]!.ExtendedStatistics).toEqual({
      p0: 0,
      p50: 2,
      p100: 4,
    });
    expect((await statistics({ ExtendedStatistics, MetricName: 'Sets' })).Datapoints![0]!.ExtendedStatistics).toEqual(
      {},
    );
  });

  test('units stand apart, or one is asked for', async () => {
    const { bed, statistics } = await start(1);
    await bed.send({ MetricName: 'Load', Value: 50, Unit: 'Percent', Timestamp: minute(0) });
    await bed.clock.sleep(5_000);
    expect((await statistics()).Datapoints!.map(({ Unit, Average }) => [Unit, Average])).toEqual([
      ['None', 1],
      ['Percent', 50],
    ]);
    expect((await statistics({ Unit: 'Percent' })).Datapoints).toHaveLength(1);
  });

  test.each<[string, Partial<GetMetricStatisticsCommandInput>, string, string]>([
    [
      '1,441 periods',
      { EndTime: minute(1441) },
      'InvalidParameterCombinationException',
      'You have requested up to 1441 datapoints, which exceeds the limit of 1440.',
    ],
    ['an end before the start', { EndTime: minute(0) }, 'InvalidParameterCombinationException', 'must be less than'],
    ['half a minute', { Period: 30 }, 'InvalidParameterValueException', 'multiple of 60'],
    [
      'both kinds of statistics',
      { Statistics: ['Sum'], ExtendedStatistics: ['p50'] },
      'InvalidParameterCombinationException',
      'cannot both',
    ],
    ['no statistics', { Statistics: undefined }, 'MissingRequiredParameterException', 'must be specified'],
    [
      'a trimmed mean',
      { ExtendedStatistics: ['tm90'] },
      'InvalidParameterValueException',
      "does not know the statistic 'tm90'",
    ],
  ])('%s: refused', async (_, more, name, message) => {
    const { statistics } = await start(1);
    expect(await errorOf(statistics(more))).toMatchObject({ name, message: expect.stringContaining(message) });
  });
});

describe('GetMetricData', () => {
  test('gives metrics and expressions in the order asked for', async () => {
    const { data } = await start(1, 2, 3);
    const queries = [
      metric('m1'),
      { Id: 'e1', Expression: 'm1 * 10', Label: 'tenfold' },
      { ...metric('m2'), ReturnData: false },
    ];
    const { MetricDataResults } = await data(queries);
    expect(MetricDataResults).toEqual([
      { Id: 'm1', Label: 'Load', Timestamps: [0, 1, 2].map(minute), Values: [1, 2, 3], StatusCode: 'Complete' },
      { Id: 'e1', Label: 'tenfold', Timestamps: [0, 1, 2].map(minute), Values: [10, 20, 30], StatusCode: 'Complete' },
    ]);
    const descending = await data(queries, { ScanBy: undefined });
    expect(descending.MetricDataResults![0]!.Values).toEqual([3, 2, 1]);
  });

  test('comes in pages that together are the whole', async () => {
    const { data } = await start(1, 2, 3, 4, 5);
    const queries = [metric('m1'), { Id: 'e1', Expression: '-m1' }];
    const values: Record<string, number[]> = { m1: [], e1: [] };
    let NextToken: string | undefined;
    let pages = 0;
    do {
      const page = await data(queries, { MaxDatapoints: 3, NextToken });
      for (const { Id, Values } of page.MetricDataResults!) values[Id!]!.push(...Values!);
      NextToken = page.NextToken;
      pages += 1;
    } while (NextToken !== undefined);
    expect([pages, values]).toEqual([4, { m1: [1, 2, 3, 4, 5], e1: [-1, -2, -3, -4, -5] }]);
    const { NextToken: token } = await data(queries, { MaxDatapoints: 3 });
    expect((await errorOf(data([metric('m1')], { NextToken: token }))).name).toBe('InvalidNextToken');
  });

  test.each<[string, MetricDataQuery[], string]>([
    ['an unknown id', [{ Id: 'e1', Expression: 'm9 + 1', Period: 60 }], "'m9'"],
    ['a number as result', [metric('m1'), { Id: 'e1', Expression: 'AVG(m1)' }], 'must be a time series'],
    ['an unknown function', [metric('m1'), { Id: 'e1', Expression: 'RATE(m1)' }], 'does not know the function RATE'],
    [
      'a circle',
      [
        { Id: 'e1', Expression: 'e2' },
        { Id: 'e2', Expression: 'e1' },
      ],
      'circle',
    ],
    [
      'different periods',
      [metric('m1'), metric('m2', 'Load', 'Sum', 300), { Id: 'e1', Expression: 'm1+m2' }],
      'one period',
    ],
    ['broken syntax', [metric('m1'), { Id: 'e1', Expression: 'm1 +' }], "Error in expression 'm1 +'"],
  ])('%s: refused', async (_, queries, message) => {
    const { data } = await start(1);
    expect(await errorOf(data(queries))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});

test('ListMetrics finds metrics by name and dimension', async () => {
  const { bed, client } = await start(1);
  await bed.send({ MetricName: 'Load', Value: 1, Dimensions: [{ Name: 'id', Value: 'a' }] });
  await bed.clock.sleep(5_000);
  const list = async (more: object) =>
    (await client.send(new ListMetricsCommand({ Namespace: NAMESPACE, ...more }))).Metrics;
  expect(await list({})).toHaveLength(2);
  expect(await list({ Dimensions: [{ Name: 'id' }] })).toEqual([
    { Namespace: NAMESPACE, MetricName: 'Load', Dimensions: [{ Name: 'id', Value: 'a' }] },
  ]);
  expect(await list({ Dimensions: [{ Name: 'id', Value: 'b' }] })).toEqual([]);
});
