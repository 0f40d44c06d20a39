import type { Context, Permission, Principal } from '../../iam/principal';
import { type Call, type Document, type Operation, ServiceError } from '../service';
import { readSessionPolicy } from './session-policy';
import { checkSessionTags, inheritedTags, tagsOf } from './session-tags';
import { checkRegion, type StsOptions, type StsState } from './sts-options';

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole(options: StsOptions): Operation<StsState> {
  return {
    permissions: (input, call) => permissionsOf(input, call, options),
    handle: (input, _state, call) => assume(input, call, options),
  };
}

/** Hours that the docs give for role chaining, whatever the role's own maximum is. */
const CHAINED_SECONDS = 3_600;
const DEFAULT_SECONDS = 3_600;

/**
 * AssumeRole itself, and an action each for tags and a source identity; the role's trust policy has to allow them all.
 * A role that does not exist is refused as one that trusts nobody: a stranger does not learn which roles there are.
 */
function permissionsOf(input: Document, { principal }: Call, { iam }: StsOptions): readonly Permission[] {
  const role = iam.role(input.RoleArn);
  if (!/^arn:[\w-]+:iam::\d{12}:role\/./.test(input.RoleArn ?? '')) {
    throw new ServiceError('ValidationError', `${input.RoleArn} is invalid`);
  }
  const permission = (action: string): Permission => ({
    action,
    resource: String(input.RoleArn),
    context: { ...contextOf(input, principal), ...resourceTags(role?.tags) },
    resourcePolicy: {
      document: role?.trust ?? { Version: '2012-10-17', Statement: [] },
      principalIds: role?.trustedIds,
      mandatory: true,
      title: 'role trust policy',
    },
  });
  const tagged = tagsOf(input.Tags).length > 0 || Object.keys(inheritedTags(principal)).length > 0;
  const identified = input.SourceIdentity !== undefined || principal.sourceIdentity !== undefined;
  return [
    permission('sts:AssumeRole'),
    ...(tagged ? [permission('sts:TagSession')] : []),
    ...(identified ? [permission('sts:SetSourceIdentity')] : []),
  ];
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html */
function contextOf(input: Document, principal: Principal): Context {
  const tags = tagsOf(input.Tags);
  const sourceIdentity = input.SourceIdentity ?? principal.sourceIdentity;
  const context: Record<string, string | readonly string[] | undefined> = {
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:ExternalId': input.ExternalId,
    'sts:SourceIdentity': sourceIdentity,
    'sts:TransitiveTagKeys': input.TransitiveTagKeys,
    'aws:TagKeys': tags.map(([key]) => key),
    ...Object.fromEntries(tags.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
  };
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined)) as Context;
}

function resourceTags(tags: Readonly<Record<string, string>> = {}): Context {
  const entries = Object.entries(tags);
  return Object.fromEntries(
    entries.flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`iam:ResourceTag/${key}`, value],
    ]),
  );
}

function assume(input: Document, call: Call, options: StsOptions): Document {
  const { principal } = call;
  const role = options.iam.role(input.RoleArn);
  // The trust of a role that is not there has allowed nothing, so this call came no further than its authorization.
  if (role === undefined) throw new ServiceError('ValidationError', `${input.RoleArn} is invalid`);
  checkRegion(options, principal.accountId, call.region);
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw new ServiceError('AccessDenied', 'MultiFactorAuthentication failed: there is no such device.', 403);
  }
  if (input.ProvidedContexts !== undefined) {
    throw new Error('the sandbox does not know ProvidedContexts of AssumeRole: add it to sandbox/services/sts');
  }
  const durationSeconds = input.DurationSeconds ?? DEFAULT_SECONDS;
  checkDuration(durationSeconds, role.maxSessionSeconds, principal);
  const sourceIdentity = fixedSourceIdentity(input, principal);
  checkSessionTags(input, principal);
  const { policy, packedPercent } = readSessionPolicy(input, options.iam);

  const { expiration, ...keys } = options.credentials.forRole(role, input.RoleSessionName, {
    durationSeconds,
    ...(policy && { sessionPolicy: policy }),
    ...(principal.execution !== undefined && { execution: principal.execution }),
    sessionTags: { ...inheritedTags(principal), ...Object.fromEntries(tagsOf(input.Tags)) },
    transitiveTagKeys: [...Object.keys(inheritedTags(principal)), ...(input.TransitiveTagKeys ?? [])],
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  });
  return {
    Credentials: {
      AccessKeyId: keys.accessKeyId,
      SecretAccessKey: keys.secretAccessKey,
      SessionToken: keys.sessionToken,
      Expiration: expiration,
    },
    AssumedRoleUser: {
      AssumedRoleId: `${role.roleId}:${input.RoleSessionName}`,
      Arn: `arn:${role.arn.split(':')[1]}:sts::${role.accountId}:assumed-role/${role.name}/${input.RoleSessionName}`,
    },
    ...(packedPercent !== undefined && { PackedPolicySize: packedPercent }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  };
}

function checkDuration(seconds: number, maxSeconds: number, principal: Principal): void {
  if (principal.roleArn !== undefined && seconds > CHAINED_SECONDS) {
    throw new ServiceError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (seconds > maxSeconds) {
    throw new ServiceError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
}

/** Once set, a source identity stays through the chain. */
function fixedSourceIdentity(input: Document, principal: Principal): string | undefined {
  const { sourceIdentity } = principal;
  if (sourceIdentity !== undefined && ![undefined, sourceIdentity].includes(input.SourceIdentity)) {
    throw new ServiceError(
      'AccessDenied',
      `The source identity '${sourceIdentity}' of the calling session cannot be changed to '${input.SourceIdentity}'`,
      403,
    );
  }
  return input.SourceIdentity ?? sourceIdentity;
}
