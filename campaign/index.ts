import { parseArgs } from 'node:util';
import { LIFECYCLES, lifecycleNamed, phasesOf } from './lifecycles';
import { sample, select, trialsOf } from './plan';
import { dryRuns, runTrials } from './processes';
import { coverageTable, failureLines, faultTable, isFailure } from './table';
import { type Outcome, TRIAL_FAULTS, type Trial } from './trial';

const USAGE = `usage: npm run campaign -- [options]
  --lifecycle <name>  only this one; may be repeated: ${Object.keys(LIFECYCLES).join(', ')}
  --phase <name>      deploy-1, deploy-2, … or destroy
  --call <n>          the n-th call of functions in the phase (for duplicates: the n-th event)
  --fault <kind>      ${TRIAL_FAULTS.join(', ')}
  --seed <n>          of the sandbox and of the sample (default 1)
  --sample <n>        so many trials of each lifecycle
  --list              show the trials and run none`;

/** Disturbs every call of every lifecycle in every way, or those that are asked for; prints what was tried and failed. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return console.log(USAGE);
  const { lifecycles, selection, seed, size, list } = options;
  const possible = (await dryRuns(lifecycles, seed)).flatMap(trialsOf);
  const trials = lifecycles.flatMap((name) => {
    const chosen = select(
      possible.filter(({ record }) => record.lifecycle === name),
      selection,
    );
    return size === undefined ? chosen : sample(chosen, size, seed);
  });
  if (trials.length === 0) throw new Error('no trial is like that; see --list');
  if (list) return console.log(trials.map(lineOf).join('\n'));
  const outcomes = await runTrials(trials, progress(trials.length));
  console.log(`\n${coverageTable(possible, outcomes)}\n\n${faultTable(possible, outcomes)}`);
  const failures = failureLines(outcomes);
  if (failures.length > 0) console.log(`\n${failures.join('\n')}`);
  if (outcomes.some(isFailure)) process.exitCode = 1;
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      lifecycle: { type: 'string', multiple: true },
      phase: { type: 'string' },
      call: { type: 'string' },
      fault: { type: 'string' },
      seed: { type: 'string' },
      sample: { type: 'string' },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const lifecycles = values.lifecycle ?? Object.keys(LIFECYCLES);
  checkNames(lifecycles, values.phase, values.fault);
  return {
    lifecycles,
    selection: { phase: values.phase, call: whole('call', values.call), fault: values.fault },
    seed: whole('seed', values.seed) ?? 1,
    size: whole('sample', values.sample),
    list: values.list,
  };
}

function checkNames(lifecycles: readonly string[], phase: string | undefined, fault: string | undefined): void {
  const phases = lifecycles.flatMap((name) => phasesOf(lifecycleNamed(name)));
  if (phase !== undefined && !phases.includes(phase)) throw new Error(`no phase ${phase}\n${USAGE}`);
  if (fault !== undefined && !(TRIAL_FAULTS as readonly string[]).includes(fault)) {
    throw new Error(`no fault ${fault}\n${USAGE}`);
  }
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} must be a whole number, not "${text}"`);
  return Number(text);
}

function lineOf({ record, call, what, fault }: Trial): string {
  return `${record.lifecycle} ${record.phase} ${call} ${what} ${fault}`;
}

/** Failures as they come, and where it is; beside the tables, which may go to a file. */
function progress(total: number): (outcome: Outcome) => void {
  let done = 0;
  return (outcome) => {
    done += 1;
    if (isFailure(outcome)) console.error(failureLines([outcome]).join('\n'));
    if (done % 25 === 0 || done === total) console.error(`${done} of ${total}`);
  };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
