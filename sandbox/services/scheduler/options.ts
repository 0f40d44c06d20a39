/** What the documentation of EventBridge Scheduler leaves open. */
export interface SchedulerOptions {
  /**
   * How late within its minute an invocation is. Documented is "60 second precision": up to 59 seconds.
   * @default 0 to 5 seconds
   */
  readonly jitterMs?: { readonly min: number; readonly max: number };
  /** How many of the invocations are delivered twice, from 0 to 1: delivery is "at least once". @default 0 */
  readonly duplicates?: number;
}

export const DEFAULT_JITTER_MS = { min: 0, max: 5_000 };
