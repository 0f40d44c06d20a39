import { Aws } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { PROVIDER_TAG, providerTagOf } from './provider-identity';

/**
 * Tags a role of ours that can assume others, so that their trust policies can name it. Not by `Tags.of()`, which the tag
 * of an outer construct could take the place of.
 */
export function markAsProvider(role: iam.Role, service: string): void {
  const resource = role.node.defaultChild as iam.CfnRole;
  resource.tags.setTag(PROVIDER_TAG, providerTagOf({ stackName: Aws.STACK_NAME, service }), PRIORITY);
}

/** Above all that the CDK gives to tags: https://docs.aws.amazon.com/cdk/v2/guide/tagging.html */
const PRIORITY = 1_000;
