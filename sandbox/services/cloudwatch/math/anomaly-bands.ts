/**
 * The stand-in for the model behind ANOMALY_DETECTION_BAND. AWS's model (trends, hours, days, weeks) is not public. Here
 * the normal value is the mean of the past, and the band is as wide as so many standard deviations of it: enough to see an
 * alarm on a band fire and recover, not to learn how well AWS detects.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
 */
import { metricKey } from '../metric-id';
import type { AnomalyDetectionOptions } from '../options';
import type { Grid } from '../reading';
import { metricOf, type Queries } from './queries';
import type { Expression } from './syntax';
import type { Values } from './values';

export interface Normal {
  readonly mean: number;
  readonly deviation: number;
}

/** What is normal for the metrics of a place. It is learnt anew from time to time, not for each look. */
export class AnomalyBands {
  private readonly learnt = new Map<string, { readonly history: Grid; readonly normal: Normal | undefined }>();

  constructor(private readonly options: AnomalyDetectionOptions) {}

  /** `undefined` as long as there is too little to learn from. */
  normal(queries: Queries, operand: Expression, history: Grid, read: () => Values): Normal | undefined {
    const key = keyOf(queries, operand, history);
    const known = this.learnt.get(key);
    if (known !== undefined && known.history.from === history.from) return known.normal;
    const numbers = read().filter((value): value is number => value !== undefined);
    const normal = numbers.length < this.options.minimumDatapoints ? undefined : normalOf(numbers);
    this.learnt.set(key, { history, normal });
    return normal;
  }
}

/** The past from which a band is learnt, which ends where what is looked at begins, or the last training before it. */
export function historyOf({ from, periodSeconds }: Grid, now: number, options: AnomalyDetectionOptions): Grid {
  const trainingMs = options.retrainMinutes * 60_000;
  const end = Math.floor(Math.min(from, now) / trainingMs) * trainingMs;
  const length = Math.ceil((options.historyHours * 3600) / periodSeconds);
  return { from: end - length * periodSeconds * 1000, periodSeconds, length };
}

/** Alarms on the same metric and statistic share what was learnt. */
function keyOf(queries: Queries, operand: Expression, { periodSeconds }: Grid): string {
  const sources = [...queries.expressionLineage(operand)].map((item) => {
    if (!('Id' in item)) return item;
    const { MetricStat: metricStat } = item;
    return metricStat === undefined ? item : [metricKey(metricOf(metricStat)), metricStat.Stat, metricStat.Unit];
  });
  return JSON.stringify([periodSeconds, sources]);
}

function normalOf(numbers: readonly number[]): Normal {
  const mean = numbers.reduce((total, value) => total + value, 0) / numbers.length;
  const variance = numbers.reduce((total, value) => total + (value - mean) ** 2, 0) / numbers.length;
  return { mean, deviation: Math.sqrt(variance) };
}
