import { deleteStack } from './delete';
import type { Engine } from './engine';
import { evaluatorFor } from './evaluation';
import { Graph } from './graph';
import type { Operation } from './operation';
import { publishOutputs } from './outputs';
import { dependencies } from './references';
import { createResource, termsOf } from './resource-steps';
import { rollbackCreation } from './rollback';
import type { Stack } from './stack';

/** Creates all resources of a new stack. */
export async function createStack(engine: Engine, stack: Stack, operation: Operation): Promise<void> {
  engine.enter(stack, 'CREATE_IN_PROGRESS', 'User Initiated');
  const evaluator = evaluatorFor(engine, stack);
  const needs = dependencies(stack.template, evaluator);
  const create = (logicalId: string) => {
    const definition = stack.template.resources.get(logicalId)!;
    return createResource(operation, definition, termsOf(definition, needs.get(logicalId)!), evaluator);
  };
  await new Graph(needs).walk(create, () => operation.interrupted);
  if (operation.cancelledByUser) {
    // CloudFormation knows no cancellation of a creation: the user deletes the stack.
    return deleteStack(engine, stack, { duringCreation: true });
  }
  const failure = operation.anyFailed ? operation.failureReason : publishOutputs(engine, stack, evaluator);
  if (failure === undefined) {
    stack.stable = undefined;
    engine.enter(stack, 'CREATE_COMPLETE');
  } else if (stack.disableRollback) {
    engine.enter(stack, 'CREATE_FAILED', failure);
  } else {
    await rollbackCreation(engine, stack, `${failure} Rollback requested by user.`);
  }
}
