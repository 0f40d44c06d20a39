/**
 * Things by key that lists begin and cease to show only some time after the change. Every other operation knows of a
 * change at once.
 */
export class Listed<Value> {
  private readonly entries = new Map<string, Entry<Value>>();

  constructor(private readonly lagMs: number) {}

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    return entry?.hiddenFrom === undefined ? entry?.value : undefined;
  }

  /** What is there now, in the order of its coming. */
  values(): Value[] {
    return [...this.entries.values()].flatMap((entry) => (entry.hiddenFrom === undefined ? [entry.value] : []));
  }

  /** What lists show now. */
  seen(now: number): Value[] {
    return [...this.entries.values()].filter((entry) => isSeen(entry, now)).map(({ value }) => value);
  }

  add(key: string, value: Value, now: number): void {
    const before = this.entries.get(key);
    const stillSeen = before !== undefined && isSeen(before, now);
    this.entries.set(key, { value, seenFrom: stillSeen ? before.seenFrom : now + this.lagMs });
  }

  /** Another value under a key that is there; lists show it at once. */
  change(key: string, value: Value): void {
    const entry = this.entries.get(key);
    if (entry !== undefined) entry.value = value;
  }

  remove(key: string, now: number): void {
    const entry = this.entries.get(key);
    if (entry === undefined) return;
    if (this.lagMs === 0 || !isSeen(entry, now)) this.entries.delete(key);
    else entry.hiddenFrom ??= now + this.lagMs;
  }
}

interface Entry<Value> {
  value: Value;
  readonly seenFrom: number;
  /** Set when the thing was removed. */
  hiddenFrom?: number;
}

function isSeen({ seenFrom, hiddenFrom }: Entry<unknown>, now: number): boolean {
  return seenFrom <= now && (hiddenFrom === undefined || now < hiddenFrom);
}
