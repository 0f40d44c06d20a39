import type { RuntimeClock } from './clock';
import { classify, describeFailure, isTransient, SettlingError } from './errors';
import { logger } from './logger';
import type { Wanted } from './operation';
import type { Act, Observation, Reconciler, Run, Step } from './reconciler';
import { describeEnd, isSettledWithoutRole } from './unassumable-role';

/** What a run needs beside its reconciler. */
export interface LoopEnvironment {
  readonly clock: RuntimeClock;
  /** Whether CloudFormation still wants the run; asked before every mutating call. */
  readonly stillWanted: () => Promise<Wanted>;
  readonly remainingMilliseconds: () => number;
  /** When CloudFormation's waiter gives up; the run fails shortly before, saying what it last saw. */
  readonly deadline: Date;
}

export type Outcome =
  | { readonly complete: true; readonly attributes: Readonly<Record<string, string>> }
  | { readonly complete: false; readonly reason: string };

/** Steps in one invocation: far more than any plan needs between two waits, so that a plan at odds with itself ends. */
const STEP_BUDGET = 20;
/** The time that one more step may take: a few calls, each up to its timeout. */
const STEP_RESERVE_MS = 60_000;

/** The time for which a Delete with an unknown id keeps looking: what a cancelled run has in flight lands within it. */
export const SECOND_LOOK_AFTER_MS = 15_000;

/**
 * Observes, plans and acts until the goal is reached, a wait is due, or nothing can be done.
 * Fails with a {@link SettlingError} that a user can act on.
 */
export async function converge<Goal, Observed extends Observation, Action extends Act>(
  reconciler: Reconciler<Goal, Observed, Action>,
  goal: Goal | undefined,
  run: Run<Goal>,
  environment: LoopEnvironment,
): Promise<Outcome> {
  let last: Attempt = {};
  for (let step = 0; step < STEP_BUDGET; step++) {
    if (environment.remainingMilliseconds() < STEP_RESERVE_MS) {
      return waiting('this invocation has little time left', run, environment);
    }
    const next = await observeAndPlan(reconciler, goal, run, environment);
    logger.info('step', { kind: next.kind, ...describeStep(next) });
    if (next.kind === 'fail') throw new SettlingError(next.reason);
    if (next.kind === 'wait') return waiting(next.reason, run, environment);
    if (next.kind === 'done') return finish(next.attributes, run, environment);
    const action = JSON.stringify(next.action);
    if (action === last.action) {
      if (last.refusal !== undefined) throw last.refusal;
      return waiting(`AWS does not show the effect of ${next.action.call} yet`, run, environment);
    }
    const { obstacle, refusal } = await perform(reconciler, next.action, run, environment);
    if (obstacle !== undefined) return waiting(obstacle, run, environment);
    last = { action, refusal };
  }
  return waiting(`more than ${STEP_BUDGET} steps in one invocation`, run, environment);
}

/** The last act of an invocation, as text, and why it was refused. */
interface Attempt {
  readonly action?: string;
  readonly refusal?: SettlingError;
}

const REMOVAL = /^(Delete|Disassociate)/;

async function observeAndPlan<Goal, Observed extends Observation, Action extends Act>(
  reconciler: Reconciler<Goal, Observed, Action>,
  goal: Goal | undefined,
  run: Run<Goal>,
  environment: LoopEnvironment,
): Promise<Step<Action>> {
  try {
    return reconciler.plan(goal, await reconciler.observe(run), run);
  } catch (error) {
    const what = `looking at ${run.id} failed`;
    if (!isPassing(error, run)) {
      await throwIfGivenUp(run, environment);
      if (isSettledWithoutRole(error, run)) {
        logger.warn('not looking any more', { reason: describeFailure(what, error) });
        return { kind: 'done', attributes: {} };
      }
    }
    return { kind: 'wait', reason: transientOrThrow(what, error, run) };
  }
}

/** Makes the call if it is still wanted. Answers what stands in the way; nothing, to go on at once. */
async function perform<Goal, Observed extends Observation, Action extends Act>(
  reconciler: Reconciler<Goal, Observed, Action>,
  action: Action,
  run: Run<Goal>,
  environment: LoopEnvironment,
): Promise<{ readonly obstacle?: string; readonly refusal?: SettlingError }> {
  const wanted = await askWhetherWanted(run, environment);
  if (wanted.wanted === 'unknown') return { obstacle: wanted.reason };
  throwIfUnwanted(wanted, run);
  if (action.notAfter !== undefined && environment.clock.now() > action.notAfter) {
    return { obstacle: `it is too late for ${action.call} in this invocation` };
  }
  try {
    await reconciler.act(action, run);
    return {};
  } catch (error) {
    const what = `${action.call} for ${run.id} failed`;
    // Gone between look and act: look again.
    if (classify(error) === 'absent') {
      return { obstacle: describeFailure(`${action.call} found nothing to act on`, error) };
    }
    // Another waiter of the same request may have removed it: what is being deleted refuses to be deleted, and what is
    // gone has no tags to allow it by. The next look tells.
    if (REMOVAL.test(action.call) && !isPassing(error, run)) {
      const reason = describeFailure(what, error);
      logger.warn('refused', { reason });
      return { refusal: new SettlingError(reason) };
    }
    return { obstacle: transientOrThrow(what, error, run) };
  }
}

/** The permissions of a run that CloudFormation has given up go before it does: what they deny is then no failure to tell. */
async function throwIfGivenUp<Goal>(run: Run<Goal>, environment: LoopEnvironment): Promise<void> {
  // Without an answer, the first failure is the one to hear of.
  const wanted = await environment.stillWanted().catch(() => undefined);
  if (wanted !== undefined) throwIfUnwanted(wanted, run);
}

function throwIfUnwanted<Goal>(wanted: Wanted, run: Run<Goal>): void {
  if (wanted.wanted !== false) return;
  throw new SettlingError(`this ${run.requestType} of ${run.id} is no longer wanted: ${wanted.reason}`);
}

async function askWhetherWanted<Goal>(run: Run<Goal>, environment: LoopEnvironment): Promise<Wanted> {
  try {
    return await environment.stillWanted();
  } catch (error) {
    return { wanted: 'unknown', reason: transientOrThrow('asking CloudFormation for the stack failed', error, run) };
  }
}

function isPassing<Goal>(error: unknown, run: Run<Goal>): boolean {
  return isTransient(error, run.now.getTime() - Date.parse(run.note.startedAt));
}

function transientOrThrow<Goal>(what: string, error: unknown, run: Run<Goal>): string {
  if (error instanceof SettlingError) throw error;
  if (isPassing(error, run)) {
    const passing = describeFailure(what, error);
    logger.warn('transient', { reason: passing });
    return passing;
  }
  const reason = describeEnd(what, error, run);
  logger.error('failed', { reason });
  throw new SettlingError(reason);
}

function waiting<Goal>(reason: string, run: Run<Goal>, environment: LoopEnvironment): Outcome {
  if (environment.clock.now() >= environment.deadline) {
    throw new SettlingError(
      `${run.id} did not settle in time; last seen: ${reason}. look at the resource in its console, mend what blocks it and deploy again`,
    );
  }
  return { complete: false, reason };
}

function finish<Goal>(
  attributes: Readonly<Record<string, string>>,
  run: Run<Goal>,
  environment: LoopEnvironment,
): Outcome {
  const looking = environment.clock.now().getTime() - Date.parse(run.note.startedAt);
  if (run.unknownId && looking < SECOND_LOOK_AFTER_MS) {
    return waiting('a cancelled creation may still have a call under way: looking once more', run, environment);
  }
  return { complete: true, attributes };
}

function describeStep<Action extends Act>(step: Step<Action>): Record<string, string> {
  if (step.kind === 'act') return { call: step.action.call };
  return step.kind === 'done' ? {} : { reason: step.reason };
}
