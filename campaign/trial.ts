import type { StackEvent } from '../sandbox/cloudformation/events';
import type { StackResult } from '../sandbox/cloudformation/stacks';
import type { FaultKind } from '../sandbox/kernel/faults';
import type { CallRecord } from '../sandbox/kernel/journal';
import type { PhaseRecord } from './dry-run';
import { lifecycleNamed, phasesOf } from './lifecycles';
import { Stage } from './stage';

/** Faults that the sandbox plans for a call. */
export const CALL_FAULTS = [
  'throttle',
  'deny',
  'internal-error',
  'unavailable',
  'cut-before',
  'cut-after',
  'kill-before',
  'kill-after',
] as const satisfies readonly FaultKind[];

/** An event that comes again, while its first run is under way or long after. */
export const EVENT_FAULTS = { duplicate: 1_000, 'duplicate-late': 90_000 } as const;

export type TrialFault = (typeof CALL_FAULTS)[number] | keyof typeof EVENT_FAULTS | 'cancel';

export const TRIAL_FAULTS: readonly TrialFault[] = [
  ...CALL_FAULTS,
  'cancel',
  ...(Object.keys(EVENT_FAULTS) as Array<keyof typeof EVENT_FAULTS>),
];

/** One disturbance at one place of a lifecycle. */
export interface Trial {
  readonly record: Omit<PhaseRecord, 'calls'>;
  /** The n-th call that functions make in the phase, or for duplicates the n-th event that they get, from 1. */
  readonly call: number;
  /**
   * What is disturbed, such as `rum:CreateAppMonitor`; what a fault met is told by {@link Outcome.met}. Faults count calls
   * when they begin and the journal when they end, so beside a `lambda:Invoke` the two can be one apart.
   */
  readonly what: string;
  readonly fault: TrialFault;
}

export interface Outcome {
  readonly trial: Trial;
  /** Nothing, when the promises hold. */
  readonly problems: readonly string[];
  /** Of the disturbed phase, and of the destructions after it. */
  readonly statuses: readonly string[];
  /** The call that the fault met. */
  readonly met?: string;
}

/** Goes through the lifecycle up to the phase, disturbs it, destroys the stack, and looks at what became of the account. */
export async function runTrial(trial: Trial): Promise<Outcome> {
  const lifecycle = lifecycleNamed(trial.record.lifecycle);
  const stage = await Stage.start(lifecycle, trial.record.seed);
  const problems: string[] = [];
  const statuses: string[] = [];
  try {
    const phases = phasesOf(lifecycle);
    for (const phase of phases.slice(0, phases.indexOf(trial.record.phase))) await undisturbed(stage, phase);
    statuses.push(await disturbed(stage, trial, problems));
    statuses.push(...(await destroyed(stage, trial, problems)));
    await stage.settle();
    problems.push(...(await stage.leave()).map((stack) => `left: stack ${stack}`));
    problems.push(...stage.standing().map((line) => `left: ${line}`));
    for (const kind of ['clusters', 'hsms'] as const) {
      const [most, atMost] = [stage.most[kind], lifecycle.atMost[kind]];
      if (most > atMost) problems.push(`${most} ${kind} at the same time, wanted are at most ${atMost}`);
    }
  } catch (error) {
    problems.push(`the trial itself failed: ${(error as Error).message}`);
  }
  await stage.stop().catch((error: Error) => problems.push(error.message));
  const met = metBy(stage);
  return { trial, problems, statuses, ...(met && { met: `${met.service}:${met.operation}` }) };
}

async function undisturbed(stage: Stage, phase: string): Promise<void> {
  await stage.prepare(phase);
  const { status } = await stage.run(phase);
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(status)) throw new Error(`${phase} ended in ${status} before any fault`);
  await stage.settle();
}

async function disturbed(stage: Stage, trial: Trial, problems: string[]): Promise<string> {
  const { clock, faults } = stage.sandbox;
  await stage.prepare(trial.record.phase);
  const disturbance = disturb(stage, trial);
  const start = clock.now();
  const { status, events } = await stage.run(trial.record.phase, disturbance.cancelWhen);
  const seconds = (clock.now() - start) / 1000;
  if (!disturbance.happened() || faults.unused().length > 0) problems.push('the fault met nothing');
  if (!isGoodEnd(status, trial)) problems.push(`the stack ended in ${status}${reasonOf(events)}`);
  if (isFailed(status) && isRoleDenied(stage) && !events.some(({ reason = '' }) => ROLE_DENIED.test(reason))) {
    problems.push(`the stack ended in ${status} without saying that a role could not be assumed${reasonOf(events)}`);
  }
  const excess = seconds - trial.record.seconds;
  if (excess > EXCESS_SECONDS) problems.push(`one fault took ${excess.toFixed(0)} seconds more${reasonOf(events)}`);
  // Every second trial is destroyed at once, while runs that nobody waits for are still alive; the others are looked at.
  if (trial.call % 2 === 0) problems.push(...(await differences(stage, trial, status)));
  return status;
}

/** Plans the fault, and tells afterwards whether it happened. */
function disturb(stage: Stage, { call, fault }: Trial) {
  const { sandbox } = stage;
  if (fault === 'cancel') {
    let seen = 0;
    const cancelWhen = (what: StackEvent | CallRecord) =>
      'execution' in what && what.execution !== undefined && ++seen === call;
    return { cancelWhen, happened: () => seen >= call };
  }
  if (fault === 'duplicate' || fault === 'duplicate-late') {
    const before = sandbox.functions.asyncEvents;
    sandbox.functions.duplicateNextAsync(EVENT_FAULTS[fault], call);
    return { happened: () => sandbox.functions.asyncEvents >= before + call };
  }
  sandbox.faults.add({ match: { execution: true, nth: call }, kind: fault });
  return { happened: () => true };
}

/** The call that the fault met. */
function metBy({ sandbox }: Stage): CallRecord | undefined {
  return sandbox.journal.calls.find((call) => call.fault !== undefined);
}

function isRoleDenied(stage: Stage): boolean {
  const met = metBy(stage);
  return met?.fault === 'deny' && met.operation === 'AssumeRole';
}

function isFailed(status: string): boolean {
  return /ROLLBACK|FAILED/.test(status);
}

function isGoodEnd(status: string, { record, fault }: Trial): boolean {
  if (record.phase !== 'destroy') return GOOD_ENDS.has(status) || (fault === 'cancel' && status === 'DELETE_COMPLETE');
  return status === 'DELETE_COMPLETE' || (status === 'DELETE_FAILED' && MAY_FAIL_A_DELETION.has(fault));
}

/** A stack that was rolled back is what it was before; one that is complete is what it should be. */
async function differences(stage: Stage, { record }: Trial, status: string): Promise<string[]> {
  if (status === 'DELETE_FAILED') return [];
  await stage.settle();
  const standing = stage.size();
  // A creation that was rolled back leaves a stack without resources.
  const wanted = status.includes('ROLLBACK') ? record.standingBefore : record.standingAfter;
  if (status === 'DELETE_COMPLETE' || standing === wanted) return [];
  return [`after ${status} there are ${standing} things instead of ${wanted}`];
}

async function destroyed(stage: Stage, trial: Trial, problems: string[]): Promise<string[]> {
  if (stage.status === undefined) return [];
  const result: StackResult = await stage.destroy();
  if (result.status !== 'DELETE_COMPLETE') {
    problems.push(`the stack cannot be deleted after ${trial.fault}: ${result.status}${reasonOf(result.events)}`);
    return [result.status, (await stage.destroy()).status];
  }
  return [result.status];
}

function reasonOf(events: readonly StackEvent[]): string {
  const reason = events.find(({ status }) => /^(CREATE|UPDATE|DELETE)_FAILED$/.test(status))?.reason;
  return reason === undefined ? '' : `: ${reason}`;
}

const GOOD_ENDS: ReadonlySet<string> = new Set([
  'CREATE_COMPLETE',
  'ROLLBACK_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
]);

/** The provider framework answers FAILED for a function that was denied something or died; the user deletes again. */
const MAY_FAIL_A_DELETION: ReadonlySet<TrialFault> = new Set(['deny', 'kill-before', 'kill-after']);

/** What handlers say when they cannot assume a role, after they have tried for a minute. */
export const ROLE_DENIED = /could not be assumed/;

/** Far more than retries of Lambda, a rollback and some looks take, and far less than waiting for a time limit. */
const EXCESS_SECONDS = 1200;
