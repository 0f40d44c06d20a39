import type { DbClusters } from './clusters';
import type { Home } from './databases';
import { engineDefaults } from './engines';
import { invalidState, invalidValue, refused } from './errors';
import type { DbGroups } from './groups';
import { existingInstance, findInstance } from './lookup';
import type { Place } from './place';
import { type DbCluster, type DbInstance, DOCUMENT_DB, type InstanceStatus } from './state';
import { Timeline } from './timeline';

export interface InstanceSettings extends InstanceChanges {
  readonly identifier: string;
  /** Of a cluster's instance the cluster's. */
  readonly engine?: string;
  readonly clusterIdentifier?: string;
  readonly port?: number;
  readonly subnetGroup?: string;
}

export interface InstanceChanges {
  /** @default db.r6g.large */
  readonly instanceClass?: string;
  readonly engineVersion?: string;
  readonly parameterGroup?: string;
  /** @default false */
  readonly performanceInsights?: boolean;
  /** The ARN of a key of the customer. @default - AWS's own key */
  readonly performanceInsightsKeyArn?: string;
  /** @default 7 */
  readonly performanceInsightsRetentionDays?: number;
  /** @default 1 */
  readonly promotionTier?: number;
  /** Seconds between measurements of enhanced monitoring. @default 0, off */
  readonly monitoringInterval?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

/** As in the examples of the API reference: capitals and digits. */
const RESOURCE_ID = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

export class DbInstances {
  constructor(
    private readonly home: Home,
    private readonly clusters: DbClusters,
    private readonly groups: DbGroups,
  ) {}

  create(place: Place, settings: InstanceSettings): DbInstance {
    const identifier = settings.identifier.toLowerCase();
    if (this.find(place, identifier) !== undefined) {
      throw refused('DBInstanceAlreadyExists', `DB instance already exists: ${identifier}`);
    }
    this.groups.check(place, 'subnet-group', settings.subnetGroup);
    this.groups.check(place, 'parameter-group', settings.parameterGroup);
    checkRetention(settings.performanceInsightsRetentionDays);
    const { clusterIdentifier } = settings;
    const cluster = clusterIdentifier === undefined ? undefined : this.clusters.existing(place, clusterIdentifier);
    const instance = this.build(place, { ...settings, identifier }, cluster);
    this.plan(instance);
    this.home.state(place).instances.push(instance);
    if (cluster !== undefined) this.clusters.joined(cluster, instance);
    return instance;
  }

  /** What is left out stays. A change of Performance Insights alone is at once and in no status. */
  update(place: Place, name: string, changes: InstanceChanges): DbInstance {
    checkRetention(changes.performanceInsightsRetentionDays);
    this.groups.check(place, 'parameter-group', changes.parameterGroup);
    const instance = this.available(place, name);
    const now = this.now();
    const { instanceClass = instance.instanceClass.at(now), engineVersion = instance.engineVersion } = changes;
    const { performanceInsights = instance.performanceInsights.at(now) } = changes;
    if (performanceInsights !== instance.performanceInsights.at(now))
      instance.performanceInsights.set(now, performanceInsights);
    const visible = instanceClass !== instance.instanceClass.at(now) || engineVersion !== instance.engineVersion;
    Object.assign(instance, {
      engineVersion,
      performanceInsightsRetentionDays:
        changes.performanceInsightsRetentionDays ?? instance.performanceInsightsRetentionDays,
      promotionTier: changes.promotionTier ?? instance.promotionTier,
      monitoringInterval: changes.monitoringInterval ?? instance.monitoringInterval,
      tags: changes.tags ?? instance.tags,
    });
    if (!visible) return instance;
    const { instanceModify } = this.home.durations;
    this.through(instance, 'modifying', instanceModify, 'available');
    instance.instanceClass.set(now + instanceModify * 1000, instanceClass);
    return instance;
  }

  delete(place: Place, name: string): DbInstance {
    const instance = this.existing(place, name);
    if (instance.status.at(this.now()) === 'deleting') throw invalidState('Instance', name, 'deleting');
    const { clusterIdentifier } = instance;
    const cluster = clusterIdentifier === undefined ? undefined : this.clusters.find(place, clusterIdentifier);
    this.through(instance, 'deleting', this.home.durations.instanceDelete, 'deleted');
    if (cluster !== undefined) this.clusters.left(place, cluster, instance);
    return instance;
  }

  /** A stopped instance collects nothing. */
  stop(place: Place, name: string): void {
    this.through(this.available(place, name), 'stopping', this.home.durations.instanceStop, 'stopped');
  }

  start(place: Place, name: string): void {
    const instance = this.existing(place, name);
    const status = instance.status.at(this.now());
    if (status !== 'stopped') throw invalidState('Instance', name, status);
    this.through(instance, 'starting', this.home.durations.instanceStart, 'available');
  }

  setPerformanceInsights(place: Place, name: string, on: boolean): void {
    this.update(place, name, { performanceInsights: on });
  }

  /** Another instance takes the identifier, as after a restore: at once, with a resource id of its own. */
  replace(place: Place, name: string): DbInstance {
    const old = this.available(place, name);
    const now = this.now();
    old.status.set(now, 'deleted');
    const instance: DbInstance = {
      ...old,
      resourceId: this.resourceId(),
      createdAt: now,
      status: new Timeline<InstanceStatus>('available'),
      instanceClass: new Timeline(old.instanceClass.at(now)),
      performanceInsights: new Timeline(old.performanceInsights.at(now)),
    };
    this.home.state(place).instances.push(instance);
    return instance;
  }

  find(place: Place, name: string): DbInstance | undefined {
    return findInstance(this.home.state(place), this.now(), name);
  }

  existing(place: Place, name: string): DbInstance {
    return existingInstance(this.home.state(place), this.now(), name);
  }

  private build(place: Place, settings: InstanceSettings, cluster: DbCluster | undefined): DbInstance {
    const { world } = this.home;
    const { identifier } = settings;
    const engine = settings.engine ?? cluster?.engine;
    if (engine === undefined) throw invalidValue('The parameter Engine must be provided.');
    const { port, version } = engineDefaults(engine);
    const service = engine === DOCUMENT_DB ? 'docdb' : 'rds';
    return {
      identifier,
      resourceId: this.resourceId(),
      arn: `arn:${world.partition}:rds:${place.region}:${place.accountId}:db:${identifier}`,
      engine,
      engineVersion: settings.engineVersion ?? cluster?.engineVersion ?? version,
      ...(cluster !== undefined && { clusterIdentifier: cluster.identifier }),
      createdAt: this.now(),
      port: settings.port ?? cluster?.port ?? port,
      endpoint: `${identifier}.${world.random.string(12, LOWER)}.${place.region}.${service}.amazonaws.com`,
      status: new Timeline<InstanceStatus>('creating'),
      instanceClass: new Timeline(settings.instanceClass ?? 'db.r6g.large'),
      performanceInsights: new Timeline(settings.performanceInsights ?? false),
      ...(settings.performanceInsightsKeyArn !== undefined && {
        performanceInsightsKeyArn: settings.performanceInsightsKeyArn,
      }),
      performanceInsightsRetentionDays: settings.performanceInsightsRetentionDays ?? 7,
      promotionTier: settings.promotionTier ?? 1,
      monitoringInterval: settings.monitoringInterval ?? 0,
      tags: settings.tags ?? {},
    };
  }

  /** From `creating` to `available`; an instance without a cluster makes its first backup in between. */
  private plan(instance: DbInstance): void {
    const { instanceCreate, instanceConfigure } = this.home.durations;
    let at = this.now() + instanceCreate * 1000;
    const steps: InstanceStatus[] = [
      ...(instance.clusterIdentifier === undefined ? (['backing-up'] as const) : []),
      ...(instance.monitoringInterval > 0 ? (['configuring-enhanced-monitoring'] as const) : []),
    ];
    for (const step of steps) {
      instance.status.set(at, step);
      at += instanceConfigure * 1000;
    }
    instance.status.set(at, 'available');
  }

  private available(place: Place, name: string): DbInstance {
    const instance = this.existing(place, name);
    const status = instance.status.at(this.now());
    if (status !== 'available') throw invalidState('Instance', instance.identifier, status);
    return instance;
  }

  private through(instance: DbInstance, by: InstanceStatus, seconds: number, to: InstanceStatus): void {
    const now = this.now();
    instance.status.set(now, by);
    instance.status.set(now + seconds * 1000, to);
  }

  private resourceId(): string {
    return `db-${this.home.world.random.string(26, RESOURCE_ID)}`;
  }

  private now(): number {
    return this.home.world.clock.now();
  }
}

/**
 * 7, 731, or a multiple of 31 up to 713 days.
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
 */
function checkRetention(days: number | undefined): void {
  if (days === undefined || days === 7 || days === 731) return;
  if (days % 31 === 0 && days >= 31 && days <= 713) return;
  throw invalidValue(
    `Invalid Performance Insights retention period: ${days}. Use 7, 731, or a multiple of 31 up to 713`,
  );
}
