import { App, type Stack } from 'aws-cdk-lib';
import type { StackResult } from '../sandbox/cloudformation/stacks';
import { printEvents } from '../sandbox/report/event-lines';
import { summary } from '../sandbox/report/summary';
import { Sandbox, type SandboxOptions } from '../sandbox/sandbox';

/** One thing that is done to the sandbox, and how its stacks are to end. */
export interface Step {
  readonly title: string;
  readonly run: (sandbox: Sandbox) => Promise<readonly StackResult[]>;
  /** The status of the last stack; nothing for a step that deploys nothing. */
  readonly ends?: StackResult['status'];
}

/** An example with a story. */
export interface Scenario {
  readonly title: string;
  readonly options?: SandboxOptions;
  readonly steps: readonly Step[];
  /** What may stand in the account at the end all the same. */
  readonly mayRemain?: RegExp;
}

export type Print = (line: string) => void;

/** Plays a scenario in a sandbox of its own, showing each stack event as it happens. Fails if it ends otherwise than told. */
export async function play(scenario: Scenario, print: Print, colours: boolean): Promise<void> {
  const sandbox = await Sandbox.start(scenario.options);
  try {
    const start = sandbox.clock.now();
    printEvents(sandbox.stacks, print, { start, colours });
    print(heading(scenario.title, '═'));
    for (const step of scenario.steps) await take(step, sandbox, print);
    print(heading('in all', '─'));
    const { calls } = sandbox.journal;
    const inventory = sandbox.inventory();
    print(summary({ start, end: sandbox.clock.now(), calls, invocations: sandbox.functions.invocations, inventory }));
    if (inventory.some((name) => !scenario.mayRemain?.test(name))) {
      throw new Error(`${scenario.title}: the account is not empty at the end`);
    }
  } finally {
    await sandbox.stop();
  }
}

async function take(step: Step, sandbox: Sandbox, print: Print): Promise<void> {
  print(heading(step.title, '─'));
  const last = (await step.run(sandbox)).at(-1);
  if (step.ends !== undefined && last?.status !== step.ends) {
    throw new Error(`${step.title}: the stack should be in ${step.ends}, but is in ${last?.status ?? 'no state'}`);
  }
  if (last?.status !== 'CREATE_COMPLETE') return;
  for (const [name, value] of Object.entries(last.outputs)) print(`  output ${name} = ${value}`);
}

function heading(title: string, line: string): string {
  return `\n${line.repeat(3)} ${title} ${line.repeat(Math.max(3, 100 - title.length))}`;
}

/** Synthesizes a stack as `cdk synth` does, and answers the folder of the cloud assembly. */
export function synth(build: (app: App) => Stack): string {
  const app = new App();
  build(app);
  return app.synth().directory;
}
