/** Something that goes other than it should with some of the invocations of schedules. */
export interface Incident {
  /**
   * `skip`: it is never made, as in an outage. `delay`: it is made later. `duplicate`: it is made a second time later.
   */
  readonly kind: 'skip' | 'delay' | 'duplicate';
  /** Name of the schedule. @default any */
  readonly schedule?: string;
  /** The n-th invocation from now, from 1. @default 1 */
  readonly nth?: number;
  /** Every invocation from this one on, from 1. */
  readonly from?: number;
  /** Only those of which the scheduled time is in this span, the end excluded: all of them. */
  readonly between?: { readonly from: Date; readonly to: Date };
  /** How many invocations it meets. @default 1, and without end for `from` and `between` */
  readonly times?: number;
  /** How much later than it would have been. @default 1000 */
  readonly afterMs?: number;
}

/** The planned incidents of a run; `sandbox/kernel/faults.ts` does the same for calls. */
export class Incidents {
  private plans: Plan[] = [];

  add(incident: Incident): void {
    this.plans.push({ incident, matched: 0, met: 0 });
  }

  clear(): void {
    this.plans = [];
  }

  /** Those that met no invocation at all. */
  unused(): readonly Incident[] {
    return this.plans.filter(({ met }) => met === 0).map(({ incident }) => incident);
  }

  /** When to make an invocation, instead of once after `delayMs`. */
  delays(schedule: string, scheduledTime: number, delayMs: number): readonly number[] {
    const due = this.plans.filter((plan) => meets(plan, schedule, scheduledTime)).map(({ incident }) => incident);
    const later = (kind: Incident['kind']) =>
      due.filter((incident) => incident.kind === kind).map(({ afterMs = 1_000 }) => afterMs);
    if (due.some(({ kind }) => kind === 'skip')) return [];
    const first = later('delay').reduce((sum, afterMs) => sum + afterMs, delayMs);
    return [first, ...later('duplicate').map((afterMs) => first + afterMs)];
  }
}

interface Plan {
  readonly incident: Incident;
  matched: number;
  met: number;
}

function meets(plan: Plan, schedule: string, scheduledTime: number): boolean {
  const { incident } = plan;
  const { nth, from, between } = incident;
  if (incident.schedule !== undefined && incident.schedule !== schedule) return false;
  if (between !== undefined && !(scheduledTime >= between.from.getTime() && scheduledTime < between.to.getTime())) {
    return false;
  }
  plan.matched += 1;
  const times = incident.times ?? (from === undefined && between === undefined ? 1 : Number.POSITIVE_INFINITY);
  if (plan.matched < (nth ?? from ?? 1) || plan.met >= times) return false;
  plan.met += 1;
  return true;
}
