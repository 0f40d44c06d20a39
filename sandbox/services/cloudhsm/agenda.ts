/**
 * What will happen to clusters, HSMs and backups by itself, and when. It is carried out at the next look at the state, in
 * the order of time, each entry with the instant at which it was due. So nobody can tell it from timers, but the clock has
 * nothing to jump to: backups that go in a week would else drag virtual time along whenever nothing else is waiting.
 */
export class Agenda {
  private readonly entries: Entry[] = [];
  private inserted = 0;

  /** Virtual times are milliseconds. */
  at(time: number, action: (now: number) => void): void {
    this.entries.push({ time, order: this.inserted++, action });
  }

  /** Carries out what is due, also what that brings about. */
  settle(now: number): void {
    for (let due = this.next(now); due !== undefined; due = this.next(now)) {
      this.entries.splice(this.entries.indexOf(due), 1);
      due.action(due.time);
    }
  }

  private next(now: number): Entry | undefined {
    return this.entries.filter(({ time }) => time <= now).sort((a, b) => a.time - b.time || a.order - b.order)[0];
  }
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly action: (now: number) => void;
}
