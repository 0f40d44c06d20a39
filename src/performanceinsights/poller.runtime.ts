import { REQUEST_TIMEOUT_MS } from '../runtime/clients';
import type { RuntimeClock } from '../runtime/clock';
import { logger } from '../runtime/logger';
import { ifMended } from './poll-failure.runtime';
import {
  afterReading,
  afterRun,
  isGap,
  isLastTurn,
  isRepeated,
  MINUTE,
  mustRead,
  NO_MEMORY,
  ownPeriod,
  type PollMemory,
  periodsToPublish,
  turnEnd,
} from './poll-plan.runtime';
import { type Batch, batchesOf, dataOf, type PeriodData } from './poll-publication.runtime';
import { type PeriodAnswers, planQueries, type QueryPlan } from './poll-queries.runtime';
import { decodePollRequest, type PollRequest } from './poll-request.runtime';
import { PollServices, type PollServicesFactory } from './poll-services.runtime';
import { ResourceIds } from './poll-source.runtime';

/** Left of an invocation before one more period is asked for: two calls, each up to its timeout, and a little. */
const PERIOD_RESERVE_MS = 2 * REQUEST_TIMEOUT_MS + 2_000;

/**
 * What one environment of the function keeps between its runs. All of it may be lost at any time: then a run reads what
 * it would have known.
 */
export class Poller {
  private readonly memories = new Map<string, PollMemory>();
  private readonly resourceIds = new ResourceIds();

  constructor(
    private readonly region: string,
    private readonly clock: RuntimeClock,
    private readonly services: PollServicesFactory = (request) => new PollServices(request, region),
  ) {}

  /**
   * One run, for one data source. What a later run mends is logged and does not throw, so that Lambda's errors mean
   * defects; that nothing is published for long is told by the alarm on the heartbeat.
   */
  async run(event: unknown, remainingMilliseconds: () => number): Promise<void> {
    const request = decodePollRequest(event, this.region);
    const { scheduledTime, catchUpMinutes } = request;
    const key = JSON.stringify([request.namespace, request.source]);
    const run = new PollRun(request, this.services(request), this.memories.get(key) ?? NO_MEMORY, {
      clock: this.clock,
      resourceIds: this.resourceIds,
      remainingMilliseconds,
    });
    try {
      await run.poll();
    } finally {
      this.memories.set(key, afterRun(run.memory, scheduledTime, catchUpMinutes, run.published));
    }
  }
}

interface RunEnvironment {
  readonly clock: RuntimeClock;
  readonly resourceIds: ResourceIds;
  readonly remainingMilliseconds: () => number;
}

class PollRun {
  readonly published: number[] = [];
  private readonly plan: QueryPlan;

  constructor(
    private readonly request: PollRequest,
    private readonly services: PollServices,
    public memory: PollMemory,
    private readonly environment: RunEnvironment,
  ) {
    this.plan = planQueries(request.questions);
  }

  async poll(): Promise<void> {
    const { source, scheduledTime } = this.request;
    const about = { source: source.dimensions, scheduledTime: new Date(scheduledTime).toISOString() };
    const obstacle = this.obstacle();
    if (obstacle !== undefined) {
      logger.info('not polled', { ...about, reason: obstacle });
      return;
    }
    const resourceId = await ifMended('finding the instance', () => this.resolve());
    if (resourceId === undefined) return;
    const periods = await this.collect(resourceId);
    await this.publish(periods.filter((period) => period !== undefined));
    logger.info('polled', { ...about, published: this.published.length, asked: periods.length });
  }

  /** Why this run is not to publish anything. */
  private obstacle(): string | undefined {
    const { scheduledTime } = this.request;
    if (isRepeated(this.memory, scheduledTime)) return 'this run is a repeated one';
    if (!this.inTime()) return 'this run comes too late, and leaves its period to a later one';
    const whole = ownPeriod(scheduledTime) + MINUTE <= this.environment.clock.now().getTime();
    return whole ? undefined : 'this run comes before its time';
  }

  /** Whether what is sent now is taken in, if at all, before the turn of this run ends. */
  private inTime(): boolean {
    return this.environment.clock.now().getTime() + REQUEST_TIMEOUT_MS <= turnEnd(this.request.scheduledTime);
  }

  private resolve(): Promise<string> {
    return this.environment.resourceIds.of(this.services.reading, this.services.scope, this.request.source);
  }

  /** The data of all periods that this run is to publish; undefined for one that may still get its data. */
  private async collect(resourceId: string): Promise<Array<PeriodData | undefined>> {
    const { scheduledTime, catchUpMinutes } = this.request;
    const own = await this.ask(resourceId, ownPeriod(scheduledTime));
    if (own === undefined) return [];
    if (!own.hasData) this.environment.resourceIds.forget(resourceId);
    await this.read();
    const collected: Array<PeriodData | undefined> = [];
    for (const period of periodsToPublish(this.memory, scheduledTime, catchUpMinutes)) {
      const isOwn = period === ownPeriod(scheduledTime);
      if (!isOwn && !this.hasTime()) break;
      const answers = isOwn ? own : await this.ask(resourceId, period);
      // What Performance Insights refuses once, it most likely refuses again.
      if (answers === undefined) break;
      collected.push(this.dataOf(period, answers));
    }
    return collected;
  }

  private dataOf(period: number, answers: PeriodAnswers): PeriodData | undefined {
    const { source, questions, scheduledTime, catchUpMinutes } = this.request;
    const gap =
      isGap(period, this.environment.clock.now().getTime()) || isLastTurn(period, scheduledTime, catchUpMinutes);
    return answers.hasData || gap ? dataOf(source, questions, period, answers) : undefined;
  }

  /** For one period more. */
  private hasTime(): boolean {
    const { clock, remainingMilliseconds } = this.environment;
    const untilEnd = turnEnd(this.request.scheduledTime) - clock.now().getTime();
    return Math.min(remainingMilliseconds(), untilEnd) >= PERIOD_RESERVE_MS;
  }

  private async ask(resourceId: string, period: number): Promise<PeriodAnswers | undefined> {
    return ifMended(
      'asking Performance Insights',
      () => this.services.ask(resourceId, this.plan, period),
      () => this.environment.resourceIds.forget(resourceId),
    );
  }

  /** Without knowing what was published, a run still publishes its own period, whose first turn this is. */
  private async read(): Promise<void> {
    const { scheduledTime, catchUpMinutes } = this.request;
    if (!mustRead(this.memory, scheduledTime, catchUpMinutes)) return;
    const found = await ifMended('reading the heartbeat', () =>
      this.services.publishedPeriods(scheduledTime, catchUpMinutes, this.memory.first === undefined),
    );
    // Nothing is caught up where it is not known what is missing.
    this.memory =
      found === undefined
        ? { ...this.memory, first: undefined }
        : afterReading(this.memory, scheduledTime, catchUpMinutes, found);
  }

  private async publish(periods: readonly PeriodData[]): Promise<void> {
    for (const batch of batchesOf(periods)) {
      if (!this.inTime()) {
        logger.warn('not published', { reason: 'the turn of this run is over', periods: batch.completes.length });
        return;
      }
      if (!(await this.put(batch))) return;
    }
  }

  /** Whatever the failure is, nothing is repeated now: at the next turn of the periods it shows what has become of it. */
  private async put({ data, completes }: Batch): Promise<boolean> {
    const done = await ifMended('publishing', async () => {
      await this.services.put(data);
      return true;
    });
    if (done === undefined) return false;
    this.published.push(...completes);
    return true;
  }
}
