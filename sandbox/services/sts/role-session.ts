import type { TemporaryCredentials } from '../../iam/credentials';
import type { Context, Principal } from '../../iam/principal';
import type { Role } from '../../iam/role';
import { type Document, ServiceError } from '../service';
import type { SessionPolicy } from './session-policy';
import type { StsOptions } from './sts-options';

export interface RoleSession extends SessionPolicy, Pick<Principal, 'execution' | 'sourceIdentity' | 'sessionTags'> {
  readonly role: Role;
  readonly name: string;
  readonly durationSeconds: number;
  readonly transitiveTagKeys: readonly string[];
  /** What an identity provider said of who is behind the session. */
  readonly identity?: Context;
}

/** A new session of a role, and what all three operations that assume one answer of it. */
export function issueRoleSession(session: RoleSession, { credentials }: StsOptions): Document {
  const { role, name, policy, packedPercent, durationSeconds, ...options } = session;
  const { sourceIdentity } = session;
  const issued = credentials.forRole(role, name, {
    durationSeconds,
    ...(policy && { sessionPolicy: policy }),
    ...options,
  });
  return {
    Credentials: credentialsAnswer(issued),
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${name}`,
      Arn: `arn:${role.arn.split(':')[1]}:sts::${role.accountId}:assumed-role/${role.name}/${name}`,
    },
    ...(packedPercent !== undefined && { PackedPolicySize: packedPercent }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

export function credentialsAnswer(issued: TemporaryCredentials): Document {
  return {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: issued.expiration,
  };
}

export const DEFAULT_SECONDS = 3_600;

export function checkRoleDuration(seconds: number, { maxSessionSeconds }: Role): void {
  if (seconds <= maxSessionSeconds) return;
  throw new ServiceError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  );
}

export function checkRoleArn(arn: unknown): void {
  if (/^arn:[\w-]+:iam::\d{12}:role\/./.test(String(arn ?? ''))) return;
  throw new ServiceError('ValidationError', `${arn} is invalid`);
}

/** The account of an ARN; none in what is no ARN. */
export function accountOf(arn: unknown): string {
  return String(arn ?? '').split(':')[4] ?? '';
}
