import type { PolicyDocument } from './principal';

/** A trust policy, and what it was when it was written. */
export interface TrustVersion {
  /** Virtual time in milliseconds since the epoch. */
  readonly since: number;
  readonly trust: PolicyDocument;
  readonly trustedIds: ReadonlyMap<string, string>;
}

/**
 * The trust policy that was in force at a moment. IAM is eventually consistent: elsewhere a role is known for some time
 * as it was before its last change, and a new one not at all.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
 */
export function trustAt(versions: readonly TrustVersion[], at: number): TrustVersion {
  return versions.filter(({ since }) => since <= at).at(-1) ?? NOBODY;
}

/** The versions with one more, unless it says what the last one did: then nothing has to spread. */
export function withTrust(versions: readonly TrustVersion[], next: TrustVersion): readonly TrustVersion[] {
  const last = versions.at(-1);
  return last !== undefined && same(last, next) ? versions : [...versions, next];
}

export const NOBODY: TrustVersion = {
  since: 0,
  trust: { Version: '2012-10-17', Statement: [] },
  trustedIds: new Map(),
};

function same(a: TrustVersion, b: TrustVersion): boolean {
  const text = ({ trust, trustedIds }: TrustVersion) => JSON.stringify([trust, [...trustedIds]]);
  return text(a) === text(b);
}
