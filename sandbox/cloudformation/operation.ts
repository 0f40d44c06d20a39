import { ServiceError } from '../services/service';
import type { Engine } from './engine';
import type { ResourceStatus } from './events';
import { resourceType } from './resource-types/registry';
import type { Made, ResourceType, Task } from './resource-types/resource-type';
import { ResourceFailure } from './resource-types/resource-type';
import type { Properties, Resource, Stack } from './stack';

export type Outcome<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' };

/** One piece of work on one resource, as it is handed to {@link Operation.perform}. */
export interface Work<T> {
  readonly resource: Pick<Resource, 'logicalId' | 'type'>;
  readonly properties: Properties;
  readonly run: (task: Task) => Promise<T>;
  readonly initiated?: (made: Made) => void;
  readonly requested?: () => void;
  /** Work that goes on although a sibling failed or the user cancels: deletions. */
  readonly unstoppable?: boolean;
}

/**
 * One phase of an operation on a stack. The work on its resources runs in parallel; when one of them fails or the user
 * cancels, nothing more is begun, and CloudFormation stops waiting for what is under way (which may go on regardless).
 */
export class Operation {
  private readonly running = new Set<() => void>();
  private readonly failures = new Map<string, 'create' | 'update' | 'delete'>();
  private interruption: 'failure' | 'user' | undefined;

  constructor(
    readonly engine: Engine,
    readonly stack: Stack,
    /** Whether one failure ends the others' work too. */
    private readonly cancelsSiblings = true,
  ) {}

  /** No more work is begun. */
  get interrupted(): boolean {
    return this.interruption !== undefined;
  }

  get cancelledByUser(): boolean {
    return this.interruption === 'user';
  }

  get anyFailed(): boolean {
    return this.failures.size > 0;
  }

  cancel(): void {
    this.interrupt('user');
  }

  type(resource: { readonly type: string }): ResourceType {
    return resourceType(resource.type);
  }

  /** A resource enters a status, which the stack's events show. */
  mark(resource: Resource, status: ResourceStatus, reason?: string): void {
    resource.status = status;
    resource.statusReason = reason;
    resource.lastUpdated = this.engine.now;
    const physicalId = resource.instance?.physicalId ?? '';
    this.engine.emit(this.stack, { ...pick(resource), physicalId, status, reason });
  }

  /** A resource of the stack has failed. */
  fail(
    resource: Resource,
    what: 'create' | 'update' | 'delete',
    outcome: Exclude<Outcome<unknown>, { kind: 'done' }>,
  ): void {
    const cancelled = what === 'create' ? 'Resource creation cancelled' : 'Resource update cancelled';
    this.failures.set(resource.logicalId, what);
    this.mark(resource, FAILED[what], outcome.kind === 'failed' ? outcome.reason : cancelled);
    if (this.cancelsSiblings && what !== 'delete') this.interrupt('failure');
  }

  /** A sentence for each kind of failure. */
  get failureReason(): string {
    return (['create', 'update', 'delete'] as const)
      .map((what) => [what, [...this.failures].filter(([, kind]) => kind === what).map(([id]) => id)] as const)
      .filter(([, ids]) => ids.length > 0)
      .map(([what, ids]) => `The following resource(s) failed to ${what}: [${ids.join(', ')}].`)
      .join(' ');
  }

  /** Does one piece of work, unless it is cancelled before it ends. */
  perform<T>(work: Work<T>): Promise<Outcome<T>> {
    if (this.interrupted && work.unstoppable !== true) return Promise.resolve({ kind: 'cancelled' });
    return new Promise((resolve, reject) => {
      const cancellations: Array<() => void> = [];
      const cancel = () => {
        this.running.delete(cancel);
        for (const action of cancellations) action();
        resolve({ kind: 'cancelled' });
      };
      if (work.unstoppable !== true) this.running.add(cancel);
      work.run(this.task(work, cancellations)).then(
        (value) => {
          this.running.delete(cancel);
          resolve({ kind: 'done', value });
        },
        (error) => {
          this.running.delete(cancel);
          const reason = reasonOf(error);
          if (reason === undefined) reject(error);
          else resolve({ kind: 'failed', reason });
        },
      );
    });
  }

  private interrupt(why: 'failure' | 'user'): void {
    if (this.interrupted) return;
    this.interruption = why;
    for (const cancel of [...this.running]) cancel();
  }

  private task(work: Work<unknown>, cancellations: Array<() => void>): Task {
    const { accountId, region, id, name } = this.stack;
    return {
      tools: this.engine.tools,
      stack: { id, name },
      accountId,
      region,
      ...pick(work.resource),
      properties: work.properties,
      initiated: (made) => work.initiated?.(made),
      requested: () => work.requested?.(),
      onCancel: (action) => cancellations.push(action),
    };
  }
}

const FAILED = { create: 'CREATE_FAILED', update: 'UPDATE_FAILED', delete: 'DELETE_FAILED' } as const;

/** Why a resource failed; undefined for an error of the sandbox itself, which must not look like one of the template. */
export function reasonOf(error: unknown): string | undefined {
  return error instanceof ResourceFailure || error instanceof ServiceError ? error.message : undefined;
}

function pick(resource: Pick<Resource, 'logicalId' | 'type'>): { logicalId: string; type: string } {
  return { logicalId: resource.logicalId, type: resource.type };
}
