import type { Cell } from './activities';
import type { Load } from './load';
import type { Grouping, Question } from './questions';

/** https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_GetResourceMetrics.html */
const ELEMENT_BYTES = 500;

/** A combination of dimension values, and the cells that have it. */
export interface Key {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly cells: readonly number[];
}

/** The keys of a group among some of the cells. What has no value for the group's dimensions is in none. */
export function keysOf(load: Load, chosen: readonly number[], group: Grouping): readonly Key[] {
  const { cells, all } = load;
  const keys = load.remembered(`keys ${group.dimensions.join()}`, () => allKeys(cells, group.dimensions));
  if (chosen.length === all.length) return keys;
  const wanted = new Set(chosen);
  return keys
    .map(({ dimensions, cells: own }) => ({ dimensions, cells: own.filter((index) => wanted.has(index)) }))
    .filter(({ cells: own }) => own.length > 0);
}

function allKeys(cells: readonly Cell[], names: readonly string[]): readonly Key[] {
  const keys = new Map<string, { dimensions: Record<string, string>; cells: number[] }>();
  cells.forEach((cell, index) => {
    const values = names.map((name) => [name, cell.dimensions.get(name)] as const);
    if (values.some(([, value]) => value === undefined)) return;
    const dimensions = Object.fromEntries(values.map(([name, value]) => [name, cut(value!)]));
    const id = JSON.stringify(dimensions);
    const key = keys.get(id) ?? { dimensions, cells: [] };
    key.cells.push(index);
    keys.set(id, key);
  });
  return [...keys.values()];
}

/** The cells that pass all filters, by their place. */
export function passing(load: Load, filter: Question['filter']): readonly number[] {
  if (filter.length === 0) return load.all;
  return load.remembered(`passing ${JSON.stringify(filter)}`, () =>
    load.all.filter((index) => filter.every(([name, value]) => load.cells[index]!.dimensions.get(name) === value)),
  );
}

export function sumOf(sums: Float64Array, cells: readonly number[]): number {
  let sum = 0;
  for (const index of cells) sum += sums[index]!;
  return sum;
}

/** The largest first, at most as many as the group's limit; what is nothing is not there. */
export function top<Item extends Key>(keys: readonly Item[], group: Grouping, sums: Float64Array): Item[] {
  return keys
    .map((key) => ({ key, sum: sumOf(sums, key.cells) }))
    .filter(({ sum }) => sum > 0)
    .sort((a, b) => b.sum - a.sum)
    .slice(0, group.limit)
    .map(({ key }) => key);
}

/** The first bytes of an element, never half a character. */
export function cut(text: string): string {
  if (Buffer.byteLength(text) <= ELEMENT_BYTES) return text;
  let shown = Buffer.from(text).subarray(0, ELEMENT_BYTES).toString();
  while (Buffer.byteLength(shown) > ELEMENT_BYTES || shown.endsWith('\uFFFD')) shown = shown.slice(0, -1);
  return shown;
}
