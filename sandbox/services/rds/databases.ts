import type { World } from '../service';
import { DbClusters } from './clusters';
import { DbGroups } from './groups';
import { DbInstances } from './instances';
import type { RdsDurations } from './options';
import type { Place } from './place';
import type { RdsService } from './rds-service';
import type { DbInstance, RdsState } from './state';

/** The databases of all accounts and regions, for who makes them without calling the API: CloudFormation and tests. */
export class Databases {
  readonly instances: DbInstances;
  readonly clusters: DbClusters;
  readonly groups: DbGroups;

  constructor(
    private readonly world: World,
    private readonly service: RdsService,
    durations: RdsDurations,
  ) {
    const home = { world, durations, state: (place: Place) => this.state(place) };
    this.groups = new DbGroups(home);
    this.clusters = new DbClusters(home, this.groups);
    this.instances = new DbInstances(home, this.clusters, this.groups);
  }

  state({ accountId, region }: Place): RdsState {
    return this.world.state(this.service, accountId, region);
  }

  /** Of Performance Insights; also one that was deleted. */
  byResourceId(place: Place, resourceId: string): DbInstance | undefined {
    return this.state(place).instances.find((instance) => instance.resourceId === resourceId);
  }
}

/** What the parts of {@link Databases} work on. */
export interface Home {
  readonly world: World;
  readonly durations: RdsDurations;
  state(place: Place): RdsState;
}
