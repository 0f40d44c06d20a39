import { checkDynamicReferences } from './dynamic-references';
import type { Evaluator } from './intrinsics';
import type { Operation } from './operation';
import { reasonOf } from './operation';
import { inventedId } from './physical-names';
import type { Made } from './resource-types/resource-type';
import { withStackTags } from './resource-types/tags';
import type { Instance, Properties, Resource, Stack, Surplus, Terms } from './stack';
import type { ResourceDefinition } from './template';

/** Creates a resource that the stack does not have yet. Resolves to whether it stands. */
export async function createResource(
  operation: Operation,
  definition: ResourceDefinition,
  terms: Terms,
  evaluator: Evaluator,
): Promise<boolean> {
  const { logicalId, type } = definition;
  const resource: Resource = {
    logicalId,
    type,
    status: 'CREATE_IN_PROGRESS',
    lastUpdated: operation.engine.now,
    terms,
  };
  operation.stack.resources.set(logicalId, resource);
  operation.stack.removed.delete(logicalId);
  operation.mark(resource, 'CREATE_IN_PROGRESS');
  const properties = resolveProperties(operation, definition, evaluator);
  if ('reason' in properties) {
    operation.fail(resource, 'create', { kind: 'failed', reason: properties.reason });
    return false;
  }
  const initiated = (made: Made) => {
    if (resource.instance !== undefined) return;
    resource.instance = instanceOf(made, properties.resolved);
    if (operation.type(resource).standing) operation.engine.stands(operation.stack, type, made);
    operation.mark(resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
  };
  const outcome = await operation.perform({
    resource,
    properties: properties.resolved,
    run: (task) => operation.type(resource).create(task),
    initiated,
    requested: () => {
      resource.requested = properties.resolved;
    },
  });
  if (outcome.kind !== 'done') {
    operation.fail(resource, 'create', outcome);
    return false;
  }
  initiated(outcome.value);
  resource.instance = instanceOf(outcome.value, properties.resolved);
  operation.mark(resource, 'CREATE_COMPLETE');
  return true;
}

/** Brings a resource of the stack to its new definition; nothing happens when its properties are as before. */
export async function changeResource(
  operation: Operation,
  resource: Resource,
  properties: Properties,
  terms: Terms,
): Promise<boolean> {
  const type = operation.type(resource);
  const current = resource.instance!;
  resource.attempted = properties;
  resource.terms = terms;
  const replaced = type.replaces?.(current.properties, properties) ?? false;
  operation.mark(resource, 'UPDATE_IN_PROGRESS', replaced ? REPLACEMENT : undefined);
  const newcomers: Surplus[] = [];
  const outcome = await operation.perform({
    resource,
    properties,
    run: (task) => (replaced ? type.create(task) : type.update(task, current)),
    initiated: (made) => {
      const surplus = { ...pick(resource), instance: instanceOf(made, properties), terms };
      newcomers.push(surplus);
      // Until it is complete the new one is surplus: a rollback deletes it.
      operation.stack.surplus.push(surplus);
      if (type.standing) operation.engine.stands(operation.stack, resource.type, made);
      const line = { ...pick(resource), physicalId: made.physicalId, status: 'UPDATE_IN_PROGRESS' };
      operation.engine.emit(operation.stack, { ...line, reason: 'Resource creation Initiated' });
    },
  });
  if (outcome.kind !== 'done') {
    operation.fail(resource, 'update', outcome);
    return false;
  }
  remove(operation.stack.surplus, newcomers);
  becomes(operation, resource, instanceOf(outcome.value, properties));
  operation.mark(resource, 'UPDATE_COMPLETE');
  return true;
}

/** Lets another physical resource count; the former one is left to the cleanup. */
export function becomes(operation: Operation, resource: Resource, instance: Instance): void {
  const { surplus } = operation.stack;
  const former = resource.instance;
  const returning = surplus.filter((item) => isSame(item, resource, instance.physicalId));
  remove(surplus, returning);
  if (former !== undefined && former.physicalId !== instance.physicalId) {
    // In a rollback the former is the one that the failed update has made, after what that one needed.
    const stable = operation.stack.stable?.resources.get(resource.logicalId);
    const { needs } = stable?.instance?.physicalId === former.physicalId ? stable.terms : resource.terms;
    surplus.push({ ...pick(resource), instance: former, terms: { ...resource.terms, needs } });
    if (!resource.statusReason?.startsWith(REPLACEMENT) && returning.length === 0) {
      operation.mark(resource, 'UPDATE_IN_PROGRESS', REPLACEMENT);
    }
  }
  resource.instance = instance;
}

/** Deletes the physical resource that counts, or what a create without an answer may have left. */
export async function deleteResource(operation: Operation, resource: Resource, kept: boolean): Promise<boolean> {
  if (resource.instance === undefined && resource.requested === undefined) {
    operation.mark(resource, 'DELETE_COMPLETE');
    return true;
  }
  if (kept) {
    operation.mark(resource, 'DELETE_SKIPPED');
    return true;
  }
  const instance = resource.instance ?? inventedInstance(operation, resource);
  resource.instance = instance;
  operation.mark(resource, 'DELETE_IN_PROGRESS');
  const outcome = await performDelete(operation, resource, instance);
  if (outcome.kind !== 'done') {
    operation.fail(resource, 'delete', outcome);
    return false;
  }
  operation.mark(resource, 'DELETE_COMPLETE');
  return true;
}

/** Deletes a physical resource that does not count any more. It leaves its successor's status alone. */
export async function deleteSurplus(operation: Operation, surplus: Surplus, kept: boolean): Promise<boolean> {
  const show = (status: string, reason?: string) => {
    const { physicalId } = surplus.instance;
    operation.engine.emit(operation.stack, { ...pick(surplus), physicalId, status, reason });
  };
  if (kept) {
    show('DELETE_SKIPPED');
    return true;
  }
  show('DELETE_IN_PROGRESS');
  const outcome = await performDelete(operation, surplus, surplus.instance);
  if (outcome.kind === 'done') show('DELETE_COMPLETE');
  else show('DELETE_FAILED', outcome.kind === 'failed' ? outcome.reason : undefined);
  return outcome.kind === 'done';
}

/** The properties as the resource's type is to see them. */
export function resolveProperties(
  operation: Operation,
  definition: ResourceDefinition,
  evaluator: Evaluator,
): { readonly resolved: Properties } | { readonly reason: string } {
  try {
    const path = `Resources.${definition.logicalId}.Properties`;
    const resolved = evaluator.resolve(definition.properties, path) as Properties;
    const type = operation.type(definition);
    const { accountId, region } = operation.stack;
    checkDynamicReferences(resolved, path, type.secretProperties, () =>
      operation.engine.tools.secrets.state(accountId, region),
    );
    const taggable = type.taggable === true;
    return { resolved: taggable ? withStackTags(resolved, operation.stack.tags) : resolved };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return { reason };
  }
}

export function termsOf(definition: ResourceDefinition, needs: ReadonlySet<string>): Terms {
  const { deletionPolicy, updateReplacePolicy, metadata } = definition;
  return { needs, deletionPolicy, updateReplacePolicy, metadata };
}

export function instanceOf(made: Made, properties: Properties): Instance {
  return { ...made, ref: made.ref ?? made.physicalId, properties };
}

const REPLACEMENT = 'Requested update requires the creation of a new physical resource; hence creating one.';

async function performDelete(operation: Operation, resource: Pick<Resource, 'logicalId' | 'type'>, instance: Instance) {
  const type = operation.type(resource);
  const outcome = await operation.perform({
    resource,
    properties: instance.properties,
    run: (task) => type.delete(task, instance),
    unstoppable: true,
  });
  if (outcome.kind === 'done') operation.engine.gone(operation.stack, resource.type, instance);
  return outcome;
}

function inventedInstance(operation: Operation, resource: Resource): Instance {
  const { engine, stack } = operation;
  const physicalId = inventedId(engine.tools.world.random, stack.name, resource.logicalId);
  return instanceOf({ physicalId, attributes: {} }, resource.requested!);
}

function isSame(item: Surplus, resource: Resource, physicalId: string): boolean {
  return item.logicalId === resource.logicalId && item.instance.physicalId === physicalId;
}

function remove(from: Stack['surplus'], items: readonly Surplus[]): void {
  for (const item of items) from.splice(from.indexOf(item), 1);
}

function pick(resource: Pick<Resource, 'logicalId' | 'type'>): { logicalId: string; type: string } {
  return { logicalId: resource.logicalId, type: resource.type };
}
