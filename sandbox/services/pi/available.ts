import type { Call, Document } from '../service';
import type { Access } from './access';
import { countersOf } from './counters';
import { invalidArgument } from './errors';
import type { Family } from './families';
import { page } from './pages';
import type { Sources } from './sources';
import { statisticsOf } from './sql-statistics';

const LOAD_METRICS = [
  { name: 'db.load', unit: 'Sessions', description: 'The number of active sessions, scaled' },
  { name: 'db.sampledload', unit: 'Sessions', description: 'The number of active sessions, as they were sampled' },
];

/** ListAvailableResourceMetrics: names without a statistic. */
export function availableMetrics(input: Document, call: Call, sources: Sources, access: Access): Document {
  const { family } = sources.load(access.instance(input, call));
  const metrics = (input.MetricTypes as readonly string[]).flatMap((type) => metricsOf(type, family));
  const described = metrics.map(({ name, unit, description }) => ({
    Metric: name,
    Description: description,
    Unit: unit,
  }));
  const { items: Metrics, NextToken } = page(described, input, sources.settings.defaultPage);
  return { Metrics, ...(NextToken !== undefined && { NextToken }) };
}

/** ListAvailableResourceDimensions: with AuthorizedActions those that the caller may see with all of these. */
export function availableDimensions(input: Document, call: Call, sources: Sources, access: Access): Document {
  const { family } = sources.load(access.instance(input, call));
  const { Metrics, AuthorizedActions = [] } = input;
  const unknown = Metrics.find((metric: string) => metric !== 'db.load');
  if (unknown !== undefined) throw invalidArgument(`Metrics must be db.load, got ${unknown}`);
  const visible = (dimension: string) =>
    AuthorizedActions.every((action: string) => access.authorized(action, input, call, dimension));
  const groups = Object.entries(family.groups).map(([Group, names]) => ({
    Group,
    Dimensions: names.filter(visible).map((Identifier) => ({ Identifier })),
  }));
  const dimensions = Metrics.map((Metric: string) => ({
    Metric,
    Groups: groups.filter(({ Dimensions }) => Dimensions.length > 0),
  }));
  const { items: MetricDimensions, NextToken } = page(dimensions, input, sources.settings.defaultPage);
  return { MetricDimensions, ...(NextToken !== undefined && { NextToken }) };
}

export function resourceMetadata(input: Document, call: Call, sources: Sources, access: Access): Document {
  access.instance(input, call);
  const features = Object.entries(sources.settings.features).map(([name, Status]) => [name, { Status }]);
  return { Identifier: input.Identifier, Features: Object.fromEntries(features) };
}

/** DocumentDB has counters of the operating system only; there the other types give nothing. */
function metricsOf(type: string, family: Family) {
  const counters = countersOf(family);
  switch (type) {
    case 'os':
      return counters.filter(({ name }) => name.startsWith('os.'));
    case 'db':
      return family.name === 'docdb' ? [] : [...LOAD_METRICS, ...counters.filter(({ name }) => name.startsWith('db.'))];
    case 'db.sql.stats':
      return statisticsOf(family, 'db.sql');
    case 'db.sql_tokenized.stats':
      return statisticsOf(family, 'db.sql_tokenized');
    default:
      throw invalidArgument(`MetricTypes must be os, db, db.sql.stats or db.sql_tokenized.stats, got ${type}`);
  }
}
