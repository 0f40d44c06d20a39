import type { Operation } from '../service';
import type { Alarm, HistoryItem } from './alarms/alarm';
import type { AnomalyBands } from './math/anomaly-bands';
import type { MetricStore } from './metric-store';

/** What CloudWatch remembers in an account and region. */
export interface CloudWatchState {
  readonly metrics: MetricStore;
  /** By name, in the order of their making. */
  readonly alarms: Map<string, Alarm>;
  /** The oldest first. */
  readonly history: HistoryItem[];
  readonly bands: AnomalyBands;
  /** Bodies by name. */
  readonly dashboards: Map<string, string>;
  readonly detectors: Set<string>;
}

export type CloudWatchOperations = Readonly<Record<string, Operation<CloudWatchState>>>;
