import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type AlarmOptions, ReadinessCheck } from './alarm-options';
import { planAlarm } from './alarm-plan';
import type { DataSource } from './data-source';
import type { Metric } from './metric';
import type { MetricEngine } from './metric-engine';
import { Poller } from './polling';
import { Readiness } from './readiness';

/** Properties of an alarm. */
export interface AlarmProps extends AlarmOptions {
  /** The database. */
  readonly dataSource: DataSource;

  /** The question whose answer is watched: one series. */
  readonly metric: Metric;
}

/**
 * An alarm on what a database is really doing.
 *
 * It is one of CloudWatch's alarms, made when Performance Insights answers the question. `DataSource` has a factory
 * method for each kind. All properties are updated in place, but for the name.
 *
 * @resource AWS::CloudWatch::Alarm
 */
export class Alarm extends cloudwatch.Alarm {
  /** What answers the question. */
  readonly engine: MetricEngine;

  constructor(scope: Construct, id: string, props: AlarmProps) {
    const plan = planAlarm(scope, id, props);
    super(scope, id, plan.alarm);
    this.engine = plan.engine;
    this.awaitData(props, plan.readiness);
    const { alarmActions = [], okActions = [], insufficientDataActions = [] } = props;
    if (alarmActions.length > 0) this.addAlarmAction(...alarmActions);
    if (okActions.length > 0) this.addOkAction(...okActions);
    if (insufficientDataActions.length > 0) this.addInsufficientDataAction(...insufficientDataActions);
  }

  /** Polling first, then the check, then the alarms: what they look at is there when they begin. */
  private awaitData({ dataSource, metric }: AlarmProps, check: ReadinessCheck): void {
    if (check === ReadinessCheck.NONE) return;
    const readiness = Readiness._of(this, dataSource, check);
    readiness._expect(metric._question);
    this.node.addDependency(readiness);
    const polling = Poller.find(this)?.findSourceOf(dataSource);
    if (polling === undefined) return;
    readiness.node.addDependency(polling.schedule);
    readiness._expectHeartbeat();
    polling.watchAfter(readiness);
  }
}
