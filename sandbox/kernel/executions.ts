/**
 * The functions that run in processes of their own. At most one of them runs at a time: while it computes, it holds the
 * clock; while it waits for an answer of a service it is paused, and others have their turn. So a run with many
 * concurrent functions interleaves at every call, and yet is the same for the same seed.
 */
export class Executions {
  private readonly running = new Map<string, Execution>();

  add(id: string, execution: Execution): void {
    this.running.set(id, execution);
  }

  remove(id: string): void {
    this.running.delete(id);
  }

  /** The function waits for an answer; time may go on. */
  pause(id: string | undefined): void {
    if (id !== undefined) this.running.get(id)?.pause();
  }

  /** The answer is about to be sent: time stands still again until the function makes its next call or ends. */
  resume(id: string | undefined): void {
    if (id !== undefined) this.running.get(id)?.resume();
  }

  /** Whether nobody waits for what the function does. */
  background(id: string | undefined): boolean {
    return id !== undefined && this.running.get(id)?.background === true;
  }

  /** Ends the process as a crash would. */
  kill(id: string | undefined): void {
    if (id !== undefined) this.running.get(id)?.kill();
  }
}

export interface Execution {
  pause(): void;
  resume(): void;
  kill(): void;
  /** It was started by something that goes on for ever, such as a schedule. */
  readonly background?: boolean;
}
