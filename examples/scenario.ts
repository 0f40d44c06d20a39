import { App, type Stack } from 'aws-cdk-lib';
import type { StackResult } from '../sandbox/cloudformation/stacks';
import { elapsed, printEvents, TIME_WIDTH } from '../sandbox/report/event-lines';
import { summary } from '../sandbox/report/summary';
import { Sandbox, type SandboxOptions } from '../sandbox/sandbox';

/** One thing that is done to the sandbox, and how its stacks are to end. */
export interface Step {
  readonly title: string;
  readonly run: (sandbox: Sandbox) => Promise<readonly StackResult[]>;
  /** The status of the last stack; nothing for a step that deploys nothing. */
  readonly ends?: StackResult['status'];
  /** What has happened beside stack events since the step began, at virtual times in milliseconds. */
  readonly tell?: (sandbox: Sandbox, since: number) => Promise<readonly Happening[]>;
}

export interface Happening {
  readonly at: number;
  readonly text: string;
}

/** An example with a story. */
export interface Scenario {
  readonly title: string;
  readonly options?: SandboxOptions;
  readonly steps: readonly Step[];
  /** What may stand in the accounts at the end all the same. */
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
    for (const step of scenario.steps) await take(step, sandbox, start, print);
    print(heading('in all', '─'));
    const { calls } = sandbox.journal;
    const inventory = sandbox.wholeInventory();
    print(summary({ start, end: sandbox.clock.now(), calls, invocations: sandbox.functions.invocations, inventory }));
    if (inventory.some((name) => !scenario.mayRemain?.test(name))) {
      throw new Error(`${scenario.title}: the accounts are not empty at the end`);
    }
  } finally {
    await sandbox.stop();
  }
}

async function take(step: Step, sandbox: Sandbox, start: number, print: Print): Promise<void> {
  print(heading(step.title, '─'));
  const since = sandbox.clock.now();
  const last = (await step.run(sandbox)).at(-1);
  if (step.ends !== undefined && last?.status !== step.ends) {
    throw new Error(`${step.title}: the stack should be in ${step.ends}, but is in ${last?.status ?? 'no state'}`);
  }
  for (const { at, text } of (await step.tell?.(sandbox, since)) ?? []) print(told(elapsed(at - start), text));
  if (last?.status !== 'CREATE_COMPLETE') return;
  for (const [name, value] of Object.entries(last.outputs)) print(`  output ${name} = ${value}`);
}

/** The time in the column of stack events, and the text beside it. */
function told(time: string, text: string): string {
  const margin = ' '.repeat(TIME_WIDTH);
  return text
    .split('\n')
    .map((line, index) => `${index === 0 ? time.padStart(TIME_WIDTH) : margin}  ${line}`.trimEnd())
    .join('\n');
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
