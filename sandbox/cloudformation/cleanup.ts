import type { Engine } from './engine';
import { Operation } from './operation';
import { deletionOrder, isKept, isSurplus, isSurplusKept } from './policies';
import { deleteResource, deleteSurplus } from './resource-steps';
import type { Resource, Stack, Surplus } from './stack';

/**
 * Deletes the surplus and the unneeded resources of a stack, the dependent ones first. What cannot be deleted in three
 * attempts is left behind, as CloudFormation does in this phase. Resolves to whether all went well.
 */
export async function cleanUp(
  engine: Engine,
  stack: Stack,
  unneeded: readonly Resource[],
  after: 'update' | 'rollback',
): Promise<boolean> {
  const operation = new Operation(engine, stack, false);
  const surplus = stack.surplus.splice(0);
  let clean = true;
  await deletionOrder<Resource | Surplus>([...unneeded, ...surplus]).walk(async (item) => {
    const attempt = () =>
      isSurplus(item)
        ? deleteSurplus(operation, item, isSurplusKept(item.terms, after))
        : deleteResource(operation, item, isKept(engine, item, after === 'rollback'));
    let deleted = false;
    for (let tried = 0; !deleted && tried < ATTEMPTS; tried++) deleted = await attempt();
    clean &&= deleted;
    // Others are tried all the same.
    return true;
  });
  for (const resource of unneeded) {
    stack.resources.delete(resource.logicalId);
    stack.removed.set(resource.logicalId, resource);
  }
  return clean;
}

/** Source: https://repost.aws/knowledge-center/cloudformation-stack-cleanup-stuck. How long it pauses between them is not said. */
const ATTEMPTS = 3;
