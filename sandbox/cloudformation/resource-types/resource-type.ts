import type { Credentials } from '../../iam/credentials';
import type { Iam } from '../../iam/iam';
import type { Functions } from '../../lambda/functions';
import type { MacieSessions } from '../../services/macie2/sessions';
import type { Schedules } from '../../services/scheduler/schedules';
import type { World } from '../../services/service';
import type { SupportingTools } from '../../services/supporting-services';
import type { StateMachines } from '../../states/state-machines';
import type { AssetLookup } from '../assets';
import type { Pace } from '../pace';
import type { ResponseReceiver } from '../response-receiver';
import type { Instance, Properties } from '../stack';
import type { CognitoPools } from './cognito-identity-pool';

/** How resources of one type come, change and go. */
export interface ResourceType {
  readonly name: string;
  /** `any`: a custom resource, whose properties only its function knows. */
  readonly properties: readonly string[] | 'any';
  readonly required?: readonly string[];
  /** The properties that take dynamic references to secrets. */
  readonly secretProperties?: readonly string[];
  /** Has a list of `Tags`, to which CloudFormation adds those of the stack. */
  readonly taggable?: boolean;
  /** Whether this change needs a new physical resource. Custom resources tell it by their answer. */
  replaces?(before: Properties, after: Properties): boolean;
  create(task: Task): Promise<Made>;
  update(task: Task, current: Instance): Promise<Made>;
  delete(task: Task, current: Instance): Promise<void>;
  /** The value of `Fn::GetAtt`; throws when there is none. */
  attribute?(instance: Instance, name: string, place: AttributePlace): unknown;
  /** Whether what it makes is a thing that stands in the account. Custom resources are in their own services. */
  readonly standing: boolean;
}

export interface Made {
  readonly physicalId: string;
  /** What `Ref` gives; the physical id when absent. */
  readonly ref?: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
}

/** One operation on one resource. */
export interface Task {
  readonly tools: Tools;
  readonly stack: { readonly id: string; readonly name: string };
  readonly accountId: string;
  readonly region: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Properties;
  /** To be called as soon as there is a physical resource: from then on a failure or a cancellation deletes it. */
  initiated(made: Made): void;
  /** To be called when a request went out whose answer will tell the physical id. */
  requested(): void;
  /** Called when CloudFormation no longer waits for this task. */
  onCancel(action: () => void): void;
}

/** What the resource types work with. */
export interface Tools extends ServiceTools {
  readonly world: World;
  readonly iam: Iam;
  readonly credentials: Credentials;
  readonly functions: Functions;
  readonly stateMachines: StateMachines;
  readonly receiver: ResponseReceiver;
  readonly assets: AssetLookup;
  /** Of the requests to the functions behind custom resources. */
  readonly pace: Pace;
}

/** What resource types make, change and delete in services without calling their APIs. */
export interface ServiceTools extends SupportingTools {
  readonly cognitoIdentity: CognitoPools;
  readonly macieSessions: Pick<MacieSessions, 'enable' | 'update' | 'disable'>;
  readonly schedules: Schedules;
}

/** For error messages. */
export interface AttributePlace {
  readonly stackId: string;
  readonly logicalId: string;
}

/** A resource that could not be made, changed or deleted, with the reason that the stack's events show. */
export class ResourceFailure extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'ResourceFailure';
  }
}
