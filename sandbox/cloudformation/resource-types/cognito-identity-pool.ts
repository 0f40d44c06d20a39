import type { IdentityPools, PoolSettings } from '../../services/cognito-identity/identity-pools';
import { generatedName } from '../physical-names';
import { immediate } from './immediate';
import type { Task } from './resource-type';

/** What these resource types ask of the Cognito identity service of the sandbox. */
export type CognitoPools = Pick<IdentityPools, 'createPool' | 'updatePool' | 'deletePool' | 'setRoles'>;

export const cognitoIdentityPool = immediate({
  name: 'AWS::Cognito::IdentityPool',
  properties: ['AllowClassicFlow', 'AllowUnauthenticatedIdentities', 'IdentityPoolName', 'IdentityPoolTags'],
  required: ['AllowUnauthenticatedIdentities'],

  make(task) {
    const settings = poolSettings(task);
    const { id } = task.tools.cognitoIdentity.createPool(task, settings);
    return { physicalId: id, attributes: { Name: settings.name } };
  },

  change(task, current) {
    const name = (task.properties.IdentityPoolName as string | undefined) ?? (current.attributes.Name as string);
    const settings = poolSettings(task, name);
    task.tools.cognitoIdentity.updatePool(task, current.physicalId, settings);
    return { physicalId: current.physicalId, attributes: { Name: name } };
  },

  remove(task, current) {
    task.tools.cognitoIdentity.deletePool(task, current.physicalId);
  },
});

function poolSettings(task: Task, name?: string): PoolSettings {
  const { properties } = task;
  return {
    name:
      name ??
      (properties.IdentityPoolName as string | undefined) ??
      generatedName(task.tools.world.random, task.stack.name, task.logicalId, 128),
    allowUnauthenticated: String(properties.AllowUnauthenticatedIdentities) === 'true',
    allowClassicFlow: String(properties.AllowClassicFlow ?? false) === 'true',
  };
}
