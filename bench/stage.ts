import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { StackResult } from '../sandbox/cloudformation/stacks';
import { Sandbox, type SandboxOptions } from '../sandbox/sandbox';
import { rum } from '../src';

const STACK_NAME = 'App';

/** Of the custom resource in the template and in the events. */
export const MONITOR = 'Custom::SettledRumAppMonitor';

/** What differs between the deployments of one measure. */
export type MonitorProps = Partial<rum.AppMonitorProps>;

/** A stack of monitors, synthesized to a folder. */
export function synthesize(folder: string, count: number, props: MonitorProps = {}) {
  const app = new App({ outdir: mkdtempSync(path.join(folder, 'cdk.out-')), analyticsReporting: false });
  const stack = new Stack(app, STACK_NAME);
  for (let index = 0; index < count; index++) {
    new rum.AppMonitor(stack, `Monitor${index}`, {
      domain: `site${index}.example.com`,
      authorization: rum.Authorization.none(),
      ...props,
    });
  }
  return app.synth();
}

/** A sandbox of its own, with a folder for assemblies, for as long as `work` lasts. */
export async function onStage<T>(options: SandboxOptions, work: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-bench-'));
  const sandbox = await Sandbox.start(options);
  try {
    return await work(new Stage(sandbox, folder));
  } finally {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  }
}

export class Stage {
  constructor(
    readonly sandbox: Sandbox,
    /** For assemblies; it goes with the stage. */
    readonly folder: string,
  ) {}

  /** The folder of the assembly. */
  synth(count: number, props?: MonitorProps): string {
    return synthesize(this.folder, count, props).directory;
  }

  /** Creates or updates the stack; a measure of what fails means nothing. */
  async deploy(directory: string): Promise<StackResult> {
    const [result] = await this.sandbox.deploy(directory);
    return expectStatus(result!, /^(CREATE|UPDATE)_COMPLETE$/);
  }

  async destroy(): Promise<StackResult> {
    const { stacks, accountId, region } = this.sandbox;
    return expectStatus(await stacks.delete(STACK_NAME, accountId, region), /^DELETE_COMPLETE$/);
  }
}

function expectStatus(result: StackResult, expected: RegExp): StackResult {
  if (expected.test(result.status)) return result;
  const reasons = result.events.flatMap(({ reason }) => reason ?? []);
  throw new Error(`the stack ended in ${result.status}: ${reasons[0] ?? 'no reason given'}`);
}
