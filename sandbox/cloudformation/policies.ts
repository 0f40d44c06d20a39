import type { Engine } from './engine';
import { Graph } from './graph';
import type { Resource, Surplus, Terms } from './stack';

/** Whether a resource's DeletionPolicy keeps it, when its creation is undone or when the stack no longer needs it. */
export function isKept(engine: Engine, resource: Resource, creationUndone: boolean): boolean {
  const { deletionPolicy } = resource.terms;
  if (deletionPolicy === 'RetainExceptOnCreate') return !creationUndone;
  if (deletionPolicy !== 'Retain') return false;
  return resource.status !== 'CREATE_FAILED' || engine.options.failedCreatesAreRetained;
}

/** After an update the surplus are the replaced resources; after its rollback those that were made in it. */
export function isSurplusKept(terms: Terms, after: 'update' | 'rollback'): boolean {
  return after === 'update' ? terms.updateReplacePolicy === 'Retain' : terms.deletionPolicy === 'Retain';
}

/** What needs others is deleted before them. */
export function deletionOrder<Item extends Resource | Surplus>(items: readonly Item[]): Graph<Item> {
  const byId = new Map<string, Item[]>();
  for (const item of items) byId.set(item.logicalId, [...(byId.get(item.logicalId) ?? []), item]);
  const needs = items.map((item): [Item, Set<Item>] => {
    const others = [...item.terms.needs].flatMap((id) => byId.get(id) ?? []);
    return [item, new Set(others)];
  });
  return new Graph(new Map(needs)).reversed();
}

export function isSurplus(item: Resource | Surplus): item is Surplus {
  return !('status' in item);
}
