import type { PolicyDocument } from '../../iam/principal';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { HOLDER_PROPERTIES, holdersOf, standingHoldersOf } from './policy-holders';
import { ResourceFailure, type Task } from './resource-type';

/** An inline policy that is put on each of its roles, users and groups. */
export const iamPolicy = immediate({
  name: 'AWS::IAM::Policy',
  properties: [...HOLDER_PROPERTIES, 'PolicyDocument', 'PolicyName'],
  required: ['PolicyDocument', 'PolicyName'],
  replacedBy: ['PolicyName'],
  standing: false,

  make(task) {
    put(task);
    // The id that AWS shows: it is unrelated to the policy's name.
    return { physicalId: generatedName(task.tools.world.random, task.stack.name, task.logicalId), attributes: {} };
  },

  change(task, current) {
    const after = put(task);
    takeAway(task, current.properties, after);
    return { physicalId: current.physicalId, attributes: {} };
  },

  remove(task, current) {
    takeAway(task, current.properties);
  },
});

function put(task: Task): readonly string[] {
  const { properties, tools } = task;
  const holders = holdersOf(task, properties);
  if (holders.length === 0) throw new ResourceFailure('At least one of [Groups,Roles,Users] must be non-empty.');
  for (const arn of holders)
    tools.iam.policies.put(arn, nameOf(properties), properties.PolicyDocument as PolicyDocument);
  return holders;
}

function takeAway(task: Task, before: Properties, except: readonly string[] = []): void {
  for (const { arn, inlinePolicies } of standingHoldersOf(task, before)) {
    if (except.includes(arn) || !inlinePolicies.has(nameOf(before))) continue;
    task.tools.iam.policies.remove(arn, nameOf(before));
  }
}

function nameOf(properties: Properties): string {
  return properties.PolicyName as string;
}
