import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetResourceMetricsCommand, type MetricKeyDataPoints, type MetricQuery, PIClient } from '@aws-sdk/client-pi';
import { AwsClients } from '../runtime/clients';
import { everyPage } from '../runtime/pages';
import { heartbeatsIn } from './poll-heartbeats.runtime';
import { MINUTE, ownPeriod, type PublishedPeriods, reachOf } from './poll-plan.runtime';
import { PeriodAnswers, type QueryPlan } from './poll-queries.runtime';
import type { PollRequest } from './poll-request.runtime';

const DAY = 24 * 60 * MINUTE;
/** CloudWatch keeps points of a minute for 15 days. */
const LOOKING_BACK = 14 * DAY;
/** The most that Performance Insights answers at once. */
const PAGE_SIZE = 25;

export type PollServicesFactory = (request: PollRequest) => PollServices;

/** Clients of the own account: they carry no credentials of another, and are kept with their connections. */
const ownClients = new Map<string, AwsClients>();

function clientsOf(region: string): AwsClients {
  const clients = ownClients.get(region) ?? new AwsClients(region);
  ownClients.set(region, clients);
  return clients;
}

/** The calls of one run. */
export class PollServices {
  /** What Performance Insights and RDS are asked with. */
  readonly reading: AwsClients;
  /** The account and region that these reach. */
  readonly scope: string;

  constructor(
    private readonly request: PollRequest,
    region: string,
    private readonly own: AwsClients = clientsOf(region),
    reading?: AwsClients,
  ) {
    const { assumeRole } = request;
    this.scope = assumeRole === undefined ? region : `${assumeRole.accountId} ${assumeRole.region}`;
    this.reading = reading ?? (assumeRole === undefined ? own : new AwsClients(assumeRole.region, assumeRole));
  }

  /** All that is to be known of one period. */
  async ask(resourceId: string, plan: QueryPlan, period: number): Promise<PeriodAnswers> {
    const series: MetricKeyDataPoints[] = [];
    for (const queries of plan.calls) series.push(...(await this.series(resourceId, queries, period)));
    const answers = new PeriodAnswers(series, period);
    if (answers.hasData || plan.lastResort === undefined) return answers;
    series.push(...(await this.series(resourceId, [plan.lastResort], period)));
    return new PeriodAnswers(series, period);
  }

  private async series(
    resourceId: string,
    queries: readonly MetricQuery[],
    period: number,
  ): Promise<MetricKeyDataPoints[]> {
    const pages = await everyPage((NextToken) =>
      this.reading.get(PIClient, 'PI').send(
        new GetResourceMetricsCommand({
          ServiceType: this.request.source.serviceType,
          Identifier: resourceId,
          MetricQueries: [...queries],
          // Both are aligned outward: at full minutes that changes nothing.
          StartTime: new Date(period),
          EndTime: new Date(period + MINUTE),
          PeriodInSeconds: 60,
          PeriodAlignment: 'START_TIME',
          MaxResults: PAGE_SIZE,
          NextToken,
        }),
      ),
    );
    return pages.flatMap(({ MetricList = [] }) => MetricList);
  }

  /** `lookBack`: also look, where it matters, whether anything was published before what is within reach. */
  async publishedPeriods(scheduledTime: number, catchUpMinutes: number, lookBack: boolean): Promise<PublishedPeriods> {
    const reach = reachOf(scheduledTime, catchUpMinutes);
    const periods = await this.heartbeats(reach, ownPeriod(scheduledTime) + MINUTE, MINUTE);
    const unclear = lookBack && catchUpMinutes > 0 && !periods.includes(reach);
    const before = unclear ? await this.heartbeats(reach - LOOKING_BACK, reach, DAY) : [];
    return { periods, anyBefore: before.length > 0 };
  }

  private heartbeats(from: number, to: number, period: number): Promise<number[]> {
    const { namespace, source } = this.request;
    const series = { namespace, dimensions: source.dimensions };
    return heartbeatsIn(this.own, series, { from, to, period });
  }

  async put(data: readonly MetricDatum[]): Promise<void> {
    const command = new PutMetricDataCommand({ Namespace: this.request.namespace, MetricData: [...data] });
    await this.own.get(CloudWatchClient, 'CLOUDWATCH').send(command);
  }
}
