import { RemovalPolicy } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SettledResource } from '../core/settled-resource';
import { UntaggedResource } from '../core/untagged-resource';
import type { RoleAssumption } from '../sts/role-assumption';
import { recordPrefix, S3_RESOURCES_REQUIREMENT } from './provider';
import type { RenderedResource } from './s3-resource-list';

/** What one and many associations have in common. */
export interface S3AssociationOptions {
  readonly memberAccountId?: string;
  readonly removalPolicy?: RemovalPolicy;
  readonly assumeRole?: RoleAssumption;
}

/** The custom resource of one or many S3 resources, which are the same to the handler. */
export function s3Resources(
  scope: Construct,
  { memberAccountId, removalPolicy, assumeRole }: S3AssociationOptions,
  resources: readonly RenderedResource[],
): SettledResource {
  return new UntaggedResource(scope, 'Resource', {
    ...S3_RESOURCES_REQUIREMENT,
    properties: { MemberAccountId: memberAccountId, Resources: resources, RecordPrefix: recordPrefix() },
    removalPolicy: removalPolicy ?? RemovalPolicy.DESTROY,
    assumeRole,
  });
}
