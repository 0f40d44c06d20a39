import { Duration, Lazy } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Validation } from '../core/validation';
import type { ClusterAlarmOptions, ClusterAlarms } from './cluster-alarms';
import type { ICluster } from './cluster-interface';

/** https://docs.aws.amazon.com/cloudhsm/latest/userguide/hsm-metrics-cw.html */
const MAX_SESSIONS = 2048;

/** Keys in an HSM: https://docs.aws.amazon.com/cloudhsm/latest/userguide/limits.html */
export const KEY_CAPACITIES: Readonly<Record<string, number>> = { 'hsm1.medium': 3300, 'hsm2m.medium': 16_666 };

/** Makes the alarms below the cluster. */
export function makeClusterAlarms(cluster: ICluster, options: ClusterAlarmOptions): ClusterAlarms {
  validate(cluster.node.path, options);
  const alarms = new AlarmFactory(new Construct(cluster, 'Alarms'), cluster, options);
  return {
    unhealthyHsm: alarms.unhealthyHsm(),
    missingHsm: alarms.missingHsm(),
    sessionCapacity: alarms.sessionCapacity(),
    keyCapacity: alarms.keyCapacity(),
  };
}

function validate(path: string, { hsmCount, capacityThreshold, keyCapacity }: ClusterAlarmOptions): void {
  new Validation(path)
    .range('hsmCount', hsmCount, 0, 28)
    .range('capacityThreshold', capacityThreshold, 1, 100, ' percent')
    .range('keyCapacity', keyCapacity, 1, Number.MAX_SAFE_INTEGER)
    .throwIfInvalid();
}

class AlarmFactory {
  constructor(
    private readonly scope: Construct,
    private readonly cluster: ICluster,
    private readonly options: ClusterAlarmOptions,
  ) {}

  /** As in https://docs.aws.amazon.com/prescriptive-guidance/latest/monitoring-cloudhsm/reliability-monitoring.html */
  unhealthyHsm(): cloudwatch.Alarm {
    return this.alarm('UnhealthyHsm', {
      alarmDescription: 'An HSM does not perform properly; AWS replaces it, and calls in between can fail',
      metric: this.cluster.metricHsmUnhealthy(),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
      threshold: 0,
      evaluationPeriods: 1,
    });
  }

  /** There is no metric of the number of HSMs, but each of them reports each minute whether it is healthy. */
  missingHsm(): cloudwatch.Alarm | undefined {
    const { hsmCount } = this.options;
    if (hsmCount === undefined) return undefined;
    const period = Duration.minutes(1);
    // A parked cluster reports nothing, and that is as it should be.
    const treatMissingData = Lazy.uncachedString({
      produce: (context) =>
        context.resolve(hsmCount) === 0
          ? cloudwatch.TreatMissingData.NOT_BREACHING
          : cloudwatch.TreatMissingData.BREACHING,
    });
    return this.alarm('MissingHsm', {
      alarmDescription: 'Fewer HSMs than wanted are active',
      metric: new cloudwatch.MathExpression({
        label: 'Active HSMs',
        expression: 'reports - unhealthy',
        usingMetrics: {
          reports: this.cluster.metricHsmUnhealthy({ statistic: cloudwatch.Stats.SAMPLE_COUNT, period }),
          unhealthy: this.cluster.metricHsmUnhealthy({ statistic: cloudwatch.Stats.SUM, period }),
        },
        period,
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: hsmCount,
      evaluationPeriods: 15,
      treatMissingData: treatMissingData as cloudwatch.TreatMissingData,
    });
  }

  sessionCapacity(): cloudwatch.Alarm {
    return this.alarm('SessionCapacity', {
      alarmDescription: `An HSM has used ${this.percent} % of its ${MAX_SESSIONS} connections`,
      metric: this.cluster.metricHsmSessionCount(),
      threshold: this.partOf(MAX_SESSIONS),
      evaluationPeriods: 3,
    });
  }

  keyCapacity(): cloudwatch.Alarm | undefined {
    const { keyCapacity } = this.options;
    if (keyCapacity === undefined) return undefined;
    return this.alarm('KeyCapacity', {
      alarmDescription: `An HSM holds ${this.percent} % of the ${keyCapacity} keys that fit into it`,
      metric: new cloudwatch.MathExpression({
        label: 'Keys',
        expression: 'token + session',
        usingMetrics: {
          token: this.cluster.metricHsmKeysTokenOccupied(),
          session: this.cluster.metricHsmKeysSessionOccupied(),
        },
      }),
      threshold: this.partOf(keyCapacity),
      evaluationPeriods: 3,
    });
  }

  private alarm(id: string, props: cloudwatch.AlarmProps): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this.scope, id, {
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
    });
    const { alarmActions = [], okActions = [] } = this.options;
    if (alarmActions.length > 0) alarm.addAlarmAction(...alarmActions);
    if (okActions.length > 0) alarm.addOkAction(...okActions);
    return alarm;
  }

  private get percent(): number {
    return this.options.capacityThreshold ?? 80;
  }

  private partOf(capacity: number): number {
    return Math.ceil((capacity * this.percent) / 100);
  }
}
