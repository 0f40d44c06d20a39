import { ASYMMETRIC_SPECS, type AsymmetricSpec } from '../../crypto/key-pairs';
import type { Hash, RsaPadding } from '../../crypto/rsa';

/**
 * What each kind of key can do.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html
 */
export interface SigningAlgorithm {
  readonly scheme: RsaPadding | 'ECDSA';
  readonly hash: Hash;
}

export const SIGNING_ALGORITHMS: Readonly<Record<string, SigningAlgorithm>> = {
  RSASSA_PSS_SHA_256: { scheme: 'PSS', hash: 'sha256' },
  RSASSA_PSS_SHA_384: { scheme: 'PSS', hash: 'sha384' },
  RSASSA_PSS_SHA_512: { scheme: 'PSS', hash: 'sha512' },
  RSASSA_PKCS1_V1_5_SHA_256: { scheme: 'PKCS1', hash: 'sha256' },
  RSASSA_PKCS1_V1_5_SHA_384: { scheme: 'PKCS1', hash: 'sha384' },
  RSASSA_PKCS1_V1_5_SHA_512: { scheme: 'PKCS1', hash: 'sha512' },
  ECDSA_SHA_256: { scheme: 'ECDSA', hash: 'sha256' },
  ECDSA_SHA_384: { scheme: 'ECDSA', hash: 'sha384' },
  ECDSA_SHA_512: { scheme: 'ECDSA', hash: 'sha512' },
};

/** Bytes of a digest. */
export const DIGEST_LENGTHS: Readonly<Record<Hash, number>> = { sha256: 32, sha384: 48, sha512: 64 };

const RSA = Object.keys(SIGNING_ALGORITHMS).filter((name) => name.startsWith('RSASSA'));

const BY_CURVE: Readonly<Partial<Record<AsymmetricSpec, string>>> = {
  ECC_NIST_P256: 'ECDSA_SHA_256',
  ECC_SECG_P256K1: 'ECDSA_SHA_256',
  ECC_NIST_P384: 'ECDSA_SHA_384',
  ECC_NIST_P521: 'ECDSA_SHA_512',
};

export function signingAlgorithmsOf(spec: AsymmetricSpec): readonly string[] {
  const byCurve = BY_CURVE[spec];
  return byCurve === undefined ? RSA : [byCurve];
}

/** Key specs without a public half: keys of these are kept as records, nothing can be done with them here. */
export const SYMMETRIC_SPECS = ['SYMMETRIC_DEFAULT', 'HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'] as const;

export function isAsymmetric(spec: string): spec is AsymmetricSpec {
  return (ASYMMETRIC_SPECS as readonly string[]).includes(spec);
}

/** The usages that a spec allows; the first is the default where there is one. */
export function usagesOf(spec: string): readonly string[] {
  if (spec === 'SYMMETRIC_DEFAULT') return ['ENCRYPT_DECRYPT'];
  if (spec.startsWith('HMAC')) return ['GENERATE_VERIFY_MAC'];
  if (spec.startsWith('RSA')) return ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'];
  return spec === 'ECC_SECG_P256K1' ? ['SIGN_VERIFY'] : ['SIGN_VERIFY', 'KEY_AGREEMENT'];
}
