/** One subject that is measured; it answers the lines of the table that it fills. */
export type Measure = () => Promise<Row[]>;

export interface Row {
  readonly name: string;
  /** As the table shows it, with its unit. */
  readonly value: string;
  /** For machines: the numbers behind the value, named with their units. */
  readonly figures: Readonly<Record<string, number>>;
  /** What it is compared with. */
  readonly beside?: string;
  readonly target?: Target;
  /** What a reader must know to take the number for what it is. */
  readonly note?: string;
}

export interface Target {
  readonly text: string;
  readonly met: boolean;
}

export function atMost(value: number, limit: number, text = `≤ ${limit}`): Target {
  return { text, met: value <= limit };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
