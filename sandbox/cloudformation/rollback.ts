import { cleanUp } from './cleanup';
import { deleteResources } from './delete';
import type { Engine } from './engine';
import { Graph } from './graph';
import { Operation } from './operation';
import { exportsOf } from './outputs';
import { isKept } from './policies';
import { becomes, instanceOf } from './resource-steps';
import type { Instance, Resource, Snapshot, Stack } from './stack';

/** Undoes a creation: everything is deleted, in reverse order. Then the stack can only be deleted. */
export async function rollbackCreation(engine: Engine, stack: Stack, reason: string): Promise<void> {
  begin(engine, stack, 'ROLLBACK_IN_PROGRESS', reason);
  await engine.sleep(engine.options.rollbackDelaySeconds);
  const failure = await deleteResources(engine, stack, (resource) => isKept(engine, resource, true));
  if (failure !== undefined) return engine.enter(stack, 'ROLLBACK_FAILED', failure);
  stack.stable = undefined;
  stack.outputs = [];
  engine.exports.replace(stack, new Map());
  engine.exports.setImports(stack, []);
  engine.enter(stack, 'ROLLBACK_COMPLETE');
}

/** Brings a stack back to its last stable state. The resources to skip are taken to be in it already. */
export async function rollbackUpdate(
  engine: Engine,
  stack: Stack,
  reason: string,
  skip: readonly string[] = [],
): Promise<void> {
  begin(engine, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
  await engine.sleep(engine.options.rollbackDelaySeconds);
  const stable = stack.stable!;
  const operation = new Operation(engine, stack, false);
  const order = new Map([...stable.resources.values()].map((resource) => [resource.logicalId, resource.terms.needs]));
  await new Graph(order).walk((id) => revert(operation, id, skip.includes(id)));
  if (operation.anyFailed) return engine.enter(stack, 'UPDATE_ROLLBACK_FAILED', operation.failureReason);
  engine.enter(stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  const unneeded = [...stack.resources.values()].filter((resource) => !stable.resources.has(resource.logicalId));
  const clean = await cleanUp(engine, stack, unneeded, 'rollback');
  restore(engine, stack, stable);
  const left = clean ? undefined : 'Rollback successful. One or more resources could not be deleted.';
  engine.enter(stack, 'UPDATE_ROLLBACK_COMPLETE', left);
}

function restore(engine: Engine, stack: Stack, stable: Snapshot): void {
  const { template, parameters, tags, outputs, imports } = stable;
  Object.assign(stack, { template, parameters, tags, outputs, stable: undefined });
  engine.exports.replace(stack, exportsOf(outputs));
  engine.exports.setImports(stack, imports);
}

function begin(engine: Engine, stack: Stack, status: Stack['status'], reason: string): void {
  if (engine.options.rollbackTouchesLastUpdated) stack.lastUpdatedTime = engine.now;
  engine.enter(stack, status, reason);
}

/** Brings one resource back to its stable state. */
async function revert(operation: Operation, logicalId: string, skipped: boolean): Promise<boolean> {
  const resource = operation.stack.resources.get(logicalId)!;
  const stable = operation.stack.stable!.resources.get(logicalId)!;
  if (resource.attempted !== undefined) {
    operation.mark(resource, 'UPDATE_IN_PROGRESS');
    const reverted = skipped ? true : await revertInstance(operation, resource, stable.instance!);
    if (!reverted) return false;
    resource.attempted = undefined;
    operation.mark(resource, 'UPDATE_COMPLETE');
  }
  resource.terms = stable.terms;
  return true;
}

async function revertInstance(operation: Operation, resource: Resource, stable: Instance): Promise<boolean> {
  const type = operation.type(resource);
  const current = resource.instance!;
  const replaced = current.physicalId !== stable.physicalId;
  const restoreOld = type.properties !== 'any' || operation.engine.options.rollbackOfReplacement === 'restore-old';
  if (replaced && restoreOld) {
    becomes(operation, resource, stable);
    return true;
  }
  // A replacement that did not come about has left the old one as it was.
  if (type.replaces?.(stable.properties, resource.attempted!) === true) return true;
  const outcome = await operation.perform({
    resource,
    properties: stable.properties,
    run: (task) => type.update(task, { ...current, properties: resource.attempted! }),
  });
  if (outcome.kind !== 'done') {
    operation.fail(resource, 'update', outcome);
    return false;
  }
  becomes(operation, resource, instanceOf(outcome.value, stable.properties));
  return true;
}
