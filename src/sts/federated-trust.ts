import * as iam from 'aws-cdk-lib/aws-iam';
import type { Validation } from '../core/validation';
import type { FederatedRoleOptions } from './federated-role-options';

/** By operator and key. */
export type Conditions = Record<string, Record<string, unknown>>;

/** Both, key by key. Where both have a key under the same operator, one would be lost: that is an error. */
export function mergedConditions(validation: Validation, required: Conditions, further: Conditions = {}): Conditions {
  const merged: Conditions = { ...required };
  for (const [operator, keys] of Object.entries(further)) {
    for (const key of Object.keys(keys)) {
      const taken = Object.keys(required[operator] ?? {}).find((own) => own.toLowerCase() === key.toLowerCase());
      validation.require(
        taken === undefined,
        `conditions must not have "${key}" under ${operator}, which the role sets itself; use its own property, or another operator`,
      );
    }
    merged[operator] = { ...keys, ...required[operator] };
  }
  return merged;
}

/**
 * Trusts the providers further with tags and a source identity. Without conditions, since these actions are of use only to
 * whom the role is allowed, and since not all condition keys are there for them:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
export function allowSessionAttributes(
  role: iam.Role,
  providerArns: readonly string[],
  { sessionTags, sourceIdentity }: FederatedRoleOptions,
): void {
  const actions = [...(sessionTags ? ['sts:TagSession'] : []), ...(sourceIdentity ? ['sts:SetSourceIdentity'] : [])];
  if (actions.length === 0) return;
  const principals = providerArns.map((arn) => new iam.FederatedPrincipal(arn));
  role.assumeRolePolicy?.addStatements(new iam.PolicyStatement({ actions, principals }));
}
