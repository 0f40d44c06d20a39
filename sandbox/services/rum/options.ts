import type { Call } from '../service';

/**
 * What no source settles about RUM ([U]), and what differs between accounts. Most defaults forgive a caller least, so that
 * a caller which works here works under either truth. Four are the plain case instead, and a test should try the other
 * too: `steadyState`, `deletingSeconds`, `merge`, and references that are not checked.
 */
export interface RumOptions {
  /**
   * The state that a monitor reaches and keeps. Live tests of others saw either; both mean ready.
   * @default 'CREATED'
   */
  readonly steadyState?: 'CREATED' | 'ACTIVE';
  /**
   * Virtual seconds from creation until the steady state; before, the state is `CREATED`.
   * @default 0
   */
  readonly settleSeconds?: number;
  /**
   * [U] Virtual seconds for which a deleted monitor is still seen as `DELETING`, keeps its name and refuses changes.
   * @default 0 - gone at once, as live tests saw it
   */
  readonly deletingSeconds?: number;
  /**
   * [U] What UpdateAppMonitor does to the members of `AppMonitorConfiguration` that it does not name: `members` keeps
   * them, `replace` resets them.
   * @default 'members'
   */
  readonly merge?: 'members' | 'replace';
  /**
   * [U] Whether `IncludedPages` and `ExcludedPages` exclude each other only within one operation, or also in what
   * results from it. An empty list does not count in either case.
   * @default 'result' - a switch from one to the other must empty the other
   */
  readonly exclusivePages?: 'operation' | 'result';
  /**
   * [U] Whether two equal metric definitions may stand in one destination, or the second is refused (in `Errors`).
   * @default 'accept' - whoever repeats a call after a lost answer must clean up
   */
  readonly duplicateDefinitions?: 'accept' | 'conflict';
  /**
   * [U] Whether DeleteRumMetricsDestination takes the destination's definitions along or answers Conflict while there
   * are any.
   * @default 'conflict'
   */
  readonly destinationWithDefinitions?: 'conflict' | 'delete';
  /**
   * [U] Virtual seconds after a change of a destination or its definitions in which its deletion answers Conflict. The
   * conflict is known (others retry eight times, three seconds apart), how long it lasts is not.
   * @default 3
   */
  readonly destinationBusySeconds?: number;
  /**
   * [U] The value of `iam:PassedToService` when a role is passed. Unknown whether AWS sets it.
   * @default - not set, so a policy that asks for a value does not match
   */
  readonly passedToService?: string;
  /** Quotas, which AWS raises on request. */
  readonly quotas?: Partial<RumQuotas>;
  /**
   * [U] Whether an identity pool exists. RUM asks for the caller's right to describe it; whether it refuses a monitor
   * whose pool is missing is not documented.
   * @default - not checked
   */
  readonly identityPoolExists?: (call: Call, identityPoolId: string) => boolean;
  /**
   * [U] Whether a guest role exists; as above.
   * @default - not checked
   */
  readonly roleExists?: (call: Call, roleArn: string) => boolean;
}

/** Per account and region. */
export interface RumQuotas {
  /** @default 20 */
  readonly appMonitors: number;
  /** @default 50 */
  readonly putRumEventsPerSecond: number;
}

export type RumSettings = Required<
  Omit<RumOptions, 'passedToService' | 'identityPoolExists' | 'roleExists' | 'quotas'>
> &
  Pick<RumOptions, 'passedToService' | 'identityPoolExists' | 'roleExists'> & { readonly quotas: RumQuotas };

export function settingsOf(options: RumOptions): RumSettings {
  return {
    steadyState: 'CREATED',
    settleSeconds: 0,
    deletingSeconds: 0,
    merge: 'members',
    exclusivePages: 'result',
    duplicateDefinitions: 'accept',
    destinationWithDefinitions: 'conflict',
    destinationBusySeconds: 3,
    ...options,
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html
    quotas: { appMonitors: 20, putRumEventsPerSecond: 50, ...options.quotas },
  };
}
