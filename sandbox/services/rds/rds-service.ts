import type { Service, World } from '../service';
import { Databases } from './databases';
import { describeOperations } from './describe';
import { model } from './model';
import { durationsOf, type RdsDurations, type RdsOptions } from './options';
import type { RdsState } from './state';

/**
 * Amazon RDS, as far as Performance Insights goes: instances and clusters that CloudFormation and tests make (through
 * {@link databases}), DescribeDBInstances and DescribeDBClusters. README.md beside this file says more.
 */
export class RdsService implements Service<RdsState> {
  readonly name = 'rds';
  readonly model = model;
  readonly operations = describeOperations;
  private readonly durations: RdsDurations;

  constructor(options: RdsOptions = {}) {
    this.durations = durationsOf(options);
  }

  newState(): RdsState {
    return { instances: [], clusters: [], groups: new Map() };
  }

  /** Whatever was not told to go; what is being deleted goes by itself. */
  inventory({ instances, clusters, groups }: RdsState): readonly string[] {
    const stands = ({ status }: { status: { at(time: number): string } }) =>
      status.at(Number.POSITIVE_INFINITY) !== 'deleted';
    return [
      ...instances.filter(stands).map(({ identifier }) => `rds instance ${identifier}`),
      ...clusters.filter(stands).map(({ identifier }) => `rds cluster ${identifier}`),
      ...[...groups.values()].map(({ kind, name }) => `rds ${kind} ${name}`),
    ];
  }

  /** To make, change and disturb databases without a call. */
  databases(world: World): Databases {
    return new Databases(world, this, this.durations);
  }
}
