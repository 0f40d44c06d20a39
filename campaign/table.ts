import { repeatCommand } from './plan';
import { type Outcome, TRIAL_FAULTS, type Trial } from './trial';

const HEAD = ['lifecycle', 'phase', 'calls', 'tried', 'possible', 'coverage', 'failed'];

/** A line for each phase: calls × faults tried of those possible. */
export function coverageTable(possible: readonly Trial[], outcomes: readonly Outcome[]): string {
  const lines = phasesIn(possible).map(([lifecycle, phase]) => {
    const isHere = ({ record }: Trial) => record.lifecycle === lifecycle && record.phase === phase;
    const here = possible.filter(isHere);
    const tried = outcomes.filter(({ trial }) => isHere(trial));
    const calls = new Set(here.filter(({ what }) => what !== 'event').map(({ call }) => call)).size;
    return [lifecycle, phase, calls, ...counts(here, tried)].map(String);
  });
  return aligned([HEAD, ...lines, ['all', '', '', ...counts(possible, outcomes).map(String)]]);
}

/** A line for each fault. */
export function faultTable(possible: readonly Trial[], outcomes: readonly Outcome[]): string {
  const lines = TRIAL_FAULTS.map((fault) => {
    const here = possible.filter((trial) => trial.fault === fault);
    const tried = outcomes.filter(({ trial }) => trial.fault === fault);
    return [fault, ...counts(here, tried)].map(String);
  });
  return aligned([['fault', ...HEAD.slice(3)], ...lines]);
}

/** What went wrong, and the command that shows it again. */
export function failureLines(outcomes: readonly Outcome[]): string[] {
  return outcomes.filter(isFailure).flatMap(({ trial, problems, statuses, met }) => {
    const { record, call, what, fault } = trial;
    return [
      `${record.lifecycle} ${record.phase}: ${fault} at ${call} (${met ?? what}) → ${statuses.join(', ')}`,
      ...problems.map((problem) => `  ${problem.split('\n')[0]}`),
      `  ${repeatCommand(trial)}`,
    ];
  });
}

export function isFailure({ problems }: Outcome): boolean {
  return problems.length > 0;
}

function counts(possible: readonly Trial[], tried: readonly Outcome[]): Array<string | number> {
  const percent = possible.length === 0 ? '–' : `${((100 * tried.length) / possible.length).toFixed(0)} %`;
  return [tried.length, possible.length, percent, tried.filter(isFailure).length];
}

function phasesIn(trials: readonly Trial[]): Array<readonly [string, string]> {
  const distinct = new Map(
    trials.map(({ record }) => [`${record.lifecycle} ${record.phase}`, [record.lifecycle, record.phase] as const]),
  );
  return [...distinct.values()];
}

function aligned(lines: ReadonlyArray<readonly string[]>): string {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const rule = widths.map((width) => '─'.repeat(width));
  const [head, ...body] = [lines[0]!, rule, ...lines.slice(1)].map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return [head, ...body].join('\n');
}
