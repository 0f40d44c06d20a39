import type { Engine } from './engine';
import { Operation } from './operation';
import { deletionOrder, isKept, isSurplus, isSurplusKept } from './policies';
import { deleteResource, deleteSurplus } from './resource-steps';
import type { Resource, Stack, Surplus } from './stack';

export interface DeletionOptions {
  /** Logical ids of resources that are to stay: after a failed deletion. */
  readonly retainResources?: readonly string[];
  /** The user deletes the stack while it is being created. */
  readonly duringCreation?: boolean;
}

/** Deletes all resources of a stack, and the stack. */
export async function deleteStack(engine: Engine, stack: Stack, options: DeletionOptions = {}): Promise<void> {
  engine.enter(stack, 'DELETE_IN_PROGRESS', 'User Initiated');
  if (options.duringCreation) await engine.sleep(engine.options.rollbackDelaySeconds);
  const { retainResources = [], duringCreation = false } = options;
  const kept = (resource: Resource) =>
    retainResources.includes(resource.logicalId) || isKept(engine, resource, duringCreation);
  const failure = await deleteResources(engine, stack, kept);
  if (failure !== undefined) return engine.enter(stack, 'DELETE_FAILED', failure);
  engine.exports.replace(stack, new Map());
  engine.exports.setImports(stack, []);
  stack.deletionTime = engine.now;
  engine.enter(stack, 'DELETE_COMPLETE');
}

/** Deletes everything, the dependent first. Returns why not all is gone. */
export async function deleteResources(
  engine: Engine,
  stack: Stack,
  kept: (resource: Resource) => boolean,
): Promise<string | undefined> {
  const operation = new Operation(engine, stack, false);
  const standing = [...stack.resources.values()].filter((item) => !DELETED.includes(item.status));
  const surplus = stack.surplus.splice(0);
  const failed: Surplus[] = [];
  await deletionOrder<Resource | Surplus>([...standing, ...surplus]).walk(async (item) => {
    if (!isSurplus(item)) return deleteResource(operation, item, kept(item));
    const deleted = await deleteSurplus(operation, item, isSurplusKept(item.terms, 'update'));
    if (!deleted) failed.push(item);
    return deleted;
  });
  stack.surplus.push(...failed);
  if (operation.anyFailed) return operation.failureReason;
  if (failed.length === 0) return undefined;
  return `The following resource(s) failed to delete: [${failed.map((item) => item.logicalId).join(', ')}].`;
}

const DELETED = ['DELETE_COMPLETE', 'DELETE_SKIPPED'];
