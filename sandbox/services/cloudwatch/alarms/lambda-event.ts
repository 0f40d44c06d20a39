/**
 * What an alarm tells the function that it invokes.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
 */

import type { MetricDataQuery } from '../math/queries';
import { dimensionsOf } from '../metric-id';
import type { Place } from '../reading';
import { type Alarm, type AlarmState, isComposite, queriesOf } from './alarm';
import { longDate } from './reason';

export function lambdaEvent(alarm: Alarm, previous: AlarmState, { accountId, region }: Place) {
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId,
    time: longDate(alarm.state.at),
    region,
    alarmData: {
      alarmName: alarm.name,
      state: stateOf(alarm.state),
      previousState: stateOf(previous),
      configuration: configurationOf(alarm),
    },
  };
}

function stateOf({ value, reason, reasonData, at }: AlarmState) {
  return { value, reason, reasonData, timestamp: longDate(at) };
}

function configurationOf({ settings }: Alarm) {
  const description = settings.AlarmDescription;
  if (isComposite(settings)) return { description, alarmRule: settings.AlarmRule };
  return { description, metrics: queriesOf(settings).map(metricOf) };
}

function metricOf({ Id, Expression, Label, MetricStat: metricStat, ReturnData = true }: MetricDataQuery) {
  if (metricStat === undefined) return { id: Id, expression: Expression, label: Label, returnData: ReturnData };
  const { Metric, Period, Stat, Unit } = metricStat;
  return {
    id: Id,
    metricStat: {
      metric: { namespace: Metric.Namespace, name: Metric.MetricName, dimensions: dimensionsOf(Metric.Dimensions) },
      period: Period,
      stat: Stat,
      ...(Unit !== undefined && { unit: Unit }),
    },
    ...(Label !== undefined && { label: Label }),
    returnData: ReturnData,
  };
}
