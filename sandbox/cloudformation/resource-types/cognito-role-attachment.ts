import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';

/** The roles of an identity pool: one for guests, one for those who signed in. */
export const cognitoRoleAttachment = immediate({
  name: 'AWS::Cognito::IdentityPoolRoleAttachment',
  properties: ['IdentityPoolId', 'Roles'],
  required: ['IdentityPoolId'],
  replacedBy: ['IdentityPoolId'],
  standing: false,

  make(task) {
    task.tools.cognitoIdentity.setRoles(task, poolOf(task.properties), rolesOf(task.properties));
    return { physicalId: generatedName(task.tools.world.random, task.stack.name, task.logicalId), attributes: {} };
  },

  change(task, current) {
    task.tools.cognitoIdentity.setRoles(task, poolOf(task.properties), rolesOf(task.properties));
    return { physicalId: current.physicalId, attributes: {} };
  },

  remove(task, current) {
    task.tools.cognitoIdentity.setRoles(task, poolOf(current.properties), {});
  },
});

function poolOf(properties: Properties): string {
  return properties.IdentityPoolId as string;
}

function rolesOf(properties: Properties): Record<string, string> {
  return (properties.Roles ?? {}) as Record<string, string>;
}
