import type { PolicyDocument } from '../../iam/principal';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { roleArnOf } from './role-names';

export const iamManagedPolicy = immediate({
  name: 'AWS::IAM::ManagedPolicy',
  properties: ['Description', 'ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
  required: ['PolicyDocument'],
  replacedBy: ['ManagedPolicyName', 'Path', 'Description'],

  make(task) {
    const { iam, world } = task.tools;
    const { properties } = task;
    const { arn } = iam.createManagedPolicy({
      accountId: task.accountId,
      name:
        (properties.ManagedPolicyName as string | undefined) ??
        generatedName(world.random, task.stack.name, task.logicalId, 128),
      path: properties.Path as string | undefined,
      document: properties.PolicyDocument as PolicyDocument,
    });
    for (const role of rolesOf(properties)) iam.attachRolePolicy(roleArnOf(task, role), arn);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },

  change(task, current) {
    const { iam } = task.tools;
    const arn = current.physicalId;
    iam.updateManagedPolicy(arn, task.properties.PolicyDocument as PolicyDocument);
    const before = rolesOf(current.properties);
    const after = rolesOf(task.properties);
    for (const role of before.filter((name) => !after.includes(name))) iam.detachRolePolicy(roleArnOf(task, role), arn);
    for (const role of after.filter((name) => !before.includes(name))) iam.attachRolePolicy(roleArnOf(task, role), arn);
    return { physicalId: arn, attributes: current.attributes };
  },

  remove(task, current) {
    const { iam } = task.tools;
    for (const name of rolesOf(current.properties)) {
      const role = iam.roleByName(task.accountId, name);
      if (role?.managedPolicyArns.has(current.physicalId)) iam.detachRolePolicy(role.arn, current.physicalId);
    }
    iam.deleteManagedPolicy(current.physicalId);
  },
});

function rolesOf(properties: Properties): readonly string[] {
  return (properties.Roles ?? []) as readonly string[];
}
