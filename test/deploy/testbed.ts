import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AppMonitor, GetAppMonitorCommand, ListAppMonitorsCommand, RUMClient } from '@aws-sdk/client-rum';
import { App, CfnResource, Stack, type StackProps } from 'aws-cdk-lib';
import type { StackResult } from '../../sandbox/cloudformation/stacks';
import type { CallRecord } from '../../sandbox/kernel/journal';
import { type AssemblyDeployOptions, Sandbox, type SandboxOptions } from '../../sandbox/sandbox';
import { expectNoSecrets } from '../support/no-secrets';

/** A sandbox with one stack, named `App`, that a test builds, deploys, changes and deletes. */
export class Testbed {
  private static readonly open: Testbed[] = [];

  static async start(options: SandboxOptions = {}): Promise<Testbed> {
    const testbed = new Testbed(await Sandbox.start(options));
    Testbed.open.push(testbed);
    return testbed;
  }

  /** For `afterEach`: stops all, and fails where the sandbox itself has failed or something secret has come out. */
  static async stopAll(): Promise<void> {
    for (const testbed of Testbed.open.splice(0)) await testbed.stop();
  }

  readonly rum: RUMClient;
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-test-'));
  private synthesized = 0;

  private constructor(readonly sandbox: Sandbox) {
    this.rum = new RUMClient(sandbox.clientConfiguration());
  }

  synth(build: (stack: Stack) => void, props: StackProps = {}): string {
    const app = new App({ outdir: path.join(this.folder, `${this.synthesized++}`), analyticsReporting: false });
    build(new Stack(app, 'App', props));
    return app.synth().directory;
  }

  async deploy(build: (stack: Stack) => void, options: AssemblyDeployOptions = {}): Promise<StackResult> {
    const [result] = await this.sandbox.deploy(this.synth(build), options);
    return result!;
  }

  async destroy(): Promise<StackResult> {
    const { stacks, accountId, region } = this.sandbox;
    return stacks.delete('App', accountId, region);
  }

  async monitor(name: string): Promise<AppMonitor> {
    const { AppMonitor } = await this.rum.send(new GetAppMonitorCommand({ Name: name }));
    return AppMonitor!;
  }

  async monitorNames(): Promise<string[]> {
    const { AppMonitorSummaries = [] } = await this.rum.send(new ListAppMonitorsCommand({ MaxResults: 100 }));
    return AppMonitorSummaries.map(({ Name }) => Name!);
  }

  /** The one monitor that there is. */
  async onlyMonitor(): Promise<AppMonitor> {
    const names = await this.monitorNames();
    expect(names).toHaveLength(1);
    return this.monitor(names[0]!);
  }

  /** What handlers did to RUM, by name of the call, since `from` calls. */
  writes(from = 0): string[] {
    return this.rumCalls(from)
      .filter(({ operation }) => !/^(Get|List)/.test(operation))
      .map(({ operation }) => operation);
  }

  rumCalls(from = 0): CallRecord[] {
    return this.sandbox.journal.calls.slice(from).filter(({ service, execution }) => service === 'rum' && execution);
  }

  /** Lets all waiters come to their end, those that CloudFormation has given up included. */
  async settle(): Promise<void> {
    const { stateMachines, clock } = this.sandbox;
    while (stateMachines.running() > 0) await clock.sleep(1000);
  }

  async stop(): Promise<void> {
    try {
      expectNoSecrets(this.sandbox);
    } finally {
      await this.sandbox.stop();
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

/** A resource that fails in the given phase, after some virtual seconds. */
export function failing(stack: Stack, phase: 'create' | 'update', seconds: number, value = ''): CfnResource {
  return new CfnResource(stack, 'Sibling', {
    type: 'Sandbox::Failing',
    properties: { Fail: phase, Seconds: seconds, Message: 'on purpose', Value: value },
  });
}

/** The first reason in the events that names a failure of a resource. */
export function failureReason({ events }: StackResult): string {
  return events.find(({ status }) => /^(CREATE|UPDATE|DELETE)_FAILED$/.test(status))?.reason ?? '';
}
