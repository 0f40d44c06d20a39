import { conditionsHold } from './conditions';
import { type ConditionContext, matchesPattern, type Reading } from './pattern';
import type { PolicyDocument, PolicyStatement } from './principal';

export type Decision = 'allowed' | 'implicit-deny' | 'explicit-deny';

export interface PolicyRequest {
  /** Such as `rum:CreateAppMonitor`. */
  readonly action: string;
  /** ARN, or `*` where the action has no resource-level permission: then only `*` in a policy matches. */
  readonly resource: string;
  readonly context: ConditionContext;
}

/**
 * What policies of one kind (all identity policies of a role, say) say to a request: one explicit deny wins, else one
 * allow suffices. Principals are not looked at; `trust.ts` does that for policies that have them.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(documents: readonly PolicyDocument[], request: PolicyRequest): Decision {
  let decision: Decision = 'implicit-deny';
  for (const document of documents) {
    for (const statement of statements(document)) {
      if (!statementApplies(statement, document, request)) continue;
      if (statement.Effect === 'Deny') return 'explicit-deny';
      decision = 'allowed';
    }
  }
  return decision;
}

/** Whether action, resource and conditions of a statement fit the request. */
export function statementApplies(
  statement: PolicyStatement,
  document: PolicyDocument,
  request: PolicyRequest,
): boolean {
  // Only this version has policy variables; in the older one `${…}` is plain text.
  const reading: Reading = { context: request.context, variables: document.Version === '2012-10-17' };
  return (
    actionApplies(statement, request.action, reading) &&
    resourceApplies(statement, request.resource, reading) &&
    conditionsHold(statement.Condition, reading)
  );
}

export function statements(document: PolicyDocument): readonly PolicyStatement[] {
  return listOf(document.Statement);
}

export function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

function actionApplies(statement: PolicyStatement, action: string, reading: Reading): boolean {
  const named = (patterns: string | readonly string[] | undefined) =>
    listOf<string>(patterns).some((pattern) => matchesPattern(pattern, action, { ...reading, variables: false }, true));
  return statement.NotAction === undefined ? named(statement.Action) : !named(statement.NotAction);
}

function resourceApplies(statement: PolicyStatement, resource: string, reading: Reading): boolean {
  const named = (patterns: string | readonly string[] | undefined) =>
    listOf<string>(patterns).some((pattern) => matchesPattern(pattern, resource, reading));
  if (statement.NotResource !== undefined) return !named(statement.NotResource);
  // A trust policy names no resource: it speaks of its role.
  return statement.Resource === undefined || named(statement.Resource);
}
