import { Aws } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Name of the tag with which the handlers mark what belongs to a stack; its value begins with the stack's name and a
 * slash. The handlers' side is `src/runtime/identity.ts`.
 */
const OWNER_TAG = 'cdk-settled:owner';

/** Actions that make resources: allowed only if the request carries this stack's owner tag. */
export function creatingOwned(actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions,
    resources,
    conditions: { StringLike: { [`aws:RequestTag/${OWNER_TAG}`]: `${Aws.STACK_NAME}/*` } },
  });
}

/** Actions that change or delete resources: allowed only on what carries this stack's owner tag. */
export function changingOwned(actions: string[], resources: string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions,
    resources,
    conditions: { StringLike: { [`aws:ResourceTag/${OWNER_TAG}`]: `${Aws.STACK_NAME}/*` } },
  });
}
