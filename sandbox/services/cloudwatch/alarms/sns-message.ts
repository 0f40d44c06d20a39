/**
 * What an alarm publishes to a topic, as those show it who receive it:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */

import type { MetricDataQuery } from '../math/queries';
import type { Dimension } from '../metric-id';
import type { Place } from '../reading';
import { type Alarm, type AlarmState, isComposite, type MetricAlarmSettings } from './alarm';
import { longDate } from './reason';

const MAX_SUBJECT = 100;

/** `ALARM: "name" in EU (Frankfurt)`. A subject is ASCII. */
export function snsSubject({ name, state }: Alarm, { region }: Place): string {
  const subject = `${state.value}: "${name}" in ${regionName(region)}`;
  return subject.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_SUBJECT);
}

export function snsMessage({ name, arn, settings, state, configuredAt }: Alarm, previous: AlarmState, place: Place) {
  const { AlarmDescription = null, OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = settings;
  return {
    AlarmName: name,
    AlarmDescription,
    AWSAccountId: place.accountId,
    AlarmConfigurationUpdatedTimestamp: longDate(configuredAt),
    NewStateValue: state.value,
    NewStateReason: state.reason,
    StateChangeTime: longDate(state.at),
    Region: regionName(place.region),
    AlarmArn: arn,
    OldStateValue: previous.value,
    OKActions,
    AlarmActions,
    InsufficientDataActions,
    ...(isComposite(settings) ? { AlarmRule: settings.AlarmRule } : { Trigger: triggerOf(settings) }),
  };
}

function triggerOf(settings: MetricAlarmSettings) {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Unit = null, Dimensions, Metrics } = settings;
  const { EvaluationPeriods, DatapointsToAlarm, ComparisonOperator, Threshold, ThresholdMetricId } = settings;
  const metric =
    Metrics === undefined && Statistic !== undefined
      ? { StatisticType: 'Statistic', Statistic: Statistic.toUpperCase() }
      : { StatisticType: 'ExtendedStatistic', ExtendedStatistic };
  return {
    ...(Metrics === undefined && { MetricName, Namespace, ...metric, Unit, Dimensions: dimensions(Dimensions) }),
    Period: settings.Period ?? Metrics?.find(({ MetricStat }) => MetricStat !== undefined)?.MetricStat?.Period,
    EvaluationPeriods,
    DatapointsToAlarm,
    ComparisonOperator,
    ...(ThresholdMetricId === undefined ? { Threshold } : { ThresholdMetricId }),
    TreatMissingData: settings.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: settings.EvaluateLowSampleCountPercentile ?? '',
    ...(Metrics !== undefined && { Metrics: Metrics.map(queryOf) }),
  };
}

function queryOf({ MetricStat, ReturnData = true, ...query }: MetricDataQuery) {
  if (MetricStat === undefined) return { ...query, ReturnData };
  const { Metric } = MetricStat;
  return {
    ...query,
    MetricStat: { ...MetricStat, Metric: { ...Metric, Dimensions: dimensions(Metric.Dimensions) } },
    ReturnData,
  };
}

function dimensions(list: readonly Dimension[] = []) {
  return list.map(({ Name, Value }) => ({ value: Value, name: Name }));
}

/** As the messages have them. Of other regions the code stands. */
function regionName(region: string): string {
  return REGIONS[region] ?? region;
}

const REGIONS: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'Asia Pacific (Tokyo)',
  'ap-southeast-1': 'Asia Pacific (Singapore)',
  'ap-southeast-2': 'Asia Pacific (Sydney)',
  'eu-central-1': 'EU (Frankfurt)',
  'eu-west-1': 'EU (Ireland)',
  'us-east-1': 'US East (N. Virginia)',
  'us-east-2': 'US East (Ohio)',
  'us-west-2': 'US West (Oregon)',
};
