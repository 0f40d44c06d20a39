/** The values of metric math: numbers, time series, and arrays of time series. A series has one place a period. */
export type Value =
  | { readonly kind: 'scalar'; readonly number: number }
  | { readonly kind: 'series'; readonly values: Values }
  | { readonly kind: 'array'; readonly series: readonly Values[] };

export type Values = ReadonlyArray<number | undefined>;

export const scalar = (number: number): Value => ({ kind: 'scalar', number });
export const series = (values: Values): Value => ({ kind: 'series', values });
export const array = (all: readonly Values[]): Value => ({ kind: 'array', series: all });

/** Applies a function of one series to a series, or to each of an array. */
export function eachSeries(value: Value, change: (values: Values) => Values, refuse: () => Error): Value {
  if (value.kind === 'series') return series(change(value.values));
  if (value.kind === 'array') return array(value.series.map(change));
  throw refuse();
}
