import type { MetricAlarmSettings } from '../../../../sandbox/services/cloudwatch/alarms/alarm';
import { checkMetricAlarm } from '../../../../sandbox/services/cloudwatch/alarms/metric-alarm-rules';
import { loadAlarm, NAMESPACE } from './harness';

const stat = (Period = 60, Stat = 'Average') => ({
  Metric: { Namespace: NAMESPACE, MetricName: 'Load' },
  Period,
  Stat,
});
const m1 = { Id: 'm1', MetricStat: stat(), ReturnData: false };
const m2 = { Id: 'm2', MetricStat: stat(), ReturnData: false };
const e1 = (Expression: string, more: object = {}) => ({ Id: 'e1', Expression, ...more });
const insights = "DB_PERF_INSIGHTS('RDS', 'db-ABC', 'os.cpuUtilization.user.avg')";

/** An alarm on a band over these queries, the last of which is watched. */
function onBand(expression: string, ...queries: MetricAlarmSettings['Metrics'] & object): MetricAlarmSettings {
  const Metrics = [...queries, { Id: 'band', Expression: expression }];
  return loadAlarm({ Metrics, ThresholdMetricId: 'band', ComparisonOperator: 'GreaterThanUpperThreshold' });
}

test.each<[string, MetricAlarmSettings]>([
  ['a metric', loadAlarm()],
  ['a percentile', loadAlarm({ Statistic: undefined, ExtendedStatistic: 'p99' })],
  ['an expression', loadAlarm({ Metrics: [m1, m2, e1('MAX([m1, m2])')] })],
  ['METRICS in an aggregate', loadAlarm({ Metrics: [m1, m2, e1('SUM(METRICS())')] })],
  ['a counter of Performance Insights', loadAlarm({ Metrics: [e1(insights, { Period: 60 })] })],
  ['a band over a metric', onBand('ANOMALY_DETECTION_BAND(m1, 2)', { ...m1, ReturnData: true })],
  // https://github.com/cdklabs/cdk-monitoring-constructs/pull/426 saw it deployed.
  ['a band over arithmetic', onBand('ANOMALY_DETECTION_BAND(e1, 2)', m1, m2, e1('m1 / m2'))],
])('%s can be alarmed on', (_, settings) => {
  expect(() => checkMetricAlarm(settings)).not.toThrow();
});

test.each<[string, MetricAlarmSettings, string]>([
  ['nothing returned', loadAlarm({ Metrics: [m1] }), 'Exactly one element of the metrics list should return data.'],
  [
    'two returned',
    loadAlarm({ Metrics: [e1('m1'), { ...m1, ReturnData: true }] }),
    'Exactly one element of the metrics list should return data.',
  ],
  [
    'several time series',
    loadAlarm({ Metrics: [m1, m2, e1('METRICS() * 2')] }),
    'An alarm can watch a single time series only',
  ],
  ['an array', loadAlarm({ Metrics: [m1, m2, e1('[m1, m2]')] }), 'An alarm can watch a single time series only'],
  [
    'a search',
    loadAlarm({ Metrics: [e1("SEARCH('{App/Load}', 'Sum')")] }),
    'SEARCH is not supported on Metric Alarms.',
  ],
  ['a number', loadAlarm({ Metrics: [m1, e1('MAX(m1)')] }), 'must be a time series, not a number'],
  ['an unknown function', loadAlarm({ Metrics: [m1, e1('RATE(m1)')] }), 'does not know the function RATE'],
  ['an unknown id', loadAlarm({ Metrics: [e1('m1 + m3'), m1] }), "'m3'"],
  [
    'periods that differ',
    loadAlarm({ Metrics: [m1, { ...m2, MetricStat: stat(120) }, e1('m1 + m2')] }),
    'one period only',
  ],
  [
    'eleven metrics',
    loadAlarm({ Metrics: [e1('SUM(METRICS())'), ...Array.from({ length: 11 }, (_, i) => ({ ...m1, Id: `n${i}` }))] }),
    'at most 10 metrics',
  ],
  ['an expression without a period', loadAlarm({ Metrics: [e1(insights)] }), 'needs a Period'],
  [
    'a band over Performance Insights',
    onBand(`ANOMALY_DETECTION_BAND(${insights}, 2)`, e1(insights, { Period: 60 })),
    'does not support the function DB_PERF_INSIGHTS',
  ],
  [
    'a band over an expression over Performance Insights',
    onBand('ANOMALY_DETECTION_BAND(e1, 2)', e1(`${insights} * 2`, { Period: 60 })),
    'does not support the function DB_PERF_INSIGHTS',
  ],
  [
    'a band over METRICS',
    onBand('ANOMALY_DETECTION_BAND(e1)', m1, m2, e1('SUM(METRICS())')),
    'does not support the function METRICS',
  ],
  [
    'a threshold that is no band',
    onBand('m1 * 2', { ...m1, ReturnData: true }),
    'Threshold metric expression must use ANOMALY_DETECTION_BAND function.',
  ],
  [
    'a range without a band',
    loadAlarm({ ComparisonOperator: 'LessThanLowerThreshold' }),
    'ComparisonOperators for ranges require ThresholdMetricId to be set',
  ],
  [
    'a band and a threshold',
    { ...onBand('ANOMALY_DETECTION_BAND(m1)', { ...m1, ReturnData: true }), Threshold: 1 },
    'Threshold and ThresholdMetricId cannot both be set',
  ],
  ['no threshold', loadAlarm({ Threshold: undefined }), 'Threshold must not be null'],
  [
    'queries and a statistic',
    { ...loadAlarm({ Metrics: [e1('m1'), m1] }), Statistic: 'Sum' },
    'Statistic should not be set if list of Metrics is set.',
  ],
  ['two statistics', loadAlarm({ ExtendedStatistic: 'p99' }), 'Exactly one of Statistic and ExtendedStatistic'],
  ['no metric', loadAlarm({ MetricName: undefined }), 'MetricName must not be null'],
  [
    'more than a day',
    loadAlarm({ EvaluationPeriods: 1441 }),
    'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).',
  ],
  ['more points than periods', loadAlarm({ DatapointsToAlarm: 2 }), 'DatapointsToAlarm must be'],
  ['another treatment', loadAlarm({ TreatMissingData: 'bad' }), 'TreatMissingData must be one of'],
  ['ten seconds', loadAlarm({ Period: 10 }), 'whole minutes only, got 10'],
  ['a queue as action', loadAlarm({ AlarmActions: ['arn:aws:sqs:eu-central-1:111111111111:q'] }), 'Invalid arn syntax'],
  [
    'six actions',
    loadAlarm({ OKActions: Array.from({ length: 6 }, () => 'arn:aws:sns:eu-central-1:111111111111:t') }),
    'less than or equal to 5',
  ],
  ['another operator', loadAlarm({ ComparisonOperator: 'Above' }), 'ComparisonOperator must be one of'],
])('%s: refused', (_, settings, message) => {
  expect(() => checkMetricAlarm(settings)).toThrow(message);
});
