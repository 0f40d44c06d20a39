import { type CfnResource, Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as docdb from 'aws-cdk-lib/aws-docdb';
import type * as rds from 'aws-cdk-lib/aws-rds';
import type { Construct } from 'constructs';
import { requiredBy } from '../core/delegation';
import type { DelegatedPermissions } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { Alarm } from './alarm';
import type {
  AlarmOptions,
  AnomalyAlarmProps,
  ApplicationAlarmProps,
  CounterAlarmProps,
  DatabaseAlarmProps,
  DimensionAlarmProps,
  HostAlarmProps,
  LoadAlarmOptions,
  SqlDigestAlarmProps,
  TopShareAlarmProps,
  UserAlarmProps,
  WaitEventAlarmProps,
  WaitEventTypeAlarmProps,
} from './alarm-options';
import { breakdownOf } from './breakdown';
import type { DataSourceOptions, ResourceIdOptions } from './data-source-options';
import { validateOptions, validateResourceId } from './data-source-validation';
import { DatabaseEngine } from './database-engine';
import { accessRequirement } from './delegation';
import { DimensionGroup } from './dimension-groups';
import { chooseEngine, requireGroup } from './engine-choice';
import { Metric } from './metric';
import { MetricEngine } from './metric-engine';
import { docDbInstanceOrigin, identifier, instanceOrigin, memberOrigins, type Origin, writerOrigin } from './origin';
import { Poller } from './polling';
import { PERFORMANCE_INSIGHTS_SERVICE } from './provider';
import { Readiness } from './readiness';
import { publishedMetric, seriesOf } from './series';
import { ServiceType } from './service-type';
import { LOOKING, POLLING, type SourceIdentity } from './source-permissions';

/** How the series of a metric is shown. */
export interface SeriesOptions {
  /**
   * What graphs call it.
   *
   * @default - its name
   */
  readonly label?: string;

  /**
   * Length of a period: whole minutes.
   *
   * @default Duration.minutes(1)
   */
  readonly period?: Duration;

  /**
   * What answers the question. An error if it cannot.
   *
   * @default - the one with the least machinery that can
   */
  readonly engine?: MetricEngine;
}

/** A database, as Performance Insights sees it: an instance, or whichever instance is the writer of a cluster. */
export class DataSource {
  /** An instance of RDS or Aurora. Performance Insights must be on. */
  static fromInstance(instance: rds.IDatabaseInstance, options: DataSourceOptions = {}): DataSource {
    return new DataSource(instanceOrigin(instance), options);
  }

  /** An instance of DocumentDB. Performance Insights must be on. */
  static fromDocDbInstance(instance: docdb.IDatabaseInstance, options: DataSourceOptions = {}): DataSource {
    return new DataSource(docDbInstanceOrigin(instance), options);
  }

  /**
   * An instance with this resource id, such as `db-FAIHNTYBKTGAUSUZQYPDS2GW4A`. A replaced or restored instance has
   * another one.
   */
  static fromResourceId(resourceId: string, options: ResourceIdOptions): DataSource {
    validateResourceId(resourceId, options);
    const { serviceType = ServiceType.RDS, instanceIdentifier } = options;
    const engine = serviceType === ServiceType.DOCDB ? DatabaseEngine.DOCDB : undefined;
    return new DataSource(
      { serviceType, engine, resourceId, instanceIdentifier: identifier(instanceIdentifier) },
      options,
    );
  }

  /**
   * The instances of a cluster: those of the construct, or the `instanceIdentifiers` with which a cluster was imported.
   */
  static fromClusterMembers(cluster: rds.IDatabaseCluster, options: DataSourceOptions = {}): DataSource[] {
    return memberOrigins(cluster).map((origin) => new DataSource(origin, options));
  }

  /** The writer of a cluster, whichever instance that is at the time: it is looked up each minute. */
  static fromClusterWriter(cluster: rds.IDatabaseCluster, options: DataSourceOptions = {}): DataSource {
    return new DataSource(writerOrigin(cluster), options);
  }

  /** The service of the database. */
  readonly serviceType: ServiceType;
  /** Its engine; undefined where that is not known. */
  readonly engine?: DatabaseEngine;
  /** Identifier of the instance; undefined for the writer of a cluster. */
  readonly instanceIdentifier?: string;
  /** What Performance Insights knows the instance by; undefined where it is looked up when it is needed. */
  readonly resourceId?: string;
  /** Identifier of the cluster whose writer this is; undefined for an instance. */
  readonly clusterIdentifier?: string;

  private constructor(
    private readonly origin: Origin,
    private readonly options: DataSourceOptions,
  ) {
    this.serviceType = origin.serviceType;
    this.engine = options.engine ?? origin.engine;
    this.instanceIdentifier = origin.instanceIdentifier;
    this.resourceId = origin.resourceId;
    this.clusterIdentifier = origin.writerOf;
    validateOptions(this._name, options);
  }

  /**
   * The series that answers a question, whatever engine it takes. Where it takes polling, that is set up in the stack of
   * the scope.
   *
   * @param scope Where in the app the series is used.
   * @param metric The question.
   * @param options How it is shown.
   */
  metric(scope: Construct, metric: Metric, options: SeriesOptions = {}): cloudwatch.IMetric {
    const question = metric._question;
    if (question.kind === 'breakdown') {
      requireGroup(scope.node.path, this, question);
      return breakdownOf(this, question, options);
    }
    const engine = chooseEngine(scope.node.path, this, question, { forced: options.engine });
    if (engine === MetricEngine.POLLER) Poller.getOrCreate(scope).sourceOf(this).ask(question);
    return seriesOf(engine, this, question, options);
  }

  /**
   * What a role needs so that the stack of the scope can ask about the database: polling, and the readiness checks of its
   * alarms. What is asked later counts, too. A notification and a readiness check of your own have theirs.
   *
   * @param scope Where in the app the database is asked about.
   */
  requiredPermissions(scope: Construct): DelegatedPermissions {
    return requiredBy(scope, PERFORMANCE_INSIGHTS_SERVICE, this._assumeRole, () => [
      ...(Poller.find(scope)?.findSourceOf(this) === undefined ? [] : [accessRequirement(this._identity, POLLING)]),
      ...(Readiness._isChecked(scope, this) ? [accessRequirement(this._identity, LOOKING)] : []),
    ]);
  }

  /**
   * What the poller publishes with the points of each minute: 1, or 0 where Performance Insights had no data. Where
   * nothing of this data source is polled, there is no such metric.
   *
   * @param options How it is shown. Minimum over a minute, unless given otherwise.
   */
  metricHeartbeat(options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return publishedMetric(this, 'Heartbeat', {}, { statistic: cloudwatch.Stats.MINIMUM, ...options });
  }

  /** Average active sessions, of the whole database. */
  alarmOnLoad(scope: Construct, id: string, props: LoadAlarmOptions): Alarm {
    return this.alarmOnPart(scope, id, Metric.load(), props);
  }

  /** Average active sessions for each vCPU, of the whole database. The threshold is 1, unless given otherwise. */
  alarmOnLoadPerVcpu(scope: Construct, id: string, props: AlarmOptions = {}): Alarm {
    const threshold = props.anomaly === undefined ? (props.threshold ?? 1) : props.threshold;
    return this.alarm(scope, id, Metric.loadPerVcpu(), { ...props, threshold });
  }

  /** A counter of the operating system or the database. */
  alarmOnCounter(scope: Construct, id: string, props: CounterAlarmProps): Alarm {
    return this.alarm(scope, id, props.counter, props);
  }

  /** Average active sessions that wait for one event. */
  alarmOnWaitEvent(scope: Construct, id: string, props: WaitEventAlarmProps): Alarm {
    return this.alarmOnPart(scope, id, Metric.waitEvent(props.waitEvent), props);
  }

  /** Average active sessions that wait for events of one type. */
  alarmOnWaitEventType(scope: Construct, id: string, props: WaitEventTypeAlarmProps): Alarm {
    return this.alarmOnPart(scope, id, Metric.waitEventType(props.waitEventType), props);
  }

  /** The share of the load, in percent, of the SQL digest that has most of it, or of the top key of another group. */
  alarmOnTopSql(scope: Construct, id: string, props: TopShareAlarmProps): Alarm {
    const group = props.group ?? this._digests;
    return this.alarm(scope, id, Metric.topShare(group), props);
  }

  /** Average active sessions that run one SQL digest. */
  alarmOnSqlDigest(scope: Construct, id: string, props: SqlDigestAlarmProps): Alarm {
    return this.alarmOnPart(scope, id, Metric.sqlDigest(props.sqlDigest), props);
  }

  /** Average active sessions of one user. */
  alarmOnUser(scope: Construct, id: string, props: UserAlarmProps): Alarm {
    return this.alarmOnPart(scope, id, Metric.user(props.user), props);
  }

  /** Average active sessions from one host. */
  alarmOnHost(scope: Construct, id: string, props: HostAlarmProps): Alarm {
    return this.alarmOnPart(scope, id, Metric.host(props.host), props);
  }

  /** Average active sessions in one database. */
  alarmOnDatabase(scope: Construct, id: string, props: DatabaseAlarmProps): Alarm {
    return this.alarmOnPart(scope, id, Metric.database(props.database), props);
  }

  /** Average active sessions of one application. */
  alarmOnApplication(scope: Construct, id: string, props: ApplicationAlarmProps): Alarm {
    return this.alarmOnPart(scope, id, Metric.application(props.application), props);
  }

  /** Average active sessions of one key of any dimension. */
  alarmOnDimension(scope: Construct, id: string, props: DimensionAlarmProps): Alarm {
    const { group, dimension, value, publishedAs } = props;
    return this.alarmOnPart(scope, id, Metric.dimension(group, dimension, value, { publishedAs }), props);
  }

  /** Values outside the band that CloudWatch has learnt to expect. */
  alarmOnAnomaly(scope: Construct, id: string, props: AnomalyAlarmProps = {}): Alarm {
    return this.alarm(scope, id, props.metric ?? Metric.load(), { ...props, anomaly: props.anomaly ?? {} });
  }

  private alarmOnPart(scope: Construct, id: string, metric: Metric, props: LoadAlarmOptions): Alarm {
    return this.alarm(scope, id, props.perVcpu ? metric.perVcpu() : metric, props);
  }

  private alarm(scope: Construct, id: string, metric: Metric, props: AlarmOptions): Alarm {
    return new Alarm(scope, id, { ...props, dataSource: this, metric });
  }

  /**
   * What messages call it.
   *
   * @internal
   */
  get _name(): string {
    return this.instanceIdentifier ?? `the writer of ${this.clusterIdentifier}`;
  }

  /**
   * The group of its SQL digests.
   *
   * @internal
   */
  get _digests(): DimensionGroup {
    return this.serviceType === ServiceType.DOCDB ? DimensionGroup.QUERY_TOKENIZED : DimensionGroup.SQL_TOKENIZED;
  }

  /** @internal */
  get _assumeRole(): RoleAssumption | undefined {
    return this.options.assumeRole;
  }

  /**
   * What permissions know it by.
   *
   * @internal
   */
  get _identity(): SourceIdentity {
    const { resourceId, instanceIdentifier, clusterIdentifier } = this;
    const keyArn = this.options.encryptionKey?.keyArn ?? this.origin.keyArn;
    return { resourceId, instanceIdentifier, clusterIdentifier, keyArn };
  }

  /** @internal */
  get _prerequisites(): readonly CfnResource[] {
    return this.origin.prerequisites ?? [];
  }

  /**
   * Read at synthesis: the class of an instance may be a token before.
   *
   * @internal
   */
  get _vcpus(): number | undefined {
    return this.options.vcpus ?? this.origin.vcpus?.();
  }

  /** @internal */
  get _catchUp(): Duration {
    return this.options.catchUp ?? Duration.hours(1);
  }

  /** @internal */
  get _heartbeat(): { readonly alarm: boolean; readonly actions: readonly cloudwatch.IAlarmAction[] } {
    return { alarm: this.options.heartbeatAlarm ?? true, actions: this.options.heartbeatActions ?? [] };
  }

  /**
   * Dimensions of all that is published of it. By the identifier: a replaced instance has another resource id.
   *
   * @internal
   */
  get _publishedDimensions(): Readonly<Record<string, string>> {
    const identity: Record<string, string> =
      this.clusterIdentifier === undefined
        ? { DBInstanceIdentifier: this.instanceIdentifier! }
        : { DBClusterIdentifier: this.clusterIdentifier, Role: 'WRITER' };
    return { ...identity, ...this.place, ...this.options.dimensions };
  }

  /** Databases of other accounts and regions may have the same names. */
  private get place(): Readonly<Record<string, string>> {
    const { assumeRole } = this.options;
    if (assumeRole === undefined) return {};
    const { _account: account, region } = assumeRole;
    return { ...(account && { AccountId: account }), ...(region && { Region: region }) };
  }

  /**
   * The source as the handlers read it (`poll-request.runtime.ts`).
   *
   * @internal
   */
  _render(): Readonly<Record<string, unknown>> {
    return {
      serviceType: this.serviceType,
      resourceId: this.resourceId,
      instanceIdentifier: this.instanceIdentifier,
      writerOf: this.clusterIdentifier,
    };
  }
}
