import type { Permission, Principal } from '../iam/principal';
import type { Clock } from '../kernel/clock';
import type { Random } from '../kernel/random';
import type { ServiceModel } from '../model/model';

/** What every service has at hand: time, chance, and the state of the whole sandbox. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly partition: string;
  /** The state of a service in an account and region. Global services (IAM) use the region `aws-global`. */
  state<State>(service: Service<State>, accountId: string, region: string): State;
}

/** One call that has been received, decoded, authenticated and is now to be carried out. */
export interface Call {
  readonly world: World;
  readonly principal: Principal;
  readonly accountId: string;
  readonly region: string;
  readonly requestId: string;
  /** Nobody waits for what comes of it: it must not move time (`sandbox/kernel/clock.ts`). */
  readonly background?: boolean;
}

/** A service of the sandbox: its model, its operations and what it remembers per account and region. */
export interface Service<State> {
  readonly name: string;
  readonly model: ServiceModel;
  readonly operations: Readonly<Record<string, Operation<State>>>;
  newState(): State;
  /** What stands in the account, for the report and for "nothing leaks": one readable name per resource. */
  inventory(state: State): readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: inputs and outputs are checked against the service model, not by TypeScript
export type Document = any;

export interface Operation<State> {
  /** Callable without a signature, as AssumeRoleWithWebIdentity is; says which account such a call concerns. */
  readonly unsigned?: (input: Document) => string;
  /** Where such a call goes, if its input tells. */
  readonly unsignedRegion?: (input: Document) => string;
  /** The permissions that AWS asks of the caller, in its order. None: the call is open to everyone (GetCallerIdentity). */
  permissions(input: Document, call: Call, state: State): readonly Permission[];
  /** Runs at one instant of virtual time, after the input was validated against the model. Throws {@link ServiceError}. */
  handle(input: Document, state: State, call: Call): Document | Promise<Document>;
}

/** An error that the service documents; it is serialized as its protocol demands. */
export class ServiceError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly statusCode = 400,
    /** Further members of the error's body, and headers such as `Retry-After`. */
    readonly members: Readonly<Record<string, unknown>> = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = code;
  }
}
