import type { Iam } from './iam';
import { ownTags } from './identity-policies';
import type { Context, Permission, Principal } from './principal';

/**
 * The condition keys that every request of a principal has. `ownTags` are those of its role or user; the session's own
 * overlay them.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function principalContext(principal: Principal, ownTags: Readonly<Record<string, string>> = {}): Context {
  const { user, token, issuedAt, sourceIdentity } = principal;
  const context: Record<string, string | readonly string[]> = {
    // For a role's session this is the ARN of the role, not of the session.
    'aws:PrincipalArn': principal.roleArn ?? principal.arn,
    'aws:PrincipalAccount': principal.accountId,
    'aws:PrincipalType': typeOf(principal),
    'aws:PrincipalIsAWSService': 'false',
    'aws:userid': principal.userId,
    ...(user !== undefined && token !== 'federation' && { 'aws:username': user.name }),
    ...(isTemporary(principal) && { 'aws:MultiFactorAuthPresent': String(principal.mfaAt !== undefined) }),
    ...(isTemporary(principal) && issuedAt !== undefined && { 'aws:TokenIssueTime': new Date(issuedAt).toISOString() }),
    ...principal.identity,
  };
  for (const [key, value] of Object.entries({ ...ownTags, ...principal.sessionTags })) {
    context[`aws:PrincipalTag/${key}`] = value;
  }
  if (sourceIdentity !== undefined) context['aws:SourceIdentity'] = sourceIdentity;
  return context;
}

/** Seconds since the user showed a code of its device; no key where it did not. */
export function mfaAgeContext({ mfaAt }: Principal, now: number): Context {
  return mfaAt === undefined ? {} : { 'aws:MultiFactorAuthAge': String(Math.floor((now - mfaAt) / 1000)) };
}

/** All condition keys of a request; those of later sources win. */
export function contextSources(
  iam: Iam,
  principal: Principal,
  permission: Permission,
  environment: Context,
): readonly Context[] {
  return [principalContext(principal, ownTags(iam, principal)), environment, permission.context ?? {}];
}

function typeOf({ roleArn, token }: Principal): string {
  if (roleArn !== undefined) return 'AssumedRole';
  return token === 'federation' ? 'FederatedUser' : 'User';
}

/** A user's own keys are not, and nobody can tell of the administrators around the sandbox. */
function isTemporary({ roleArn, token }: Principal): boolean {
  return roleArn !== undefined || token !== undefined;
}
