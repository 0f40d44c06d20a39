import { setTimeout as delay } from 'node:timers/promises';

/** Time as the loop sees it; replaced in tests. */
export interface RuntimeClock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: RuntimeClock = {
  now: () => new Date(),
  sleep: async (milliseconds) => {
    await delay(milliseconds);
  },
};
