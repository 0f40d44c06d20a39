import type { MetricDataQuery } from '../math/queries';
import type { Dimension } from '../metric-id';

export type StateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What both kinds of alarms are told, in the words of the API. */
interface AnyAlarmSettings {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export interface MetricAlarmSettings extends AnyAlarmSettings {
  readonly ComparisonOperator: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ThresholdMetricId?: string;
  readonly TreatMissingData?: string;
  readonly EvaluateLowSampleCountPercentile?: string;
  readonly Metrics?: readonly MetricDataQuery[];
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Unit?: string;
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
export interface CompositeAlarmSettings extends AnyAlarmSettings {
  readonly AlarmRule: string;
}

export interface AlarmState {
  readonly value: StateValue;
  readonly reason: string;
  /** JSON. */
  readonly reasonData?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  settings: MetricAlarmSettings | CompositeAlarmSettings;
  configuredAt: number;
  state: AlarmState;
  transitionedAt: number;
}

export interface HistoryItem {
  readonly alarmName: string;
  readonly alarmType: 'MetricAlarm' | 'CompositeAlarm';
  readonly at: number;
  readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  /** JSON. */
  readonly data: string;
}

export function isComposite(settings: Alarm['settings']): settings is CompositeAlarmSettings {
  return 'AlarmRule' in settings;
}

export function typeOf({ settings }: Alarm): HistoryItem['alarmType'] {
  return isComposite(settings) ? 'CompositeAlarm' : 'MetricAlarm';
}

/** The queries behind an alarm. One on a plain metric has a single one. */
export function queriesOf(settings: MetricAlarmSettings): readonly MetricDataQuery[] {
  if (settings.Metrics !== undefined) return settings.Metrics;
  const { Namespace = '', MetricName = '', Dimensions, Period = 0, Statistic, ExtendedStatistic, Unit } = settings;
  const Metric = { Namespace, MetricName, Dimensions };
  return [{ Id: 'metric', MetricStat: { Metric, Period, Stat: Statistic ?? ExtendedStatistic ?? '', Unit } }];
}

/** The one whose values are compared. A query that does not say is meant to be returned. */
export function watched(settings: MetricAlarmSettings): MetricDataQuery {
  return queriesOf(settings).find(({ Id, ReturnData = true }) => ReturnData && Id !== settings.ThresholdMetricId)!;
}
