import { keysOf, passing, sumOf, top } from './keys';
import type { Load, Measured } from './load';
import { startsOf, type Window } from './periods';
import type { Question } from './questions';

/** A value, NaN for a bad measurement, nothing where there is no data. */
export type Value = number | undefined;

export interface Series {
  readonly dimensions?: Readonly<Record<string, string>>;
  readonly values: readonly Value[];
}

export interface SeriesRules {
  readonly filteredTotals: boolean;
  readonly absentValue: 'null' | 'zero';
  readonly samplingThreshold: number;
}

/** A window's periods and what was measured in each: made once for all questions of a request. */
export class Readings {
  readonly starts: readonly number[];
  private readonly counted = new Map<number, { sessions: number; onCpu: number }>();
  private memo?: readonly Measured[];

  constructor(
    readonly load: Load,
    readonly window: Window,
    /** Measurements from this second on cannot be read yet. */
    readonly visibleUntil: number,
  ) {
    this.starts = startsOf(window);
  }

  get measured(): readonly Measured[] {
    this.memo ??= this.starts.map((start) =>
      this.load.measured(start, Math.min(start + this.window.period, this.visibleUntil)),
    );
    return this.memo;
  }

  /** The total first, then the keys of the group. */
  series(question: Question, rules: SeriesRules): Series[] {
    if (question.counter !== undefined) return [{ values: this.starts.map((start) => this.counter(question, start)) }];
    const { measured, load } = this;
    const chosen = passing(load, question.filter);
    const scales = measured.map((reading) => (question.load === 'sampled' ? this.sampled(reading, rules) : 1));
    const values = (of: readonly number[], absent: Value) =>
      measured.map((reading, index) => valueIn(reading, of, absent, scales[index]!));
    const absent = rules.absentValue === 'zero' ? 0 : undefined;
    const filtered = question.filter.length > 0 && rules.filteredTotals;
    const total: Series = { values: filtered ? values(chosen, absent) : values(load.all, 0) };
    if (question.group === undefined) return [total];
    const keys = top(keysOf(load, chosen, question.group), question.group, this.wholeWindow());
    return [total, ...keys.map((key) => ({ dimensions: key.dimensions, values: values(key.cells, absent) }))];
  }

  /** The part of the sessions that was sampled. */
  private sampled({ sums, seconds }: Measured, { samplingThreshold }: SeriesRules): number {
    const sessions = sumOf(sums, this.load.all) / Math.max(1, seconds);
    return sessions > samplingThreshold ? samplingThreshold / sessions : 1;
  }

  private wholeWindow(): Float64Array {
    const [first, ...others] = this.measured;
    const window = Float64Array.from(first?.sums ?? []);
    for (const { sums } of others) for (let cell = 0; cell < window.length; cell++) window[cell]! += sums[cell]!;
    return window;
  }

  /** A counter has one value a minute, at its start. */
  private counter({ counter, statistic }: Question, start: number): Value {
    const end = Math.min(start + this.window.period, this.visibleUntil);
    const minutes: number[] = [];
    for (let minute = Math.ceil(start / 60); minute * 60 < end; minute++) {
      if (this.load.measures(minute * 60)) minutes.push(minute);
    }
    if (minutes.length === 0) return undefined;
    const values = minutes.map((minute) => {
      const moment = { seed: this.load.seed, minute, vcpus: this.load.vcpus(minute * 60), ...this.sessions(minute) };
      return counter!.value(moment);
    });
    return statisticOf(values, statistic);
  }

  private sessions(minute: number): { sessions: number; onCpu: number } {
    const known = this.counted.get(minute);
    if (known !== undefined) return known;
    const { sums, seconds } = this.load.measured(minute * 60, (minute + 1) * 60);
    const { all, onCpu } = this.load;
    const result = {
      sessions: sumOf(sums, all) / Math.max(1, seconds),
      onCpu: sumOf(sums, onCpu) / Math.max(1, seconds),
    };
    this.counted.set(minute, result);
    return result;
  }
}

function valueIn({ seconds, nan, sums }: Measured, cells: readonly number[], absent: Value, scale: number): Value {
  if (seconds === 0) return undefined;
  if (nan) return Number.NaN;
  const sum = sumOf(sums, cells);
  return sum === 0 ? absent : (sum / seconds) * scale;
}

function statisticOf(values: readonly number[], statistic: string): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (statistic) {
    case 'min':
      return Math.min(...values);
    case 'max':
      return Math.max(...values);
    case 'sum':
      return sum;
    case 'sample_count':
      return values.length;
    default:
      return sum / values.length;
  }
}
