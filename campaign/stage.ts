import type { StackEvent } from '../sandbox/cloudformation/events';
import type { StackResult } from '../sandbox/cloudformation/stacks';
import type { CallRecord } from '../sandbox/kernel/journal';
import { Sandbox } from '../sandbox/sandbox';
import { assemblyOf } from './assemblies';
import type { Outputs } from './builds';
import type { Lifecycle } from './lifecycles';
import { ELSEWHERE, HERE, STACK_NAME } from './places';

/** A sandbox of its own in which the phases of a lifecycle happen. */
export class Stage {
  static async start(lifecycle: Lifecycle, seed: number): Promise<Stage> {
    const { account: accountId, region } = HERE;
    return new Stage(lifecycle, await Sandbox.start({ ...lifecycle.sandbox, seed, accountId, region }));
  }

  /** The most that ever stood at the same time. */
  readonly most = { clusters: 0, hsms: 0 };
  private outputs: Outputs = {};
  /** Names of the stacks elsewhere, the last one first. */
  private readonly elsewhere: string[] = [];

  private constructor(
    private readonly lifecycle: Lifecycle,
    readonly sandbox: Sandbox,
  ) {
    sandbox.journal.onCall(() => this.count());
  }

  /** Deploys what the phase needs elsewhere. To be called before it, and where no fault is planned yet. */
  async prepare(phase: string): Promise<void> {
    const build = this.lifecycle.elsewhere?.[phase];
    if (build === undefined) return;
    const stackName = `Elsewhere-${phase}`;
    const { outputs } = this;
    const [result] = await this.sandbox.deploy(assemblyOf(build, { stackName, env: ELSEWHERE, outputs }));
    if (result!.status !== 'CREATE_COMPLETE') throw new Error(`${stackName} ended in ${result!.status}`);
    this.elsewhere.unshift(stackName);
    this.keepOutputs(result!);
  }

  /** Carries out `deploy-1`, `deploy-2`, … or `destroy`. */
  async run(phase: string, cancelWhen?: (what: StackEvent | CallRecord) => boolean): Promise<StackResult> {
    if (phase === 'destroy') return this.destroy();
    const build = this.lifecycle.builds[Number(phase.replace('deploy-', '')) - 1];
    if (build === undefined) throw new Error(`no phase ${phase}`);
    const { outputs } = this;
    const assembly = assemblyOf(build, { stackName: STACK_NAME, outputs });
    const [result] = await this.sandbox.deploy(assembly, { cancelWhen });
    this.keepOutputs(result!);
    return result!;
  }

  destroy(): Promise<StackResult> {
    const { stacks, accountId, region } = this.sandbox;
    return stacks.delete(STACK_NAME, accountId, region);
  }

  /** Deletes what was deployed elsewhere. Answers the stacks that stay, which they do for something that is left in them. */
  async leave(): Promise<string[]> {
    const { account, region } = ELSEWHERE;
    const stay: string[] = [];
    for (const name of this.elsewhere.splice(0)) {
      const { status } = await this.sandbox.stacks.delete(name, account, region);
      if (status !== 'DELETE_COMPLETE') stay.push(`${name} in ${status}`);
    }
    return stay;
  }

  get status(): string | undefined {
    const { stacks, accountId, region } = this.sandbox;
    return stacks.get(STACK_NAME, accountId, region)?.status;
  }

  /** Lets all waiters come to their end, those that CloudFormation has given up included. */
  async settle(): Promise<void> {
    const { stateMachines, clock } = this.sandbox;
    const limit = clock.now() + SETTLE_LIMIT_MS;
    while (stateMachines.running() > 0) {
      if (clock.now() > limit) throw new Error('a waiter does not end');
      await clock.sleep(1000);
    }
  }

  /** What somebody pays for, or would find, in any account and region. Backups that are about to go are how a cluster ends. */
  standing(): string[] {
    return this.sandbox.wholeInventory().filter((line) => !line.endsWith('(pending deletion)'));
  }

  /**
   * How much of that a deployment answers for. Not backups: AWS makes one of each HSM that is removed, in a rollback too,
   * and they go with the cluster.
   */
  size(): number {
    return this.standing().filter((line) => !/\bcloudhsm backup /.test(line)).length;
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
  }

  private keepOutputs({ outputs }: StackResult): void {
    this.outputs = { ...this.outputs, ...outputs };
  }

  private count(): void {
    if (this.lifecycle.atMost.clusters === 0) return;
    const { cloudHsm, world } = this.sandbox;
    const clusters = [HERE, ELSEWHERE]
      .flatMap(({ account, region }) => cloudHsm.clusters(world.state(cloudHsm, account, region)))
      .filter(({ state }) => state !== 'DELETED');
    const hsms = clusters.reduce((sum, cluster) => sum + cluster.hsms.size, 0);
    this.most.clusters = Math.max(this.most.clusters, clusters.length);
    this.most.hsms = Math.max(this.most.hsms, hsms);
  }
}

/** No waiter has more than the hour that CloudFormation gives a custom resource. */
const SETTLE_LIMIT_MS = 2 * 3600_000;
