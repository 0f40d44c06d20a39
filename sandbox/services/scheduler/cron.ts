import type { TimeZone } from './time-zones';

/**
 * The six fields of `cron(…)`: minutes, hours, day of month, month, day of week, year. Throws on what is not documented.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export class Cron {
  private readonly minutes: readonly number[];
  private readonly hours: readonly number[];
  private readonly months: ReadonlySet<number>;
  private readonly years: ReadonlySet<number>;
  private readonly fits: DayTest;

  constructor(
    fields: string,
    private readonly zone: TimeZone,
  ) {
    const parts = fields.trim().split(/\s+/);
    if (parts.length !== 6) throw new Error(`expected 6 fields, got ${parts.length}`);
    const [minutes, hours, dayOfMonth, months, dayOfWeek, years] = parts as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    this.minutes = values(minutes, { min: 0, max: 59 });
    this.hours = values(hours, { min: 0, max: 23 });
    this.months = new Set(values(months, { min: 1, max: 12, names: MONTHS }));
    this.years = new Set(values(years, { min: 1970, max: LAST_YEAR }));
    if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw new Error('exactly one of the two day fields must be ?');
    this.fits = dayOfWeek === '?' ? daysOfMonth(dayOfMonth) : daysOfWeek(dayOfWeek);
  }

  /** The first time after an instant. What clocks show twice counts once, and what they never show not at all. */
  next(after: number): number | undefined {
    const from = this.zone.local(after);
    for (let day = this.firstDay(from); day !== undefined; day = this.dayFrom(day + DAY)) {
      for (const hour of this.hours) {
        if (day + (hour + 1) * HOUR <= from) continue;
        for (const minute of this.minutes) {
          const instant = this.zone.instant(day + hour * HOUR + minute * MINUTE);
          if (instant !== undefined && instant > after) return instant;
        }
      }
    }
    return undefined;
  }

  private firstDay(local: number): number | undefined {
    return this.dayFrom(Math.floor(local / DAY) * DAY);
  }

  /** The first day that fits, from this one on. */
  private dayFrom(start: number): number | undefined {
    for (let day = new Date(start); day.getUTCFullYear() <= LAST_YEAR; ) {
      const [year, month] = [day.getUTCFullYear(), day.getUTCMonth()];
      if (!this.years.has(year)) day = new Date(Date.UTC(year + 1, 0));
      else if (!this.months.has(month + 1)) day = new Date(Date.UTC(year, month + 1));
      else if (this.fits(dateOf(day))) return day.getTime();
      else day = new Date(day.getTime() + DAY);
    }
    return undefined;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LAST_YEAR = 2199;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

interface CalendarDate {
  readonly day: number;
  /** The number of days of its month. */
  readonly last: number;
  /** 1 is Sunday. */
  readonly weekday: number;
}

type DayTest = (date: CalendarDate) => boolean;

function dateOf(date: Date): CalendarDate {
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { day: date.getUTCDate(), last, weekday: date.getUTCDay() + 1 };
}

function daysOfMonth(field: string): DayTest {
  const tests = field.split(',').map((item): DayTest => {
    const nearest = /^(\d+)W$/.exec(item)?.[1];
    if (item === 'L') return ({ day, last }) => day === last;
    if (nearest !== undefined) return nearestWeekday(number(nearest, { min: 1, max: 31 }));
    const days = new Set(values(item, { min: 1, max: 31 }));
    return ({ day }) => days.has(day);
  });
  return (date) => tests.some((test) => test(date));
}

/** The day itself, or the Friday before or the Monday after it, in the same month. */
function nearestWeekday(wanted: number): DayTest {
  return ({ day, last, weekday }) => {
    if (weekday === 1 || weekday === 7 || wanted > last) return false;
    const distance = wanted - day;
    if (distance === 0) return true;
    if (weekday === 6) return distance === 1 || (distance === 2 && wanted === last);
    return weekday === 2 && (distance === -1 || (distance === -2 && wanted === 1));
  };
}

function daysOfWeek(field: string): DayTest {
  const range = { min: 1, max: 7, names: WEEKDAYS };
  const items = field.split(',');
  if (field.includes('#') && items.length > 1) throw new Error(`"${field}" has more than one expression beside #`);
  const tests = items.map((item): DayTest => {
    const [, ofMonth, which] = /^(\w+)#([1-5])$/.exec(item) ?? [];
    const lastOne = /^(\w+)L$/.exec(item)?.[1];
    if (item === 'L') return ({ weekday }) => weekday === 7;
    if (ofMonth !== undefined) {
      const wanted = number(ofMonth, range);
      return ({ day, weekday }) => weekday === wanted && Math.ceil(day / 7) === Number(which);
    }
    if (lastOne !== undefined) {
      const wanted = number(lastOne, range);
      return ({ day, last, weekday }) => weekday === wanted && day > last - 7;
    }
    const days = new Set(values(item, range));
    return ({ weekday }) => days.has(weekday);
  });
  return (date) => tests.some((test) => test(date));
}

interface Range {
  readonly min: number;
  readonly max: number;
  /** Of the values from `min` on. */
  readonly names?: readonly string[];
}

/** What a field of numbers, names, ranges and steps means, in order. */
function values(field: string, range: Range): number[] {
  const all = field.split(',').flatMap((item) => {
    const [, from, to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item) ?? [];
    if (from === undefined || (from === '*' && to !== undefined)) throw new Error(`"${item}" is not understood`);
    const start = from === '*' ? range.min : number(from, range);
    const open = from === '*' || step !== undefined;
    const end = to !== undefined ? number(to, range) : open ? range.max : start;
    const by = step === undefined ? 1 : number(step, { min: 1, max: range.max });
    if (end < start) throw new Error(`"${item}" ends before it begins`);
    return Array.from({ length: Math.floor((end - start) / by) + 1 }, (_, index) => start + index * by);
  });
  return [...new Set(all)].sort((a, b) => a - b);
}

function number(text: string, { min, max, names = [] }: Range): number {
  const named = names.indexOf(text.toUpperCase());
  const value = named < 0 ? Number(text) : named + min;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`"${text}" is not between ${min} and ${max}`);
}
