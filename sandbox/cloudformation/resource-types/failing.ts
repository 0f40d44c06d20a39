import { generatedName } from '../physical-names';
import type { Made, ResourceType, Task } from './resource-type';
import { ResourceFailure } from './resource-type';

/**
 * A resource for tests: it takes `Seconds`, and then succeeds or fails in the operation that `Fail` names. Its `Value`
 * is an attribute and changes in place.
 */
export const failing: ResourceType = {
  name: 'Sandbox::Failing',
  properties: ['Fail', 'Message', 'Seconds', 'Value'],
  standing: true,

  async create(task) {
    const physicalId = generatedName(task.tools.world.random, task.stack.name, task.logicalId);
    const made: Made = { physicalId, attributes: { Value: task.properties.Value ?? '' } };
    task.initiated(made);
    await work(task, 'create', task.properties);
    return made;
  },

  async update(task, current) {
    await work(task, 'update', task.properties);
    return { physicalId: current.physicalId, attributes: { Value: task.properties.Value ?? '' } };
  },

  async delete(task, current) {
    await work(task, 'delete', current.properties);
  },
};

async function work(task: Task, operation: string, properties: Task['properties']): Promise<void> {
  const { Fail = 'never', Message = `told to fail on ${operation}`, Seconds = 1 } = properties;
  if (!['create', 'update', 'delete', 'never'].includes(String(Fail))) {
    throw new ResourceFailure(`Fail must be create, update, delete or never, got ${Fail}`);
  }
  await task.tools.world.clock.sleep(Number(Seconds) * 1000);
  if (Fail === operation) throw new ResourceFailure(String(Message));
}
