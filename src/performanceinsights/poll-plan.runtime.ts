/**
 * Which minutes a run of the poller publishes, so that none is lost and none is published twice. Pure.
 *
 * A period is a full minute, told by its beginning in milliseconds; so is the scheduled time of a run. There is no
 * database: what was published is read from CloudWatch, which shows it late. So each period is published in turns, and
 * nobody publishes it but in one of them:
 *
 * - the first is that of its owner, the run scheduled two minutes after the period's beginning (a minute's lag, for the
 *   data to be whole);
 * - the others follow every four minutes, and catch up what is missing then.
 *
 * A turn ends two minutes after its run's scheduled time, and CloudWatch shows within two more what it has taken in. So
 * at the next turn it is sure what the turns before have done, whoever had them and however they failed.
 *
 * One thing cannot be told so: two deliveries of the same minute to two environments of the function within those two
 * minutes. Only a database could; a point is then published twice, with the same value: its sum is wrong and its average
 * right. An environment that did not have the minute before looks first, which leaves the time until CloudWatch shows it.
 */

export const MINUTE = 60_000;
/** From the beginning of a period to the scheduled time of the run that owns it. */
const LAG = 2 * MINUTE;
/** How long after the scheduled time of a run CloudWatch must have taken in what the run publishes. */
const TURN_LENGTH = 2 * MINUTE;
/** From one turn of a period to the next: the length of a turn, and the time in which CloudWatch shows what it took in. */
const TURN_DISTANCE = TURN_LENGTH + 2 * MINUTE;
/** A period without data is asked for again; when it is this old, measured from its end, it is a gap. */
const GAP_AGE = 5 * MINUTE;
/** Periods that one run publishes. */
const MAX_PERIODS = 15;

/** What an environment of the function knows of one data source, from the runs that it had. */
export interface PollMemory {
  /** The scheduled times of its runs, as far as they may still be repeated. */
  readonly runs: readonly number[];
  /** The periods, within reach, that are known to be published. */
  readonly published: ReadonlySet<number>;
  /** The first period that there is something to publish for; undefined until that is known. */
  readonly first?: number;
}

export const NO_MEMORY: PollMemory = { runs: [], published: new Set() };

/** The period that the run scheduled at this time owns. */
export function ownPeriod(scheduledTime: number): number {
  return scheduledTime - LAG;
}

/** The moment by which CloudWatch must have taken in what the run publishes. */
export function turnEnd(scheduledTime: number): number {
  return scheduledTime + TURN_LENGTH;
}

/** Whether this environment had this run already. */
export function isRepeated(memory: PollMemory, scheduledTime: number): boolean {
  return memory.runs.includes(scheduledTime);
}

/** The beginning of the oldest period that a run may still publish. */
export function reachOf(scheduledTime: number, catchUpMinutes: number): number {
  return ownPeriod(scheduledTime) - catchUpMinutes * MINUTE;
}

/**
 * Whether to read what is published. Not where this environment also had the run of the minute before, and nothing is
 * missing whose turn it is: that is how it mostly is, and spares a call each minute.
 */
export function mustRead(memory: PollMemory, scheduledTime: number, catchUpMinutes: number): boolean {
  const continuous = memory.runs.includes(scheduledTime - MINUTE) && memory.first !== undefined;
  return !continuous || missing(memory, scheduledTime, catchUpMinutes).length > 0;
}

/** The periods that the run has to publish: its own first, since alarms wait for it, and then the oldest. */
export function periodsToPublish(memory: PollMemory, scheduledTime: number, catchUpMinutes: number): number[] {
  const own = ownPeriod(scheduledTime);
  const periods = memory.published.has(own) ? [] : [own];
  return [...periods, ...missing(memory, scheduledTime, catchUpMinutes)].slice(0, MAX_PERIODS);
}

/** The older periods whose turn it is, and which are not known to be published, the oldest first. */
function missing({ published, first }: PollMemory, scheduledTime: number, catchUpMinutes: number): number[] {
  if (first === undefined) return [];
  const own = ownPeriod(scheduledTime);
  const start = Math.max(first, reachOf(scheduledTime, catchUpMinutes));
  const turns = Math.floor((own - start) / TURN_DISTANCE);
  const periods = Array.from({ length: Math.max(turns, 0) }, (_, index) => own - (turns - index) * TURN_DISTANCE);
  return periods.filter((period) => !published.has(period));
}

/** What was read: the periods within reach that are published, and whether any is that was before. */
export interface PublishedPeriods {
  readonly periods: readonly number[];
  readonly anyBefore: boolean;
}

/**
 * What is known after reading. Before the first period that was ever published there is nothing to catch up: a new data
 * source has no past.
 */
export function afterReading(
  memory: PollMemory,
  scheduledTime: number,
  catchUpMinutes: number,
  { periods, anyBefore }: PublishedPeriods,
): PollMemory {
  const reach = reachOf(scheduledTime, catchUpMinutes);
  const known = [memory.first ?? ownPeriod(scheduledTime), ...periods];
  return {
    ...memory,
    published: new Set([...memory.published, ...periods]),
    first: anyBefore ? reach : Math.min(...known),
  };
}

/** Whether a period without data is a gap by now, or may still get its data. */
export function isGap(period: number, now: number): boolean {
  return now - (period + MINUTE) >= GAP_AGE;
}

/** Whether no later run may publish the period: then it is a gap already, however young. */
export function isLastTurn(period: number, scheduledTime: number, catchUpMinutes: number): boolean {
  return period < reachOf(scheduledTime + TURN_DISTANCE, catchUpMinutes);
}

/** What is known after a run, whatever came of it: that it was, and which periods it has surely published. */
export function afterRun(
  memory: PollMemory,
  scheduledTime: number,
  catchUpMinutes: number,
  published: readonly number[],
): PollMemory {
  const runs = [...memory.runs, scheduledTime];
  const latest = Math.max(...runs);
  const reach = reachOf(latest, catchUpMinutes);
  return {
    // A turn that is over is refused for that, whether it is repeated or not.
    runs: runs.filter((run) => run > latest - 2 * TURN_LENGTH),
    published: new Set([...memory.published, ...published].filter((period) => period >= reach)),
    first: memory.first,
  };
}
