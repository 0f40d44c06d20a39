import type { MetricAlarmSettings } from '../../services/cloudwatch/alarms/alarm';
import type { MetricDataQuery } from '../../services/cloudwatch/math/queries';
import type { Properties } from '../stack';
import { actionSettings, alarmName, flag, madeAlarm, number, present } from './cloudwatch-alarm-settings';
import { immediate } from './immediate';
import { unlessGone } from './unless-gone';

/** An alarm on a metric or an expression. */
export const cloudWatchAlarm = immediate({
  name: 'AWS::CloudWatch::Alarm',
  properties: [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluateLowSampleCountPercentile',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'InsufficientDataActions',
    'MetricName',
    'Metrics',
    'Namespace',
    'OKActions',
    'Period',
    'Statistic',
    'Tags',
    'Threshold',
    'ThresholdMetricId',
    'TreatMissingData',
    'Unit',
  ],
  required: ['ComparisonOperator', 'EvaluationPeriods'],
  replacedBy: ['AlarmName'],
  taggable: true,
  standing: false,

  make(task) {
    const name = alarmName(task);
    return madeAlarm(task.tools.alarms.put(task, settingsOf(name, task.properties)));
  },

  change(task, { physicalId: name }) {
    return madeAlarm(task.tools.alarms.put(task, settingsOf(name, task.properties)));
  },

  remove(task, { physicalId: name }) {
    unlessGone(() => task.tools.alarms.delete(task, name));
  },
});

function settingsOf(name: string, properties: Properties): MetricAlarmSettings {
  const { Tags, ActionsEnabled, ...rest } = properties;
  return present({
    ...(rest as Partial<MetricAlarmSettings>),
    ...actionSettings(name, properties),
    ComparisonOperator: properties.ComparisonOperator as string,
    EvaluationPeriods: number(properties.EvaluationPeriods)!,
    DatapointsToAlarm: number(properties.DatapointsToAlarm),
    Period: number(properties.Period),
    Threshold: number(properties.Threshold),
    Metrics: (properties.Metrics as readonly MetricDataQuery[] | undefined)?.map(queryOf),
  });
}

function queryOf(query: MetricDataQuery): MetricDataQuery {
  const { MetricStat: metricStat, Period, ReturnData } = query;
  return present({
    ...query,
    Period: number(Period),
    ReturnData: flag(ReturnData),
    MetricStat: metricStat && { ...metricStat, Period: number(metricStat.Period)! },
  });
}
