import type { StackResult } from '../cloudformation/stacks';
import { printEvents } from '../report/event-lines';
import { summary } from '../report/summary';
import { type AssemblyDeployOptions, Sandbox, type SandboxOptions } from '../sandbox';

export type Print = (line: string) => void;

/** What a user asks of a sandbox, from the command line or over the control address. */
export interface Request {
  readonly command: 'deploy' | 'destroy' | 'inventory';
  /** The cloud assembly (`cdk.out`) of `deploy` and `destroy`. */
  readonly assembly?: string;
  readonly options?: AssemblyDeployOptions;
}

/** A sandbox that carries out what users ask and prints what happens. */
export class Session {
  static async start(options: SandboxOptions): Promise<Session> {
    return new Session(await Sandbox.start(options));
  }

  private constructor(readonly sandbox: Sandbox) {}

  /** Answers whether all stacks ended well. */
  async carryOut(request: Request, print: Print, colours: boolean): Promise<boolean> {
    const { sandbox } = this;
    const start = sandbox.clock.now();
    const before = { calls: sandbox.journal.calls.length, invocations: sandbox.functions.invocations };
    const stopPrinting = printEvents(sandbox.stacks, print, { start, colours, stackNames: true });
    try {
      const results = await this.results(request);
      for (const result of results) printOutputs(result, print);
      print('');
      print(
        summary({
          start,
          end: sandbox.clock.now(),
          calls: sandbox.journal.calls.slice(before.calls),
          invocations: sandbox.functions.invocations - before.invocations,
          inventory: sandbox.inventory(),
        }),
      );
      return results.every(({ status }) => ENDED_WELL.has(status));
    } finally {
      stopPrinting();
    }
  }

  private async results({ command, assembly, options }: Request): Promise<readonly StackResult[]> {
    if (command === 'inventory') return [];
    if (assembly === undefined) throw new Error(`${command} needs the folder of a cloud assembly, such as cdk.out`);
    return command === 'deploy' ? this.sandbox.deploy(assembly, options) : this.sandbox.destroy(assembly, options);
  }
}

const ENDED_WELL: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE']);

function printOutputs({ status, outputs }: StackResult, print: Print): void {
  if (status === 'DELETE_COMPLETE') return;
  for (const [name, value] of Object.entries(outputs)) print(`output ${name} = ${value}`);
}
