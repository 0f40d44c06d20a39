import { generatedName } from '../physical-names';
import { boundaryOf, exchangePolicies, policiesOf } from './identity-policies';
import { immediate } from './immediate';
import { ResourceFailure, type Task } from './resource-type';
import { tagsOf } from './tags';

export const iamUser = immediate({
  name: 'AWS::IAM::User',
  properties: [
    'Groups',
    'LoginProfile',
    'ManagedPolicyArns',
    'Path',
    'PermissionsBoundary',
    'Policies',
    'Tags',
    'UserName',
  ],
  taggable: true,
  replacedBy: ['UserName'],

  make(task) {
    const { iam, world } = task.tools;
    const { properties, accountId } = task;
    checkLogin(task);
    const groups = groupsOf(task, properties.Groups);
    const user = iam.users.create({
      accountId,
      name: (properties.UserName as string | undefined) ?? generatedName(world.random, task.stack.name, task.logicalId),
      path: properties.Path as string | undefined,
      ...policiesOf(properties),
      permissionsBoundary: boundaryOf(properties),
      tags: tagsOf(properties),
    });
    for (const group of groups) iam.groups.add(group, user.userId);
    return { physicalId: user.name, attributes: { Arn: user.arn } };
  },

  change(task, current) {
    const { iam } = task.tools;
    const { properties } = task;
    checkLogin(task);
    if (properties.Path !== current.properties.Path) {
      throw new ResourceFailure('the sandbox cannot change the Path of a user: its keys would have to follow it');
    }
    const { arn, userId } = userOf(task, current.physicalId);
    const after = groupsOf(task, properties.Groups);
    iam.users.update(arn, { permissionsBoundary: boundaryOf(properties), tags: tagsOf(properties) });
    exchangePolicies(task, arn, current.properties);
    for (const group of groupsOf(task, current.properties.Groups)) {
      if (!after.includes(group)) iam.groups.remove(group, userId);
    }
    for (const group of after) iam.groups.add(group, userId);
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    const { iam } = task.tools;
    const user = iam.users.byName(task.accountId, current.physicalId);
    if (user === undefined) return;
    for (const { arn } of iam.groups.of(user.userId)) iam.groups.remove(arn, user.userId);
    iam.users.delete(user.arn);
  },
});

/** The user of that name in the account of the task. */
export function userOf({ tools, accountId }: Task, name: string) {
  const user = tools.iam.users.byName(accountId, name);
  if (user === undefined) throw new ResourceFailure(`The user with name ${name} cannot be found.`);
  return user;
}

/** The ARN of the group of that name in the account of the task. */
export function groupArnOf({ tools, accountId }: Task, name: string): string {
  const group = tools.iam.groups.byName(accountId, name);
  if (group === undefined) throw new ResourceFailure(`The group with name ${name} cannot be found.`);
  return group.arn;
}

function groupsOf(task: Task, names: unknown): readonly string[] {
  return ((names ?? []) as readonly string[]).map((name) => groupArnOf(task, name));
}

function checkLogin({ properties }: Task): void {
  if (properties.LoginProfile === undefined) return;
  throw new ResourceFailure('the sandbox has no console to sign in to: leave out LoginProfile, and use access keys');
}
