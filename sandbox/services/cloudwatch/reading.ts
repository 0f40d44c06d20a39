import type { ComputedMetrics } from '../pi/computed-metrics';
import type { MetricId } from './metric-id';
import type { MetricStore, UnitMinutes } from './metric-store';
import { MINUTE_MS, type MinuteSample, merged, type Sample, single } from './minutes';

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

/** Equal periods, one after the other. */
export interface Grid {
  /** Milliseconds since the epoch at which the first period begins. */
  readonly from: number;
  readonly periodSeconds: number;
  readonly length: number;
}

/** The metrics of a place as somebody sees them now: those that were put, and those that AWS publishes itself. */
export class Reader {
  constructor(
    readonly place: Place,
    private readonly store: MetricStore,
    private readonly computed: ComputedMetrics | undefined,
    readonly now: number,
  ) {}

  /** One sample a period that has any, in each unit, or in the one asked for. */
  byUnit(metric: MetricId, unit: string | undefined, grid: Grid): ReadonlyArray<{ unit: string; periods: Periods }> {
    const range = { from: grid.from, to: endOf(grid), now: this.now };
    const units = metric.namespace.startsWith('AWS/')
      ? this.native(metric, range)
      : this.store.read(metric, unit, range);
    return units.map(({ unit: name, minutes }) => ({ unit: name, periods: periodsOf(minutes, grid) }));
  }

  /** As above, all units together. What AWS makes of a metric of several units without being told one is not known. */
  periods(metric: MetricId, unit: string | undefined, grid: Grid): Periods {
    const [first, ...others] = this.byUnit(metric, unit, grid).map(({ periods }) => periods);
    const empty = (): Periods => Array.from({ length: grid.length });
    return others.reduce<Periods>(
      (all, more) => all.map((sample, index) => (more[index] === undefined ? sample : merged(sample, more[index]))),
      first ?? empty(),
    );
  }

  /** What the function DB_PERF_INSIGHTS sees. */
  performanceInsights(service: string, resourceId: string, metric: string, grid: Grid): Array<number | undefined> {
    const { from, periodSeconds, length } = grid;
    const [start, end] = [new Date(from), this.published(endOf(grid))];
    const points =
      this.computed?.performanceInsights(this.place, service, resourceId, metric, start, end, periodSeconds) ?? [];
    const values: Array<number | undefined> = Array.from({ length });
    for (const { timestamp, value } of points) {
      values[Math.floor((timestamp.getTime() - from) / (periodSeconds * 1000))] = value;
    }
    return values;
  }

  /** AWS publishes whole minutes only. */
  private published(to: number): Date {
    return new Date(Math.min(to, this.now - (this.now % MINUTE_MS)));
  }

  /** Units of AWS's own metrics are not modelled: whichever is asked for, they have it. */
  private native(metric: MetricId, { from, to }: { from: number; to: number }): UnitMinutes[] {
    const points = this.computed?.points(this.place, metric, new Date(from), this.published(to)) ?? [];
    if (points.length === 0) return [];
    return [
      {
        unit: 'None',
        minutes: points.map(({ timestamp, value }) => ({ ...single(value), timestamp: timestamp.getTime() })),
      },
    ];
  }
}

export type Periods = ReadonlyArray<Sample | undefined>;

export function endOf({ from, periodSeconds, length }: Grid): number {
  return from + periodSeconds * 1000 * length;
}

export function timestampsOf({ from, periodSeconds, length }: Grid): number[] {
  return Array.from({ length }, (_, index) => from + index * periodSeconds * 1000);
}

function periodsOf(minutes: readonly MinuteSample[], { from, periodSeconds, length }: Grid): Periods {
  const periods: Array<Sample | undefined> = Array.from({ length });
  for (const minute of minutes) {
    const index = Math.floor((minute.timestamp - from) / (periodSeconds * 1000));
    periods[index] = merged(periods[index], minute);
  }
  return periods;
}
