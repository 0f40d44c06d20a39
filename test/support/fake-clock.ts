import type { RuntimeClock } from '../../src/runtime/clock';

/** A clock that stands still except when someone sleeps. */
export class FakeClock implements RuntimeClock {
  readonly pauses: number[] = [];
  private time: number;

  constructor(start = '2026-01-01T00:00:00.000Z') {
    this.time = Date.parse(start);
  }

  now(): Date {
    return new Date(this.time);
  }

  async sleep(milliseconds: number): Promise<void> {
    this.pauses.push(milliseconds);
    this.advance(milliseconds);
  }

  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
