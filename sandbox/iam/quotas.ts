import { ServiceError } from '../services/service';
import { checkPolicyDocument, policySize } from './policy-document';
import type { PolicyHolder } from './policy-holders';
import type { PolicyDocument } from './principal';

/** Source of these figures: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_NAME_LENGTH = 64;
export const USER_NAME_LENGTH = 64;
export const GROUP_NAME_LENGTH = 128;
export const POLICY_NAME_LENGTH = 128;
const INLINE_POLICIES_SIZE = { role: 10_240, user: 2_048, group: 5_120 };
const MANAGED_POLICY_SIZE = 6_144;
export const TRUST_POLICY_SIZE = 2_048;
/** Of roles, users and groups alike. */
export const MANAGED_POLICIES_EACH = 10;
export const GROUPS_PER_USER = 10;
export const ACCESS_KEYS_PER_USER = 2;
const TAGS_EACH = 50;
const SESSION_SECONDS = { min: 3_600, max: 43_200 };

export function checkedInlinePolicies(
  policies: ReadonlyMap<string, PolicyDocument>,
  { kind, name: holder }: Pick<PolicyHolder, 'kind' | 'name'>,
) {
  const maxSize = INLINE_POLICIES_SIZE[kind];
  let size = 0;
  for (const [name, document] of policies) {
    checkName('policy', name, POLICY_NAME_LENGTH);
    checkPolicyDocument(document, 'identity');
    size += policySize(document);
  }
  if (size > maxSize) throw limitExceeded(`Maximum policy size of ${maxSize} bytes exceeded for ${kind} ${holder}`);
  return policies;
}

export function checkManagedPolicy(document: PolicyDocument): void {
  checkPolicyDocument(document, 'identity');
  if (policySize(document) > MANAGED_POLICY_SIZE) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${MANAGED_POLICY_SIZE}`);
  }
}

export function checkName(kind: string, name: string, maxLength: number): void {
  if (/^[\w+=,.@-]+$/.test(name) && name.length <= maxLength) return;
  throw new ServiceError(
    'ValidationError',
    `1 validation error detected: Value '${name}' at '${kind}Name' failed to satisfy constraint: ` +
      `Member must have length less than or equal to ${maxLength} and satisfy regular expression pattern: [\\w+=,.@-]+`,
  );
}

export function checkSessionDuration(seconds: number): void {
  if (seconds >= SESSION_SECONDS.min && seconds <= SESSION_SECONDS.max) return;
  throw new ServiceError(
    'ValidationError',
    `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: ` +
      `Member must have value between ${SESSION_SECONDS.min} and ${SESSION_SECONDS.max}`,
  );
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
export function checkedTags(tags: Readonly<Record<string, string>>, kind: 'role' | 'user') {
  const entries = Object.entries(tags);
  if (entries.length > TAGS_EACH) {
    throw limitExceeded(`Cannot exceed quota for TagsPer${kind === 'role' ? 'Role' : 'User'}: ${TAGS_EACH}`);
  }
  if (new Set(entries.map(([key]) => key.toLowerCase())).size < entries.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  for (const [key, value] of entries) {
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) {
      throw invalidInput(`The tag '${key}' with the value '${value}' is too long, or has signs that tags cannot have`);
    }
    if (/^aws:/i.test(key)) throw invalidInput(`The tag key '${key}' has the prefix aws:, which is reserved`);
  }
  return { ...tags };
}

function invalidInput(message: string): ServiceError {
  return new ServiceError('InvalidInput', message, 400);
}

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceeded', message, 409);
}

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, 404);
}
