import type { PolicyDocument } from '../../iam/principal';
import type { Properties } from '../stack';
import type { Task } from './resource-type';

/** What roles, users and groups have alike: `Policies` and `ManagedPolicyArns`. */
export function policiesOf(properties: Properties) {
  return { inlinePolicies: inlinePolicies(properties), managedPolicyArns: managedPolicies(properties) };
}

/** Takes away what the template said before, and puts what it says now; policies that others have put stay. */
export function exchangePolicies(task: Task, arn: string, before: Properties): void {
  const { iam } = task.tools;
  const holder = iam.policies.holder(arn);
  const inline = inlinePolicies(task.properties);
  const managed = managedPolicies(task.properties);
  for (const name of Object.keys(inlinePolicies(before))) {
    if (!Object.hasOwn(inline, name) && holder.inlinePolicies.has(name)) iam.policies.remove(arn, name);
  }
  for (const [name, document] of Object.entries(inline)) iam.policies.put(arn, name, document);
  const attached = new Set(holder.managedPolicyArns);
  for (const policy of managedPolicies(before)) {
    if (!managed.includes(policy) && attached.has(policy)) iam.policies.detach(arn, policy);
  }
  for (const policy of managed.filter((item) => !attached.has(item))) iam.policies.attach(arn, policy);
}

/** `null`, which takes a boundary away, where the template has none. */
export function boundaryOf({ PermissionsBoundary }: Properties): string | null {
  return (PermissionsBoundary as string | undefined) ?? null;
}

function inlinePolicies(properties: Properties): Record<string, PolicyDocument> {
  const policies = (properties.Policies ?? []) as ReadonlyArray<{ PolicyName: string; PolicyDocument: PolicyDocument }>;
  return Object.fromEntries(policies.map((policy) => [policy.PolicyName, policy.PolicyDocument]));
}

function managedPolicies(properties: Properties): readonly string[] {
  return (properties.ManagedPolicyArns ?? []) as readonly string[];
}
