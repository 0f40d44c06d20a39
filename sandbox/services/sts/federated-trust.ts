import type { Context } from '../../iam/principal';
import type { Role } from '../../iam/role';
import { evaluateTrust } from '../../iam/trust';
import { environmentOf } from '../environment';
import { type Call, type Document, ServiceError } from '../service';
import { checkSessionTags, tagContext, tagsOf } from './session-tags';
import { type StsOptions, spreadTrust } from './sts-options';

/** What an identity provider says of who wants to assume a role. */
export interface FederatedIdentity {
  /** As trust policies name the provider. */
  readonly provider: string;
  /** Condition keys of the trust policy alone. */
  readonly trustContext: Context;
  /** Condition keys of the trust policy, and of all later requests of the session. */
  readonly identity: Context;
  readonly sessionName: string;
  /** In the form of AssumeRole's input. */
  readonly tags: { readonly Tags: Document[]; readonly TransitiveTagKeys: readonly string[] };
  readonly sourceIdentity?: string;
}

/**
 * The role, if it trusts the provider for all that is asked: the action itself, and one each for tags and a source identity.
 * Nobody has signed the call, so the trust policy alone decides; and a role that does not exist trusts nobody.
 */
export function trustingRole(
  input: Document,
  federated: FederatedIdentity,
  action: string,
  call: Call,
  options: StsOptions,
): Role {
  const role = options.iam.role(input.RoleArn);
  const { tags, sourceIdentity, provider } = federated;
  const actions = [
    action,
    ...(tagsOf(tags.Tags).length > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity !== undefined ? ['sts:SetSourceIdentity'] : []),
  ];
  const context: Context = {
    ...environmentOf(call),
    ...tagContext(tags),
    ...federated.identity,
    ...federated.trustContext,
    'sts:RoleSessionName': federated.sessionName,
    ...(sourceIdentity !== undefined && { 'sts:SourceIdentity': sourceIdentity }),
  };
  const trusting = { arn: input.RoleArn, ...spreadTrust(role, call.world.clock.now(), options) };
  for (const asked of actions) {
    if (role !== undefined && evaluateTrust(trusting, { federated: provider }, asked, context) === 'allowed') continue;
    throw new ServiceError('AccessDenied', `Not authorized to perform ${asked}`, 403);
  }
  checkSessionTags(tags, call.principal);
  return role!;
}

/** Tags and transitive keys in the form of AssumeRole's input, within its limits. */
export function federatedTags(tags: ReadonlyArray<readonly [string, string]>, transitiveKeys: readonly string[]) {
  const fits = tags.length <= 50 && tags.every(([key, value]) => TAG_KEY.test(key) && TAG_VALUE.test(value));
  if (!fits)
    throw invalidIdentityToken('The session tags are more than 50, too long, or have signs that tags cannot have');
  return { Tags: tags.map(([Key, Value]) => ({ Key, Value })), TransitiveTagKeys: transitiveKeys };
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
const TAG_KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, `SourceIdentity` */
export function checkedSourceIdentity(value: string | undefined): string | undefined {
  if (value === undefined || /^[\w+=,.@-]{2,64}$/.test(value)) return value;
  throw invalidIdentityToken('Source Identity must match [\\w+=,.@-]{2,64}');
}

export function invalidIdentityToken(message: string): ServiceError {
  return new ServiceError('InvalidIdentityToken', message, 400);
}

export function expiredToken(message: string): ServiceError {
  return new ServiceError('ExpiredTokenException', message, 400);
}
