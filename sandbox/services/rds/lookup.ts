import { clusterNotFound, instanceNotFound } from './errors';
import type { DbCluster, DbInstance, RdsState } from './state';

/** The instances that there are now, in the order of their identifiers. */
export function standingInstances(state: RdsState, now: number): DbInstance[] {
  return sorted(state.instances.filter(({ status }) => status.at(now) !== 'deleted'));
}

export function standingClusters(state: RdsState, now: number): DbCluster[] {
  return sorted(state.clusters.filter(({ status }) => status.at(now) !== 'deleted'));
}

/** By its identifier, whose case does not matter, or its ARN. */
export function findInstance(state: RdsState, now: number, name: string): DbInstance | undefined {
  return state.instances.find((instance) => isNamed(instance, name) && instance.status.at(now) !== 'deleted');
}

export function existingInstance(state: RdsState, now: number, name: string): DbInstance {
  const instance = findInstance(state, now, name);
  if (instance === undefined) throw instanceNotFound(name);
  return instance;
}

export function findCluster(state: RdsState, now: number, name: string): DbCluster | undefined {
  return state.clusters.find((cluster) => isNamed(cluster, name) && cluster.status.at(now) !== 'deleted');
}

export function existingCluster(state: RdsState, now: number, name: string): DbCluster {
  const cluster = findCluster(state, now, name);
  if (cluster === undefined) throw clusterNotFound(name);
  return cluster;
}

/** The instances of a cluster, in the order in which they were made. */
export function membersOf(state: RdsState, now: number, cluster: DbCluster): DbInstance[] {
  return state.instances.filter(
    ({ clusterIdentifier, status }) => clusterIdentifier === cluster.identifier && status.at(now) !== 'deleted',
  );
}

export function isNamed({ identifier, arn }: { identifier: string; arn: string }, name: string): boolean {
  return name === arn || name.toLowerCase() === identifier;
}

function sorted<Item extends { readonly identifier: string }>(items: Item[]): Item[] {
  return items.sort((a, b) => (a.identifier < b.identifier ? -1 : 1));
}
