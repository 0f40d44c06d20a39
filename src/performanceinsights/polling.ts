import { Duration, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import { digest } from '../core/digest';
import { handlerLogs, handlerRole, PINNED_RUNTIME } from '../core/handler';
import { explainFindings } from '../core/nag';
import { markAsProvider } from '../core/provider-tag';
import type { DataSource } from './data-source';
import { PolledDataSource } from './polled-data-source';
import { PollerFunction } from './poller-function';
import { PERFORMANCE_INSIGHTS_SERVICE } from './provider';
import { NAMESPACE } from './series';
import { ACCESS_FINDINGS, accessTo, allowTogether, POLLING, readingMetrics } from './source-permissions';

const ID = 'CdkSettledPerformanceInsightsPoller';
/** A run is over before the next one begins. */
const TIMEOUT = Duration.seconds(55);

/** The function that polls for all data sources of a stack, one run for each of them and each minute. */
export class Poller extends Construct {
  static getOrCreate(scope: Construct): Poller {
    const stack = Stack.of(scope);
    return Poller.find(scope) ?? new Poller(stack, ID);
  }

  /** The poller of the stack, where something is polled. */
  static find(scope: Construct): Poller | undefined {
    const existing = Stack.of(scope).node.tryFindChild(ID);
    return existing instanceof Poller ? existing : undefined;
  }

  /** The role that makes the calls. */
  readonly role: iam.Role;
  readonly function: lambda.Function;
  /** The role with which EventBridge Scheduler calls the function. */
  readonly scheduleRole: iam.Role;

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    const logGroup = handlerLogs(this);
    this.role = handlerRole(this, 'Role', logGroup, 'cdk-settled: polls Performance Insights');
    for (const statement of publishing()) this.role.addToPolicy(statement);
    this.function = new PollerFunction(this, 'Function', {
      role: this.role,
      logGroup,
      timeout: TIMEOUT,
      memorySize: 256,
      // What a run has missed is caught up by the next one, and a repeated one could publish twice.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
    });
    this.scheduleRole = this.makeScheduleRole();
    explainFindings(this, 'AWS::Lambda::Function', [PINNED_RUNTIME]);
    explainFindings(this.role, 'AWS::IAM::Policy', ACCESS_FINDINGS);
  }

  /** The polling of a data source. Two of the same database are polled as one. */
  sourceOf(source: DataSource): PolledDataSource {
    const id = `Source${sourceKey(this, source)}`;
    const existing = this.tryFindSource(id);
    if (existing !== undefined) return existing;
    if (source._assumeRole !== undefined) markAsProvider(this.role, PERFORMANCE_INSIGHTS_SERVICE.id);
    allowTogether(this.role, accessTo(this, source, POLLING));
    return new PolledDataSource(this, id, { poller: this, source });
  }

  /** The polling of a data source, where something of it is polled. */
  findSourceOf(source: DataSource): PolledDataSource | undefined {
    return this.tryFindSource(`Source${sourceKey(this, source)}`);
  }

  private tryFindSource(id: string): PolledDataSource | undefined {
    return this.node.tryFindChild(id) as PolledDataSource | undefined;
  }

  private makeScheduleRole(): iam.Role {
    const role = new iam.Role(this, 'ScheduleRole', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'cdk-settled: starts the polling of Performance Insights',
    });
    role.addToPolicy(
      new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
    );
    return role;
  }
}

/** What distinguishes a data source from others in construct ids: the dimensions under which it is published. */
export function sourceKey(scope: IConstruct, source: DataSource): string {
  const identity = { serviceType: source.serviceType, ...source._publishedDimensions };
  const text = JSON.stringify(Stack.of(scope).resolve(identity));
  // Databases of two stacks can have the same logical id.
  const origins = Object.values(source._publishedDimensions)
    .flatMap((value) => Tokenization.reverseString(value).tokens)
    .filter(Reference.isReference)
    .map(({ target }) => target.node.addr);
  return digest([text, ...origins].join(' '), 8);
}

function publishing(): iam.PolicyStatement[] {
  return [
    // "*": it has no resource-level permissions.
    new iam.PolicyStatement({
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': NAMESPACE } },
    }),
    readingMetrics(),
  ];
}
