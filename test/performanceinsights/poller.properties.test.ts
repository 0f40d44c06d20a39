import fc from 'fast-check';
import type { Poller } from '../../src/performanceinsights/poller.runtime';
import { logger } from '../../src/runtime/logger';
import { type Conduct, expectedValues, type Fate, MINUTE, PollingWorld, START } from '../support/polling-world';

beforeEach(() => {
  jest.spyOn(logger, 'info').mockImplementation(() => undefined);
  jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

const WEEK = 7 * 24 * 60;
/** Without faults, at both ends: to begin with, and for all that is missing to have its turn. */
const QUIET = 80;

/** Chances, the same ones for a seed. */
class Chances {
  constructor(private state: number) {}

  /** From 0 up to, but not including, 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  happens(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}

interface Delivery {
  readonly at: number;
  readonly scheduledTime: number;
  /** Which environment takes it; another one, as chance has it, if undefined. */
  readonly to?: Poller;
}

/** A stretch of minutes with a schedule, a function in several environments, and services with faults. */
class Stretch {
  readonly world: PollingWorld;
  private environments: Poller[] = [];
  private faults = false;
  private readonly gaps = new Map<number, boolean>();
  private readonly queue: Delivery[] = [];
  private outageUntil = 0;
  private nextOutage = START + QUIET * MINUTE;

  constructor(
    private readonly chances: Chances,
    private readonly minutes: number,
  ) {
    this.world = new PollingWorld(this.conduct());
    this.environments = [this.world.environment(), this.world.environment(), this.world.environment()];
  }

  isGap(period: number): boolean {
    return this.gaps.get(period) ?? false;
  }

  async run(): Promise<void> {
    for (let minute = 0; minute < this.minutes; minute++) {
      this.faults = minute >= QUIET && minute < this.minutes - QUIET;
      this.schedule(START + minute * MINUTE);
      await this.deliverUntil(START + (minute + 1) * MINUTE);
    }
    await this.deliverUntil(Number.POSITIVE_INFINITY);
  }

  private schedule(scheduledTime: number): void {
    if (this.isOut(scheduledTime)) return;
    const late = this.faults && this.chances.happens(0.03) ? this.chances.below(200_000) : 0;
    this.queue.push({ at: scheduledTime + this.chances.below(59_000) + late, scheduledTime });
  }

  /** A run that is missed, or many in a row, with time between them to catch up. */
  private isOut(time: number): boolean {
    if (!this.faults) return false;
    if (time >= this.nextOutage && this.chances.happens(0.005)) {
      this.outageUntil = time + this.chances.below(20) * MINUTE;
      this.nextOutage = this.outageUntil + 120 * MINUTE;
    }
    return time < this.outageUntil || this.chances.happens(0.01);
  }

  private async deliverUntil(end: number): Promise<void> {
    for (;;) {
      this.queue.sort((a, b) => a.at - b.at);
      if (this.queue[0] === undefined || this.queue[0].at >= end) return;
      await this.deliver(this.queue.shift()!);
    }
  }

  private async deliver({ at, scheduledTime, to }: Delivery): Promise<void> {
    if (this.faults && this.chances.happens(0.02)) this.restart();
    const environment = to ?? this.chances.pick(this.environments);
    await this.world.deliver(environment, scheduledTime, at - scheduledTime);
    if (to === undefined && this.faults && this.chances.happens(0.05)) this.repeat(scheduledTime, environment);
  }

  /** An environment ends, and the next delivery to its place is a cold start. */
  private restart(): void {
    this.environments[this.chances.below(this.environments.length)] = this.world.environment();
  }

  /**
   * A delivery once more: to the same environment whenever it is; to another one when the turn of the run is over, or,
   * if it is a cold one, when the point shows. Earlier than that only a database could tell it from the first.
   */
  private repeat(scheduledTime: number, environment: Poller): void {
    const { now } = this.world;
    const kind = this.chances.below(3);
    if (kind === 0) this.queue.push({ at: now + this.chances.below(300_000), scheduledTime, to: environment });
    if (kind === 1) {
      const at = Math.max(now, scheduledTime + 120_000) + this.chances.below(300_000);
      this.queue.push({ at, scheduledTime, to: this.chances.pick(this.environments) });
    }
    if (kind === 2) this.queue.push({ at: now + 120_000, scheduledTime, to: this.world.environment() });
  }

  private conduct(): Conduct {
    const { chances } = this;
    const fate = (probability: number, fates: readonly Fate[]) => (): Fate =>
      this.faults && chances.happens(probability) ? chances.pick(fates) : 'answered';
    return {
      asking: fate(0.06, ['throttled', 'failed', 'lost before']),
      reading: fate(0.05, ['throttled', 'failed', 'lost before']),
      putting: fate(0.1, ['throttled', 'failed', 'lost before', 'lost after']),
      dataLag: (period) => this.dataLag(period),
      visibleAfter: () => (this.faults ? chances.below(110_000) : 5_000),
    };
  }

  private readonly lags = new Map<number, number>();

  private dataLag(period: number): number | undefined {
    if (!this.lags.has(period)) {
      this.gaps.set(period, this.faults && this.chances.happens(0.03));
      this.lags.set(period, this.faults && this.chances.happens(0.05) ? this.chances.below(220_000) : 10_000);
    }
    return this.isGap(period) ? undefined : this.lags.get(period);
  }
}

/** Each minute once, with all its points, or as a gap; nothing before, between or after. */
function expectWhole(stretch: Stretch, minutes: number): void {
  const { world } = stretch;
  const first = START - 2 * MINUTE;
  const expected = Array.from({ length: minutes }, (_, index) => first + index * MINUTE);
  expect(world.publishedPeriods).toEqual(expected);
  for (const period of expected) {
    const gap = stretch.isGap(period);
    const found = [new Date(period).toISOString(), world.heartbeatsOf(period), world.valuesOf(period)];
    expect(found).toEqual([new Date(period).toISOString(), [gap ? 0 : 1], gap ? [] : expectedValues(period)]);
  }
}

/** Fast-check prints the seed, and the one of the stretch, where this fails. */
async function check(minutes: number, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const stretch = new Stretch(new Chances(seed), minutes);
      await stretch.run();
      expectWhole(stretch, minutes);
    }),
    { numRuns },
  );
}

test('in a week with every fault each minute is published exactly once, whole or as a gap', async () => {
  await check(WEEK, 1);
}, 180_000);

test('in a day with every fault, too, whatever the day', async () => {
  await check(24 * 60, 5);
}, 180_000);
