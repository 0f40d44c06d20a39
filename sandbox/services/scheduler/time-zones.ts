/**
 * Wall clocks. A local time is the milliseconds that it would be if it were UTC, so that it can be calculated with.
 */
export class TimeZone {
  private readonly format?: Intl.DateTimeFormat;

  /** Throws a RangeError when there is no such zone. */
  constructor(readonly name: string) {
    if (/^(Etc\/)?(UTC|UCT|GMT|Zulu|Universal)$/.test(name)) return;
    this.format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', ...NUMERIC });
  }

  /** What clocks show at an instant. */
  local(instant: number): number {
    return instant + this.offset(instant);
  }

  /** When clocks show this for the first time; undefined in the hour that a change to summer time leaves out. */
  instant(local: number): number | undefined {
    if (this.format === undefined) return local;
    // A day before and after, so that a change in between counts from either side.
    const candidates = [local - DAY, local + DAY].map((nearby) => local - this.offset(nearby));
    const valid = candidates.filter((candidate) => this.local(candidate) === local);
    return valid.length === 0 ? undefined : Math.min(...valid);
  }

  private offset(instant: number): number {
    if (this.format === undefined) return 0;
    const second = Math.floor(instant / 1000) * 1000;
    const parts = this.format.formatToParts(second);
    const [year, month, day, hour, minute, seconds] = FIELDS.map((field) =>
      Number(parts.find(({ type }) => type === field)?.value),
    ) as [number, number, number, number, number, number];
    return Date.UTC(year, month - 1, day, hour, minute, seconds) - second;
  }
}

const DAY = 86_400_000;
const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
const NUMERIC = Object.fromEntries(FIELDS.map((field) => [field, 'numeric'])) as Record<
  (typeof FIELDS)[number],
  'numeric'
>;
