import { invalid } from '../errors';
import type { AnomalyDetectionOptions } from '../options';
import type { Grid, Reader } from '../reading';
import { statistic } from '../statistics';
import { type AnomalyBands, historyOf } from './anomaly-bands';
import { FUNCTIONS, fill, wrongArguments } from './functions';
import { negate, operate } from './operators';
import { isId, metricOf, type Queries } from './queries';
import { type Expression, parse } from './syntax';
import { array, scalar, series, type Value, type Values } from './values';

export interface EvaluationTools {
  readonly reader: Reader;
  readonly bands: AnomalyBands;
  readonly anomalyDetection: AnomalyDetectionOptions;
}

/** The values of queries over one range and with one period. */
export class Evaluation {
  private readonly values = new Map<string, Value>();

  constructor(
    private readonly queries: Queries,
    private readonly grid: Grid,
    private readonly tools: EvaluationTools,
  ) {}

  /** Of the query of this id. */
  value(id: string): Value {
    const known = this.values.get(id);
    if (known !== undefined) return known;
    const { MetricStat: metricStat, Expression: expression } = this.queries.get(id);
    const value = metricStat === undefined ? this.of(parse(expression!)) : series(this.metric(id));
    this.values.set(id, value);
    return value;
  }

  private metric(id: string): Values {
    const { MetricStat: metricStat } = this.queries.get(id);
    const { Stat, Unit } = metricStat!;
    const of = statistic(Stat);
    const periods = this.tools.reader.periods(metricOf(metricStat!), Unit, this.grid);
    return periods.map((sample) => (sample === undefined ? undefined : of(sample)));
  }

  private of(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return scalar(expression.value);
      case 'name':
        if (!isId(expression.name)) throw invalid(`Unsupported operand '${expression.name}'`);
        return this.value(expression.name);
      case 'list':
        return array(expression.items.flatMap((item) => seriesOf(this.of(item))));
      case 'negation':
        return negate(this.of(expression.operand));
      case 'operation':
        return operate(expression.operator, this.of(expression.left), this.of(expression.right));
      case 'text':
        throw invalid(`Unsupported operand '${expression.text}'`);
      case 'call':
        return this.call(expression.name, expression.arguments);
    }
  }

  private call(name: string, values: readonly Expression[]): Value {
    const special = SPECIAL[name];
    if (special !== undefined) return this[special](values);
    const apply = FUNCTIONS[name];
    if (apply === undefined) throw unknownFunction(name);
    const operands = values.map((value) => this.of(value));
    return apply(operands, this.grid.length);
  }

  private metrics([filter]: readonly Expression[]): Value {
    if (filter !== undefined && filter.kind !== 'text') throw wrongArguments('METRICS');
    const ids = this.queries.metrics
      .map(({ Id }) => Id)
      .filter((id) => filter === undefined || id.includes(filter.text));
    return array(ids.flatMap((id) => seriesOf(this.value(id))));
  }

  private filled([value, filler]: readonly Expression[]): Value {
    if (value === undefined || filler === undefined) throw wrongArguments('FILL');
    const word =
      filler.kind === 'name' && (filler.name === 'REPEAT' || filler.name === 'LINEAR') ? filler.name : undefined;
    return fill(this.of(value), word ?? this.of(filler));
  }

  private period([metric]: readonly Expression[]): Value {
    if (metric?.kind !== 'name') throw wrongArguments('PERIOD');
    return scalar(this.queries.period(metric.name));
  }

  private performanceInsights(values: readonly Expression[]): Value {
    const [service, resourceId, metric] = values.map((value) => (value.kind === 'text' ? value.text : undefined));
    if (service === undefined || resourceId === undefined || metric === undefined || values.length > 3) {
      throw wrongArguments('DB_PERF_INSIGHTS');
    }
    return series(this.tools.reader.performanceInsights(service, resourceId, metric, this.grid));
  }

  /** The upper and the lower bound. */
  private band([operand, deviations]: readonly Expression[]): Value {
    const width = deviations === undefined ? scalar(2) : this.of(deviations);
    if (operand === undefined || width.kind !== 'scalar') throw wrongArguments('ANOMALY_DETECTION_BAND');
    const { anomalyDetection, reader, bands } = this.tools;
    const history = historyOf(this.grid, reader.now, anomalyDetection);
    const normal = bands.normal(this.queries, operand, history, () => {
      const [values = []] = seriesOf(new Evaluation(this.queries, history, this.tools).of(operand));
      return values;
    });
    const bound = (sign: number) =>
      Array.from({ length: this.grid.length }, () => normal && normal.mean + sign * width.number * normal.deviation);
    return array([bound(1), bound(-1)]);
  }
}

const SPECIAL = {
  METRICS: 'metrics',
  FILL: 'filled',
  PERIOD: 'period',
  DB_PERF_INSIGHTS: 'performanceInsights',
  ANOMALY_DETECTION_BAND: 'band',
} as Readonly<Record<string, 'metrics' | 'filled' | 'period' | 'performanceInsights' | 'band' | undefined>>;

/** All functions there are, for rules that look at expressions before they are evaluated. */
export function isFunction(name: string): boolean {
  return SPECIAL[name] !== undefined || FUNCTIONS[name] !== undefined;
}

export function unknownFunction(name: string): Error {
  const known = [...Object.keys(SPECIAL), ...Object.keys(FUNCTIONS)].sort().join(', ');
  return invalid(`the sandbox does not know the function ${name} of metric math: it knows ${known}`);
}

function seriesOf(value: Value): readonly Values[] {
  if (value.kind === 'scalar') throw invalid('the sandbox knows arrays of time series only, not of numbers');
  return value.kind === 'series' ? [value.values] : value.series;
}
