import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { groupArnOf, userOf } from './iam-user';
import { exchangePolicies, policiesOf } from './identity-policies';
import { immediate } from './immediate';
import { ResourceFailure, type Task } from './resource-type';

export const iamGroup = immediate({
  name: 'AWS::IAM::Group',
  properties: ['GroupName', 'ManagedPolicyArns', 'Path', 'Policies'],
  replacedBy: ['GroupName'],

  make(task) {
    const { iam, world } = task.tools;
    const { properties, accountId, stack, logicalId } = task;
    const group = iam.groups.create({
      accountId,
      name: (properties.GroupName as string | undefined) ?? generatedName(world.random, stack.name, logicalId, 128),
      path: properties.Path as string | undefined,
      ...policiesOf(properties),
    });
    return { physicalId: group.name, attributes: { Arn: group.arn } };
  },

  change(task, current) {
    if (task.properties.Path !== current.properties.Path) {
      throw new ResourceFailure('the sandbox cannot change the Path of a group');
    }
    exchangePolicies(task, groupArnOf(task, current.physicalId), current.properties);
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    const group = task.tools.iam.groups.byName(task.accountId, current.physicalId);
    if (group !== undefined) task.tools.iam.groups.delete(group.arn);
  },
});

/** Puts users into a group, beside those who are in it already. */
export const iamUserToGroupAddition = immediate({
  name: 'AWS::IAM::UserToGroupAddition',
  properties: ['GroupName', 'Users'],
  required: ['GroupName', 'Users'],
  standing: false,

  make(task) {
    add(task);
    return { physicalId: generatedName(task.tools.world.random, task.stack.name, task.logicalId), attributes: {} };
  },

  change(task, current) {
    removeMembers(task, current.properties);
    add(task);
    return { physicalId: current.physicalId, attributes: {} };
  },

  remove(task, current) {
    removeMembers(task, current.properties);
  },
});

function add(task: Task): void {
  const group = groupArnOf(task, task.properties.GroupName as string);
  for (const user of usersOf(task.properties)) task.tools.iam.groups.add(group, userOf(task, user).userId);
}

function removeMembers({ tools, accountId }: Task, before: Properties): void {
  const { iam } = tools;
  const group = iam.groups.byName(accountId, before.GroupName as string);
  for (const name of usersOf(before)) {
    const user = iam.users.byName(accountId, name);
    if (group !== undefined && user !== undefined) iam.groups.remove(group.arn, user.userId);
  }
}

function usersOf(properties: Properties): readonly string[] {
  return properties.Users as readonly string[];
}
