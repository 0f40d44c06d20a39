import type { PolicyDocument } from '../../iam/principal';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { boundaryOf, exchangePolicies, policiesOf } from './identity-policies';
import { immediate } from './immediate';
import { roleArnOf } from './role-names';
import { tagsOf } from './tags';

export const iamRole = immediate({
  name: 'AWS::IAM::Role',
  properties: [
    'AssumeRolePolicyDocument',
    'Description',
    'ManagedPolicyArns',
    'MaxSessionDuration',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'RoleName',
    'Tags',
  ],
  required: ['AssumeRolePolicyDocument'],
  taggable: true,
  replacedBy: ['RoleName', 'Path'],

  make(task) {
    const { iam, world } = task.tools;
    const { properties } = task;
    const role = iam.createRole({
      accountId: task.accountId,
      name: (properties.RoleName as string | undefined) ?? generatedName(world.random, task.stack.name, task.logicalId),
      path: properties.Path as string | undefined,
      trust: properties.AssumeRolePolicyDocument as PolicyDocument,
      ...policiesOf(properties),
      permissionsBoundary: boundaryOf(properties),
      maxSessionSeconds: maxSession(properties),
      tags: tagsOf(properties),
    });
    return { physicalId: role.name, attributes: { Arn: role.arn, RoleId: role.roleId } };
  },

  change(task, current) {
    const arn = roleArnOf(task, current.physicalId);
    const { iam } = task.tools;
    const { properties } = task;
    iam.updateRole(arn, {
      trust: properties.AssumeRolePolicyDocument as PolicyDocument,
      permissionsBoundary: boundaryOf(properties),
      maxSessionSeconds: maxSession(properties),
      tags: tagsOf(properties),
    });
    exchangePolicies(task, arn, current.properties);
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    const role = task.tools.iam.roleByName(task.accountId, current.physicalId);
    if (role !== undefined) task.tools.iam.deleteRole(role.arn);
  },
});

/** IAM's default: one hour. */
function maxSession(properties: Properties): number {
  return Number(properties.MaxSessionDuration ?? 3600);
}
