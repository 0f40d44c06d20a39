import * as iam from 'aws-cdk-lib/aws-iam';
import type { Realm } from './realm';

/**
 * Name of the tag with which the handlers mark what belongs to a stack; its value begins with the stack's name and a
 * slash. The handlers' side is `src/runtime/identity.ts`.
 */
const OWNER_TAG = 'cdk-settled:owner';

/** Actions that make resources: allowed only if the request carries the stack's owner tag. */
export function creatingOwned({ stackName }: Realm, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions,
    resources,
    conditions: { StringLike: { [`aws:RequestTag/${OWNER_TAG}`]: `${stackName}/*` } },
  });
}

/** Actions that change or delete resources: allowed only on what carries the stack's owner tag. */
export function changingOwned({ stackName }: Realm, actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions,
    resources,
    conditions: { StringLike: { [`aws:ResourceTag/${OWNER_TAG}`]: `${stackName}/*` } },
  });
}

/** What remains of statements when they may allow these actions only. */
export function narrowed(
  statements: readonly iam.PolicyStatement[],
  allowed: ReadonlySet<string>,
): iam.PolicyStatement[] {
  return statements
    .map((statement) => statement.copy({ actions: statement.actions.filter((action) => allowed.has(action)) }))
    .filter(({ actions }) => actions.length > 0);
}
