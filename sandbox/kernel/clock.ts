/**
 * Virtual time. Events wait in one queue and fire one at a time, in the order of their time and then of their
 * registration; between two events the clock jumps. While somebody holds the clock (a function that is running in
 * its own process, a file being read) time stands still, so a run is the same for the same seed however fast the
 * machine is.
 *
 * What goes on by itself for ever (schedules, evaluations of alarms, and the functions that they start) is in the
 * background: it happens on the way to something that somebody waits for, and never moves time on its own account. So time
 * stands still when nobody waits any more, in the middle of such a function if need be.
 */
export class Clock {
  private readonly queue = new EventQueue();
  private holds = 0;
  /** Events of the foreground that are still to come. */
  private awaited = 0;
  private pumping = false;
  private time: number;

  constructor(start: Date = new Date('2030-01-01T00:00:00Z')) {
    this.time = start.getTime();
  }

  /** Virtual time in milliseconds since the epoch. */
  now(): number {
    return this.time;
  }

  date(): Date {
    return new Date(this.time);
  }

  iso(): string {
    return this.date().toISOString();
  }

  /** Runs `action` in `delayMs` of virtual time; the returned function cancels it. */
  schedule(delayMs: number, action: () => void, { background = false }: Waiting = {}): () => void {
    const event: ClockEvent = { at: this.time + Math.max(0, delayMs), action, background, pending: true };
    this.queue.push(event);
    if (!background) this.awaited += 1;
    this.pump();
    return () => this.retire(event);
  }

  /** Resolves in `delayMs` of virtual time. `sleep(0)` waits for a turn: what follows it runs alone. */
  sleep(delayMs: number, waiting: Waiting = {}): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(delayMs, resolve, waiting);
    });
  }

  /** Stops time until the returned function is called. For work that happens in real time, such as another process. */
  hold(): () => void {
    this.holds += 1;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.holds -= 1;
      this.pump();
    };
  }

  /** Holds the clock while `work` runs in real time. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const release = this.hold();
    try {
      return await work();
    } finally {
      release();
    }
  }

  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    setImmediate(() => this.fireNext());
  }

  private fireNext(): void {
    this.pumping = false;
    if (this.holds > 0) return;
    const event = this.queue.first;
    if (event === undefined || (this.awaited === 0 && event.pending)) return;
    this.queue.pop();
    if (event.pending) {
      this.retire(event);
      this.time = Math.max(this.time, event.at);
      event.action();
    }
    this.pump();
  }

  private retire(event: ClockEvent): void {
    if (event.pending && !event.background) this.awaited -= 1;
    event.pending = false;
  }
}

export interface Waiting {
  /** Does not move time: happens only if somebody waits for something later. @default false */
  readonly background?: boolean;
}

interface ClockEvent {
  readonly at: number;
  readonly action: () => void;
  readonly background: boolean;
  /** Neither fired nor cancelled. */
  pending: boolean;
}

/** A binary heap, ordered by time and then by order of insertion. */
class EventQueue {
  private readonly heap: Array<ClockEvent & { readonly order: number }> = [];
  private inserted = 0;

  get first(): ClockEvent | undefined {
    return this.heap[0];
  }

  push(event: ClockEvent): void {
    const entry = Object.assign(event, { order: this.inserted++ });
    this.heap.push(entry);
    this.siftUp(this.heap.length - 1);
  }

  pop(): ClockEvent | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first !== undefined && last !== undefined && this.heap.length > 0) {
      this.heap[0] = last;
      this.siftDown(0);
    }
    return first;
  }

  private before(a: number, b: number): boolean {
    const x = this.heap[a]!;
    const y = this.heap[b]!;
    return x.at !== y.at ? x.at < y.at : x.order < y.order;
  }

  private swap(a: number, b: number): void {
    [this.heap[a], this.heap[b]] = [this.heap[b]!, this.heap[a]!];
  }

  private siftUp(index: number): void {
    for (let child = index; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.before(child, parent)) return;
      this.swap(child, parent);
      child = parent;
    }
  }

  private siftDown(index: number): void {
    for (let parent = index; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < this.heap.length && this.before(child, least)) least = child;
      }
      if (least === parent) return;
      this.swap(parent, least);
      parent = least;
    }
  }
}
