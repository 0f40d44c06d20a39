import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { kept } from './kept';

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
 * Real key pairs for one sandbox. They are the one thing in it that no seed determines: each user has others. The n-th key
 * of a spec is the same in all sandboxes of a user, because making one of RSA takes up to seconds.
 */
export class KeyPairs {
  private readonly given = new Map<AsymmetricSpec, number>();

  /** Pairs of different purposes are never the same. */
  constructor(private readonly purpose: string) {}

  next(spec: AsymmetricSpec): KeyPair {
    const index = this.given.get(spec) ?? 0;
    this.given.set(spec, index + 1);
    const name = `${this.purpose} ${spec} ${index}`;
    const pair = made.get(name) ?? pairOf(kept(name.replaceAll(' ', '-'), () => generate(spec)));
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

function pairOf(pem: string): KeyPair {
  const privateKey = createPrivateKey(pem);
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** PEM of the private key. */
function generate(spec: AsymmetricSpec): string {
  const namedCurve = CURVES[spec];
  const { privateKey } =
    namedCurve !== undefined
      ? generateKeyPairSync('ec', { namedCurve })
      : generateKeyPairSync('rsa', { modulusLength: Number(spec.slice('RSA_'.length)) });
  return privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
