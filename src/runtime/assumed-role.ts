import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import type { Properties } from './properties';

/** One role to assume. */
export interface RoleSession {
  readonly request: AssumeRoleCommandInput & { RoleArn: string; RoleSessionName: string };
  readonly stsRegion: string;
  /** The role from whose session this one is assumed; without one, it is the function's own. */
  readonly via?: RoleSession;
}

/** The role that a resource's calls are made with, as `core` renders it into the property `AssumeRole`. */
export interface AssumedRole extends RoleSession {
  /** Where the resource is managed. */
  readonly region: string;
  readonly accountId: string;
}

export function decodeAssumedRole(properties: Properties, defaultRegion: string): AssumedRole | undefined {
  const role = properties.optionalObject('AssumeRole');
  if (role === undefined) return undefined;
  const region = role.optionalString('Region') ?? defaultRegion;
  const session = decodeSession(role, region);
  return { ...session, region, accountId: accountOf(session) };
}

/** The account of the role. */
export function accountOf({ request }: RoleSession): string {
  return request.RoleArn.split(':')[4] ?? '';
}

function decodeSession(role: Properties, region: string): RoleSession {
  const tags = Object.entries(role.tags('Tags')).map(([Key, Value]) => ({ Key, Value }));
  const via = role.optionalObject('Via');
  return {
    request: {
      RoleArn: role.string('RoleArn'),
      RoleSessionName: role.string('SessionName'),
      DurationSeconds: role.optionalNumber('DurationSeconds'),
      ExternalId: role.optionalString('ExternalId'),
      Policy: role.optionalString('Policy'),
      PolicyArns: role.optionalStrings('PolicyArns')?.map((arn) => ({ arn })),
      Tags: tags.length === 0 ? undefined : tags,
      TransitiveTagKeys: role.optionalStrings('TransitiveTagKeys'),
      SourceIdentity: role.optionalString('SourceIdentity'),
    },
    stsRegion: role.optionalString('StsRegion') ?? region,
    via: via && decodeSession(via, region),
  };
}
