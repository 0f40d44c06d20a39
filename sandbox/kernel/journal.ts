/** What happened at the endpoint, in the order in which it took effect, with virtual times. It only grows. */
export class Journal {
  private readonly recorded: CallRecord[] = [];
  private readonly listeners = new Set<(call: CallRecord) => void>();

  get calls(): readonly CallRecord[] {
    return this.recorded;
  }

  record(call: CallRecord): void {
    this.recorded.push(call);
    for (const listener of this.listeners) listener(call);
  }

  /** Tells of every further call; the returned function ends that. */
  onCall(listener: (call: CallRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

export interface CallRecord {
  /** Virtual time in milliseconds since the epoch. */
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly accountId: string;
  readonly region: string;
  /** ARN of who signed the call; empty when the signature told nobody. */
  readonly principal: string;
  readonly execution?: string;
  readonly input: unknown;
  /**
   * `ok`, or the error code. With a fault that leaves no answer it says what happened before: `ok` under `cut-after`
   * means that the call took effect; {@link NOT_CARRIED_OUT} that it did not.
   */
  readonly outcome: 'ok' | string;
  /** The kind of the planned fault that met the call. */
  readonly fault?: string;
  /** The actions that the call asked for, in order, such as `rum:CreateAppMonitor`. */
  readonly permissions: readonly string[];
  readonly requestId?: string;
}

/** Outcome of a call that a fault kept from taking effect without an answer. */
export const NOT_CARRIED_OUT = 'NotCarriedOut';
