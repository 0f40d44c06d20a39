import type { Document } from '../service';
import { type Counter, countersOf } from './counters';
import { invalidArgument, unknownDimension, unknownGroup, unknownMetric } from './errors';
import { type Family, groupOf } from './families';

/** A metric query that has been understood. */
export interface Question {
  /** As it was asked for, with its statistic. */
  readonly metric: string;
  readonly load?: 'scaled' | 'sampled';
  readonly counter?: Counter;
  readonly statistic: string;
  readonly group?: Grouping;
  readonly filter: ReadonlyArray<readonly [dimension: string, value: string]>;
}

export interface Grouping {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly limit: number;
}

const LOADS: Readonly<Record<string, Question['load']>> = {
  'db.load.avg': 'scaled',
  'db.sampledload.avg': 'sampled',
};

const STATISTICS = ['avg', 'min', 'max', 'sum', 'sample_count'];

/** Throws where the engine does not have the metric, group or a dimension: this fails the whole call. */
export function questionOf(query: Document, family: Family, defaultLimit: number): Question {
  const { Metric: metric, GroupBy, Filter = {} } = query;
  const load = LOADS[metric];
  const dot = metric.lastIndexOf('.');
  const [name, statistic] = [metric.slice(0, dot), metric.slice(dot + 1)];
  const counter = countersOf(family).find((candidate) => candidate.name === name);
  if (load === undefined && (counter === undefined || !STATISTICS.includes(statistic))) throw unknownMetric(metric);
  if (load === undefined && (GroupBy !== undefined || Object.keys(Filter).length > 0)) {
    throw invalidArgument(`${metric} has no dimensions: ask for it without GroupBy and Filter`);
  }
  return {
    metric,
    load,
    counter: load === undefined ? counter : undefined,
    statistic,
    filter: filterOf(Filter, family),
    ...(GroupBy !== undefined && { group: groupingOf(GroupBy, family, defaultLimit) }),
  };
}

export function groupingOf(given: Document, family: Family, defaultLimit: number): Grouping {
  const { Group: name, Dimensions, Limit: limit = defaultLimit } = given;
  const known = family.groups[name];
  if (known === undefined) throw unknownGroup(name);
  const dimensions: readonly string[] = Dimensions ?? known;
  const unknown = dimensions.find((dimension) => !known.includes(dimension));
  if (unknown !== undefined) throw unknownDimension(unknown, name);
  return { name, dimensions, limit };
}

export function filterOf(given: Readonly<Record<string, string>>, family: Family): Question['filter'] {
  for (const dimension of Object.keys(given)) {
    if (groupOf(family, dimension) === undefined) throw unknownDimension(dimension);
    // https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_MetricQuery.html
    if (dimension === 'db.sql.db_id' && family.name === 'sqlserver') {
      throw invalidArgument('The db.sql.db_id filter is not available for RDS for SQL Server');
    }
  }
  return Object.entries(given);
}

/** The dimensions that a query looks at, as the condition key pi:Dimensions has them; of unknown groups nothing. */
export function dimensionsOf(query: Document, family: Family | undefined): string[] {
  const groups: Document[] = [query.GroupBy, query.PartitionBy].filter((group) => group !== undefined);
  const grouped = groups.flatMap(({ Group, Dimensions }) => Dimensions ?? family?.groups[Group] ?? []);
  return [...grouped, ...Object.keys(query.Filter ?? {})];
}
