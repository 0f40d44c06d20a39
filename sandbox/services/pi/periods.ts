import type { Document } from '../service';
import { invalidArgument } from './errors';

/** https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_GetResourceMetrics.html */
const PERIODS = [1, 60, 300, 3600, 86_400];
const WANTED_POINTS = 150;

/** In seconds since the epoch. Both ends are moved outward to boundaries of the period. */
export interface Window {
  readonly start: number;
  readonly end: number;
  readonly period: number;
}

/** The window of a request. Throws where it is empty, or reaches back further than data is kept. */
export function windowOf(input: Document, nowMs: number, retentionDays: number): Window {
  const [start, end] = [input.StartTime, input.EndTime].map((time: Date) => time.getTime() / 1000) as [number, number];
  if (start >= end) throw invalidArgument('StartTime must be earlier than EndTime');
  if (start < nowMs / 1000 - retentionDays * 86_400) {
    throw invalidArgument(`StartTime must be within the past ${retentionDays} days, for which data is kept`);
  }
  const period = input.PeriodInSeconds ?? chosenPeriod(end - start);
  if (!PERIODS.includes(period)) {
    throw invalidArgument(`PeriodInSeconds must be one of ${PERIODS.join(', ')}, got ${period}`);
  }
  return { start: Math.floor(start / period) * period, end: Math.ceil(end / period) * period, period };
}

/** The starts of the periods in a window. */
export function startsOf({ start, end, period }: Window): number[] {
  return Array.from({ length: (end - start) / period }, (_, index) => start + index * period);
}

/** The period that comes nearest to 100 to 200 points. */
function chosenPeriod(seconds: number): number {
  const miss = (period: number) => Math.abs(Math.log(Math.max(1, seconds / period) / WANTED_POINTS));
  return PERIODS.reduce((best, period) => (miss(period) < miss(best) ? period : best));
}
