import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { requiredBy, requiredFrom } from '../core/delegation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import { type AlarmOptions, type AlarmPermissionsOptions, ReadinessCheck } from './alarm-options';
import { planAlarm } from './alarm-plan';
import type { DataSource } from './data-source';
import { accessRequirement, namedSource } from './delegation';
import type { Metric } from './metric';
import { MetricEngine } from './metric-engine';
import { Poller } from './polling';
import { PERFORMANCE_INSIGHTS_SERVICE } from './provider';
import { Readiness } from './readiness';
import { LOOKING, POLLING, type SourceAccess } from './source-permissions';

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
export class Alarm extends cloudwatch.Alarm implements IDelegable {
  /** What a role needs so that a stack of another app can ask about a database through it, for an alarm. */
  static requiredPermissionsFor(manager: ManagingStack, options: AlarmPermissionsOptions): DelegatedPermissions {
    const source = namedSource(options);
    const checked = options.readiness !== ReadinessCheck.NONE;
    return requiredFrom(
      manager,
      accessRequirement(source, POLLING),
      ...(checked ? [accessRequirement(source, LOOKING)] : []),
    );
  }

  /** What answers the question. */
  readonly engine: MetricEngine;

  private readonly dataSource: DataSource;
  private readonly access: readonly SourceAccess[];

  constructor(scope: Construct, id: string, props: AlarmProps) {
    const plan = planAlarm(scope, id, props);
    super(scope, id, plan.alarm);
    this.engine = plan.engine;
    this.dataSource = props.dataSource;
    this.access = [
      ...(plan.engine === MetricEngine.POLLER ? [POLLING] : []),
      ...(plan.readiness === ReadinessCheck.NONE ? [] : [LOOKING]),
    ];
    this.awaitData(props, plan.readiness);
    const { alarmActions = [], okActions = [], insufficientDataActions = [] } = props;
    if (alarmActions.length > 0) this.addAlarmAction(...alarmActions);
    if (okActions.length > 0) this.addOkAction(...okActions);
    if (insufficientDataActions.length > 0) this.addInsufficientDataAction(...insufficientDataActions);
  }

  /**
   * What a role needs so that the alarm has its data, as a `DelegatedRole` takes it: polling, where the metric is polled,
   * and the check of readiness.
   */
  requiredPermissions(): DelegatedPermissions {
    const { _assumeRole: assumeRole, _identity: identity } = this.dataSource;
    return requiredBy(this, PERFORMANCE_INSIGHTS_SERVICE, assumeRole, () =>
      this.access.map((access) => accessRequirement(identity, access)),
    );
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
