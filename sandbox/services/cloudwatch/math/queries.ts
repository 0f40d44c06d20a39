import { invalid } from '../errors';
import { type Dimension, dimensionsOf, type MetricId } from '../metric-id';
import { type Expression, parse, parts } from './syntax';

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
export interface MetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: MetricStat;
  readonly Label?: string;
  readonly Period?: number;
  readonly ReturnData?: boolean;
  readonly AccountId?: string;
}

export interface MetricStat {
  readonly Metric: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions?: readonly Dimension[];
  };
  readonly Period: number;
  readonly Stat: string;
  readonly Unit?: string;
}

/** The queries of one request or alarm, which name each other by their ids. */
export class Queries {
  private readonly byId: ReadonlyMap<string, MetricDataQuery>;
  private readonly periods = new Map<string, number>();

  constructor(readonly all: readonly MetricDataQuery[]) {
    this.byId = new Map(all.map((query) => [query.Id, query]));
    this.check();
  }

  get(id: string): MetricDataQuery {
    const query = this.byId.get(id);
    if (query === undefined)
      throw invalid(`The expression refers to '${id}', which is no id of a metric or expression`);
    return query;
  }

  /** Those that get a metric. */
  get metrics(): readonly MetricDataQuery[] {
    return this.all.filter(({ MetricStat }) => MetricStat !== undefined);
  }

  /** What a query rests on, itself first: queries, and the parts of their expressions. */
  *lineage(id: string, above: readonly string[] = []): Generator<MetricDataQuery | Expression> {
    if (above.includes(id))
      throw invalid(`The expressions ${[...above, id].join(', ')} refer to each other in a circle`);
    const query = this.get(id);
    yield query;
    if (query.Expression !== undefined) yield* this.expressionLineage(parse(query.Expression), [...above, id]);
  }

  *expressionLineage(expression: Expression, above: readonly string[] = []): Generator<MetricDataQuery | Expression> {
    for (const part of parts(expression)) {
      yield part;
      if (part.kind === 'name' && isId(part.name)) yield* this.lineage(part.name, above);
      if (part.kind === 'call' && part.name === 'METRICS') yield* this.metrics;
    }
  }

  /** The period of a query, in seconds: that of all the metrics that it rests on, or the one that it states. */
  period(id: string): number {
    const known = this.periods.get(id) ?? this.findPeriod(id);
    this.periods.set(id, known);
    return known;
  }

  private findPeriod(id: string): number {
    const periods = new Set(
      [...this.lineage(id)].flatMap((item) => ('Id' in item ? (item.MetricStat?.Period ?? []) : [])),
    );
    const [period = this.get(id).Period, ...others] = periods;
    if (others.length > 0) {
      throw invalid(`the sandbox knows expressions over metrics of one period only, got ${[...periods].join(', ')}`);
    }
    if (period === undefined) throw invalid(`The expression '${id}' names no metric, so it needs a Period`);
    if (period < 60 || period % 60 !== 0)
      throw invalid(`the sandbox knows periods of whole minutes only, got ${period}`);
    return period;
  }

  private check(): void {
    if (this.byId.size < this.all.length) throw invalid('The ids of metrics and expressions must be unique');
    for (const { Id, Expression: expression, MetricStat: metricStat, AccountId } of this.all) {
      if (!/^[a-z]\w{0,254}$/.test(Id)) throw invalid(`Invalid id: '${Id}' must begin with a small letter`);
      if ((expression === undefined) === (metricStat === undefined)) {
        throw invalid(`'${Id}' must have either an Expression or a MetricStat`);
      }
      if (AccountId !== undefined) throw invalid(`the sandbox does not model metrics of other accounts: '${Id}'`);
    }
  }
}

export function metricOf({ Metric: metric }: MetricStat): MetricId {
  const { Namespace: namespace, MetricName: metricName, Dimensions } = metric;
  return { namespace, metricName, dimensions: dimensionsOf(Dimensions) };
}

/** Ids begin with a small letter, words of the language with a capital one. */
export function isId(name: string): boolean {
  return /^[a-z]/.test(name);
}
