/** A disturbance that is planned for some of the calls. */
export interface Fault {
  readonly match: {
    /** The service's name in the sandbox, such as `rum`. */
    readonly service?: string;
    readonly operation?: string;
    readonly accountId?: string;
    /** Only calls that functions make: neither those from outside nor those of CloudFormation, builds and waiters. */
    readonly execution?: true;
    /** The n-th matching call, from 1. */
    readonly nth?: number;
    /** Every matching call from this one on, from 1. */
    readonly from?: number;
  };
  readonly kind: FaultKind;
  /** How many calls it meets. @default 1, and without end for `from` */
  readonly times?: number;
}

/**
 * `throttle`, `deny`, `internal-error` and `unavailable` are answers in place of the service's. `cut` destroys the
 * connection and `kill` the calling function, before the call took effect or after it.
 */
export type FaultKind =
  | 'throttle'
  | 'deny'
  | 'internal-error'
  | 'unavailable'
  | 'cut-before'
  | 'cut-after'
  | 'kill-before'
  | 'kill-after';

/** The planned faults of a run. Each counts the calls that it matches, so the same run meets the same faults. */
export class Faults {
  private plans: Plan[] = [];

  add(fault: Fault): void {
    this.plans.push({ fault, matched: 0, fired: 0 });
  }

  clear(): void {
    this.plans = [];
  }

  /** The fault for the call that is now carried out. Of several that are due the first wins, and the others wait. */
  next(call: MatchableCall): Fault | undefined {
    let due: Plan | undefined;
    for (const plan of this.plans) {
      if (!matches(plan.fault, call)) continue;
      plan.matched += 1;
      if (due === undefined && isDue(plan)) due = plan;
    }
    if (due === undefined) return undefined;
    due.fired += 1;
    return due.fault;
  }

  /** Faults that met no call at all: a test that plans one wants to know that it happened. */
  unused(): readonly Fault[] {
    return this.plans.filter((plan) => plan.fired === 0).map((plan) => plan.fault);
  }
}

interface Plan {
  readonly fault: Fault;
  matched: number;
  fired: number;
}

/** What a fault can tell calls apart by. */
export interface MatchableCall {
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  /** The invocation that makes the call, if a function does. */
  readonly execution?: string;
}

function matches({ match }: Fault, call: MatchableCall): boolean {
  if (match.execution && call.execution === undefined) return false;
  return (['service', 'operation', 'accountId'] as const).every(
    (key) => match[key] === undefined || match[key] === call[key],
  );
}

function isDue({ fault, matched, fired }: Plan): boolean {
  const { nth, from } = fault.match;
  const times = fault.times ?? (from === undefined ? 1 : Number.POSITIVE_INFINITY);
  return matched >= (nth ?? from ?? 1) && fired < times;
}
