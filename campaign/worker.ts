import { dryRun } from './dry-run';
import { type Outcome, runTrial, type Trial } from './trial';

/** Runs what its parent sends, one after the other, and sends back what came of it. See `processes.ts`. */
process.on('message', (order: Order) => {
  void carryOut(order).finally(() => process.disconnect());
});

// Also when the parent has gone, or a trial hangs: nobody waits any more.
process.on('disconnect', () => process.exit());

async function carryOut(order: Order): Promise<void> {
  if (order.kind === 'dry-run') {
    const answer = await dryRun(order.lifecycle, order.seed).catch((error: Error) => ({ error: error.message }));
    return tell(answer);
  }
  for (const trial of order.trials) await tell(await withinRealTime(trial));
}

/** A trial that hangs is a failure as well. It is left alone; the process ends with its last trial. */
async function withinRealTime(trial: Trial): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    const problems = [`no end after ${REAL_SECONDS} seconds of real time`];
    timer = setTimeout(() => resolve({ trial, problems, statuses: [] }), REAL_SECONDS * 1000);
  });
  const outcome = await Promise.race([runTrial(trial), late]);
  clearTimeout(timer);
  return outcome;
}

function tell(message: object): Promise<void> {
  return new Promise((resolve) => {
    process.send!(message, () => resolve());
  });
}

const REAL_SECONDS = 120;

export type Order =
  | { readonly kind: 'dry-run'; readonly lifecycle: string; readonly seed: number }
  | { readonly kind: 'trials'; readonly trials: readonly Trial[] };
