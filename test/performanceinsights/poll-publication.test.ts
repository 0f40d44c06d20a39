import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import { batchesOf, dataOf } from '../../src/performanceinsights/poll-publication.runtime';
import { PeriodAnswers } from '../../src/performanceinsights/poll-queries.runtime';
import type { PolledQuestion } from '../../src/performanceinsights/poll-request.runtime';

const PERIOD = Date.parse('2030-01-01T00:00:00Z');
const SOURCE = { serviceType: 'RDS', resourceId: 'db-1', dimensions: { DBInstanceIdentifier: 'orders' } } as const;
const QUESTION: PolledQuestion = {
  metricName: 'DBLoad',
  dimensions: { 'db.user.name': 'ada' },
  unit: 'None',
  metric: 'db.load.avg',
  perVcpu: false,
};

const answers = (value: number | undefined) =>
  new PeriodAnswers(
    [{ Key: { Metric: 'db.load.avg' }, DataPoints: [{ Timestamp: new Date(PERIOD), Value: value }] }],
    PERIOD,
  );

/** A period with so many points, whose values have so many bytes. */
function aPeriod(period: number, points: number, bytes = 1) {
  const datum: MetricDatum = { MetricName: 'x'.repeat(bytes) };
  return { period, data: [...Array<MetricDatum>(points).fill(datum), { MetricName: 'Heartbeat' }] };
}
const shape = (periods: Parameters<typeof batchesOf>[0]) =>
  batchesOf(periods).map(({ data, completes }) => [data.length, completes]);

test('a period is its points at its beginning, and its heartbeat', () => {
  const Dimensions = [{ Name: 'DBInstanceIdentifier', Value: 'orders' }];
  expect(dataOf(SOURCE, [QUESTION], PERIOD, answers(2))).toEqual({
    period: PERIOD,
    data: [
      {
        MetricName: 'DBLoad',
        Dimensions: [...Dimensions, { Name: 'db.user.name', Value: 'ada' }],
        Timestamp: new Date(PERIOD),
        Value: 2,
        Unit: 'None',
      },
      { MetricName: 'Heartbeat', Dimensions, Timestamp: new Date(PERIOD), Value: 1, Unit: 'None' },
    ],
  });
});

test('a gap is a heartbeat of zero alone', () => {
  const { data } = dataOf(SOURCE, [QUESTION], PERIOD, answers(undefined));
  expect(data).toMatchObject([{ MetricName: 'Heartbeat', Value: 0 }]);
});

describe('requests', () => {
  test('hold several periods', () => {
    expect(shape([aPeriod(1, 15), aPeriod(2, 15)])).toEqual([[32, [1, 2]]]);
  });

  test('hold 1,000 data, and never a part of a period', () => {
    expect(shape([aPeriod(1, 499), aPeriod(2, 499), aPeriod(3, 10)])).toEqual([
      [1000, [1, 2]],
      [11, [3]],
    ]);
    expect(shape([aPeriod(1, 600), aPeriod(2, 600)])).toEqual([
      [601, [1]],
      [601, [2]],
    ]);
  });

  test('hold less than a megabyte', () => {
    const batches = batchesOf([aPeriod(1, 300, 2000), aPeriod(2, 300, 2000)]);
    expect(batches.map(({ completes }) => completes)).toEqual([[1], [2]]);
  });

  test('divide only a period that is larger than a request, which is complete with its heartbeat', () => {
    const batches = batchesOf([aPeriod(1, 2000), aPeriod(2, 5)]);
    expect(batches.map(({ data, completes }) => [data.length, completes])).toEqual([
      [1000, []],
      [1000, []],
      [7, [1, 2]],
    ]);
    expect(batches[2]?.data[0]?.MetricName).toBe('Heartbeat');
  });

  test('are none for nothing', () => {
    expect(batchesOf([])).toEqual([]);
  });
});
