import type { StackEvent } from '../sandbox/cloudformation/events';
import type { StackResult } from '../sandbox/cloudformation/stacks';
import type { CallRecord } from '../sandbox/kernel/journal';
import { Sandbox } from '../sandbox/sandbox';
import { assemblyOf, STACK_NAME } from './assemblies';
import type { Lifecycle } from './lifecycles';

/** A sandbox of its own in which the phases of a lifecycle happen. */
export class Stage {
  static async start(lifecycle: Lifecycle, seed: number): Promise<Stage> {
    return new Stage(lifecycle, await Sandbox.start({ ...lifecycle.sandbox, seed }));
  }

  /** The most that ever stood at the same time. */
  readonly most = { clusters: 0, hsms: 0 };

  private constructor(
    private readonly lifecycle: Lifecycle,
    readonly sandbox: Sandbox,
  ) {
    sandbox.journal.onCall(() => this.count());
  }

  /** Carries out `deploy-1`, `deploy-2`, … or `destroy`. */
  async run(phase: string, cancelWhen?: (what: StackEvent | CallRecord) => boolean): Promise<StackResult> {
    if (phase === 'destroy') return this.destroy();
    const build = this.lifecycle.builds[Number(phase.replace('deploy-', '')) - 1];
    if (build === undefined) throw new Error(`no phase ${phase}`);
    const [result] = await this.sandbox.deploy(assemblyOf(build), { cancelWhen });
    return result!;
  }

  destroy(): Promise<StackResult> {
    const { stacks, accountId, region } = this.sandbox;
    return stacks.delete(STACK_NAME, accountId, region);
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

  /** What somebody pays for, or would find. Backups that are about to go are how a cluster ends. */
  standing(): string[] {
    return this.sandbox.inventory().filter((line) => !line.endsWith('(pending deletion)'));
  }

  async stop(): Promise<void> {
    await this.sandbox.stop();
  }

  private count(): void {
    const { cloudHsm, world, accountId, region } = this.sandbox;
    if (this.lifecycle.atMost.clusters === 0) return;
    const clusters = cloudHsm
      .clusters(world.state(cloudHsm, accountId, region))
      .filter(({ state }) => state !== 'DELETED');
    const hsms = clusters.reduce((sum, cluster) => sum + cluster.hsms.size, 0);
    this.most.clusters = Math.max(this.most.clusters, clusters.length);
    this.most.hsms = Math.max(this.most.hsms, hsms);
  }
}

/** No waiter has more than the hour that CloudFormation gives a custom resource. */
const SETTLE_LIMIT_MS = 2 * 3600_000;
