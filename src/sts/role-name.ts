import { PhysicalName, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { digest } from '../core/digest';
import { pathBelow } from '../core/validation';

const MAX_NAME = 64;
const DIGEST = 8;

/**
 * A name for a role that stacks of other accounts refer to. The CDK's own would go when nothing refers to the role any more,
 * and the role with it, through which something is still to be deleted. Roles are the same in all regions of an account, so
 * the name says which. A stack without account and region cannot be referred to from elsewhere, and needs none.
 */
export function lastingRoleName(scope: Construct, id: string): string {
  const { stackName, account, region } = Stack.of(scope);
  if ([stackName, account, region].some(Token.isUnresolved)) return PhysicalName.GENERATE_IF_NEEDED;
  const path = pathBelow(scope, id);
  const words = path.replace(/[^\w+=,.@-]+/g, '-').slice(0, MAX_NAME - DIGEST - 1);
  return `${words}-${digest([stackName, region, path].join(' '), DIGEST)}`;
}
