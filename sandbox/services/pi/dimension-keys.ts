import type { Call, Document } from '../service';
import type { Access } from './access';
import { invalidArgument, unknownMetric } from './errors';
import type { Family } from './families';
import { type Key, keysOf, passing, sumOf, top } from './keys';
import type { Load } from './load';
import { page } from './pages';
import { windowOf } from './periods';
import { type Grouping, groupingOf, questionOf } from './questions';
import type { Sources } from './sources';
import { statisticsOf } from './sql-statistics';

/** DescribeDimensionKeys: the keys of one group over the whole window, the largest first. */
export function dimensionKeys(input: Document, call: Call, sources: Sources, access: Access): Document {
  const instance = access.instance(input, call);
  const { defaultLimit, defaultPage } = sources.settings;
  const now = call.world.clock.now();
  const load = sources.load(instance);
  const { group, filter, load: metric } = questionOf(input, load.family, defaultLimit);
  if (metric === undefined || group === undefined) throw unknownMetric(input.Metric);
  const partition = input.PartitionBy && groupingOf(input.PartitionBy, load.family, defaultLimit);
  const additional = additionalMetrics(input, group, load.family);
  const window = windowOf(input, now, instance.performanceInsightsRetentionDays);
  const { sums, seconds } = load.measured(window.start, Math.min(window.end, sources.visibleUntil(now)));
  const chosen = passing(load, filter);
  const partitions = partition === undefined ? [] : top(keysOf(load, chosen, partition), partition, sums);
  const average = (of: readonly number[]) => sumOf(sums, of) / seconds;
  const keys = top(keysOf(load, chosen, group), group, sums).map((key) => ({
    Dimensions: key.dimensions,
    Total: average(key.cells),
    ...(additional.length > 0 && { AdditionalMetrics: additionalOf(additional, average(key.cells)) }),
    ...(partition !== undefined && { Partitions: partitionsOf(load, key, partition, partitions, average) }),
  }));
  const { items: Keys, NextToken } = page(keys, input, defaultPage);
  return {
    AlignedStartTime: new Date(window.start * 1000),
    AlignedEndTime: new Date(window.end * 1000),
    ...(partition !== undefined && { PartitionKeys: partitions.map(({ dimensions }) => ({ Dimensions: dimensions })) }),
    Keys,
    ...(NextToken !== undefined && { NextToken }),
  };
}

/** A key's part of each partition, in the order of PartitionKeys. */
function partitionsOf(
  load: Load,
  key: Key,
  partition: Grouping,
  partitions: readonly Key[],
  average: (cells: readonly number[]) => number,
): number[] {
  const own = keysOf(load, key.cells, partition);
  return partitions.map(({ dimensions }) => {
    const found = own.find((part) => JSON.stringify(part.dimensions) === JSON.stringify(dimensions));
    return found === undefined ? 0 : average(found.cells);
  });
}

/** Statistics of digests: only of their group, and only averages. */
function additionalMetrics(
  { AdditionalMetrics = [] }: Document,
  { name }: Grouping,
  family: Family,
): readonly string[] {
  if (AdditionalMetrics.length > 0 && name !== 'db.sql_tokenized') {
    throw invalidArgument(`AdditionalMetrics are there for the group db.sql_tokenized only, got ${name}`);
  }
  const known = statisticsOf(family, 'db.sql_tokenized').map((statistic) => `${statistic.name}.avg`);
  const unknown = AdditionalMetrics.find((metric: string) => !known.includes(metric));
  if (unknown !== undefined) throw unknownMetric(unknown);
  return AdditionalMetrics;
}

function additionalOf(names: readonly string[], sessions: number): Document {
  return Object.fromEntries(names.map((name, index) => [name, sessions * (40 + 10 * index)]));
}
