import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { PhaseRecord } from './dry-run';
import { shards } from './plan';
import type { Outcome, Trial } from './trial';
import type { Order } from './worker';

/** The dry runs of some lifecycles, in as many processes as there are cores, in the order of the lifecycles. */
export async function dryRuns(lifecycles: readonly string[], seed: number): Promise<PhaseRecord[]> {
  const found = new Map<string, readonly PhaseRecord[]>();
  const work = async (names: readonly string[]) => {
    for (const lifecycle of names) {
      await order({ kind: 'dry-run', lifecycle, seed }, (answer) => {
        const { error } = answer as { error?: string };
        if (error !== undefined) throw new Error(error);
        found.set(lifecycle, answer as readonly PhaseRecord[]);
      });
    }
  };
  await Promise.all(shards(lifecycles, availableParallelism()).map(work));
  return lifecycles.flatMap((lifecycle) => found.get(lifecycle) ?? []);
}

/** Runs the trials on all cores. What a process that dies has not answered counts as failed. */
export async function runTrials(trials: readonly Trial[], onOutcome: (outcome: Outcome) => void): Promise<Outcome[]> {
  const parts = await Promise.all(
    shards(trials, availableParallelism()).map(async (part) => {
      const outcomes: Outcome[] = [];
      await order({ kind: 'trials', trials: part }, (answer) => {
        outcomes.push(answer as Outcome);
        onOutcome(answer as Outcome);
      });
      const lost = part.slice(outcomes.length);
      return [...outcomes, ...lost.map((trial) => ({ trial, problems: ['the process died'], statuses: [] }))];
    }),
  );
  return parts.flat();
}

/** Sends the order to a process of its own; resolves when that has ended. */
function order(what: Order, onAnswer: (answer: object) => void): Promise<void> {
  const child = fork(path.join(__dirname, 'worker.ts'), { execArgv: ['--require', 'tsx/cjs'] });
  return new Promise((resolve, reject) => {
    child.on('message', (answer: object) => {
      try {
        onAnswer(answer);
      } catch (error) {
        reject(error);
      }
    });
    child.on('error', reject);
    child.on('exit', () => resolve());
    child.send(what);
  });
}
