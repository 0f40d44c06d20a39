import type { Iam } from './iam';
import { identityPolicies } from './identity-policies';
import { ConditionContext } from './pattern';
import { type Decision, evaluate, type PolicyRequest } from './policy';
import type { Context, Permission, Principal, ResourcePolicy } from './principal';
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
    identity: identityDecision(iam, principal, request),
    session: principal.sessionPolicy === undefined ? 'allowed' : evaluate([principal.sessionPolicy], request),
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
  readonly identity: Decision;
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

/**
 * The order in which AWS combines policies. Within an account a resource policy that names the session or role grants by
 * itself (a session policy still narrows the role's part); one that names the account leaves it to identity policies.
 * Across accounts both sides must allow.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
function refusalOf({ identity, session, resource, crossAccount }: Opinions, policy?: ResourcePolicy) {
  const sides: ReadonlyArray<readonly [Decision, string]> = [
    [identity, 'identity-based policy'],
    [session, 'session policy'],
    [resource?.decision ?? 'allowed', policy?.title ?? 'resource-based policy'],
  ];
  const denied = sides.find(([decision]) => decision === 'explicit-deny');
  if (denied !== undefined) return refuse('explicit-deny', denied[1]);

  const granted = resource?.decision === 'allowed';
  if (resource !== undefined && !granted && (crossAccount || policy?.mandatory === true)) {
    return refuse('implicit-deny', sides[2]![1]);
  }
  const named = granted && !crossAccount ? resource?.named : undefined;
  if (named === 'session') return undefined;
  if (named !== 'role' && identity !== 'allowed') return refuse('implicit-deny', sides[0]![1]);
  return session === 'allowed' ? undefined : refuse('implicit-deny', sides[1]![1]);
}

function refuse(decision: Refusal['decision'], by: string): Refusal {
  return { decision, by };
}

/** AWS names the policy at fault within an account, but not to a stranger from another. */
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
