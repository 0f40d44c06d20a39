/**
 * Arithmetic, comparison and logic.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-arithmetic
 */
import { invalid } from '../errors';
import { array, scalar, series, type Value, type Values } from './values';

type Operator = (a: number, b: number) => number;

const OPERATORS: Readonly<Record<string, Operator>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '<=': (a, b) => Number(a <= b),
  '>': (a, b) => Number(a > b),
  '>=': (a, b) => Number(a >= b),
  AND: (a, b) => Number(a !== 0 && b !== 0),
  '&&': (a, b) => Number(a !== 0 && b !== 0),
  OR: (a, b) => Number(a !== 0 || b !== 0),
  '||': (a, b) => Number(a !== 0 || b !== 0),
};

export function operate(operator: string, left: Value, right: Value): Value {
  const apply = OPERATORS[operator]!;
  if (left.kind === 'array') {
    if (right.kind === 'array')
      throw invalid(`the sandbox does not know '${operator}' between two arrays of time series`);
    return array(left.series.map((values) => asValues(operate(operator, series(values), right))));
  }
  if (right.kind === 'array') {
    return array(right.series.map((values) => asValues(operate(operator, left, series(values)))));
  }
  if (left.kind === 'scalar' && right.kind === 'scalar') return scalar(apply(left.number, right.number));
  if (left.kind === 'scalar')
    return series(asValues(right).map((b) => finite(b === undefined ? b : apply(left.number, b))));
  if (right.kind === 'scalar')
    return series(left.values.map((a) => finite(a === undefined ? a : apply(a, right.number))));
  return series(left.values.map((a, index) => between(apply, a, right.values[index])));
}

export function negate(value: Value): Value {
  return operate('*', value, scalar(-1));
}

/** A value that only one of two series has stands beside a 0 of the other. */
function between(apply: Operator, a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined && b === undefined ? undefined : finite(apply(a ?? 0, b ?? 0));
}

/** A division by zero drops the data point. */
function finite(result: number | undefined): number | undefined {
  return result === undefined || !Number.isFinite(result) ? undefined : result;
}

function asValues(value: Value): Values {
  return (value as { readonly values: Values }).values;
}
