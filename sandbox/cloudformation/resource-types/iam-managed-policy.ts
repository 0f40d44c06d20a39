import type { PolicyDocument } from '../../iam/principal';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { HOLDER_PROPERTIES, holdersOf, standingHoldersOf } from './policy-holders';
import type { Task } from './resource-type';

export const iamManagedPolicy = immediate({
  name: 'AWS::IAM::ManagedPolicy',
  properties: [...HOLDER_PROPERTIES, 'Description', 'ManagedPolicyName', 'Path', 'PolicyDocument'],
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
    for (const holder of holdersOf(task, properties)) iam.policies.attach(holder, arn);
    return { physicalId: arn, attributes: { PolicyArn: arn } };
  },

  change(task, current) {
    const { iam } = task.tools;
    const arn = current.physicalId;
    iam.updateManagedPolicy(arn, task.properties.PolicyDocument as PolicyDocument);
    const after = holdersOf(task, task.properties);
    for (const holder of after) iam.policies.attach(holder, arn);
    detach(task, current.properties, arn, after);
    return { physicalId: arn, attributes: current.attributes };
  },

  remove(task, current) {
    detach(task, current.properties, current.physicalId);
    task.tools.iam.deleteManagedPolicy(current.physicalId);
  },
});

function detach(task: Task, before: Properties, arn: string, except: readonly string[] = []): void {
  for (const holder of standingHoldersOf(task, before)) {
    if (except.includes(holder.arn) || !holder.managedPolicyArns.has(arn)) continue;
    task.tools.iam.policies.detach(holder.arn, arn);
  }
}
