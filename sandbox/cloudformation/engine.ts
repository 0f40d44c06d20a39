import type { StackEvent, StackStatus } from './events';
import { STACK_TYPE } from './events';
import type { Exports } from './exports';
import type { Inventory } from './inventory';
import type { ParameterStore } from './parameters';
import type { Tools } from './resource-types/resource-type';
import type { Instance, Stack } from './stack';

/** Behaviours of CloudFormation that AWS does not document, and virtual delays. */
export interface StackOptions {
  /** Virtual seconds from a rollback's start to its first deletion or opposite update. @default 3 */
  readonly rollbackDelaySeconds?: number;
  /** Whether a rollback sets a stack's LastUpdatedTime. @default false */
  readonly rollbackTouchesLastUpdated?: boolean;
  /**
   * How a completed replacement of a custom resource is rolled back: `update-new` sends an Update with the new physical
   * id, `restore-old` sends none and lets the old resource count again. @default update-new
   */
  readonly rollbackOfReplacement?: 'update-new' | 'restore-old';
  /** Whether DeletionPolicy Retain also keeps Delete from a custom resource whose creation failed. @default true */
  readonly failedCreatesAreRetained?: boolean;
  /** Virtual milliseconds between the requests to the functions of custom resources. @default 100 */
  readonly requestDistanceMs?: number;
  /** Entries of Parameter Store beside the bootstrap version and those that stacks make. */
  readonly parameterStore?: ParameterStore;
}

/** What all operations of all stacks share. */
export class Engine {
  private readonly listeners = new Set<(event: StackEvent) => void>();

  constructor(
    readonly tools: Tools,
    readonly options: Required<Omit<StackOptions, 'parameterStore'>>,
    readonly inventory: Inventory,
    readonly exports: Exports,
  ) {}

  get now(): number {
    return this.tools.world.clock.now();
  }

  /** Tells of every further event; the returned function ends that. */
  onEvent(listener: (event: StackEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  sleep(seconds: number): Promise<void> {
    return this.tools.world.clock.sleep(seconds * 1000);
  }

  /** The stack itself enters a status. */
  enter(stack: Stack, status: StackStatus, reason?: string): void {
    stack.status = status;
    stack.statusReason = reason;
    this.emit(stack, { logicalId: stack.name, physicalId: stack.id, type: STACK_TYPE, status, reason });
  }

  emit(stack: Stack, line: Pick<StackEvent, 'logicalId' | 'physicalId' | 'type' | 'status' | 'reason'>): void {
    const event: StackEvent = {
      eventId: this.tools.world.random.uuid(),
      at: this.now,
      stackId: stack.id,
      stackName: stack.name,
      accountId: stack.accountId,
      region: stack.region,
      ...line,
    };
    stack.events.push(event);
    for (const listener of this.listeners) listener(event);
  }

  stands(stack: Stack, type: string, instance: Pick<Instance, 'physicalId'>): void {
    this.inventory.add(stack.accountId, stack.region, type, instance.physicalId);
  }

  gone(stack: Stack, type: string, instance: Instance): void {
    this.inventory.remove(stack.accountId, stack.region, type, instance.physicalId);
  }
}
