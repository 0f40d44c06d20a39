import type { CloudWatchAlarmState } from 'aws-lambda';

/** The time that an alarm looked at, in milliseconds. */
export interface AlarmWindow {
  readonly from: number;
  readonly to: number;
}

const MINUTE = 60_000;
/** An alarm looks back no longer; it keeps what is asked within the history of Performance Insights. */
const LONGEST = 24 * 60 * MINUTE;

interface ReasonData {
  readonly queryDate?: unknown;
  readonly startDate?: unknown;
  readonly period?: unknown;
  readonly evaluatedDatapoints?: unknown;
}

/**
 * From the first to the last data point that the alarm has evaluated, else the minutes before it went off: a composite
 * alarm, or one over missing data, does not tell. The format of what is told is seen in
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function windowOf({ reasonData, timestamp }: CloudWatchAlarmState, windowMinutes: number): AlarmWindow {
  const told = parse(reasonData);
  const periodMs = typeof told.period === 'number' && told.period > 0 ? told.period * 1000 : MINUTE;
  const evaluated = evaluatedTimes(told.evaluatedDatapoints);
  const start = Math.min(...evaluated, timeOf(told.startDate) ?? Number.POSITIVE_INFINITY);
  const end = evaluated.length > 0 ? Math.max(...evaluated) + periodMs : timeOf(told.queryDate);
  const changed = timeOf(timestamp) ?? Date.now();
  const before = { from: changed - windowMinutes * MINUTE, to: changed };
  const window = end !== undefined && start < end ? { from: Math.max(start, end - LONGEST), to: end } : before;
  return { from: Math.floor(window.from / MINUTE) * MINUTE, to: Math.ceil(window.to / MINUTE) * MINUTE };
}

function parse(reasonData: string | undefined): ReasonData {
  try {
    const told: unknown = JSON.parse(reasonData ?? '{}');
    return typeof told === 'object' && told !== null ? told : {};
  } catch {
    return {};
  }
}

function evaluatedTimes(points: unknown): number[] {
  if (!Array.isArray(points)) return [];
  return points.flatMap((point: { timestamp?: unknown } | null) => timeOf(point?.timestamp) ?? []);
}

function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
