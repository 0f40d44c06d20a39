/** What no source settles about CloudWatch ([U]), and what differs from metric to metric. */
export interface CloudWatchOptions {
  /**
   * Seconds after PutMetricData until a point is seen by who reads. AWS promises two minutes for new points of known
   * metrics, fifteen for the first of a metric, and most come in seconds.
   * @default 5
   */
  readonly visibleAfterSeconds?: number;
  /**
   * [U] The second of each minute at which alarms are evaluated. AWS spreads them over the minute.
   * @default 30 - the mean of what AWS does
   */
  readonly evaluationSecond?: number;
  /**
   * [U] How many data points more than its evaluation periods an alarm looks back for, so that late or missing ones do
   * not count. The documentation's example has two, and says that it depends.
   * @default 2
   */
  readonly extraDatapoints?: number;
  /** The stand-in for the model of anomaly detection. */
  readonly anomalyDetection?: Partial<AnomalyDetectionOptions>;
}

/** A band here is the mean of a metric's past, plus and minus so many standard deviations. */
export interface AnomalyDetectionOptions {
  /**
   * How much of the past counts.
   * @default 24
   */
  readonly historyHours: number;
  /**
   * Without so many points there is no band yet, and an alarm on it has insufficient data.
   * @default 30
   */
  readonly minimumDatapoints: number;
  /**
   * After so many minutes the band is made anew.
   * @default 15
   */
  readonly retrainMinutes: number;
}

export type CloudWatchSettings = Required<Omit<CloudWatchOptions, 'anomalyDetection'>> & {
  readonly anomalyDetection: AnomalyDetectionOptions;
};

export function settingsOf({ anomalyDetection, ...options }: CloudWatchOptions): CloudWatchSettings {
  const settings = { visibleAfterSeconds: 5, evaluationSecond: 30, extraDatapoints: 2, ...options };
  const { evaluationSecond } = settings;
  if (!Number.isInteger(evaluationSecond) || evaluationSecond < 0 || evaluationSecond > 59) {
    throw new Error(`evaluationSecond must be a whole number from 0 to 59, got ${evaluationSecond}`);
  }
  const band = { historyHours: 24, minimumDatapoints: 30, retrainMinutes: 15, ...anomalyDetection };
  return { ...settings, anomalyDetection: band };
}
