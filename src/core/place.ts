import { ArnFormat, type ResourceProps, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { RoleAssumption } from '../sts/role-assumption';

/** Account and region in which a role manages a resource, for the environment of its construct. */
export function placeOf(scope: Construct, assumeRole: RoleAssumption | undefined): ResourceProps {
  if (assumeRole === undefined) return {};
  const account = assumeRole._account ?? accountIn(scope, assumeRole.roleArn);
  return { account, region: assumeRole.region };
}

/** A value that is known at synthesis. */
export function known(value: string): string | undefined {
  return Token.isUnresolved(value) ? undefined : value;
}

/** A token, where the ARN is one. */
function accountIn(scope: Construct, arn: string): string | undefined {
  return Stack.of(scope).splitArn(arn, ArnFormat.SLASH_RESOURCE_NAME).account;
}
