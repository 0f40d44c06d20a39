import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { type IDelegable, RoleAssumption } from '../../src/sts';
import { actionsOf, filledIn, type Json, REFERENCES } from './synthesis';

/** Manages in another account, and in the region of the stack. */
export const THERE = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/there');

/** The stack of `testStack` and of `irishStack`, as another app knows it. */
export const MANAGER = { account: '111111111111', stackName: 'Stack', region: 'eu-west-1' };

/** What a role in the account 222222222222 would be allowed, with references filled in. */
export function delegated(delegable: IDelegable, references: Readonly<Record<string, string>> = {}): Json[] {
  return resolved(delegable.requiredPermissions().statements, { 'AWS::AccountId': '222222222222', ...references });
}

/** The actions among them. */
export function delegatedActions(delegable: IDelegable): string[] {
  return [...new Set(actionsOf(delegated(delegable)))];
}

function resolved(statements: iam.PolicyStatement[], references: Readonly<Record<string, string>>): Json[] {
  const stack = new Stack();
  return statements.map((statement) =>
    filledIn(stack.resolve(statement.toStatementJson()), { ...REFERENCES, ...references }),
  );
}

/** Statements one by one: what may be done with what, and on which condition. */
export function rightsOf(statements: Json[]): string[] {
  const rights = statements.flatMap(({ Action, Resource, Condition }) =>
    [Action]
      .flat()
      .flatMap((action: string) =>
        [Resource].flat().map((resource: string) => `${action} on ${resource} if ${JSON.stringify(Condition ?? {})}`),
      ),
  );
  return [...new Set(rights)].sort();
}
