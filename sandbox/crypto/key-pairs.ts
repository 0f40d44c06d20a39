import { generateKeyPairSync, type KeyObject } from 'node:crypto';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Names of key material as KMS has them. */
export const ASYMMETRIC_SPECS = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
] as const;
export type AsymmetricSpec = (typeof ASYMMETRIC_SPECS)[number];

/**
 * Real key pairs for one sandbox. They are the one thing in it that no seed determines: each process makes its own. The
 * n-th key of a spec is the same in all sandboxes of a process, because making one of RSA takes up to seconds.
 */
export class KeyPairs {
  private readonly given = new Map<AsymmetricSpec, number>();

  /** Pairs of different purposes are never the same. */
  constructor(private readonly purpose: string) {}

  next(spec: AsymmetricSpec): KeyPair {
    const index = this.given.get(spec) ?? 0;
    this.given.set(spec, index + 1);
    const name = `${this.purpose} ${spec} ${index}`;
    const pair = made.get(name) ?? generate(spec);
    made.set(name, pair);
    return pair;
  }
}

const made = new Map<string, KeyPair>();

const CURVES: Readonly<Partial<Record<AsymmetricSpec, string>>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};

function generate(spec: AsymmetricSpec): KeyPair {
  const namedCurve = CURVES[spec];
  if (namedCurve !== undefined) return generateKeyPairSync('ec', { namedCurve });
  return generateKeyPairSync('rsa', { modulusLength: Number(spec.slice('RSA_'.length)) });
}
