import { Cron } from './cron';
import { invalid } from './errors';
import { TimeZone } from './time-zones';

/** When a schedule fires. */
export interface Recurrence {
  readonly kind: 'cron' | 'rate' | 'at';
  /** The first time after an instant. A rate counts from `base`, the first time of all. */
  next(after: number, base: number): number | undefined;
}

/**
 * `cron(…)`, `rate(…)` or `at(…)` in a time zone.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseExpression(expression: string, timeZone = 'UTC'): Recurrence {
  const zone = zoneOf(timeZone);
  const [, kind, content = ''] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  const parsed = kind === 'cron' ? cron(content, zone) : kind === 'rate' ? rate(content) : at(content, zone);
  if (kind === undefined || parsed === undefined) throw invalid(`Invalid Schedule Expression ${expression}.`);
  return parsed;
}

function zoneOf(name: string): TimeZone {
  try {
    return new TimeZone(name);
  } catch {
    throw invalid(`Invalid Schedule Expression Timezone ${name}.`);
  }
}

function cron(content: string, zone: TimeZone): Recurrence {
  try {
    const fields = new Cron(content, zone);
    return { kind: 'cron', next: (after) => fields.next(after) };
  } catch (error) {
    throw invalid(`Invalid Schedule Expression cron(${content}). The sandbox says: ${(error as Error).message}`);
  }
}

/** A rate counts hours of 60 minutes and days of 24 hours, whatever the time zone. */
function rate(content: string): Recurrence | undefined {
  const [, value, unit] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(content.trim()) ?? [];
  if (value === undefined) return undefined;
  const every = Number(value) * UNITS[unit as keyof typeof UNITS];
  return {
    kind: 'rate',
    next: (after, base) => (after < base ? base : base + (Math.floor((after - base) / every) + 1) * every),
  };
}

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function at(content: string, zone: TimeZone): Recurrence | undefined {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(content) ? Date.parse(`${content}Z`) : Number.NaN;
  if (Number.isNaN(local)) return undefined;
  const instant = zone.instant(local);
  return { kind: 'at', next: (after) => (instant !== undefined && instant > after ? instant : undefined) };
}
