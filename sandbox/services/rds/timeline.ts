/**
 * A value that changes at known instants. What will happen by itself (a creation that ends, a stop) is entered ahead, so
 * nothing is a timer, and what was true at any earlier instant can be told.
 */
export class Timeline<Value> {
  private readonly changes: Array<{ readonly at: number; readonly value: Value }> = [];

  constructor(private readonly initial: Value) {}

  /** From `at` on it is `value`; whatever was planned for later is not going to happen. */
  set(at: number, value: Value): void {
    while (this.changes.length > 0 && this.changes[this.changes.length - 1]!.at >= at) this.changes.pop();
    this.changes.push({ at, value });
  }

  at(time: number): Value {
    for (let i = this.changes.length - 1; i >= 0; i--) if (this.changes[i]!.at <= time) return this.changes[i]!.value;
    return this.initial;
  }

  /** Instants between `from` and `to`, both exclusive, at which the value changes. */
  between(from: number, to: number): number[] {
    return this.changes.map(({ at }) => at).filter((at) => at > from && at < to);
  }

  /** When the last change that is known happens, or happened. */
  get settledAt(): number {
    return this.changes.at(-1)?.at ?? 0;
  }
}
