/**
 * Real RSA keys of 2048 bits that come from a number: the same number gives the same key, so a run with certificates is
 * the same, byte for byte, each time it is repeated. Whoever knows the number knows the key, which is fine in a sandbox and
 * nowhere else. Making one takes a fraction of a second, so a process keeps those that it made.
 */
import { checkPrimeSync, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { Random } from '../../kernel/random';

export interface RsaKey {
  readonly jwk: JsonWebKey;
  readonly publicKey: KeyObject;
}

export function rsaKey(number: number): RsaKey {
  const known = made.get(number);
  if (known !== undefined) return known;
  const jwk = makeKey(new Random(number));
  const key = { jwk, publicKey: createPublicKey(createPrivateKey({ key: jwk, format: 'jwk' })) };
  made.set(number, key);
  return key;
}

const made = new Map<number, RsaKey>();

const E = 65_537n;
const PRIME_BITS = 1024;

function makeKey(random: Random): JsonWebKey {
  const p = makePrime(random);
  const q = makePrime(random);
  const d = inverse(E, (p - 1n) * (q - 1n));
  const [n, dp, dq, qi] = [p * q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
  const parts = { n, e: E, d, p, q, dp, dq, qi };
  return { kty: 'RSA', ...Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, encode(part)])) };
}

function makePrime(random: Random): bigint {
  // The two highest bits make the product 2048 bits long, the lowest makes it odd.
  const highest = 3n << BigInt(PRIME_BITS - 2);
  let candidate = BigInt(`0x${random.hex(PRIME_BITS / 4)}`) | highest | 1n;
  while (candidate % E === 1n || !checkPrimeSync(candidate)) candidate += 2n;
  return candidate;
}

/** The inverse of `value` modulo `modulus`, by Euclid's extended algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
  }
  return x < 0n ? x + modulus : x;
}

function encode(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
