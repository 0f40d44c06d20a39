/**
 * Which expressions an alarm and an anomaly band may stand on. Sources:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html ("Anomaly detection on metric math", SEARCH) and
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-on-metric-math-expressions
 */
import { invalid } from '../errors';
import { isFunction, unknownFunction } from '../math/evaluation';
import type { MetricDataQuery, Queries } from '../math/queries';
import { isId } from '../math/queries';
import { type Expression, parse } from '../math/syntax';

const MAX_METRICS = 10;

/** Everything named exists, every function is known, and what is watched is a single time series. */
export function checkExpressions(queries: Queries, watched: string, threshold: string | undefined): void {
  for (const { Id, Expression: text } of queries.all) {
    for (const item of queries.lineage(Id)) {
      if ('Id' in item || item.kind !== 'call' || isFunction(item.name)) continue;
      if (item.name === 'SEARCH') throw invalid('SEARCH is not supported on Metric Alarms.');
      throw unknownFunction(item.name);
    }
    if (text !== undefined && Id !== threshold) checkKind(queries, Id, Id === watched);
  }
  if (queries.metrics.length > MAX_METRICS) {
    throw invalid(`An alarm can include at most ${MAX_METRICS} metrics, got ${queries.metrics.length}`);
  }
}

/**
 * A band stands on a metric or on plain arithmetic. METRICS and SEARCH are documented as unsupported. For DB_PERF_INSIGHTS
 * AWS refuses the alarm too; in which words is not known.
 */
export function checkBand(queries: Queries, id: string): void {
  const { Expression: text } = queries.get(id);
  const band = text === undefined ? undefined : parse(text);
  if (band?.kind !== 'call' || band.name !== 'ANOMALY_DETECTION_BAND') {
    throw invalid('Threshold metric expression must use ANOMALY_DETECTION_BAND function.');
  }
  const calls = [...queries.lineage(id)].flatMap((item) => ('Id' in item || item.kind !== 'call' ? [] : [item.name]));
  const unsupported = calls.find((name) => UNSUPPORTED.includes(name));
  if (unsupported !== undefined) throw invalid(`Anomaly detection does not support the function ${unsupported}`);
  if (calls.filter((name) => name === band.name).length > 1) {
    throw invalid(`An expression can have only one ${band.name}`);
  }
}

const UNSUPPORTED = ['DB_PERF_INSIGHTS', 'METRICS', 'SEARCH', 'INSIGHT_RULE_METRIC', 'SERVICE_QUOTA'];

type Kind = 'scalar' | 'series' | 'array';

function checkKind(queries: Queries, id: string, watched: boolean): void {
  const kind = kindOfQuery(queries, queries.get(id));
  if (kind === 'scalar')
    throw invalid(`Error in expression '${id}': the final result must be a time series, not a number`);
  if (watched && kind === 'array') {
    throw invalid(`An alarm can watch a single time series only, and '${id}' returns an array of them`);
  }
}

function kindOfQuery(queries: Queries, { Expression: text }: MetricDataQuery): Kind {
  return text === undefined ? 'series' : kindOf(queries, parse(text));
}

function kindOf(queries: Queries, expression: Expression): Kind {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return 'scalar';
    case 'name':
      return isId(expression.name) ? kindOfQuery(queries, queries.get(expression.name)) : 'scalar';
    case 'list':
      return 'array';
    case 'negation':
      return kindOf(queries, expression.operand);
    case 'operation':
      return widest([expression.left, expression.right].map((part) => kindOf(queries, part)));
    case 'call':
      return kindOfCall(
        expression.name,
        expression.arguments.map((part) => kindOf(queries, part)),
      );
  }
}

function kindOfCall(name: string, operands: readonly Kind[]): Kind {
  switch (name) {
    case 'METRICS':
    case 'ANOMALY_DETECTION_BAND':
      return 'array';
    case 'PERIOD':
      return 'scalar';
    case 'ABS':
    case 'FILL':
      return operands[0] ?? 'scalar';
    case 'AVG':
    case 'MAX':
    case 'MIN':
    case 'SUM':
      return operands[0] === 'array' ? 'series' : 'scalar';
    default:
      return 'series';
  }
}

function widest(kinds: readonly Kind[]): Kind {
  return (['array', 'series'] as const).find((kind) => kinds.includes(kind)) ?? 'scalar';
}
