import { statSync } from 'node:fs';
import path from 'node:path';
import type { StackResult } from '../cloudformation/stacks';
import { printEvents } from '../report/event-lines';
import { standing, summary } from '../report/summary';
import { type AssemblyDeployOptions, Sandbox, type SandboxOptions } from '../sandbox';

export type Print = (line: string) => void;

/** What a user asks of a sandbox, from the command line or over the control address. */
export interface Request {
  readonly command: 'deploy' | 'destroy' | 'inventory';
  /** The cloud assembly (`cdk.out`) of `deploy` and `destroy`. */
  readonly assembly?: string;
  readonly options?: AssemblyDeployOptions;
}

/** A sandbox that carries out what users ask, one request after the other, and prints what happens. */
export class Session {
  static async start(options: SandboxOptions): Promise<Session> {
    return new Session(await Sandbox.start(options));
  }

  private last: Promise<unknown> = Promise.resolve();

  private constructor(readonly sandbox: Sandbox) {}

  /** Answers whether all stacks ended well. Rejects what cannot be begun. */
  carryOut(request: Request, print: Print, colours: boolean): Promise<boolean> {
    const carriedOut = this.last.then(() => this.perform(request, print, colours));
    this.last = carriedOut.catch(() => undefined);
    return carriedOut;
  }

  private async perform(request: Request, print: Print, colours: boolean): Promise<boolean> {
    const { sandbox } = this;
    if (request.command === 'inventory') {
      print(standing(sandbox.wholeInventory()));
      return true;
    }
    const start = sandbox.clock.now();
    const before = { calls: sandbox.journal.calls.length, invocations: sandbox.functions.invocations };
    const stopPrinting = printEvents(sandbox.stacks, print, { start, colours, stackNames: true });
    try {
      const results = await this.results(request);
      for (const result of results) printResult(result, print);
      if (results.length === 0) print('none of these stacks is there');
      print('');
      print(
        summary({
          start,
          end: sandbox.clock.now(),
          calls: sandbox.journal.calls.slice(before.calls),
          invocations: sandbox.functions.invocations - before.invocations,
          inventory: sandbox.wholeInventory(),
        }),
      );
      return results.every(({ status }) => ENDED_WELL.has(status));
    } finally {
      stopPrinting();
    }
  }

  private async results({ command, assembly, options }: Request): Promise<readonly StackResult[]> {
    const folder = checkedAssembly(assembly, command);
    return command === 'deploy' ? this.sandbox.deploy(folder, options) : this.sandbox.destroy(folder, options);
  }
}

const ENDED_WELL: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'DELETE_COMPLETE']);

function checkedAssembly(folder: string | undefined, command: string): string {
  if (folder === undefined) throw new Error(`${command} needs the folder of a cloud assembly, such as cdk.out`);
  const remedy = 'synthesize the app with npx cdk synth -o <folder>, and name that folder';
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats === undefined) throw new Error(`there is no folder ${folder}: ${remedy}`);
  if (!stats.isDirectory())
    throw new Error(`${folder} is a file: name the folder of the cloud assembly, such as cdk.out`);
  if (statSync(path.join(folder, 'manifest.json'), { throwIfNoEntry: false }) === undefined) {
    throw new Error(`${folder} is not a cloud assembly, it has no manifest.json: ${remedy}`);
  }
  return folder;
}

function printResult({ stackId, status, events, outputs, noChanges }: StackResult, print: Print): void {
  const name = stackId.split('/')[1];
  if (noChanges) print(`${name} is up to date`);
  if (!ENDED_WELL.has(status)) {
    // The others failed because of it, or were cancelled.
    const first = events.find((event) => event.status.endsWith('_FAILED'));
    print(`${name} is in ${status}${first === undefined ? '' : `: ${first.logicalId}: ${first.reason}`}`);
  }
  if (status === 'DELETE_COMPLETE') return;
  for (const [key, value] of Object.entries(outputs)) print(`output ${name}.${key} = ${value}`);
}
