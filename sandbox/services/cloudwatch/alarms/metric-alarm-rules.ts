/**
 * What CloudWatch refuses in a metric alarm. Source: the documentation of PutMetricAlarm,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, and for the sentences what others
 * were answered: https://github.com/hashicorp/terraform-provider-aws/issues/29894 (one element returns data),
 * https://github.com/aws-cloudformation/cfn-lint/pull/1306 (Unit, Threshold), https://github.com/aws-cloudformation/cfn-lint/issues/766
 * (Statistic), https://github.com/terraform-aws-modules/terraform-aws-cloudwatch/issues/13 (ranges),
 * https://github.com/cdklabs/cdk-monitoring-constructs/issues/340 (bands). The others are the sandbox's.
 */
import { invalid } from '../errors';
import { Queries } from '../math/queries';
import { statistic } from '../statistics';
import { type MetricAlarmSettings, queriesOf } from './alarm';
import { checkActions, checkName } from './alarm-rules';
import { COMPARISONS } from './comparison';
import { checkBand, checkExpressions } from './expression-rules';

const [DAY, WEEK] = [86_400, 604_800];
const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'];

export function checkMetricAlarm(settings: MetricAlarmSettings): void {
  checkName(settings.AlarmName);
  checkActions(settings);
  const { TreatMissingData: treat = 'missing', EvaluateLowSampleCountPercentile: low = 'evaluate' } = settings;
  if (!TREATMENTS.includes(treat))
    throw invalid(`TreatMissingData must be one of ${TREATMENTS.join(', ')}, got ${treat}`);
  if (low !== 'evaluate') throw invalid(`the sandbox knows EvaluateLowSampleCountPercentile evaluate only, got ${low}`);
  checkSource(settings);
  checkThreshold(settings);
  const queries = new Queries(queriesOf(settings));
  const { Id } = checkReturned(settings);
  checkExpressions(queries, Id, settings.ThresholdMetricId);
  if (settings.ThresholdMetricId !== undefined) checkBand(queries, settings.ThresholdMetricId);
  checkPeriods(settings, queries.period(Id));
  for (const { MetricStat } of queries.metrics) statistic(MetricStat!.Stat);
}

/** A plain metric, or a list of queries. */
function checkSource(settings: MetricAlarmSettings): void {
  if (settings.Metrics !== undefined) {
    const both = (
      ['MetricName', 'Namespace', 'Dimensions', 'Period', 'Unit', 'Statistic', 'ExtendedStatistic'] as const
    ).find((key) => settings[key] !== undefined);
    if (both !== undefined) throw invalid(`${both} should not be set if list of Metrics is set.`);
    return;
  }
  for (const key of ['MetricName', 'Namespace', 'Period'] as const) {
    if (settings[key] === undefined) throw invalid(`${key} must not be null`);
  }
  if ((settings.Statistic === undefined) === (settings.ExtendedStatistic === undefined)) {
    throw invalid('Exactly one of Statistic and ExtendedStatistic must be set');
  }
}

function checkThreshold({
  ComparisonOperator: operator,
  Threshold: fixed,
  ThresholdMetricId: band,
}: MetricAlarmSettings): void {
  const comparison = COMPARISONS[operator];
  if (comparison === undefined) {
    throw invalid(`ComparisonOperator must be one of ${Object.keys(COMPARISONS).join(', ')}, got ${operator}`);
  }
  if (fixed !== undefined && band !== undefined) throw invalid('Threshold and ThresholdMetricId cannot both be set');
  if (comparison.range && band === undefined) {
    throw invalid('ComparisonOperators for ranges require ThresholdMetricId to be set');
  }
  if (!comparison.range && band !== undefined)
    throw invalid(`ComparisonOperator ${operator} takes no ThresholdMetricId`);
  if (!comparison.range && !Number.isFinite(fixed)) throw invalid('Threshold must not be null');
}

function checkReturned(settings: MetricAlarmSettings) {
  const returned = queriesOf(settings).filter(
    ({ Id, ReturnData = true }) => ReturnData && Id !== settings.ThresholdMetricId,
  );
  const [only] = returned;
  if (only === undefined || returned.length > 1)
    throw invalid('Exactly one element of the metrics list should return data.');
  return only;
}

function checkPeriods(
  { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods }: MetricAlarmSettings,
  period: number,
): void {
  if (!Number.isInteger(EvaluationPeriods) || EvaluationPeriods < 1) {
    throw invalid(`EvaluationPeriods must be a whole number from 1 on, got ${EvaluationPeriods}`);
  }
  if (!Number.isInteger(DatapointsToAlarm) || DatapointsToAlarm < 1 || DatapointsToAlarm > EvaluationPeriods) {
    throw invalid(`DatapointsToAlarm must be a whole number from 1 to EvaluationPeriods, got ${DatapointsToAlarm}`);
  }
  const [longest, words] = period < 3600 ? [DAY, 'a day'] : [WEEK, 'a week'];
  if (period * EvaluationPeriods > longest) {
    throw invalid(
      `Metrics cannot be checked across more than ${words} (EvaluationPeriods * Period must be <= ${longest}).`,
    );
  }
}
