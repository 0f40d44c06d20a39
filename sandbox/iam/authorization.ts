import type { Iam } from './iam';
import { boundaryOf, identityPolicies, serviceControlPolicies } from './identity-policies';
import { ConditionContext } from './pattern';
import { type Decision, evaluate, type PolicyRequest } from './policy';
import type { Context, Permission, PolicyDocument, Principal, ResourcePolicy } from './principal';
import { contextSources } from './principal-context';
import { beyondToken } from './token-limits';
import { evaluateResourcePolicy, type ResourceDecision } from './trust';

export interface Verdict {
  readonly decision: Decision;
  /** Of a refusal, in the form that AWS gives such messages. */
  readonly message: string;
}

/**
 * Whether a principal may do what a permission says, now: policies are read at each call, so that one that was removed
 * no longer counts. `environment` holds the condition keys of the request itself (`aws:RequestedRegion` …).
 */
export function authorize(iam: Iam, principal: Principal, permission: Permission, environment: Context = {}): Verdict {
  const request: PolicyRequest = {
    action: permission.action,
    resource: permission.resource,
    context: new ConditionContext(...contextSources(iam, principal, permission, environment)),
  };
  if (beyondToken(principal, permission.action)) {
    return { decision: 'implicit-deny', message: factOf(principal, permission) };
  }
  const policy = permission.resourcePolicy;
  const opinions: Opinions = {
    organization: organizationDecision(iam, principal, request),
    identity: identityDecision(iam, principal, request),
    boundary: limit(boundaryOf(iam, principal), request),
    session: limit(principal.sessionPolicy, request),
    resource: policy === undefined ? undefined : evaluateResourcePolicy(policy, principal, request),
    crossAccount: ![undefined, '', principal.accountId].includes(permission.resource.split(':')[4]),
  };
  const refusal = refusalOf(opinions, policy);
  return {
    decision: refusal?.decision ?? 'allowed',
    message: refusal === undefined ? '' : messageOf(principal, permission, refusal, opinions.crossAccount),
  };
}

interface Opinions {
  readonly organization: Decision;
  readonly identity: Decision;
  readonly boundary: Decision;
  readonly session: Decision;
  readonly resource?: ResourceDecision;
  readonly crossAccount: boolean;
}

interface Refusal {
  readonly decision: Exclude<Decision, 'allowed'>;
  readonly by: string;
}

function identityDecision(iam: Iam, principal: Principal, request: PolicyRequest): Decision {
  if (principal.administrator === true) return 'allowed';
  return evaluate(identityPolicies(iam, principal), request);
}

/** An organization does not bind the people around the sandbox; they stand for those who can change it. */
function organizationDecision(iam: Iam, principal: Principal, request: PolicyRequest): Decision {
  if (principal.administrator === true) return 'allowed';
  const denied = evaluate(serviceControlPolicies(iam, principal), request) === 'explicit-deny';
  return denied ? 'explicit-deny' : 'allowed';
}

/** A policy that grants nothing by itself and narrows what others grant. */
function limit(policy: PolicyDocument | undefined, request: PolicyRequest): Decision {
  return policy === undefined ? 'allowed' : evaluate([policy], request);
}

/**
 * The order in which AWS combines policies. Within an account a resource policy that names the session or role grants by
 * itself (boundary and session policy still narrow the role's part); one that names the account leaves it to identity
 * policies. Across accounts both sides must allow. Which of several refusing policies AWS names is not known.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
function refusalOf(opinions: Opinions, policy?: ResourcePolicy): Refusal | undefined {
  const { organization, identity, boundary, session, resource, crossAccount } = opinions;
  const resourceSide = [resource?.decision ?? 'allowed', policy?.title ?? 'resource-based policy'] as const;
  const identitySide = [identity, 'identity-based policy'] as const;
  const limits = [
    [boundary, 'permissions boundary'],
    [session, 'session policy'],
  ] as const;
  const sides = [[organization, 'service control policy'] as const, identitySide, ...limits, resourceSide];
  const denied = sides.find(([decision]) => decision === 'explicit-deny');
  if (denied !== undefined) return { decision: 'explicit-deny', by: denied[1] };

  const granted = resource?.decision === 'allowed';
  if (resource !== undefined && !granted && (crossAccount || policy?.mandatory === true)) {
    return { decision: 'implicit-deny', by: resourceSide[1] };
  }
  const named = granted && !crossAccount ? resource?.named : undefined;
  if (named === 'session') return undefined;
  const needed = named === 'role' ? limits : [identitySide, ...limits];
  const silent = needed.find(([decision]) => decision !== 'allowed');
  return silent && { decision: 'implicit-deny', by: silent[1] };
}

/**
 * AWS names the policy at fault within an account, but not to a stranger from another.
 * Source of the forms: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
function messageOf(principal: Principal, permission: Permission, refusal: Refusal, crossAccount: boolean): string {
  const fact = factOf(principal, permission);
  if (crossAccount) return fact;
  const article = /^[aeiou]/.test(refusal.by) ? 'an' : 'a';
  return refusal.decision === 'explicit-deny'
    ? `${fact} with an explicit deny in ${article} ${refusal.by}`
    : `${fact} because no ${refusal.by} allows the ${permission.action} action`;
}

function factOf(principal: Principal, { action, resource }: Permission): string {
  return `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`;
}
