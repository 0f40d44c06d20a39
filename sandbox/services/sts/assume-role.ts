import type { Context, Permission, Principal } from '../../iam/principal';
import { type Call, type Document, type Operation, ServiceError } from '../service';
import { mfaOf } from './mfa';
import { checkCallingRegion, checkIssuingRegion } from './regions';
import { checkRoleArn, checkRoleDuration, DEFAULT_SECONDS, issueRoleSession } from './role-session';
import { readSessionPolicy } from './session-policy';
import { checkSessionTags, inheritedTags, tagContext, tagsOf } from './session-tags';
import { type StsOptions, type StsState, spreadTrust } from './sts-options';

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole(options: StsOptions): Operation<StsState> {
  return {
    permissions: (input, call) => permissionsOf(input, call, options),
    handle: (input, _state, call) => assume(input, call, options),
  };
}

/** Hours that the docs give for role chaining, whatever the role's own maximum is. */
const CHAINED_SECONDS = 3_600;

/**
 * AssumeRole itself, and an action each for tags and a source identity; the role's trust policy has to allow them all.
 * A role that does not exist is refused as one that trusts nobody: a stranger does not learn which roles there are.
 */
function permissionsOf(input: Document, call: Call, options: StsOptions): readonly Permission[] {
  checkRoleArn(input.RoleArn);
  const { principal } = call;
  const role = options.iam.role(input.RoleArn);
  const { trust, trustedIds } = spreadTrust(role, call.world.clock.now(), options);
  const context = { ...contextOf(input, principal), ...mfaContext(input, call, options), ...resourceTags(role?.tags) };
  const permission = (action: string): Permission => ({
    action,
    resource: String(input.RoleArn),
    context,
    resourcePolicy: { document: trust, principalIds: trustedIds, mandatory: true, title: 'role trust policy' },
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
  const sourceIdentity = input.SourceIdentity ?? principal.sourceIdentity;
  const context: Record<string, string | readonly string[] | undefined> = {
    'sts:RoleSessionName': input.RoleSessionName,
    'sts:ExternalId': input.ExternalId,
    'sts:SourceIdentity': sourceIdentity,
    ...tagContext(input),
  };
  return Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined)) as Context;
}

/** The request's own code is what counts for it; the new session knows nothing of that. */
function mfaContext(input: Document, call: Call, options: StsOptions): Context {
  return mfaOf(input, call, options) === undefined
    ? {}
    : { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '0' };
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
  checkCallingRegion(options, call);
  checkIssuingRegion(options, role.accountId, call.region);
  if (input.ProvidedContexts !== undefined) {
    throw new Error('the sandbox does not know ProvidedContexts of AssumeRole: add it to sandbox/services/sts');
  }
  const durationSeconds = input.DurationSeconds ?? DEFAULT_SECONDS;
  checkChainedDuration(durationSeconds, principal);
  checkRoleDuration(durationSeconds, role);
  const sourceIdentity = fixedSourceIdentity(input, principal);
  checkSessionTags(input, principal);
  const session = {
    role,
    name: input.RoleSessionName,
    durationSeconds,
    ...readSessionPolicy(input, options.iam, role.accountId),
    ...(principal.execution !== undefined && { execution: principal.execution }),
    sessionTags: { ...inheritedTags(principal), ...Object.fromEntries(tagsOf(input.Tags)) },
    transitiveTagKeys: [...Object.keys(inheritedTags(principal)), ...(input.TransitiveTagKeys ?? [])],
    ...(sourceIdentity !== undefined && { sourceIdentity }),
  };
  return issueRoleSession(session, options);
}

function checkChainedDuration(seconds: number, principal: Principal): void {
  if (principal.roleArn === undefined || seconds <= CHAINED_SECONDS) return;
  throw new ServiceError(
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
  );
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
