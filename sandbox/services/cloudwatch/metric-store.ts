import { type MetricId, metricKey } from './metric-id';
import { MINUTE_MS, type MinuteSample, Minutes, merged, type Sample } from './minutes';

/** One entry of a PutMetricData request. */
export interface Point {
  readonly metric: MetricId;
  readonly unit: string;
  readonly timestamp: number;
  readonly sample: Sample;
}

export interface UnitMinutes {
  readonly unit: string;
  readonly minutes: readonly MinuteSample[];
}

/**
 * The custom metrics of an account and region, by the minute. Points arrive some time after they were put. That takes no
 * timer: who looks sees those that have arrived by then.
 */
export class MetricStore {
  private readonly metrics = new Map<string, Metric>();
  private arriving: Arrival[] = [];

  put(points: readonly Point[], visibleAt: number): void {
    this.arriving.push({ points, visibleAt });
  }

  /** What is there of a metric in one unit, or in each, with `from` <= timestamp < `to`. */
  read(id: MetricId, unit: string | undefined, { from, to, now }: Range): UnitMinutes[] {
    this.settle(now);
    const units = [...(this.metrics.get(metricKey(id))?.units ?? [])];
    return units
      .filter(([name]) => unit === undefined || name === unit)
      .map(([name, minutes]) => ({ unit: name, minutes: [...minutes.between(from, to)] }))
      .filter(({ minutes }) => minutes.length > 0);
  }

  /** The metrics that have arrived, the oldest first. */
  list(now: number): readonly MetricId[] {
    this.settle(now);
    return [...this.metrics.values()].map(({ id }) => id);
  }

  /** Every minute of a metric, whatever its units, and also what nobody can see yet: for tests that count points. */
  samples(id: MetricId): MinuteSample[] {
    const key = metricKey(id);
    const seen = [...(this.metrics.get(key)?.units.values() ?? [])].flatMap((minutes) => [
      ...minutes.between(0, Number.MAX_SAFE_INTEGER),
    ]);
    const coming = this.arriving.flatMap(({ points }) => points.filter(({ metric }) => metricKey(metric) === key));
    const byMinute = new Map<number, Sample>();
    for (const { timestamp, sample } of [
      ...seen.map(({ timestamp, ...sample }) => ({ timestamp, sample })),
      ...coming,
    ]) {
      const minute = timestamp - (timestamp % MINUTE_MS);
      byMinute.set(minute, merged(byMinute.get(minute), sample));
    }
    return [...byMinute]
      .map(([timestamp, sample]) => ({ ...sample, timestamp }))
      .sort((a, b) => a.timestamp - b.timestamp);
  }

  private settle(now: number): void {
    const { arriving } = this;
    if (!arriving.some(({ visibleAt }) => visibleAt <= now)) return;
    this.arriving = arriving.filter(({ visibleAt }) => visibleAt > now);
    for (const { points } of arriving.filter(({ visibleAt }) => visibleAt <= now)) {
      for (const point of points) this.add(point);
    }
  }

  private add({ metric: id, unit, timestamp, sample }: Point): void {
    const key = metricKey(id);
    const metric = this.metrics.get(key) ?? { id, units: new Map<string, Minutes>() };
    this.metrics.set(key, metric);
    const minutes = metric.units.get(unit) ?? new Minutes();
    metric.units.set(unit, minutes);
    minutes.add(timestamp, sample);
  }
}

export interface Range {
  readonly from: number;
  readonly to: number;
  /** The moment at which somebody looks. */
  readonly now: number;
}

interface Metric {
  readonly id: MetricId;
  readonly units: Map<string, Minutes>;
}

interface Arrival {
  readonly points: readonly Point[];
  readonly visibleAt: number;
}
