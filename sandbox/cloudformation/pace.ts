import type { Clock } from '../kernel/clock';

/**
 * Lets one after the other begin, at a distance. Requests to functions go out this way: hundreds at the very same
 * instant would each start a process of their own, where in AWS they meet functions that have already warmed up.
 */
export class Pace {
  private next = 0;

  constructor(
    private readonly clock: Clock,
    private readonly distanceMs: number,
  ) {}

  async turn(): Promise<void> {
    const wait = Math.max(0, this.next - this.clock.now());
    this.next = this.clock.now() + wait + this.distanceMs;
    if (wait > 0) await this.clock.sleep(wait);
  }
}
