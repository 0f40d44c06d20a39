import { Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Validation } from '../core/validation';

/** `Policy` and `PolicyArns` of https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const CHARACTERS = /^[\u0020-\u00ff]*$/;
const MAX_CHARACTERS = 2048;

/**
 * Whether a session can be narrowed with this policy. What is not known before deployment is left to AWS: `managed` are
 * the ARNs of managed policies, which take their part of the characters.
 */
export function checkSessionPolicy(
  validation: Validation,
  property: string,
  policy: iam.PolicyDocument,
  managed: readonly string[] = [],
): void {
  const text = JSON.stringify(policy.toJSON() ?? {});
  validation.require(!policy.isEmpty, `${property} must have at least one statement; without one, leave it out`);
  if (Token.isUnresolved(text)) return;
  const taken = managed.filter((arn) => !Token.isUnresolved(arn)).join('').length;
  validation
    .pattern(property, text, CHARACTERS, 'consist of characters up to U+00FF')
    .length(property, text, 0, MAX_CHARACTERS)
    .require(
      text.length > MAX_CHARACTERS || text.length + taken <= MAX_CHARACTERS,
      `${property} and the ARNs of managed policies must have at most ${MAX_CHARACTERS} characters together, got ${text.length} and ${taken}; move statements into a managed policy`,
    );
}
