import type { ResourceStatus, StackEvent, StackStatus } from './events';
import type { Parameter } from './parameters';
import type { DeletionPolicy, Template } from './template';

/** What CloudFormation knows of a stack. The engine changes it; everybody else reads. */
export interface Stack {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly creationTime: number;
  lastUpdatedTime?: number;
  deletionTime?: number;
  status: StackStatus;
  statusReason?: string;
  disableRollback: boolean;
  roleArn?: string;
  template: Template;
  parameters: ReadonlyMap<string, Parameter>;
  tags: Readonly<Record<string, string>>;
  outputs: readonly Output[];
  readonly resources: Map<string, Resource>;
  /** Physical resources that no longer count, or never did: the next cleanup deletes them. */
  readonly surplus: Surplus[];
  /** Removed resources, which can still be described. */
  readonly removed: Map<string, Resource>;
  readonly events: StackEvent[];
  /** The state to which a rollback returns; kept while an update is under way or failed. */
  stable?: Snapshot;
}

export interface Output {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  status: ResourceStatus;
  statusReason?: string;
  lastUpdated: number;
  /** The physical resource that counts. */
  instance?: Instance;
  /** The properties of an update that was begun since the last stable state. */
  attempted?: Properties;
  /** The properties with which a create was sent to a custom resource: it may have made something, whatever came back. */
  requested?: Properties;
  terms: Terms;
}

/** What a template says about a resource beside its properties. */
export interface Terms {
  readonly needs: ReadonlySet<string>;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly metadata?: unknown;
}

export type Properties = Readonly<Record<string, unknown>>;

export interface Instance {
  readonly physicalId: string;
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly properties: Properties;
  /** Of a custom resource's answer. */
  readonly requestId?: string;
}

export interface Surplus {
  readonly logicalId: string;
  readonly type: string;
  readonly instance: Instance;
  readonly terms: Terms;
}

export interface Snapshot {
  readonly template: Template;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly tags: Readonly<Record<string, string>>;
  readonly outputs: readonly Output[];
  readonly resources: ReadonlyMap<string, Resource>;
  /** Names of imported exports. */
  readonly imports: readonly string[];
}

export function snapshotOf(stack: Stack, imports: readonly string[]): Snapshot {
  const { template, parameters, tags, outputs } = stack;
  const resources = new Map([...stack.resources].map(([id, resource]) => [id, { ...resource }]));
  return { template, parameters, tags, outputs, resources, imports };
}

export function inProgress(stack: Stack): boolean {
  return stack.status.endsWith('_IN_PROGRESS');
}
