import { AnomalyBands } from '../../../../sandbox/services/cloudwatch/math/anomaly-bands';
import { Evaluation } from '../../../../sandbox/services/cloudwatch/math/evaluation';
import { type MetricDataQuery, Queries } from '../../../../sandbox/services/cloudwatch/math/queries';
import { MetricStore } from '../../../../sandbox/services/cloudwatch/metric-store';
import { single } from '../../../../sandbox/services/cloudwatch/minutes';
import { Reader } from '../../../../sandbox/services/cloudwatch/reading';
import type { ComputedMetrics } from '../../../../sandbox/services/pi/computed-metrics';
import { MINUTE, NAMESPACE, PLACE, START } from './harness';

const anomalyDetection = { historyHours: 1, minimumDatapoints: 3, retrainMinutes: 15 };
const NOW = START + 60 * MINUTE;

type Numbers = ReadonlyArray<number | undefined>;

/** The value of an expression over `m1`, `m2` …, whose last data points are given. */
function value(expression: string, metrics: readonly Numbers[], computed?: ComputedMetrics) {
  const length = metrics[0]?.length ?? 3;
  const from = NOW - length * MINUTE;
  const store = new MetricStore();
  const queries: MetricDataQuery[] = metrics.map((numbers, index) => {
    const id = `m${index + 1}`;
    const metric = { namespace: NAMESPACE, metricName: id, dimensions: {} };
    numbers.forEach((number, at) => {
      if (number === undefined) return;
      store.put([{ metric, unit: 'None', timestamp: from + at * MINUTE, sample: single(number) }], 0);
    });
    return { Id: id, MetricStat: { Metric: { Namespace: NAMESPACE, MetricName: id }, Period: 60, Stat: 'Average' } };
  });
  const all = new Queries([...queries, { Id: 'e', Expression: expression, Period: 60 }]);
  const grid = { from, periodSeconds: 60, length };
  const tools = {
    reader: new Reader(PLACE, store, computed, NOW),
    bands: new AnomalyBands(anomalyDetection),
    anomalyDetection,
  };
  const result = new Evaluation(all, grid, tools).value('e');
  return result.kind === 'series' ? result.values : result.kind === 'array' ? result.series : result.number;
}

const __ = undefined;

// Rules and examples: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
test.each<[string, Numbers[], unknown]>([
  [
    'm1 + 2 * m2',
    [
      [1, 2],
      [3, 4],
    ],
    [7, 10],
  ],
  [
    '(m1 + 2) * -m2',
    [
      [1, 2],
      [3, 4],
    ],
    [-9, -16],
  ],
  [
    'm1 - m2 - 1',
    [
      [9, 9],
      [1, 2],
    ],
    [7, 6],
  ],
  ['2 ^ 3 ^ m1', [[1, 2]], [8, 512]],
  // A value that one of two series lacks is 0; without both there is none; a division by zero drops the point.
  [
    'm1 + m2',
    [
      [1, __, __],
      [__, 2, __],
    ],
    [1, 2, __],
  ],
  [
    'm1 / m2',
    [
      [1, 1, 4],
      [0, __, 2],
    ],
    [__, __, 2],
  ],
  ['m1 + 1', [[1, __]], [2, __]],
  [
    'm1 < m2',
    [
      [30, 20, 0, 0],
      [20, __, 20, __],
    ],
    [0, 0, 1, 0],
  ],
  ['m1 >= 30', [[30, 20, 0, 0]], [1, 0, 0, 0]],
  [
    'm1 > 15 AND m2 > 15',
    [
      [30, 20, 0, 0],
      [20, __, 20, __],
    ],
    [1, 0, 0, 0],
  ],
  ['m1 == 1 || m1 == 2', [[1, 2, 3]], [1, 1, 0]],
  [
    'IF(m1, m2, m3)',
    [
      [1, 1, 0, 0, __],
      [30, __, 0, 0, 30],
      [0, 0, 20, __, 20],
    ],
    [30, 0, 20, __, __],
  ],
  [
    'IF(m1, 5, m2)',
    [
      [1, 1, 0, 0, __],
      [0, 0, 20, __, 20],
    ],
    [5, 5, 20, __, __],
  ],
  [
    'IF(m1, m2, 5)',
    [
      [1, 1, 0, 0, __],
      [30, __, 0, 0, 30],
    ],
    [30, 0, 5, 5, __],
  ],
  ['IF(m1 > 2, m1)', [[1, 3]], [__, 3]],
  ['FILL(m1, 0)', [[1, __]], [1, 0]],
  [
    'FILL(m1, m2)',
    [
      [1, __, __],
      [7, 8, __],
    ],
    [1, 8, __],
  ],
  ['FILL(m1, REPEAT)', [[__, 1, __, __]], [__, 1, 1, 1]],
  ['FILL(m1, LINEAR)', [[__, 1, __, 3, __]], [__, 1, 2, 3, __]],
  [
    'ABS(m1 - m2)',
    [
      [1, 5],
      [3, 4],
    ],
    [2, 1],
  ],
  [
    'SUM(METRICS())',
    [
      [1, 2, __],
      [3, __, __],
    ],
    [4, 2, __],
  ],
  [
    'AVG([m1, m2])',
    [
      [1, 2, __],
      [3, __, __],
    ],
    [2, 1, __],
  ],
  [
    'MAX([m1, m2]) - MIN([m1, m2])',
    [
      [1, 2],
      [3, 9],
    ],
    [2, 7],
  ],
  ['METRICS() / 2', [[2], [4]], [[1], [2]]],
  ['METRICS("2")', [[2], [4]], [[4]]],
  ['m1 - AVG(m1)', [[1, 3]], [-1, 1]],
  ['m1 / PERIOD(m1)', [[120]], [2]],
  ['TIME_SERIES(MAX(m1))', [[1, 7]], [7, 7]],
])('%s', (expression, metrics, expected) => {
  expect(value(expression, metrics)).toEqual(expected);
});

test.each([
  ['RATE(m1)', 'does not know the function RATE'],
  ["SEARCH('{App}', 'Sum')", 'does not know the function SEARCH'],
  ['m1 m2', "unexpected 'm2'"],
  ['m1 $ 2', "unexpected '$'"],
  ['(m1', "expected ')'"],
  ['FILL(m1)', 'Unsupported operand type(s) for FILL'],
  ['ABS(1)', 'Unsupported operand type(s) for ABS'],
  ['[m1, 1]', 'not of numbers'],
  ['M1 + 1', "Unsupported operand 'M1'"],
])('%s is refused', (expression, message) => {
  expect(() => value(expression, [[1]])).toThrow(message);
});

test('DB_PERF_INSIGHTS sees what Performance Insights has, by the period', () => {
  const asked: unknown[] = [];
  const computed: ComputedMetrics = {
    points: () => [],
    performanceInsights: (_place, service, resourceId, metric, from, to, period) => {
      asked.push([service, resourceId, metric, (to.getTime() - from.getTime()) / MINUTE, period]);
      return [{ timestamp: new Date(from.getTime() + MINUTE), value: 7 }];
    },
  };
  expect(value("DB_PERF_INSIGHTS('RDS', 'db-ABC', 'db.load.avg') * 2", [], computed)).toEqual([__, 14, __]);
  expect(asked).toEqual([['RDS', 'db-ABC', 'db.load.avg', 3, 60]]);
});

test('without a past there is no band', () => {
  expect(value('ANOMALY_DETECTION_BAND(m1, 3)', [[9, 11, 9]])).toEqual([
    [__, __, __],
    [__, __, __],
  ]);
});
