import { type KeyObject, verify } from 'node:crypto';
import type { VerificationKey } from '../../iam/identity-providers';

/** A JSON Web Token that has been taken apart, and not verified. */
export interface JsonWebToken {
  readonly algorithm: string;
  readonly keyId?: string;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly signed: string;
  readonly signature: Buffer;
}

/** `undefined` when the text is no signed token. Source: https://www.rfc-editor.org/rfc/rfc7515 */
export function parseJsonWebToken(text: string): JsonWebToken | undefined {
  const parts = text.split('.');
  const [header, claims] = parts.slice(0, 2).map(objectOf);
  if (parts.length !== 3 || header === undefined || claims === undefined) return undefined;
  return {
    algorithm: String(header.alg),
    ...(typeof header.kid === 'string' && { keyId: header.kid }),
    claims,
    signed: `${parts[0]}.${parts[1]}`,
    signature: Buffer.from(parts[2]!, 'base64url'),
  };
}

/** Whether one of the keys that the token can mean has signed it, with an algorithm that STS takes. */
export function isSignedBy(token: JsonWebToken, keys: readonly VerificationKey[]): boolean {
  const algorithm = ALGORITHMS[token.algorithm];
  if (algorithm === undefined) return false;
  return keys.some(({ id, key }) => {
    // A token that names no key may be signed with any.
    const meant = token.keyId === undefined || token.keyId === id;
    return meant && fits(key, algorithm) && verifies(token, key, algorithm.hash);
  });
}

interface Algorithm {
  readonly hash: string;
  /** For ECDSA, where each algorithm has its curve. */
  readonly curve?: string;
}

/**
 * Sources: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html, `WebIdentityToken`;
 * https://www.rfc-editor.org/rfc/rfc7518#section-3
 */
const ALGORITHMS: Readonly<Record<string, Algorithm>> = {
  RS256: { hash: 'sha256' },
  RS384: { hash: 'sha384' },
  RS512: { hash: 'sha512' },
  ES256: { hash: 'sha256', curve: 'prime256v1' },
  ES384: { hash: 'sha384', curve: 'secp384r1' },
  ES512: { hash: 'sha512', curve: 'secp521r1' },
};

function fits(key: KeyObject, { curve }: Algorithm): boolean {
  if (curve === undefined) return key.asymmetricKeyType === 'rsa';
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === curve;
}

function verifies({ signed, signature }: JsonWebToken, key: KeyObject, hash: string): boolean {
  return verify(hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature);
}

function objectOf(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
