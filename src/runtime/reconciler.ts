import type { AwsClients } from './clients';
import { ID_TAG, OWNER_TAG, ownerOf, type ResourceAddress } from './identity';
import type { OperationNote, RequestType } from './operation';
import type { Properties } from './properties';

/** What one custom resource type knows of its service. The loop does the rest. */
export interface Reconciler<Goal, Observed extends Observation, Action extends Act> {
  /** The desired state, from the properties of a Create or an Update. Fails with the property's name. */
  decode(properties: Properties): Goal;

  /** Why the goal cannot be reached by changing what is there; empty when it can. */
  replacementReasons(goal: Goal, own: NonNullable<Observed['own']>): string[];

  /** Why a replacement beside the old resource is impossible, with the remedy; undefined when it is possible. */
  replacementObstacle?(goal: Goal, own: NonNullable<Observed['own']>): string | undefined;

  /**
   * What a rollback makes do with, where the goal can neither be reached in place nor by a replacement: it must end, and
   * `plan` uses the same.
   */
  rollbackGoal?(goal: Goal, own: NonNullable<Observed['own']>): Goal;

  /** Reads, and never writes. Trusts nothing that an earlier call returned. */
  observe(run: Run<Goal>): Promise<Observed>;

  /** One step towards the goal, or towards absence where there is none. Pure. */
  plan(goal: Goal | undefined, observed: Observed, run: PlanContext<Goal>): Step<Action>;

  /** Makes one mutating call. */
  act(action: Action, run: Run<Goal>): Promise<void>;
}

/** What every observation tells. */
export interface Observation {
  /** The resource that is bound to the physical id of the run. */
  readonly own?: { readonly tags: Readonly<Record<string, string>> };
  /** Why something could not be looked at that has a name which only we give. */
  readonly denial?: { readonly reason: string };
}

/** A mutating call in the form of data. `call` is the name of the API action. */
export interface Act {
  readonly call: string;
  /** The call is not begun later than this: what others conclude from the claim on which it rests depends on it. */
  readonly notAfter?: Date;
}

export type Step<Action extends Act> =
  | { readonly kind: 'act'; readonly action: Action }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'done'; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'fail'; readonly reason: string };

/** Where the resource is, which may be another account or region than the stack's. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}

/** What a plan may know beside goal and observation. */
export interface PlanContext<Goal> {
  readonly address: ResourceAddress;
  readonly place: Place;
  readonly requestType: RequestType;
  readonly id: string;
  /** The properties before, of an Update. */
  readonly previous?: Goal;
  /** The id was new when the run began: whatever stands under it was made by this run or by an earlier try of it. */
  readonly fresh: boolean;
  /** The id of the resource that this one replaces. */
  readonly replaces?: string;
  /** The id is not one of ours: CloudFormation made it up for a resource whose creation it has cancelled. */
  readonly unknownId: boolean;
  /** The stack returns to what it was before. */
  readonly rollback: boolean;
  /** What tells this invocation from all others: a claim that carries it was made in this invocation. */
  readonly invocation: string;
  readonly now: Date;
}

/** One run: one request of CloudFormation, over all the invocations that it takes. */
export interface Run<Goal> extends PlanContext<Goal> {
  /** The properties as they came, for what must be found even if the rest cannot be decoded. */
  readonly properties: Properties;
  readonly previousProperties?: Properties;
  readonly note: OperationNote;
  readonly aws: AwsClients;
}

/** The tag in which a replacement remembers what it replaces, so that a rollback finds the way back. */
export const REPLACES_TAG = 'cdk-settled:replaces';

/**
 * A cancelled creation is at most as old as its run and the rollback until its Delete. What is older was completed once
 * and then retained by its owner, and is not for us to remove.
 */
const CANCELLED_CREATION_MAX_AGE_MS = 24 * 60 * 60 * 1000;

/** Whether a resource is ours, by its tags. Only what is ours may be changed or deleted. */
export function isOwn(
  run: Pick<Run<unknown>, 'address' | 'id' | 'unknownId' | 'now'>,
  tags: Readonly<Record<string, string>>,
  created: Date | undefined,
): boolean {
  if (tags[ID_TAG] === run.id) return true;
  if (!run.unknownId || tags[OWNER_TAG] !== ownerOf(run.address)) return false;
  return created === undefined || run.now.getTime() - created.getTime() <= CANCELLED_CREATION_MAX_AGE_MS;
}

/** All the tags by which a resource is known as ours. */
export function settledTags(run: Pick<Run<unknown>, 'address' | 'id' | 'replaces'>): Record<string, string> {
  return {
    [ID_TAG]: run.id,
    [OWNER_TAG]: ownerOf(run.address),
    ...(run.replaces === undefined ? {} : { [REPLACES_TAG]: run.replaces }),
  };
}
