const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000];

/** Services are told dates, seconds or ISO text. */
export function milliseconds(value: Date | number | string): number {
  return typeof value === 'number' ? value * 1000 : new Date(value).getTime();
}

/**
 * How finely CloudWatch keeps what is this old: a start time is rounded down to it, and shorter periods find nothing.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html, StartTime and Period
 */
export function resolutionMs(start: number, now: number): number {
  const age = now - start;
  if (age > 63 * DAY_MS) return 60 * MINUTE_MS;
  return age > 15 * DAY_MS ? 5 * MINUTE_MS : MINUTE_MS;
}

export function roundedStart(start: number, now: number): number {
  const resolution = resolutionMs(start, now);
  return Math.floor(start / resolution) * resolution;
}
