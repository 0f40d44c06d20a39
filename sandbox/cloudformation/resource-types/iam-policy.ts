import type { PolicyDocument } from '../../iam/principal';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { roleArnOf } from './role-names';

/** An inline policy that is put on each of its roles. */
export const iamPolicy = immediate({
  name: 'AWS::IAM::Policy',
  properties: ['PolicyDocument', 'PolicyName', 'Roles'],
  required: ['PolicyDocument', 'PolicyName', 'Roles'],
  replacedBy: ['PolicyName'],
  standing: false,

  make(task) {
    for (const role of rolesOf(task.properties)) {
      task.tools.iam.putRolePolicy(roleArnOf(task, role), nameOf(task.properties), documentOf(task.properties));
    }
    // The id that AWS shows: it is unrelated to the policy's name.
    return { physicalId: generatedName(task.tools.world.random, task.stack.name, task.logicalId), attributes: {} };
  },

  change(task, current) {
    const after = rolesOf(task.properties);
    for (const role of rolesOf(current.properties).filter((name) => !after.includes(name))) {
      task.tools.iam.deleteRolePolicy(roleArnOf(task, role), nameOf(current.properties));
    }
    for (const role of after) {
      task.tools.iam.putRolePolicy(roleArnOf(task, role), nameOf(task.properties), documentOf(task.properties));
    }
    return { physicalId: current.physicalId, attributes: {} };
  },

  remove(task, current) {
    const { iam } = task.tools;
    for (const name of rolesOf(current.properties)) {
      const role = iam.roleByName(task.accountId, name);
      if (role?.inlinePolicies.has(nameOf(current.properties)))
        iam.deleteRolePolicy(role.arn, nameOf(current.properties));
    }
  },
});

function rolesOf(properties: Properties): readonly string[] {
  return properties.Roles as readonly string[];
}

function nameOf(properties: Properties): string {
  return properties.PolicyName as string;
}

function documentOf(properties: Properties): PolicyDocument {
  return properties.PolicyDocument as PolicyDocument;
}
