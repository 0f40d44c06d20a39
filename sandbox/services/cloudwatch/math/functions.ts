/**
 * The functions that work on values alone.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html#metric-math-syntax-functions-list
 */
import { invalid } from '../errors';
import { eachSeries, scalar, series, type Value, type Values } from './values';

export type MathFunction = (values: readonly Value[], length: number) => Value;

export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  ABS: ([value]) =>
    eachSeries(
      needed('ABS', value),
      (values) => values.map(absolute),
      () => wrongArguments('ABS'),
    ),
  // An average takes missing values for 0, the others leave them out.
  AVG: aggregate('AVG', (numbers, count) => total(numbers) / count),
  MAX: aggregate('MAX', (numbers) => numbers.reduce((a, b) => Math.max(a, b))),
  MIN: aggregate('MIN', (numbers) => numbers.reduce((a, b) => Math.min(a, b))),
  SUM: aggregate('SUM', total),
  FIRST: ([value]) => series(arrayOf('FIRST', value).at(0)!),
  LAST: ([value]) => series(arrayOf('LAST', value).at(-1)!),
  IF: ([condition, whenTrue, whenFalse], length) =>
    choose(needed('IF', condition), needed('IF', whenTrue), whenFalse, length),
  TIME_SERIES: ([value], length) => {
    if (value?.kind !== 'scalar') throw wrongArguments('TIME_SERIES');
    return series(Array.from({ length }, () => value.number));
  },
};

/** Of one series a number, of an array the series of its aggregates. */
function aggregate(name: string, combine: (numbers: readonly number[], count: number) => number): MathFunction {
  const over = (values: Values) => {
    const numbers = values.filter((value): value is number => value !== undefined);
    return numbers.length === 0 ? undefined : combine(numbers, values.length);
  };
  return ([value]) => {
    if (value?.kind === 'series') return scalar(over(value.values) ?? Number.NaN);
    const all = arrayOf(name, value);
    return series((all[0] ?? []).map((_, index) => over(all.map((values) => values[index]))));
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function absolute(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.abs(value);
}

/** A missing data point of the value for true is 0, one of the value for false is dropped. */
function choose(condition: Value, whenTrue: Value, whenFalse: Value | undefined, length: number): Value {
  if ([condition, whenTrue, whenFalse].some((value) => value?.kind === 'array')) throw wrongArguments('IF');
  if (condition.kind === 'scalar' && [whenTrue, whenFalse].every((value) => value?.kind !== 'series')) {
    throw wrongArguments('IF');
  }
  return series(
    Array.from({ length }, (_, index) => {
      const truth = at(condition, index);
      if (truth === undefined) return undefined;
      if (truth === 0) return at(whenFalse, index);
      // Chosen by a number, a series stays as it is.
      return at(whenTrue, index) ?? (condition.kind === 'series' ? 0 : undefined);
    }),
  );
}

function at(value: Value | undefined, index: number): number | undefined {
  if (value?.kind === 'scalar') return value.number;
  return value?.kind === 'series' ? value.values[index] : undefined;
}

/** `FILL(m1, 0)`, `FILL(m1, m2)`, `FILL(m1, REPEAT)`, `FILL(m1, LINEAR)`. */
export function fill(value: Value | undefined, filler: Value | 'REPEAT' | 'LINEAR'): Value {
  const change = (values: Values): Values => {
    if (filler === 'REPEAT') return repeated(values);
    if (filler === 'LINEAR') return interpolated(values);
    return values.map((item, index) => item ?? at(filler, index));
  };
  return eachSeries(needed('FILL', value), change, () => wrongArguments('FILL'));
}

function repeated(values: Values): Values {
  let last: number | undefined;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}

/** Between two values on a line; before the first and after the last there is nothing to draw one from. */
function interpolated(values: Values): Values {
  return values.map((value, index) => {
    if (value !== undefined) return value;
    const known = [...values.keys()].filter((place) => values[place] !== undefined);
    const before = known.filter((place) => place < index).at(-1);
    const after = known.find((place) => place > index);
    if (before === undefined || after === undefined) return undefined;
    const [low, high] = [values[before]!, values[after]!];
    return low + ((high - low) * (index - before)) / (after - before);
  });
}

function arrayOf(name: string, value: Value | undefined): readonly Values[] {
  if (value?.kind !== 'array') throw wrongArguments(name);
  return value.series;
}

function needed(name: string, value: Value | undefined): Value {
  if (value === undefined) throw wrongArguments(name);
  return value;
}

export function wrongArguments(name: string): Error {
  return invalid(`Unsupported operand type(s) for ${name}`);
}
