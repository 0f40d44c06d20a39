import { deflateRawSync } from 'node:zlib';
import type { Iam } from '../../iam/iam';
import { statements } from '../../iam/policy';
import { parsePolicyDocument } from '../../iam/policy-document';
import type { PolicyDocument } from '../../iam/principal';
import { type Document, ServiceError } from '../service';
import { accountOf } from './role-session';

/** What narrows the new session, and how much of the packed limit it takes with the tags. */
export interface SessionPolicy {
  readonly policy?: PolicyDocument;
  readonly packedPercent?: number;
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html, `Policy` and `PolicyArns`. */
const PLAINTEXT_CHARACTERS = 2_048;
const MAX_POLICY_ARNS = 10;

/**
 * How AWS packs is not published: deflation stands in for it here, and a size for the limit. So near the limit the
 * sandbox and AWS may differ.
 */
const PACKED_BYTES = 2_048;

/** `accountId` is that of the role or user: its managed policies alone can be named, and those of AWS. */
export function readSessionPolicy(input: Document, iam: Iam, accountId: string): SessionPolicy {
  const arns = ((input.PolicyArns ?? []) as ReadonlyArray<{ arn?: string }>).map(({ arn = '' }) => arn);
  checkPlaintext(input.Policy, arns);
  const documents = [
    ...(input.Policy === undefined ? [] : [parsePolicyDocument(input.Policy)]),
    // A managed policy that is not there grants nothing.
    ...arns.map((arn) => (isForeign(arn, accountId) ? undefined : iam.managedPolicy(arn)) ?? NOTHING),
  ];
  const packed = [input.Policy ?? '', ...arns, ...(input.Tags ?? []).map((tag: Document) => JSON.stringify(tag))].join(
    '',
  );
  return {
    ...(documents.length > 0 && { policy: merged(documents) }),
    ...(packed !== '' && { packedPercent: packedPercent(packed) }),
  };
}

const NOTHING: PolicyDocument = { Version: '2012-10-17', Statement: [] };

function isForeign(arn: string, accountId: string): boolean {
  return !['aws', accountId].includes(accountOf(arn));
}

function checkPlaintext(policy: string | undefined, arns: readonly string[]): void {
  if (arns.length > MAX_POLICY_ARNS) {
    throw new ServiceError(
      'ValidationError',
      `${arns.length} policy ARNs were given, at most ${MAX_POLICY_ARNS} may be.`,
    );
  }
  const length = (policy ?? '').length;
  if (length > PLAINTEXT_CHARACTERS) {
    throw new ServiceError(
      'ValidationError',
      "1 validation error detected: Value at 'policy' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${PLAINTEXT_CHARACTERS}`,
    );
  }
  const total = arns.reduce((sum, arn) => sum + arn.length, length);
  if (total > PLAINTEXT_CHARACTERS) throw tooLarge(Math.ceil((100 * total) / PLAINTEXT_CHARACTERS));
}

function merged(documents: readonly PolicyDocument[]): PolicyDocument {
  if (documents.length === 1) return documents[0] as PolicyDocument;
  return { Version: '2012-10-17', Statement: documents.flatMap(statements) };
}

function packedPercent(text: string): number {
  const percent = Math.ceil((100 * deflateRawSync(text).length) / PACKED_BYTES);
  if (percent > 100) throw tooLarge(percent);
  return percent;
}

function tooLarge(percent: number): ServiceError {
  return new ServiceError(
    'PackedPolicyTooLarge',
    `Packed policy consumes ${percent}% of allotted space, use smaller policy.`,
  );
}
