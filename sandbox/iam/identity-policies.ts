import type { Iam } from './iam';
import type { Identity } from './policy-holders';
import type { PolicyDocument, Principal } from './principal';

/** The policies of the role or user behind a principal, as they are now; a user has those of its groups, too. */
export function identityPolicies(iam: Iam, principal: Principal): readonly PolicyDocument[] {
  const { user } = principal;
  const identity = identityOf(iam, principal);
  const groups = user === undefined ? [] : iam.groups.of(user.id);
  return [...(identity === undefined ? [] : [identity]), ...groups].flatMap((holder) =>
    iam.policies.documentsOf(holder),
  );
}

/** The boundary of the role or user behind a principal, as it is now; nothing is in one whose policy is gone. */
export function boundaryOf(iam: Iam, principal: Principal): PolicyDocument | undefined {
  const arn = identityOf(iam, principal)?.permissionsBoundary;
  return arn === undefined ? undefined : (iam.managedPolicy(arn) ?? { Statement: [] });
}

/** What the organization says of the principal's account. */
export function serviceControlPolicies(iam: Iam, { accountId }: Principal): readonly PolicyDocument[] {
  return iam.serviceControlPolicies.get(accountId) ?? [];
}

/** The tags of the role or user behind a principal, without those of the session. */
export function ownTags(iam: Iam, principal: Principal): Readonly<Record<string, string>> {
  return identityOf(iam, principal)?.tags ?? {};
}

function identityOf(iam: Iam, { roleArn, user }: Principal): Identity | undefined {
  return roleArn !== undefined ? iam.role(roleArn) : user && iam.users.user(user.arn);
}
