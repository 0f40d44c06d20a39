import type { Home } from './databases';
import { engineDefaults } from './engines';
import { invalidState, refused } from './errors';
import type { DbGroups } from './groups';
import { existingCluster, findCluster, membersOf } from './lookup';
import type { Place } from './place';
import { type ClusterStatus, type DbCluster, type DbInstance, DOCUMENT_DB } from './state';
import { Timeline } from './timeline';

export interface ClusterSettings {
  readonly identifier: string;
  readonly engine: string;
  readonly engineVersion?: string;
  readonly port?: number;
  readonly subnetGroup?: string;
  readonly parameterGroup?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const RESOURCE_ID = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

export class DbClusters {
  constructor(
    private readonly home: Home,
    private readonly groups: DbGroups,
  ) {}

  create(place: Place, settings: ClusterSettings): DbCluster {
    const { world, durations } = this.home;
    const identifier = settings.identifier.toLowerCase();
    if (this.find(place, identifier) !== undefined) {
      throw refused('DBClusterAlreadyExistsFault', `DB Cluster ${identifier} already exists`);
    }
    this.groups.check(place, 'subnet-group', settings.subnetGroup);
    this.groups.check(place, 'cluster-parameter-group', settings.parameterGroup);
    const { port, version } = engineDefaults(settings.engine);
    const now = world.clock.now();
    const domain = `${world.random.string(12, 'abcdefghijklmnopqrstuvwxyz0123456789')}.${place.region}`;
    const service = settings.engine === DOCUMENT_DB ? 'docdb' : 'rds';
    const cluster: DbCluster = {
      identifier,
      resourceId: `cluster-${world.random.string(26, RESOURCE_ID)}`,
      arn: `arn:${world.partition}:rds:${place.region}:${place.accountId}:cluster:${identifier}`,
      engine: settings.engine,
      engineVersion: settings.engineVersion ?? version,
      createdAt: now,
      port: settings.port ?? port,
      endpoint: `${identifier}.cluster-${domain}.${service}.amazonaws.com`,
      readerEndpoint: `${identifier}.cluster-ro-${domain}.${service}.amazonaws.com`,
      status: new Timeline<ClusterStatus>('creating'),
      writer: new Timeline<string | undefined>(undefined),
      tags: settings.tags ?? {},
    };
    cluster.status.set(now + durations.clusterCreate * 1000, 'available');
    this.home.state(place).clusters.push(cluster);
    return cluster;
  }

  update(place: Place, name: string, changes: Pick<ClusterSettings, 'engineVersion' | 'tags'>): DbCluster {
    const cluster = this.available(place, name);
    Object.assign(cluster, {
      engineVersion: changes.engineVersion ?? cluster.engineVersion,
      tags: changes.tags ?? cluster.tags,
    });
    this.through(cluster, 'modifying', this.home.durations.clusterModify, 'available');
    return cluster;
  }

  delete(place: Place, name: string): DbCluster {
    const cluster = this.existing(place, name);
    const standing = this.members(place, cluster).filter(({ status }) => status.at(Infinity) !== 'deleted');
    if (standing.length > 0) {
      throw refused(
        'InvalidDBClusterStateFault',
        `Cluster cannot be deleted, it still contains DB instances in non-deleting state.`,
      );
    }
    this.through(cluster, 'deleting', this.home.durations.clusterDelete, 'deleted');
    return cluster;
  }

  /**
   * Makes another instance the writer, after the time that a failover takes; meanwhile the old one restarts and collects
   * nothing. Without `target` it is the available reader with the lowest promotion tier.
   * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html
   */
  failover(place: Place, name: string, target?: string): string {
    const now = this.now();
    const cluster = this.available(place, name);
    const old = cluster.writer.at(now);
    const members = this.members(place, cluster);
    const readers = members.filter(({ identifier, status }) => identifier !== old && status.at(now) === 'available');
    const next = target === undefined ? byTier(readers)[0] : readers.find(({ identifier }) => identifier === target);
    if (next === undefined) {
      const what = target === undefined ? 'an available reader' : `an available reader '${target}'`;
      throw refused('InvalidDBInstanceState', `Cluster ${cluster.identifier} does not have ${what} to fail over to`);
    }
    const done = now + this.home.durations.failover * 1000;
    this.through(cluster, 'failing-over', this.home.durations.failover, 'available');
    cluster.writer.set(done, next.identifier);
    const writer = members.find(({ identifier }) => identifier === old);
    if (writer?.status.at(now) === 'available') {
      writer.status.set(now, 'rebooting');
      writer.status.set(done, 'available');
    }
    return next.identifier;
  }

  /** An instance came: the first one of a cluster writes. */
  joined(cluster: DbCluster, instance: DbInstance): void {
    const now = this.now();
    if (cluster.writer.at(Infinity) === undefined) cluster.writer.set(now, instance.identifier);
  }

  /** An instance goes: if it was the writer, another one is now. */
  left(place: Place, cluster: DbCluster, instance: DbInstance): void {
    if (cluster.writer.at(Infinity) !== instance.identifier) return;
    const others = this.members(place, cluster).filter(
      (other) => other !== instance && other.status.at(Infinity) !== 'deleted',
    );
    cluster.writer.set(this.now(), byTier(others)[0]?.identifier);
  }

  find(place: Place, name: string): DbCluster | undefined {
    return findCluster(this.home.state(place), this.now(), name);
  }

  existing(place: Place, name: string): DbCluster {
    return existingCluster(this.home.state(place), this.now(), name);
  }

  members(place: Place, cluster: DbCluster): DbInstance[] {
    return membersOf(this.home.state(place), this.now(), cluster);
  }

  private available(place: Place, name: string): DbCluster {
    const cluster = this.existing(place, name);
    const status = cluster.status.at(this.now());
    if (status !== 'available') throw invalidState('Cluster', cluster.identifier, status);
    return cluster;
  }

  private through(cluster: DbCluster, by: ClusterStatus, seconds: number, to: ClusterStatus): void {
    const now = this.now();
    cluster.status.set(now, by);
    cluster.status.set(now + seconds * 1000, to);
  }

  private now(): number {
    return this.home.world.clock.now();
  }
}

function byTier(instances: readonly DbInstance[]): DbInstance[] {
  return [...instances].sort((a, b) => a.promotionTier - b.promotionTier);
}
