import type { MetricKeyDataPoints, MetricQuery } from '@aws-sdk/client-pi';
import type { PolledQuestion } from './poll-request.runtime';

/** GetResourceMetrics takes no more at once. */
export const MAX_QUERIES_PER_CALL = 15;

/** Whether there is data at all is told by the load of the whole instance. */
const LOAD = 'db.load.avg';
const VCPUS = 'os.general.numVCPUs.avg';
/** One key, or the largest of a group: keys come in the order of their average, and a call is about one minute. */
const LIMIT = 1;

export interface QueryPlan {
  /** Each at most once, in calls of at most 15. */
  readonly calls: ReadonlyArray<readonly MetricQuery[]>;
  /** To be asked only if the answers do not tell by themselves whether there is data: it would take one call more. */
  readonly lastResort?: MetricQuery;
}

export function planQueries(questions: readonly PolledQuestion[]): QueryPlan {
  const queries = distinct(questions.flatMap(queriesFor));
  // A group without a filter also answers the total.
  const totalAnswered = queries.some(({ Metric, Filter }) => Metric === LOAD && Filter === undefined);
  if (totalAnswered) return { calls: inCalls(queries) };
  const total = { Metric: LOAD };
  const full = queries.length > 0 && queries.length % MAX_QUERIES_PER_CALL === 0;
  return full ? { calls: inCalls(queries), lastResort: total } : { calls: inCalls([...queries, total]) };
}

function queriesFor({ metric, slice, perVcpu }: PolledQuestion): MetricQuery[] {
  const vcpus = perVcpu ? [{ Metric: VCPUS }] : [];
  if (slice === undefined) return [{ Metric: metric }, ...vcpus];
  const { group, dimension, value } = slice;
  const query = {
    Metric: metric,
    GroupBy: { Group: group, Dimensions: [dimension], Limit: LIMIT },
    ...(value !== undefined && { Filter: { [dimension]: value } }),
  };
  return [query, ...vcpus];
}

function distinct(queries: readonly MetricQuery[]): MetricQuery[] {
  return [...new Map(queries.map((query) => [JSON.stringify(query), query])).values()];
}

function inCalls(queries: readonly MetricQuery[]): MetricQuery[][] {
  const count = Math.ceil(queries.length / MAX_QUERIES_PER_CALL);
  return Array.from({ length: count }, (_, index) =>
    queries.slice(index * MAX_QUERIES_PER_CALL, (index + 1) * MAX_QUERIES_PER_CALL),
  );
}

/** What Performance Insights has answered for one period. */
export class PeriodAnswers {
  private readonly wholes = new Map<string, number>();
  private readonly keys: Array<{ metric: string; dimensions: Readonly<Record<string, string>>; value: number }> = [];

  constructor(series: readonly MetricKeyDataPoints[], period: number) {
    for (const { Key, DataPoints } of series) {
      const value = DataPoints?.find(({ Timestamp }) => Timestamp?.getTime() === period)?.Value;
      // The client answers undefined for null, and NaN: both mean that there is nothing.
      if (Key?.Metric === undefined || typeof value !== 'number' || !Number.isFinite(value)) continue;
      if (Key.Dimensions !== undefined && Object.keys(Key.Dimensions).length > 0) {
        this.keys.push({ metric: Key.Metric, dimensions: Key.Dimensions, value });
      } else {
        this.addWhole(Key.Metric, value);
      }
    }
  }

  /**
   * Each query answers the whole beside its keys, and nothing in an answer tells its query. A filter may reduce what is
   * answered as the whole, which is never more than the real one: so that is the largest.
   */
  private addWhole(metric: string, value: number): void {
    this.wholes.set(metric, Math.max(value, this.wholes.get(metric) ?? value));
  }

  /** Whether Performance Insights has data of this period: also an idle instance has. */
  get hasData(): boolean {
    return this.wholes.has(LOAD) || this.keys.some(({ metric }) => metric === LOAD);
  }

  /** The value to publish, or undefined where there is none. */
  answerOf(question: PolledQuestion): number | undefined {
    const value = this.measured(question);
    if (value === undefined || !question.perVcpu) return publishable(value);
    const vcpus = this.wholes.get(VCPUS);
    return vcpus === undefined || vcpus <= 0 ? undefined : publishable(value / vcpus);
  }

  private measured({ metric, slice }: PolledQuestion): number | undefined {
    const whole = this.wholes.get(metric);
    if (slice === undefined) return whole;
    const { dimension, value } = slice;
    const keys = this.keys.filter((key) => key.metric === metric && dimension in key.dimensions);
    if (value !== undefined) {
      const found = keys.find(({ dimensions }) => dimensions[dimension] === value);
      // A key without sessions is not answered: it is zero where there is data, so that an alarm on it ends.
      return found?.value ?? (this.hasData ? 0 : undefined);
    }
    if (whole === undefined) return undefined;
    const largest = Math.max(0, ...keys.map((key) => key.value));
    return whole > 0 ? Math.min(100, (100 * largest) / whole) : 0;
  }
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html */
const LARGEST_VALUE = 2 ** 360;

function publishable(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) && Math.abs(value) <= LARGEST_VALUE ? value : undefined;
}
