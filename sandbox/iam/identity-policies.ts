import type { Iam } from './iam';
import type { PolicyDocument, Principal } from './principal';

/** The policies of the role or user behind a principal, as they are now. */
export function identityPolicies(iam: Iam, { roleArn, user }: Principal): readonly PolicyDocument[] {
  if (roleArn !== undefined) return iam.policiesOf(roleArn);
  return user === undefined ? [] : iam.users.policiesOf(user.arn);
}

/** The tags of the role or user behind a principal, without those of the session. */
export function ownTags(iam: Iam, { roleArn, user }: Principal): Readonly<Record<string, string>> {
  if (roleArn !== undefined) return iam.role(roleArn)?.tags ?? {};
  return user === undefined ? {} : (iam.users.user(user.arn)?.tags ?? {});
}
