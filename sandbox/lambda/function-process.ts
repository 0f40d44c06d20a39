import { type ChildProcess, spawn } from 'node:child_process';
import * as path from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../kernel/clock';
import type { Execution } from '../kernel/executions';
import { failedInvocation, type Invocation, type InvocationResult } from './invocation';

export interface FunctionProcessOptions {
  /** What the endpoint pauses and kills. */
  readonly id: string;
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string>>;
  readonly codeDirectory: string;
  readonly handler: string;
  readonly endpointUrl: string;
  readonly responsePort: number;
  /** The response receiver's certificate; none when empty. */
  readonly caFile: string;
  /** Of the function's own chance. */
  readonly seed: number;
  readonly onLine: (line: { at: number; requestId?: string; text: string }) => void;
  readonly onEnd: () => void;
}

/**
 * A process that runs one function, one invocation at a time. While it computes it holds the clock. It lets go when both
 * sides say that it can only wait: the process reports that its event loop is empty, and the endpoint has received every
 * call that is in flight. So neither a second call of the same function nor a slow machine changes what happens.
 */
export class FunctionProcess implements Execution {
  private readonly child: ChildProcess;
  private current?: Current;
  /** Lets the clock go; set while this process holds it. */
  private release?: () => void;
  /** Calls that the endpoint has received and not yet answered. */
  private calls = 0;
  private idle?: IdleMessage;
  private cancelWake?: () => void;
  private ended = false;

  constructor(private readonly options: FunctionProcessOptions) {
    this.child = spawn(process.execPath, [...NODE_FLAGS, BOOTSTRAP], {
      cwd: options.codeDirectory,
      env: options.environment,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.child.on('message', (message) => this.receive(message as Message));
    this.child.on('error', (error) => {
      this.print(`the process of the function failed: ${error.message}`);
      if (this.child.pid === undefined) this.end(1, null);
    });
    this.child.on('close', (code, signal) => this.end(code, signal));
    // What Node itself prints when it dies; the function's own lines come over the channel.
    for (const stream of [this.child.stdout, this.child.stderr]) this.printAll(stream as Readable);
    this.tell({
      type: 'start',
      now: options.clock.now(),
      seed: options.seed,
      execution: options.id,
      endpoint: new URL(options.endpointUrl).host,
      responsePort: options.responsePort,
      caFile: options.caFile,
      taskRoot: options.codeDirectory,
      handler: options.handler,
    });
  }

  get busy(): boolean {
    return this.current !== undefined;
  }

  get background(): boolean {
    return this.current?.invocation.background === true;
  }

  get alive(): boolean {
    return !this.ended;
  }

  /** Runs the handler; the caller has just got a turn of the clock. */
  run(invocation: Invocation): Promise<InvocationResult> {
    if (this.current !== undefined) throw new Error(`${this.options.id} already runs an invocation`);
    const { clock } = this.options;
    this.holdClock();
    const now = clock.now();
    const { timeoutSeconds, background } = invocation;
    const cancelTimeout = clock.schedule(timeoutSeconds * 1000, () => this.timeOut(), { background });
    this.tell({
      type: 'invoke',
      now,
      requestId: invocation.requestId,
      arn: invocation.functionArn,
      event: invocation.event,
      deadline: now + timeoutSeconds * 1000,
      unresolvable: invocation.unresolvable,
    });
    return new Promise((resolve) => {
      this.current = { invocation, resolve, cancelTimeout };
    });
  }

  pause(): void {
    this.calls += 1;
    this.letGoWhenIdle();
  }

  resume(): void {
    this.calls = Math.max(0, this.calls - 1);
    this.workAgain();
  }

  kill(): void {
    this.workAgain();
    this.child.kill('SIGKILL');
  }

  private receive(message: Message): void {
    if (message.type === 'log') {
      for (const line of message.lines) this.print(line, message.at);
    } else if (message.type === 'idle') {
      this.idle = message;
      this.letGoWhenIdle();
    } else {
      if (message.last) this.ended = true;
      this.settle({ payload: message.payload, ...(message.functionError && { functionError: message.functionError }) });
    }
  }

  private letGoWhenIdle(): void {
    const { idle, release } = this;
    // A call that was given up may still be at the endpoint: hence not "equal".
    if (idle === undefined || release === undefined || this.calls < idle.inFlight) return;
    if (idle.due !== null) {
      const { clock } = this.options;
      this.cancelWake = clock.schedule(idle.due - clock.now(), () => this.wake(), { background: this.background });
    }
    this.release = undefined;
    release();
  }

  private wake(): void {
    this.workAgain();
    this.tell({ type: 'wake', now: this.options.clock.now() });
  }

  private workAgain(): void {
    this.idle = undefined;
    this.cancelWake?.();
    this.cancelWake = undefined;
    if (this.current !== undefined) this.holdClock();
  }

  private holdClock(): void {
    this.release ??= this.options.clock.hold();
  }

  private timeOut(): void {
    const { current } = this;
    if (current === undefined) return;
    const { requestId, timeoutSeconds } = current.invocation;
    const message = `${this.options.clock.iso()} ${requestId} Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
    this.print(message);
    current.verdict = failedInvocation('Sandbox.Timedout', message);
    this.kill();
  }

  private end(code: number | null, signal: NodeJS.Signals | null): void {
    this.ended = true;
    this.options.onEnd();
    const { current } = this;
    if (current !== undefined) this.settle(current.verdict ?? exitError(current.invocation.requestId, code, signal));
  }

  private settle(result: InvocationResult): void {
    const { current } = this;
    if (current === undefined) return;
    this.workAgain();
    this.current = undefined;
    current.cancelTimeout();
    current.resolve(result);
    // Whoever waits for the result goes on before the clock does.
    this.release?.();
    this.release = undefined;
  }

  private tell(message: object): void {
    // A process that dies at this moment reports itself by its end.
    if (this.child.connected) this.child.send(message, () => {});
  }

  private printAll(stream: Readable): void {
    let rest = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.print(line);
    });
  }

  private print(text: string, at = this.options.clock.now()): void {
    this.options.onLine({ at, text, requestId: this.current?.invocation.requestId });
  }
}

interface Current {
  readonly invocation: Invocation;
  readonly resolve: (result: InvocationResult) => void;
  readonly cancelTimeout: () => void;
  /** Why the sandbox itself killed the process. */
  verdict?: InvocationResult;
}

interface IdleMessage {
  readonly type: 'idle';
  /** When the function's next timer fires. */
  readonly due: number | null;
  /** Calls that the function has sent and that have not been answered. */
  readonly inFlight: number;
}

type Message =
  | IdleMessage
  | { readonly type: 'log'; readonly at: number; readonly lines: readonly string[] }
  | {
      readonly type: 'result';
      readonly payload: string;
      readonly functionError?: 'Unhandled';
      readonly last?: boolean;
    };

const BOOTSTRAP = path.join(__dirname, 'bootstrap', 'main.cjs');

const NODE_FLAGS = ['--disable-warning=NodeVersionSupportWarning'];

function exitError(requestId: string, code: number | null, signal: NodeJS.Signals | null): InvocationResult {
  const how = signal !== null ? ' with error: signal: killed' : code ? ` with error: exit status ${code}` : NO_REASON;
  return failedInvocation('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited${how}`);
}

const NO_REASON = ' without providing a reason';
