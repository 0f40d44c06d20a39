import type { Verdict } from './authorization';
import type { Iam } from './iam';
import { boundaryOf, identityPolicies, serviceControlPolicies } from './identity-policies';
import { ConditionContext } from './pattern';
import { listOf, type PolicyRequest, statementApplies, statements } from './policy';
import type { Context, Permission, PolicyDocument, PolicyStatement, Principal } from './principal';
import { contextSources } from './principal-context';
import { principalsOf, speaksOf } from './trust';

/**
 * What AWS tells of a refusal to who may decode it.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_DecodeAuthorizationMessage.html and, for the lists that
 * are called `items`, https://docs.aws.amazon.com/IAM/latest/UserGuide/sts_example_sts_DecodeAuthorizationMessage_section.html
 */
export function authorizationMessage(
  iam: Iam,
  principal: Principal,
  permission: Permission,
  environment: Context,
  { decision }: Pick<Verdict, 'decision'>,
): object {
  const context: Context = Object.assign({}, ...contextSources(iam, principal, permission, environment));
  const { action, resource } = permission;
  const request = { action, resource, context: new ConditionContext(context) };
  const denying = decision === 'explicit-deny' ? denyingStatements(iam, principal, permission, request) : [];
  return {
    allowed: decision === 'allowed',
    explicitDeny: decision === 'explicit-deny',
    matchedStatements: items(denying.map((statement) => matched(statement, principal))),
    failures: items([]),
    context: {
      principal: {
        id: principal.userId,
        ...(principal.user !== undefined && { name: principal.user.name }),
        arn: principal.arn,
      },
      action,
      resource,
      conditions: items(
        Object.entries(context).map(([key, value]) => ({ key, values: items(listOf(value).map(valued)) })),
      ),
    },
  };
}

/** The statements of all policies that deny the request. */
function denyingStatements(iam: Iam, principal: Principal, permission: Permission, request: PolicyRequest) {
  const denies = (document: PolicyDocument) =>
    statements(document).filter(
      (statement) => statement.Effect === 'Deny' && statementApplies(statement, document, request),
    );
  const limits = [boundaryOf(iam, principal), principal.sessionPolicy].filter((document) => document !== undefined);
  const own = [...serviceControlPolicies(iam, principal), ...identityPolicies(iam, principal), ...limits];
  const policy = permission.resourcePolicy;
  const foreign = policy === undefined ? [] : denies(policy.document);
  return [...own.flatMap(denies), ...foreign.filter((statement) => speaksOf(statement, principal, policy!))];
}

function matched(statement: PolicyStatement, principal: Principal): object {
  const named = principalsOf(statement, 'AWS');
  const principals = named.length > 0 ? named : [principal.user?.id ?? principal.userId.split(':')[0]!];
  return {
    statementId: statement.Sid ?? '',
    effect: statement.Effect.toUpperCase(),
    principals: items(principals.map(valued)),
    principalGroups: items([]),
    actions: items(listOf<string>(statement.Action ?? statement.NotAction).map(valued)),
    resources: items(listOf<string>(statement.Resource ?? statement.NotResource).map(valued)),
    conditions: items(conditionsOf(statement)),
  };
}

function conditionsOf({ Condition = {} }: PolicyStatement): object[] {
  return Object.values(Condition).flatMap((keys) =>
    Object.entries(keys).map(([key, value]) => ({ key, values: items([value].flat().map(valued)) })),
  );
}

function items<T>(list: readonly T[]): { readonly items: readonly T[] } {
  return { items: list };
}

function valued(value: unknown): { readonly value: string } {
  return { value: String(value) };
}
