import type { Document } from '../service';

const DAY = 86_400_000;
const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];

/**
 * When a job runs next after a time: at midnight (UTC) of the next day that its `scheduleFrequency` means. The hour is
 * ours; AWS documents the day only. A month without the day is skipped, as documented.
 */
export function nextRun(frequency: Document, after: number): number {
  const { weeklySchedule: weekly, monthlySchedule: monthly } = frequency;
  let midnight = (Math.floor(after / DAY) + 1) * DAY;
  while (!isMeant(new Date(midnight), weekly, monthly)) midnight += DAY;
  return midnight;
}

function isMeant(day: Date, weekly: Document, monthly: Document): boolean {
  if (weekly !== undefined) return WEEKDAYS[day.getUTCDay()] === weekly.dayOfWeek;
  return monthly === undefined || day.getUTCDate() === monthly.dayOfMonth;
}
