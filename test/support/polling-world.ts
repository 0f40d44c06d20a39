import type { MetricDatum, PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { GetResourceMetricsRequest, MetricKeyDataPoints, MetricQuery } from '@aws-sdk/client-pi';
import { PollServices } from '../../src/performanceinsights/poll-services.runtime';
import { Poller } from '../../src/performanceinsights/poller.runtime';
import { FakeAws } from './fake-aws';
import { FakeClock } from './fake-clock';
import { awsError, REGION } from './runs';

export const MINUTE = 60_000;
export const START = Date.parse('2030-01-01T00:00:00Z');
export const NAMESPACE = 'CdkSettled/PerformanceInsights';
export const RESOURCE_ID = 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const SOURCE = { serviceType: 'RDS', resourceId: RESOURCE_ID, dimensions: { DBInstanceIdentifier: 'orders' } };
export const VCPUS = 4;

/** As constructs render them. */
export const QUESTIONS = [
  { metricName: 'DBLoad', unit: 'None', metric: 'db.load.avg' },
  waitEvent('CPU'),
  waitEvent('LockWait'),
  {
    metricName: 'TopShare',
    dimensions: { Group: 'db.sql_tokenized' },
    unit: 'Percent',
    metric: 'db.load.avg',
    group: 'db.sql_tokenized',
    dimension: 'db.sql_tokenized.id',
    share: true,
  },
  { metricName: 'DBLoadPerVCPU', unit: 'None', metric: 'db.load.avg', perVcpu: true },
];

export function waitEvent(value: string) {
  return {
    metricName: 'DBLoad',
    dimensions: { 'db.wait_event.name': value },
    unit: 'None',
    metric: 'db.load.avg',
    group: 'db.wait_event',
    dimension: 'db.wait_event.name',
    value,
  };
}

export function aRequest(scheduledTime: number, changes: object = {}): object {
  return {
    scheduledTime: new Date(scheduledTime).toISOString().replace('.000Z', 'Z'),
    source: SOURCE,
    namespace: NAMESPACE,
    catchUpMinutes: 60,
    questions: QUESTIONS,
    ...changes,
  };
}

/** The load of a minute: different in each, and 0 in some. */
export function loadOf(period: number): number {
  return ((period - START) / MINUTE + 10_000) % 7;
}

/** What is published of a minute with data, in the order of the questions. */
export function expectedValues(period: number): number[] {
  const load = loadOf(period);
  return [load, load / 2, 0, load === 0 ? 0 : 75, load / VCPUS];
}

export type Fate = 'answered' | 'throttled' | 'failed' | 'lost before' | 'lost after';

/** How the services behave; each is asked once a call, or once a minute. */
export interface Conduct {
  readonly asking: () => Fate;
  readonly reading: () => Fate;
  readonly putting: () => Fate;
  /** When Performance Insights shows a minute, in milliseconds from its end; undefined for one that it never has. */
  readonly dataLag: (period: number) => number | undefined;
  /** When CloudWatch shows what it has taken in. */
  readonly visibleAfter: () => number;
}

export const FAULTLESS: Conduct = {
  asking: () => 'answered',
  reading: () => 'answered',
  putting: () => 'answered',
  dataLag: () => 10_000,
  visibleAfter: () => 5_000,
};

interface Point {
  readonly datum: MetricDatum;
  readonly shows: number;
}

/** Performance Insights and CloudWatch in memory, in virtual time. */
export class PollingWorld {
  readonly clock = new FakeClock(new Date(START).toISOString());
  readonly puts: PutMetricDataInput[] = [];
  readonly asked: GetResourceMetricsRequest[] = [];
  conduct: Conduct;
  /** By the minute, in milliseconds. */
  private readonly heartbeats = new Map<number, Point[]>();
  private readonly points = new Map<number, MetricDatum[]>();
  private readonly aws = new FakeAws(
    {
      GetResourceMetrics: (input) => this.ask(input),
      GetMetricStatistics: (input) => this.read(input),
      PutMetricData: (input) => this.put(input),
    },
    REGION,
  );

  constructor(conduct: Partial<Conduct> = {}) {
    this.conduct = { ...FAULTLESS, ...conduct };
  }

  get now(): number {
    return this.clock.now().getTime();
  }

  /** The calls since the last time this was asked. */
  takeCalls(): string[] {
    return this.aws.calls.splice(0);
  }

  /** A new environment of the function. */
  environment(): Poller {
    return new Poller(REGION, this.clock, (request) => {
      return new PollServices(request, REGION, this.aws.clients, this.aws.clients);
    });
  }

  advanceTo(time: number): void {
    this.clock.advance(Math.max(0, time - this.now));
  }

  /** Delivers a run, at a moment that may have passed by then. */
  async deliver(poller: Poller, scheduledTime: number, after = 2_000, changes: object = {}): Promise<void> {
    this.advanceTo(scheduledTime + after);
    await poller.run(aRequest(scheduledTime, changes), () => 60_000);
  }

  /** Values of the heartbeat of a minute, one for each time it was published. */
  heartbeatsOf(period: number): number[] {
    return (this.heartbeats.get(period) ?? []).map(({ datum }) => datum.Value ?? Number.NaN);
  }

  /** All minutes of which anything was published, in order. */
  get publishedPeriods(): number[] {
    return [...new Set([...this.heartbeats.keys(), ...this.points.keys()])].sort((a, b) => a - b);
  }

  /** What was published of a minute beside its heartbeat. */
  pointsOf(period: number): MetricDatum[] {
    return this.points.get(period) ?? [];
  }

  valuesOf(period: number): Array<number | undefined> {
    return this.pointsOf(period).map(({ Value }) => Value);
  }

  private ask(input: GetResourceMetricsRequest): unknown {
    this.asked.push(input);
    this.meet(this.conduct.asking());
    const period = input.StartTime!.getTime();
    const lag = this.conduct.dataLag(period);
    const there = lag !== undefined && this.now >= period + MINUTE + lag;
    const list = (input.MetricQueries ?? []).flatMap((query) => seriesOf(query, period, there));
    const page = Number(input.NextToken ?? 0);
    const size = input.MaxResults ?? 25;
    const next = (page + 1) * size < list.length ? `${page + 1}` : undefined;
    return { MetricList: list.slice(page * size, (page + 1) * size), NextToken: next };
  }

  private read({ StartTime, EndTime, Period }: { StartTime: Date; EndTime: Date; Period: number }): unknown {
    this.meet(this.conduct.reading());
    const step = Period * 1000;
    const buckets = new Set<number>();
    for (let period = Math.max(StartTime.getTime(), this.earliest); period < EndTime.getTime(); period += MINUTE) {
      const shown = this.heartbeats.get(period)?.some(({ shows }) => shows <= this.now) ?? false;
      if (shown) buckets.add(Math.floor(period / step) * step);
    }
    return { Datapoints: [...buckets].map((time) => ({ Timestamp: new Date(time), SampleCount: 1 })) };
  }

  private get earliest(): number {
    return this.heartbeats.keys().next().value ?? Number.POSITIVE_INFINITY;
  }

  private put(input: PutMetricDataInput): unknown {
    const fate = this.conduct.putting();
    const shows = this.now + this.conduct.visibleAfter();
    if (fate === 'answered' || fate === 'lost after') {
      this.puts.push(input);
      for (const datum of input.MetricData ?? []) this.keep(datum, shows);
    }
    this.meet(fate);
    return {};
  }

  private keep(datum: MetricDatum, shows: number): void {
    const period = datum.Timestamp!.getTime();
    if (datum.MetricName === 'Heartbeat') {
      this.heartbeats.set(period, [...(this.heartbeats.get(period) ?? []), { datum, shows }]);
    } else {
      this.points.set(period, [...(this.points.get(period) ?? []), datum]);
    }
  }

  private meet(fate: Fate): void {
    this.clock.advance(fate.startsWith('lost') ? 10_000 : 100);
    if (fate === 'throttled') throw awsError('ThrottlingException', 'Rate exceeded');
    if (fate === 'failed') throw awsError('InternalServiceError', 'try again', 500);
    if (fate !== 'answered') throw Object.assign(new Error('no answer'), { name: 'TimeoutError', $metadata: {} });
  }
}

/** CPU has half of the load, no session waits for a lock; one statement has three quarters of the load. */
const KEYS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'db.wait_event.name': { CPU: 0.5, 'io/table': 0.3, other: 0.2 },
  'db.sql_tokenized.id': { A1: 0.75, B2: 0.25 },
};

/** As Performance Insights answers a query: the whole, and each key with sessions. */
function seriesOf({ Metric, GroupBy, Filter }: MetricQuery, period: number, there: boolean): MetricKeyDataPoints[] {
  const points = (Value: number) => [{ Timestamp: new Date(period), Value: there ? Value : (undefined as never) }];
  if (Metric === 'os.general.numVCPUs.avg') return [{ Key: { Metric }, DataPoints: points(VCPUS) }];
  const load = loadOf(period);
  const dimension = GroupBy?.Dimensions?.[0];
  if (dimension === undefined) return [{ Key: { Metric }, DataPoints: points(load) }];
  const shares = Object.entries(KEYS[dimension] ?? {}).filter(([key]) => (Filter?.[dimension] ?? key) === key);
  // A filter reduces the whole, too.
  const whole = shares.reduce((sum, [, share]) => sum + share, 0);
  const keys = load === 0 ? [] : shares.slice(0, GroupBy?.Limit ?? 10);
  return [
    { Key: { Metric }, DataPoints: points(load * whole) },
    ...keys.map(([key, share]) => ({
      Key: { Metric, Dimensions: { [dimension]: key } },
      DataPoints: points(load * share),
    })),
  ];
}
