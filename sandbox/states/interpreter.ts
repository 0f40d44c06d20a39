import type { Clock } from '../kernel/clock';
import { matches } from './choice';
import type {
  Catcher,
  ChoiceState,
  Definition,
  Json,
  PassState,
  Retrier,
  State,
  TaskState,
  WaitState,
} from './definition';
import { fill, place, select } from './paths';
import { StateError } from './state-error';

export interface InterpreterOptions {
  readonly clock: Clock;
  /** Runs a task's resource with what it is given. Throws {@link StateError}. */
  readonly runTask: (resource: string, input: Json) => Promise<Json>;
  /** False once the execution has been ended from outside; asked at every transition and retry. */
  readonly wanted: () => boolean;
}

/** Thrown to leave an execution that is no longer wanted. */
export class Abandoned extends Error {}

/** Runs a state machine from its first state to its output. Throws {@link StateError} when it fails. */
export async function interpret(definition: Definition, input: Json, options: InterpreterOptions): Promise<Json> {
  const interpreter = new Interpreter(options);
  let name = definition.StartAt;
  let data = input;
  for (;;) {
    const step = await interpreter.step(definition.States[name] as State, data);
    data = step.output;
    if (step.next === undefined) return data;
    name = step.next;
  }
}

interface Step {
  readonly output: Json;
  /** No next state: the execution has succeeded. */
  readonly next?: string;
}

class Interpreter {
  constructor(private readonly options: InterpreterOptions) {}

  async step(state: State, input: Json): Promise<Step> {
    this.checkWanted();
    switch (state.Type) {
      case 'Task':
        return this.task(state, input);
      case 'Pass':
        return pass(state, input);
      case 'Wait':
        return this.wait(state, input);
      case 'Choice':
        return choose(state, input);
      case 'Succeed':
        return { output: select(select(input, state.InputPath), state.OutputPath) };
      case 'Fail':
        throw new StateError(state.Error ?? '', state.Cause ?? '');
    }
  }

  private async task(state: TaskState, input: Json): Promise<Step> {
    const attempts = new Map<Retrier, number>();
    for (;;) {
      try {
        return await this.attempt(state, input);
      } catch (error) {
        if (!(error instanceof StateError)) throw error;
        const delay = retryDelay(state.Retry ?? [], error, attempts);
        if (delay === undefined) return caught(state.Catch ?? [], error, input);
        await this.options.clock.sleep(delay * 1000);
        this.checkWanted();
      }
    }
  }

  private async attempt(state: TaskState, input: Json): Promise<Step> {
    const selected = select(input, state.InputPath);
    const given = state.Parameters === undefined ? selected : fill(state.Parameters, selected);
    const answer = await this.withTimeout(state.TimeoutSeconds, this.options.runTask(state.Resource, given));
    this.checkWanted();
    const result = state.ResultSelector === undefined ? answer : fill(state.ResultSelector, answer);
    return leave(state, place(selected, state.ResultPath, result));
  }

  /** A task that takes longer goes on, but nobody waits for it. */
  private withTimeout(seconds: number | undefined, work: Promise<Json>): Promise<Json> {
    if (seconds === undefined) return work;
    return new Promise((resolve, reject) => {
      const timedOut = () => reject(new StateError('States.Timeout', ''));
      const cancel = this.options.clock.schedule(seconds * 1000, timedOut);
      work.then(resolve, reject).finally(cancel);
    });
  }

  private async wait(state: WaitState, input: Json): Promise<Step> {
    const selected = select(input, state.InputPath);
    const now = this.options.clock.now();
    const timestamp = state.Timestamp ?? (state.TimestampPath && select(selected, state.TimestampPath));
    const seconds = state.Seconds ?? (state.SecondsPath && select(selected, state.SecondsPath));
    const delay = timestamp === undefined ? seconds * 1000 : Date.parse(timestamp) - now;
    if (Number.isNaN(delay)) throw new StateError('States.Runtime', `cannot wait for "${timestamp ?? seconds}"`);
    await this.options.clock.sleep(delay);
    this.checkWanted();
    return leave(state, selected);
  }

  private checkWanted(): void {
    if (!this.options.wanted()) throw new Abandoned();
  }
}

function pass(state: PassState, input: Json): Step {
  const selected = select(input, state.InputPath);
  const given = state.Parameters === undefined ? selected : fill(state.Parameters, selected);
  return leave(state, place(selected, state.ResultPath, state.Result === undefined ? given : state.Result));
}

function choose(state: ChoiceState, input: Json): Step {
  const selected = select(input, state.InputPath);
  const next = state.Choices.find((rule) => matches(rule, selected))?.Next ?? state.Default;
  if (next === undefined) throw new StateError('States.NoChoiceMatched', 'no choice matched, and there is no Default');
  return { next, output: limited(select(selected, state.OutputPath)) };
}

/** The seconds until the next attempt; undefined when no retrier takes the error any more. */
function retryDelay(
  retriers: readonly Retrier[],
  error: StateError,
  attempts: Map<Retrier, number>,
): number | undefined {
  const retrier = retriers.find(({ ErrorEquals }) => error.isOneOf(ErrorEquals));
  if (retrier === undefined) return undefined;
  const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = retrier;
  const made = attempts.get(retrier) ?? 0;
  if (made >= MaxAttempts) return undefined;
  attempts.set(retrier, made + 1);
  return Math.min(IntervalSeconds * BackoffRate ** made, MaxDelaySeconds);
}

function caught(catchers: readonly Catcher[], error: StateError, input: Json): Step {
  const catcher = catchers.find(({ ErrorEquals }) => error.isOneOf(ErrorEquals));
  if (catcher === undefined) throw error;
  const output = place(input, catcher.ResultPath, { Error: error.error, Cause: error.cause });
  return { next: catcher.Next, output: limited(output) };
}

function leave(state: { OutputPath?: string | null; Next?: string }, output: Json): Step {
  return { next: state.Next, output: limited(select(output, state.OutputPath)) };
}

/** Source: Step Functions quotas, "Maximum input or output size for a task, state, or execution". */
export const MAX_DATA_BYTES = 262_144;

function limited(output: Json): Json {
  const size = Buffer.byteLength(JSON.stringify(output));
  if (size <= MAX_DATA_BYTES) return output;
  throw new StateError(
    'States.DataLimitExceeded',
    `the state returned ${size} bytes, at most ${MAX_DATA_BYTES} are allowed`,
  );
}
