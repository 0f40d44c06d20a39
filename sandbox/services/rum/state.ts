import type { Call, Operation, Service } from '../service';
import { conflict, notFound } from './errors';
import type { RumSettings } from './options';

/** What RUM remembers in an account and region. */
export interface RumState {
  readonly monitors: Map<string, AppMonitor>;
  /** Made at the first event of a monitor that copies its data to CloudWatch Logs; they outlive the monitor. */
  readonly logGroups: Set<string>;
  /** PutRumEvents calls in the second that runs. */
  readonly eventCalls: { second: number; count: number };
  /** In the state of the region `aws-global` only: the role is one an account. */
  serviceLinkedRole: boolean;
}

export interface AppMonitor {
  readonly name: string;
  readonly id: string;
  readonly arn: string;
  readonly platform: string;
  readonly createdAt: number;
  /** Absent until the first update, as in the answers that the AWS command-line tool documents. */
  modifiedAt?: number;
  /** One of the two is set. */
  domain?: string;
  domainList?: readonly string[];
  configuration: AppMonitorConfiguration;
  cwLogEnabled: boolean;
  customEvents: string;
  deobfuscation?: DeobfuscationConfiguration;
  readonly tags: Map<string, string>;
  readonly destinations: Map<string, MetricsDestination>;
  policy?: MonitorPolicy;
  readonly events: RumEvent[];
  deleting: boolean;
}

export interface AppMonitorConfiguration {
  readonly IdentityPoolId?: string;
  readonly ExcludedPages?: readonly string[];
  readonly IncludedPages?: readonly string[];
  readonly FavoritePages?: readonly string[];
  readonly SessionSampleRate?: number;
  readonly GuestRoleArn?: string;
  readonly AllowCookies?: boolean;
  readonly Telemetries?: readonly string[];
  readonly EnableXRay?: boolean;
}

export interface DeobfuscationConfiguration {
  readonly JavaScriptSourceMaps?: { readonly Status: 'ENABLED' | 'DISABLED'; readonly S3Uri?: string };
}

export interface MetricsDestination {
  readonly type: string;
  readonly arn?: string;
  roleArn?: string;
  readonly definitions: Map<string, MetricDefinition>;
  changedAt: number;
}

export interface MetricDefinition {
  readonly Name: string;
  readonly ValueKey?: string;
  readonly UnitLabel?: string;
  readonly DimensionKeys?: Readonly<Record<string, string>>;
  readonly EventPattern?: string;
  readonly Namespace?: string;
}

export interface MonitorPolicy {
  readonly document: string;
  readonly revisionId?: string;
}

export interface RumEvent {
  readonly at: number;
  readonly type: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** What all operations share. */
export interface RumContext {
  readonly service: Service<RumState>;
  readonly settings: RumSettings;
}

export type RumOperations = Readonly<Record<string, Operation<RumState>>>;

export function newRumState(): RumState {
  return { monitors: new Map(), logGroups: new Set(), eventCalls: { second: -1, count: 0 }, serviceLinkedRole: false };
}

/** The account's state, where it is not a region's. */
export function accountState(context: RumContext, call: Call): RumState {
  return call.world.state(context.service, call.accountId, 'aws-global');
}

export function monitorArn(call: Call, name: string): string {
  return `arn:${call.world.partition}:rum:${call.region}:${call.accountId}:appmonitor/${name}`;
}

/** The monitor of that name, also while it is being deleted. */
export function existingMonitor(state: RumState, name: string): AppMonitor {
  const monitor = state.monitors.get(name);
  if (monitor === undefined) throw notFound('AppMonitor', name);
  return monitor;
}

/** The monitor of that name, to be changed. */
export function changeableMonitor(state: RumState, name: string): AppMonitor {
  const monitor = existingMonitor(state, name);
  if (monitor.deleting) throw conflict('AppMonitor', name, 'is being deleted');
  return monitor;
}
