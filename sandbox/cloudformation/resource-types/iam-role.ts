import type { PolicyDocument } from '../../iam/principal';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import type { Made, Task } from './resource-type';
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
      inlinePolicies: inlinePolicies(properties),
      managedPolicyArns: managedPolicies(properties),
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
      maxSessionSeconds: maxSession(properties),
      tags: tagsOf(properties),
    });
    exchangeInlinePolicies(task, arn, current.properties);
    exchangeManagedPolicies(task, arn, current.properties);
    return { physicalId: current.physicalId, attributes: current.attributes } satisfies Made;
  },

  remove(task, current) {
    const role = task.tools.iam.roleByName(task.accountId, current.physicalId);
    if (role !== undefined) task.tools.iam.deleteRole(role.arn);
  },
});

function exchangeInlinePolicies(task: Task, arn: string, before: Properties): void {
  const after = inlinePolicies(task.properties);
  const standing = task.tools.iam.role(arn)?.inlinePolicies;
  for (const name of Object.keys(inlinePolicies(before))) {
    if (!Object.hasOwn(after, name) && standing?.has(name)) task.tools.iam.deleteRolePolicy(arn, name);
  }
  for (const [name, document] of Object.entries(after)) task.tools.iam.putRolePolicy(arn, name, document);
}

function exchangeManagedPolicies(task: Task, arn: string, before: Properties): void {
  const { iam } = task.tools;
  const after = managedPolicies(task.properties);
  const standing = new Set(iam.role(arn)?.managedPolicyArns);
  for (const policy of managedPolicies(before)) {
    if (!after.includes(policy) && standing.has(policy)) iam.detachRolePolicy(arn, policy);
  }
  for (const policy of after.filter((item) => !standing.has(item))) iam.attachRolePolicy(arn, policy);
}

function inlinePolicies(properties: Properties): Record<string, PolicyDocument> {
  const policies = (properties.Policies ?? []) as ReadonlyArray<{ PolicyName: string; PolicyDocument: PolicyDocument }>;
  return Object.fromEntries(policies.map((policy) => [policy.PolicyName, policy.PolicyDocument]));
}

function managedPolicies(properties: Properties): string[] {
  return (properties.ManagedPolicyArns ?? []) as string[];
}

/** IAM's default: one hour. */
function maxSession(properties: Properties): number {
  return Number(properties.MaxSessionDuration ?? 3600);
}
