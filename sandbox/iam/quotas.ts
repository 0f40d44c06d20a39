import { ServiceError } from '../services/service';
import { checkPolicyDocument, policySize } from './policy-document';
import type { PolicyDocument } from './principal';

/** Source of these figures: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const ROLE_NAME_LENGTH = 64;
export const USER_NAME_LENGTH = 64;
export const POLICY_NAME_LENGTH = 128;
const INLINE_POLICIES_SIZE = 10_240;
const MANAGED_POLICY_SIZE = 6_144;
export const TRUST_POLICY_SIZE = 2_048;
export const MANAGED_POLICIES_PER_ROLE = 10;
const SESSION_SECONDS = { min: 3_600, max: 43_200 };

/** `owner` is such as `role Handler`. */
export function checkedInlinePolicies(
  policies: ReadonlyMap<string, PolicyDocument>,
  owner: string,
  maxSize = INLINE_POLICIES_SIZE,
) {
  let size = 0;
  for (const [name, document] of policies) {
    checkName('policy', name, POLICY_NAME_LENGTH);
    checkPolicyDocument(document, 'identity');
    size += policySize(document);
  }
  if (size > maxSize) throw limitExceeded(`Maximum policy size of ${maxSize} bytes exceeded for ${owner}`);
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

export function limitExceeded(message: string): ServiceError {
  return new ServiceError('LimitExceeded', message, 409);
}

export function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, 404);
}
