import {
  GetResourceMetricsCommand,
  ListAvailableResourceDimensionsCommand,
  ListAvailableResourceMetricsCommand,
  PIClient,
} from '@aws-sdk/client-pi';
import { AssumptionError } from '../runtime/assumption-error';
import type { AwsClients } from '../runtime/clients';
import { classify, describeFailure } from '../runtime/errors';
import { everyPage } from '../runtime/pages';
import { phaseOf } from './instance-states.runtime';
import { heartbeatsIn } from './poll-heartbeats.runtime';
import { describeSource } from './poll-source.runtime';
import { type ReadinessGoal, withoutStatistic } from './readiness-goal.runtime';

export interface ReadinessObservation {
  /** Nothing remains of a readiness. */
  readonly own?: undefined;
  /** How long this run has been going on. */
  readonly ageMs: number;
  readonly instance?: InstanceView;
  /** What refused to answer, and how, where a look was refused. */
  readonly refused?: { readonly action: string; readonly denied: boolean; readonly reason: string };
  /** Whether Performance Insights has a value of the load, of the last minutes. */
  readonly hasData?: boolean;
  /** What Performance Insights has for this instance, where it was asked for. */
  readonly metrics?: readonly string[];
  readonly groups?: readonly string[];
  /** The groups that the role of this call may ask for. */
  readonly authorizedGroups?: readonly string[];
  /** Whether the poller has published of late, where it was asked for. */
  readonly hasHeartbeat?: boolean;
}

export interface InstanceView {
  readonly identifier: string;
  readonly resourceId: string;
  readonly engine: string;
  readonly status: string;
  readonly performanceInsights: boolean;
  readonly keyId?: string;
}

const MINUTE = 60_000;
/** So long ago may the newest data point be. */
const RECENT_MS = 10 * MINUTE;

/** Clients to look with. */
export interface LookClients {
  /** Of the account and region of the database. */
  readonly reading: AwsClients;
  /** Of the stack's own, where the poller publishes. */
  readonly own: AwsClients;
}

/** Looks, in the order in which the steps build on each other, as far as AWS answers. */
export async function lookAt(
  { reading, own }: LookClients,
  goal: ReadinessGoal,
  now: Date,
  ageMs: number,
): Promise<ReadinessObservation> {
  const look = new Look(reading, goal);
  const steps: ReadonlyArray<[action: string, step: () => Promise<Partial<ReadinessObservation>>]> = [
    ['rds:DescribeDBInstances', async () => ({ instance: await look.instance() })],
    ['pi:GetResourceMetrics', async () => ({ hasData: await look.hasData(now) })],
    ['pi:ListAvailableResourceMetrics', async () => ({ metrics: await look.metrics() })],
    ['pi:ListAvailableResourceDimensions', async () => ({ groups: await look.groups() })],
    ['pi:ListAvailableResourceDimensions', async () => ({ authorizedGroups: await look.groups(true) })],
    ['cloudwatch:GetMetricStatistics', async () => ({ hasHeartbeat: await hasHeartbeat(own, goal, now) })],
  ];
  let seen: ReadinessObservation = { ageMs };
  for (const [action, step] of steps) {
    try {
      seen = { ...seen, ...(await step()) };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const denied = classify(error) === 'denied';
      return { ...seen, refused: { action, denied, reason: describeFailure(`${action} was refused`, error) } };
    }
    if (!isMeasured(seen.instance)) break;
  }
  return seen;
}

/** Whether there is anything to ask Performance Insights for. */
function isMeasured(instance: InstanceView | undefined): boolean {
  return instance?.performanceInsights === true && ['working', 'stopped'].includes(phaseOf(instance.status));
}

/** What the loop cannot wait for without knowing more. A role that cannot be assumed is for the loop. */
function isRefusal(error: unknown): boolean {
  if (error instanceof AssumptionError) return false;
  return ['denied', 'absent', 'final'].includes(classify(error));
}

async function hasHeartbeat(own: AwsClients, { heartbeat }: ReadinessGoal, now: Date): Promise<boolean | undefined> {
  if (heartbeat === undefined) return undefined;
  const from = Math.floor(now.getTime() / MINUTE) * MINUTE - RECENT_MS;
  const heartbeats = await heartbeatsIn(own, heartbeat, { from, to: from + RECENT_MS, period: MINUTE });
  return heartbeats.length > 0;
}

class Look {
  private resourceId = '';

  constructor(
    private readonly aws: AwsClients,
    private readonly goal: ReadinessGoal,
  ) {}

  async instance(): Promise<InstanceView | undefined> {
    const instance = await describeSource(this.aws, this.goal.source);
    if (instance === undefined) return undefined;
    this.resourceId = instance.DbiResourceId ?? '';
    return {
      identifier: instance.DBInstanceIdentifier ?? '',
      resourceId: this.resourceId,
      engine: instance.Engine ?? '',
      status: instance.DBInstanceStatus ?? '',
      performanceInsights: instance.PerformanceInsightsEnabled ?? false,
      keyId: instance.PerformanceInsightsKMSKeyId,
    };
  }

  async hasData(now: Date): Promise<boolean> {
    const end = Math.floor(now.getTime() / MINUTE) * MINUTE;
    const answer = await this.pi.send(
      new GetResourceMetricsCommand({
        ...this.target,
        MetricQueries: [{ Metric: 'db.load.avg' }],
        StartTime: new Date(end - RECENT_MS),
        EndTime: new Date(end),
        PeriodInSeconds: 60,
        PeriodAlignment: 'START_TIME',
      }),
    );
    const points = (answer.MetricList ?? []).flatMap(({ DataPoints }) => DataPoints ?? []);
    return points.some(({ Value }) => Number.isFinite(Value));
  }

  async metrics(): Promise<string[] | undefined> {
    if (this.goal.metrics.length === 0) return undefined;
    // Amazon DocumentDB has none of the database's own.
    const types = this.goal.source.serviceType === 'DOCDB' ? ['os'] : ['os', 'db'];
    const pages = await everyPage((NextToken) =>
      this.pi.send(
        new ListAvailableResourceMetricsCommand({ ...this.target, MetricTypes: types, MaxResults: 25, NextToken }),
      ),
    );
    const metrics = pages.flatMap(({ Metrics = [] }) => Metrics);
    return distinct(metrics.map(({ Metric }) => Metric && withoutStatistic(Metric)));
  }

  async groups(authorized = false): Promise<string[] | undefined> {
    if (this.goal.groups.length === 0) return undefined;
    const pages = await everyPage((NextToken) =>
      this.pi.send(
        new ListAvailableResourceDimensionsCommand({
          ...this.target,
          Metrics: ['db.load'],
          MaxResults: 25,
          NextToken,
          AuthorizedActions: authorized ? ['GetResourceMetrics'] : undefined,
        }),
      ),
    );
    const groups = pages.flatMap(({ MetricDimensions = [] }) => MetricDimensions).flatMap(({ Groups = [] }) => Groups);
    return distinct(groups.map(({ Group }) => Group));
  }

  private get pi(): PIClient {
    return this.aws.get(PIClient, 'PI');
  }

  private get target() {
    return { ServiceType: this.goal.source.serviceType, Identifier: this.resourceId };
  }
}

function distinct(names: ReadonlyArray<string | undefined>): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}
