import { cleanUp } from './cleanup';
import type { Engine } from './engine';
import { evaluatorFor } from './evaluation';
import { Graph } from './graph';
import type { Evaluator } from './intrinsics';
import type { Operation } from './operation';
import { publishOutputs } from './outputs';
import { dependencies } from './references';
import { changeResource, createResource, deleteResource, resolveProperties, termsOf } from './resource-steps';
import { rollbackUpdate } from './rollback';
import type { Resource, Stack, Terms } from './stack';
import type { ResourceDefinition } from './template';
import { same } from './values';

/** Brings a stack to the template, parameters and tags that were just set, and then removes what it needs no more. */
export async function updateStack(engine: Engine, stack: Stack, operation: Operation): Promise<void> {
  stack.lastUpdatedTime = engine.now;
  engine.enter(stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  engine.exports.setImports(stack, []);
  const evaluator = evaluatorFor(engine, stack);
  const needs = dependencies(stack.template, evaluator);
  const bring = (logicalId: string) => {
    const definition = stack.template.resources.get(logicalId)!;
    return bringResource(operation, definition, termsOf(definition, needs.get(logicalId)!), evaluator);
  };
  await new Graph(needs).walk(bring, () => operation.interrupted);
  const failure = failureOf(operation) ?? publishOutputs(engine, stack, evaluator);
  if (failure !== undefined) {
    if (!stack.disableRollback || operation.cancelledByUser) return rollbackUpdate(engine, stack, failure);
    return engine.enter(stack, 'UPDATE_FAILED', failure);
  }
  stack.stable = undefined;
  for (const resource of stack.resources.values()) resource.attempted = undefined;
  engine.enter(stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  const unneeded = [...stack.resources.values()].filter((resource) => !needs.has(resource.logicalId));
  const clean = await cleanUp(engine, stack, unneeded, 'update');
  engine.enter(
    stack,
    'UPDATE_COMPLETE',
    clean ? undefined : 'Update successful. One or more resources could not be deleted.',
  );
}

function failureOf(operation: Operation): string | undefined {
  if (operation.cancelledByUser) return 'Update cancelled by user.';
  return operation.anyFailed ? operation.failureReason : undefined;
}

async function bringResource(
  operation: Operation,
  definition: ResourceDefinition,
  terms: Terms,
  evaluator: Evaluator,
): Promise<boolean> {
  const resource = operation.stack.resources.get(definition.logicalId);
  if (resource === undefined) return createResource(operation, definition, terms, evaluator);
  if (neverStood(resource)) {
    // An earlier operation without rollback left it: what it may have made goes, and it is tried anew.
    if (!(await deleteResource(operation, resource, false))) return false;
    return createResource(operation, definition, terms, evaluator);
  }
  const properties = resolveProperties(operation, definition, evaluator);
  if ('reason' in properties) {
    operation.fail(resource, 'update', { kind: 'failed', reason: properties.reason });
    return false;
  }
  const unchanged = same(properties.resolved, resource.instance?.properties) && resource.status !== 'UPDATE_FAILED';
  if (!unchanged) return changeResource(operation, resource, properties.resolved, terms);
  // Policies, dependencies and metadata alone change nothing outside of the stack.
  resource.terms = terms;
  return true;
}

function neverStood(resource: Resource): boolean {
  return resource.status === 'CREATE_FAILED' || resource.status.startsWith('DELETE_');
}
