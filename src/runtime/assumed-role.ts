import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { Properties } from './properties';

/** The role that a resource's calls are made with, as `core` renders it into the property `AssumeRole`. */
export interface AssumedRole {
  readonly request: AssumeRoleCommandInput & { RoleArn: string; RoleSessionName: string };
  /** Where the resource is managed. */
  readonly region: string;
  readonly stsRegion: string;
  readonly accountId: string;
}

export function decodeAssumedRole(properties: Properties, defaultRegion: string): AssumedRole | undefined {
  const role = properties.optionalObject('AssumeRole');
  if (role === undefined) return undefined;
  const roleArn = role.string('RoleArn');
  const region = role.optionalString('Region') ?? defaultRegion;
  const tags = Object.entries(role.tags('Tags')).map(([Key, Value]) => ({ Key, Value }));
  return {
    request: {
      RoleArn: roleArn,
      RoleSessionName: role.string('SessionName'),
      DurationSeconds: role.optionalNumber('DurationSeconds'),
      ExternalId: role.optionalString('ExternalId'),
      Policy: role.optionalString('Policy'),
      PolicyArns: role.optionalStrings('PolicyArns')?.map((arn) => ({ arn })),
      Tags: tags.length === 0 ? undefined : tags,
      TransitiveTagKeys: role.optionalStrings('TransitiveTagKeys'),
      SourceIdentity: role.optionalString('SourceIdentity'),
    },
    region,
    stsRegion: role.optionalString('StsRegion') ?? region,
    accountId: roleArn.split(':')[4] ?? '',
  };
}
