import { ConditionContext } from './pattern';
import { type Decision, listOf, type PolicyRequest, statementApplies, statements } from './policy';
import type { Context, PolicyDocument, PolicyStatement, Principal, ResourcePolicy } from './principal';
import { principalContext } from './principal-context';

/** Who asks: a session or administrator, an AWS service in its own name, or the holder of an identity provider's token. */
export type Party = Principal | { readonly service: string } | { readonly federated: string };

/** Whether a role's trust policy lets the party do this (`sts:AssumeRole`, `sts:TagSession` …) with the role. */
export function evaluateTrust(
  role: { readonly arn: string; readonly trust: PolicyDocument; readonly trustedIds?: ReadonlyMap<string, string> },
  party: Party,
  action: string,
  context: Context = {},
): Decision {
  const known = 'arn' in party ? principalContext(party) : {};
  return evaluateResourcePolicy({ document: role.trust, principalIds: role.trustedIds }, party, {
    action,
    resource: role.arn,
    context: new ConditionContext(known, context),
  }).decision;
}

export interface ResourceDecision {
  readonly decision: Decision;
  /**
   * Whom the allowing statement names: the session itself, its role (or user) or everyone, or only its account, which then must
   * allow the call with policies of its own.
   */
  readonly named?: Naming;
}

export type Naming = 'session' | 'role' | 'account';

/** What a policy with principals says to a request of `party`. */
export function evaluateResourcePolicy(policy: ResourcePolicy, party: Party, request: PolicyRequest): ResourceDecision {
  const rank: Naming[] = ['account', 'role', 'session'];
  let best = -1;
  for (const statement of statements(policy.document)) {
    const named = naming(statement, party, policy.principalIds);
    if (named === undefined || !statementApplies(statement, policy.document, request)) continue;
    if (statement.Effect === 'Deny') return { decision: 'explicit-deny' };
    best = Math.max(best, rank.indexOf(named));
  }
  return best < 0 ? { decision: 'implicit-deny' } : { decision: 'allowed', named: rank[best] };
}

/** Whether a statement of the policy names the party, if only by its account. */
export function speaksOf(statement: PolicyStatement, party: Party, policy: ResourcePolicy): boolean {
  return naming(statement, party, policy.principalIds) !== undefined;
}

/** The values of `Principal` by kind: `AWS`, `Service`, `Federated`. `*` alone means everyone. */
export function principalsOf(statement: PolicyStatement, kind: string): readonly string[] {
  const principal = statement.Principal;
  if (principal === '*') return kind === 'AWS' ? ['*'] : [];
  return listOf((principal as Readonly<Record<string, string | readonly string[]>> | undefined)?.[kind]) as string[];
}

function naming(statement: PolicyStatement, party: Party, ids: ReadonlyMap<string, string> | undefined) {
  if ('NotPrincipal' in statement) {
    throw new Error(
      'the sandbox does not know NotPrincipal: name the principals, or use a condition on aws:PrincipalArn',
    );
  }
  if ('service' in party) return principalsOf(statement, 'Service').includes(party.service) ? 'role' : undefined;
  if ('federated' in party) return principalsOf(statement, 'Federated').includes(party.federated) ? 'role' : undefined;
  const names = principalsOf(statement, 'AWS').map((name) => principalNaming(name, party, ids));
  return (['session', 'role', 'account'] as const).find((name) => names.includes(name));
}

function principalNaming(name: string, party: Principal, ids?: ReadonlyMap<string, string>): Naming | undefined {
  if (name === '*') return 'role';
  if (name === party.accountId || new RegExp(`^arn:[\\w-]+:iam::${party.accountId}:root$`).test(name)) return 'account';
  if (name === party.roleArn || name === party.user?.arn) {
    if (!sameOwner(party, ids?.get(name))) return undefined;
    // Without a session between them, the user itself is meant.
    return name === party.arn ? 'session' : 'role';
  }
  return name === party.arn ? 'session' : undefined;
}

/** The user id of a role's session starts with the id of its role. */
function sameOwner(party: Principal, pinnedId: string | undefined): boolean {
  return pinnedId === undefined || (party.user?.id ?? party.userId.split(':')[0]) === pinnedId;
}
