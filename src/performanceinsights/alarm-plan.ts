import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { Validation } from '../core/validation';
import type { AlarmProps } from './alarm';
import { describe } from './alarm-description';
import { type AnomalyBand, AnomalyDirection, ReadinessCheck } from './alarm-options';
import { chooseEngine } from './engine-choice';
import { Metric } from './metric';
import { MetricEngine } from './metric-engine';
import type { SingleQuestion } from './question';

/** What becomes of the properties of an alarm. */
export interface AlarmPlan {
  readonly engine: MetricEngine;
  readonly readiness: ReadinessCheck;
  readonly alarm: cloudwatch.AlarmProps;
}

export function planAlarm(scope: Construct, id: string, props: AlarmProps): AlarmPlan {
  const path = `${scope.node.path}/${id}`;
  validateAlarm(path, props);
  const { dataSource, metric, anomaly, evaluationPeriods = 3 } = props;
  // A minimum of load is compared minute by minute, so both must come from the same hand.
  const forced = props.engine ?? (props.minimumLoad === undefined ? undefined : MetricEngine.POLLER);
  const engine = chooseEngine(path, dataSource, metric._question, { forced, anomaly: anomaly !== undefined });
  requirePoller(path, props, engine);
  const comparison = anomaly === undefined ? comparisonOf(props) : OUTSIDE[anomaly.direction ?? AnomalyDirection.ABOVE];
  const question = metric._question as SingleQuestion;
  return {
    engine,
    readiness:
      props.readiness ?? (engine === MetricEngine.NATIVE ? ReadinessCheck.NONE : ReadinessCheck.FIRST_DATA_POINT),
    alarm: {
      metric: watched(scope, props, engine),
      threshold: anomaly === undefined ? props.threshold! : cloudwatch.Alarm.ANOMALY_DETECTION_NO_THRESHOLD,
      comparisonOperator: comparison,
      evaluationPeriods,
      datapointsToAlarm: props.datapointsToAlarm ?? Math.min(2, evaluationPeriods),
      treatMissingData: props.treatMissingData ?? MISSING_DATA[engine],
      actionsEnabled: props.actionsEnabled,
      alarmName: props.alarmName,
      alarmDescription: props.alarmDescription ?? describe(dataSource, question, comparison, props),
    },
  };
}

/** The series on which the alarm is set; polling is set up where it takes that. */
function watched(scope: Construct, props: AlarmProps, engine: MetricEngine): cloudwatch.IMetric {
  const { dataSource, metric, period = Duration.minutes(1), anomaly, minimumLoad } = props;
  const series = dataSource.metric(scope, metric, { engine, period });
  if (anomaly !== undefined) return band(series, anomaly, period);
  if (minimumLoad === undefined) return series;
  return new cloudwatch.MathExpression({
    expression: `IF(load > ${minimumLoad}, value, 0)`,
    usingMetrics: { load: dataSource.metric(scope, Metric.load(), { engine, period }), value: series },
    label: 'Where there is load',
    period,
  });
}

function band(
  metric: cloudwatch.IMetric,
  { standardDeviations = 2 }: AnomalyBand,
  period: Duration,
): cloudwatch.IMetric {
  return cloudwatch.Metric.anomalyDetectionFor({ metric, stdDevs: standardDeviations, period });
}

const OUTSIDE: Readonly<Record<AnomalyDirection, cloudwatch.ComparisonOperator>> = {
  [AnomalyDirection.ABOVE]: cloudwatch.ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
  [AnomalyDirection.BELOW]: cloudwatch.ComparisonOperator.LESS_THAN_LOWER_THRESHOLD,
  [AnomalyDirection.BOTH]: cloudwatch.ComparisonOperator.LESS_THAN_LOWER_OR_GREATER_THAN_UPPER_THRESHOLD,
};

const BANDS: ReadonlySet<cloudwatch.ComparisonOperator> = new Set(Object.values(OUTSIDE));

const MISSING_DATA: Readonly<Record<MetricEngine, cloudwatch.TreatMissingData>> = {
  // RDS publishes nothing where there is no load.
  [MetricEngine.NATIVE]: cloudwatch.TreatMissingData.NOT_BREACHING,
  [MetricEngine.METRIC_MATH]: cloudwatch.TreatMissingData.MISSING,
  // The agent skips samples just when load is high: a gap is no reason to end an alarm.
  [MetricEngine.POLLER]: cloudwatch.TreatMissingData.IGNORE,
};

function comparisonOf({ comparison }: AlarmProps): cloudwatch.ComparisonOperator {
  return comparison ?? cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD;
}

function requirePoller(path: string, { minimumLoad }: AlarmProps, engine: MetricEngine): void {
  new Validation(path)
    .check(
      'engine',
      engine,
      minimumLoad === undefined || engine === MetricEngine.POLLER,
      `be MetricEngine.${MetricEngine.POLLER} with minimumLoad, since both series must be of the same minute (leave engine out)`,
    )
    .throwIfInvalid();
}

function validateAlarm(path: string, props: AlarmProps): void {
  const { threshold, anomaly, minimumLoad, comparison, metric, evaluationPeriods, datapointsToAlarm, period } = props;
  const validation = new Validation(path)
    .require(
      (threshold === undefined) !== (anomaly === undefined),
      `threshold or anomaly must be given, and only one of them, got ${threshold === undefined ? 'none' : 'both'}; give one`,
    )
    .require(
      anomaly === undefined || minimumLoad === undefined,
      'minimumLoad and anomaly exclude each other, since CloudWatch learns no band over an expression; keep one of them',
    )
    .require(
      anomaly === undefined || comparison === undefined,
      'comparison is of a threshold, and anomaly has a direction instead; leave comparison out',
    )
    .check(
      'comparison',
      comparison,
      comparison === undefined || !BANDS.has(comparison),
      'compare with a threshold (give anomaly for a band of expected values)',
    )
    .range('minimumLoad', minimumLoad, 0, 1_000_000)
    .check(
      'anomaly.standardDeviations',
      anomaly?.standardDeviations,
      (anomaly?.standardDeviations ?? 2) > 0,
      'be above 0',
    )
    .range('evaluationPeriods', evaluationPeriods, 1, 1440)
    .range('datapointsToAlarm', datapointsToAlarm, 1, evaluationPeriods ?? 3)
    .length('alarmDescription', props.alarmDescription, 0, 1024);
  if (metric._question.kind === 'share') validation.range('threshold', threshold, 0, 100, ' percent');
  if (period !== undefined && !period.isUnresolved()) {
    const seconds = period.toSeconds();
    validation.check('period', `${seconds} seconds`, seconds > 0 && seconds % 60 === 0, 'be whole minutes');
  }
  validation.throwIfInvalid();
}
