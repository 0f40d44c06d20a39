import type { DbInstance, InstanceStatus } from '../rds/state';
import { type Activity, type BaseCell, baseCells, type Cell, cellOf } from './activities';
import { type Disturbances, type Incident, spanOf, within } from './disturbances';
import { type Family, familyOf } from './families';
import { hashOf, noise } from './noise';
import { statementOf } from './statements';
import { vcpusOf } from './vcpus';

/** What was measured in a stretch of time. */
export interface Measured {
  /** In which there was a measurement; 0: there is no data. */
  readonly seconds: number;
  readonly nan: boolean;
  /** Session-seconds by cell, in the order of {@link Load.cells}. */
  readonly sums: Float64Array;
}

const MINUTE = 60;
const COLLECTING: ReadonlySet<InstanceStatus> = new Set([
  'available',
  'modifying',
  'backing-up',
  'configuring-enhanced-monitoring',
]);

/**
 * The load of one database: a function of the seed, the resource id and the time, with nothing stored. Its level changes
 * from minute to minute; within a minute it swings around that level in whole periods, so that the mean of a minute's
 * seconds is the level, and longer stretches cost one value a minute.
 */
export class Load {
  readonly family: Family;
  readonly seed: number;
  private readonly base: readonly BaseCell[];
  private readonly memo = new Map<string, unknown>();
  private memoIncidents = 0;
  private readonly minutes = new Map<number, Float64Array>();
  private memoBaseline?: number;

  constructor(
    readonly instance: DbInstance,
    readonly disturbances: Disturbances,
    seed: number,
    private readonly warmUpSeconds: number,
  ) {
    this.family = familyOf(instance.engine);
    this.seed = hashOf(`${seed} ${instance.resourceId}`);
    this.base = baseCells(this.family, this.seed);
  }

  /** The usual sessions first, then those of incidents. */
  get cells(): readonly Cell[] {
    return this.remembered('cells', () => [
      ...this.base,
      ...this.disturbances.incidents.map((incident) => this.cellOfIncident(incident)),
    ]);
  }

  /** The places of all cells, and of those whose sessions use a processor. */
  get all(): readonly number[] {
    return this.remembered('all', () => this.cells.map((_, index) => index));
  }

  get onCpu(): readonly number[] {
    return this.remembered('onCpu', () => this.all.filter((index) => this.cells[index]!.wait.type === 'CPU'));
  }

  /** What follows from the cells, and is the same until there is another incident. */
  remembered<Value>(name: string, make: () => Value): Value {
    const { length } = this.disturbances.incidents;
    if (length !== this.memoIncidents) this.memo.clear();
    this.memoIncidents = length;
    if (!this.memo.has(name)) this.memo.set(name, make());
    return this.memo.get(name) as Value;
  }

  /** Those of the usual work. */
  get activities(): readonly Activity[] {
    return this.remembered('activities', () => [...new Set(this.base.map(({ activity }) => activity))]);
  }

  vcpus(second: number): number {
    return vcpusOf(this.instance.instanceClass.at(second * 1000));
  }

  /** From `from` to before `to`, in seconds since the epoch. */
  measured(from: number, to: number): Measured {
    const sums = new Float64Array(this.base.length + this.disturbances.incidents.length);
    let seconds = 0;
    let nan = false;
    for (const [start, end] of this.pieces(from, to)) {
      if (!this.measures(start)) continue;
      seconds += end - start;
      nan ||= within(this.disturbances.nan, start);
      if (!within(this.disturbances.idle, start)) this.add(start, end, sums);
    }
    return { seconds, nan, sums };
  }

  /** Whether there is a measurement of this second: the agent has been able to work for as long as its warm-up takes. */
  measures(second: number): boolean {
    if (within(this.disturbances.gaps, second)) return false;
    const [warm, now] = [(second - this.warmUpSeconds) * 1000, second * 1000];
    const { status, performanceInsights, createdAt } = this.instance;
    const changes = [...status.between(warm, now + 1), ...performanceInsights.between(warm, now + 1)];
    return [warm, ...changes, now].every(
      (at) => at >= createdAt && COLLECTING.has(status.at(at)) && performanceInsights.at(at),
    );
  }

  /** The stretches of time in which nothing begins or ends. */
  private pieces(from: number, to: number): Array<readonly [number, number]> {
    if (from >= to) return [];
    const reach = [(from - this.warmUpSeconds - 1) * 1000, to * 1000] as const;
    const { status, performanceInsights, instanceClass, createdAt } = this.instance;
    const lines = [status, performanceInsights, instanceClass];
    const changes = [createdAt, ...lines.flatMap((line) => line.between(...reach))];
    const seconds = changes.map((at) => Math.ceil(at / 1000)).flatMap((at) => [at, at + this.warmUpSeconds]);
    const inside = [...seconds, ...this.disturbances.edges].filter((at) => at > from && at < to);
    const edges = [...new Set([from, ...inside, to])].sort((a, b) => a - b);
    return edges.slice(1).map((end, index) => [edges[index]!, end]);
  }

  private add(start: number, end: number, sums: Float64Array): void {
    this.disturbances.incidents.forEach((incident, index) => {
      if (within([spanOf(incident)], start)) sums[this.base.length + index]! += incident.sessions * (end - start);
    });
    for (let second = start; second < end; ) {
      const minute = Math.floor(second / MINUTE);
      const next = Math.min(end, (minute + 1) * MINUTE);
      this.addWithinMinute(minute, second, next, sums);
      second = next;
    }
  }

  private addWithinMinute(minute: number, from: number, to: number, sums: Float64Array): void {
    const levels = this.levels(minute);
    for (let cell = 0; cell < levels.length; cell++) {
      if (to - from === MINUTE) {
        sums[cell]! += levels[cell]! * MINUTE;
        continue;
      }
      for (let second = from; second < to; second++) {
        const swing = 1 + 0.3 * Math.sin((2 * Math.PI * 3 * second) / MINUTE + cell);
        sums[cell]! += levels[cell]! * swing;
      }
    }
  }

  /** Sessions by cell in a minute. */
  private levels(minute: number): Float64Array {
    const { baseline } = this.disturbances;
    if (this.minutes.size > 512 || baseline !== this.memoBaseline) this.minutes.clear();
    this.memoBaseline = baseline;
    const known = this.minutes.get(minute);
    if (known !== undefined) return known;
    const vcpus = this.vcpus(minute * MINUTE);
    const sessions = (baseline ?? vcpus * (0.15 + 0.3 * noise(this.seed, 1))) * this.wave(minute);
    const levels = Float64Array.from(this.base, ({ share, rarity }, index) => {
      const chance = noise(this.seed, 1000 + index, minute);
      return chance < rarity
        ? 0
        : (sessions * share * (0.6 + 0.8 * noise(this.seed, 2000 + index, minute))) / (1 - rarity);
    });
    this.minutes.set(minute, levels);
    return levels;
  }

  /** The day's rise and fall; each database has its own noon. */
  private wave(minute: number): number {
    return 1 + 0.5 * Math.sin(2 * Math.PI * (minute / 1440 + noise(this.seed, 2)));
  }

  private cellOfIncident(incident: Incident): Cell {
    const [usual] = this.activities;
    const { sql, waitEvent = 'CPU', waitEventType } = incident;
    const wait = this.family.waits.find(({ name }) => name === waitEvent) ?? {
      name: waitEvent,
      type: waitEventType ?? waitEvent,
    };
    const named = this.activities.find(({ statement }) => [statement.digestId, statement.id].includes(sql ?? ''));
    const given = Object.entries({
      user: incident.user,
      host: incident.host,
      database: incident.database,
      application: incident.application,
    }).filter(([, value]) => value !== undefined);
    const activity: Activity = {
      ...usual!,
      ...(sql !== undefined && { statement: named?.statement ?? statementOf(sql) }),
      ...Object.fromEntries(given),
    };
    return cellOf(this.family, activity, wait, usual!);
  }
}
