import type { Place } from '../rds/place';

/** Metrics that AWS publishes itself, computed when they are asked for. */
export interface ComputedMetrics {
  /**
   * `AWS/RDS` DBLoad, DBLoadCPU, DBLoadNonCPU and DBLoadRelativeToNumVCPUs by `DBInstanceIdentifier`, or by
   * `DBClusterIdentifier` and `Role`; of anything else (CPUUtilization …) nothing. One point a minute, at the start of
   * its period: those with `from` <= timestamp < `to`.
   */
  points(place: Place, metric: NativeMetric, from: Date, to: Date): readonly MetricPoint[];

  /**
   * What `DB_PERF_INSIGHTS(service, resource, metric)` sees: one point a period that has data, at its start, those with
   * `from` <= timestamp < `to`. Nothing where there is no such resource or metric.
   */
  performanceInsights(
    place: Place,
    serviceType: string,
    resourceId: string,
    metric: string,
    from: Date,
    to: Date,
    periodSeconds: number,
  ): readonly MetricPoint[];
}

export interface NativeMetric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MetricPoint {
  readonly timestamp: Date;
  readonly value: number;
}
