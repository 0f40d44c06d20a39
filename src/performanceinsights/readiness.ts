import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { requiredBy, requiredFrom } from '../core/delegation';
import { SettledProvider } from '../core/settled-provider';
import { UntaggedResource } from '../core/untagged-resource';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import { ReadinessCheck } from './alarm-options';
import type { DataSource } from './data-source';
import type { DatabasePermissionsOptions } from './data-source-options';
import { accessRequirement, namedSource } from './delegation';
import { requireGroup } from './engine-choice';
import type { Metric } from './metric';
import { sourceKey } from './polling';
import { PERFORMANCE_INSIGHTS_SERVICE, READINESS_TYPE } from './provider';
import { countersOf, groupOf, type Question } from './question';
import { NAMESPACE } from './series';
import { accessTo, allowTogether, LOOKING, readingMetrics } from './source-permissions';

/** Properties of a readiness check. */
export interface ReadinessProps {
  /** The database. */
  readonly dataSource: DataSource;

  /**
   * What will be asked: its counters and dimension groups must exist on the engine of the database.
   *
   * @default - none
   */
  readonly metrics?: Metric[];

  /**
   * Whether to wait until a first data point has come. A stopped or idle database may have none.
   *
   * @default true
   */
  readonly firstDataPoint?: boolean;
}

/**
 * Done when Performance Insights of a database answers what will be asked.
 *
 * A deployment waits until the instance is available with Performance Insights on, answers without an error, has the
 * counters and dimension groups, and has a first data point. It fails with what is missing and how to mend it. Alarms
 * have one of their own, which also waits until the poller has published, where that answers; make one for what else
 * needs the data. It changes nothing, and is updated in place.
 */
export class Readiness extends Construct implements IDelegable {
  /**
   * The one that alarms of a stack on a data source share.
   *
   * @internal
   */
  static _of(scope: Construct, dataSource: DataSource, check: ReadinessCheck): Readiness {
    const stack = Stack.of(scope);
    const firstDataPoint = check === ReadinessCheck.FIRST_DATA_POINT;
    const id = sharedId(stack, dataSource, firstDataPoint);
    const existing = stack.node.tryFindChild(id);
    return existing instanceof Readiness ? existing : new Readiness(stack, id, { dataSource, firstDataPoint });
  }

  /**
   * Whether alarms of a stack have one.
   *
   * @internal
   */
  static _isChecked(scope: Construct, dataSource: DataSource): boolean {
    const stack = Stack.of(scope);
    return [true, false].some((data) => stack.node.tryFindChild(sharedId(stack, dataSource, data)) !== undefined);
  }

  /** What a role needs so that a stack of another app can check a database through it. */
  static requiredPermissionsFor(manager: ManagingStack, options: DatabasePermissionsOptions): DelegatedPermissions {
    return requiredFrom(manager, accessRequirement(namedSource(options), LOOKING));
  }

  private readonly dataSource: DataSource;
  private readonly counters = new Set<string>();
  private readonly groups = new Set<string>();
  private readonly resource: UntaggedResource;
  private heartbeat?: object;

  constructor(scope: Construct, id: string, props: ReadinessProps) {
    super(scope, id);
    this.dataSource = props.dataSource;
    for (const metric of props.metrics ?? []) this._expect(metric._question);
    const { dataSource } = props;
    this.resource = new UntaggedResource(this, 'Resource', {
      service: PERFORMANCE_INSIGHTS_SERVICE,
      resourceType: READINESS_TYPE,
      properties: {
        Source: dataSource._render(),
        Engine: dataSource.engine?.name,
        Metrics: Lazy.list({ produce: () => [...this.counters].sort() }),
        Groups: Lazy.list({ produce: () => [...this.groups].sort() }),
        FirstDataPoint: `${props.firstDataPoint ?? true}`,
        Heartbeat: Lazy.any({ produce: () => this.heartbeat }),
      },
      removalPolicy: RemovalPolicy.DESTROY,
      assumeRole: dataSource._assumeRole,
    });
    // With a role to assume, that role has the permissions.
    if (dataSource._assumeRole === undefined) {
      this.allow(accessTo(this, dataSource, LOOKING));
    }
    for (const prerequisite of dataSource._prerequisites) this.resource.addDependency(prerequisite);
  }

  /** What a role needs to check the database, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    const { _assumeRole: assumeRole, _identity: identity } = this.dataSource;
    return requiredBy(this, PERFORMANCE_INSIGHTS_SERVICE, assumeRole, () => [accessRequirement(identity, LOOKING)]);
  }

  /**
   * Adds what will be asked.
   *
   * @internal
   */
  _expect(question: Question): void {
    requireGroup(this.node.path, this.dataSource, question);
    for (const counter of countersOf(question)) this.counters.add(counter);
    const group = groupOf(question);
    if (group !== undefined) this.groups.add(group.name);
  }

  /**
   * Also waits until the poller has published something.
   *
   * @internal
   */
  _expectHeartbeat(): void {
    const dimensions = Object.entries(this.dataSource._publishedDimensions);
    this.heartbeat = { Namespace: NAMESPACE, Dimensions: dimensions.map(([Key, Value]) => ({ Key, Value })) };
    this.allow([readingMetrics()]);
  }

  private allow(statements: readonly iam.PolicyStatement[]): void {
    const { role } = SettledProvider.getOrCreate(this, PERFORMANCE_INSIGHTS_SERVICE);
    allowTogether(role, statements);
    // Of many data sources, the CDK moves permissions into policies that the function does not wait for.
    this.resource.node.addDependency(role);
  }
}

function sharedId(stack: Stack, dataSource: DataSource, firstDataPoint: boolean): string {
  return `CdkSettledPerformanceInsights${firstDataPoint ? 'Data' : 'Answer'}${sourceKey(stack, dataSource)}`;
}
