import type { Cluster } from './cluster';
import type { ICluster } from './cluster-interface';

/** A cluster of this app; undefined for an imported one. Told by a member, since the class itself needs what asks. */
export function managed(cluster: ICluster): Cluster | undefined {
  return '_admit' in cluster ? (cluster as Cluster) : undefined;
}
