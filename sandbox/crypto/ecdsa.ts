import { createECDH, createHmac, type KeyObject } from 'node:crypto';

/**
 * ECDSA over a digest that somebody else has made, which `node:crypto` cannot do: it always hashes. The nonce comes from
 * the key and the digest, so the same digest has the same signature. To verify, the private key is used too: who keeps
 * both can find the nonce of a signature and look whether it fits.
 */
export function signDigest(privateKey: KeyObject, digest: Buffer): Buffer {
  const { curve, d, order, bytes } = parameters(privateKey);
  const e = digestNumber(digest, order);
  for (let attempt = 0; ; attempt++) {
    const k = nonce(d, digest, attempt, order, bytes);
    const r = pointX(curve, k, bytes) % order;
    const s = mod(inverse(k, order) * (e + r * d), order);
    if (r !== 0n && s !== 0n) return derSequence(r, s);
  }
}

export function verifyDigest(privateKey: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const parts = readSequence(signature);
  if (parts === undefined) return false;
  const [r, s] = parts;
  const { curve, d, order, bytes } = parameters(privateKey);
  if (r <= 0n || s <= 0n || r >= order || s >= order) return false;
  const k = mod(inverse(s, order) * (digestNumber(digest, order) + r * d), order);
  return k !== 0n && pointX(curve, k, bytes) % order === r;
}

interface Parameters {
  readonly curve: string;
  readonly d: bigint;
  readonly order: bigint;
  readonly bytes: number;
}

/** The orders of the curves' groups, by their names in OpenSSL. Source: SEC 2, version 2.0, https://www.secg.org/sec2-v2.pdf */
const ORDERS: Readonly<Record<string, string>> = {
  prime256v1: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
  secp256k1: 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141',
  secp384r1: 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  secp521r1:
    '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
};

function parameters(privateKey: KeyObject): Parameters {
  const curve = privateKey.asymmetricKeyDetails?.namedCurve ?? '';
  const order = ORDERS[curve];
  if (order === undefined) throw new Error(`a key on curve '${curve}' cannot sign here; use ${Object.keys(ORDERS)}`);
  const d = number(Buffer.from(privateKey.export({ format: 'jwk' }).d as string, 'base64url'));
  return { curve, d, order: BigInt(`0x${order}`), bytes: order.length / 2 };
}

/** The leftmost bits of the digest, as many as the order has. */
function digestNumber(digest: Buffer, order: bigint): bigint {
  const surplus = digest.length * 8 - order.toString(2).length;
  return surplus > 0 ? number(digest) >> BigInt(surplus) : number(digest);
}

/** In the manner of RFC 6979, with a simpler derivation: nobody outside has to find the same nonce. */
function nonce(d: bigint, digest: Buffer, attempt: number, order: bigint, bytes: number): bigint {
  const block = (index: number) =>
    createHmac('sha512', padded(d, bytes)).update(`${attempt} ${index} `).update(digest).digest();
  return (number(Buffer.concat([block(0), block(1)])) % (order - 1n)) + 1n;
}

/** The x coordinate of `k` times the curve's base point. */
function pointX(curve: string, k: bigint, bytes: number): bigint {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(padded(k, bytes));
  const point = ecdh.getPublicKey();
  return number(point.subarray(1, 1 + (point.length - 1) / 2));
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b] = [mod(value, modulus), modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return mod(x, modulus);
}

function mod(value: bigint, modulus: bigint): bigint {
  return ((value % modulus) + modulus) % modulus;
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x0${bytes.toString('hex')}`);
}

function padded(value: bigint, bytes: number): Buffer {
  return Buffer.from(value.toString(16).padStart(bytes * 2, '0'), 'hex');
}

/** ASN.1 DER: a sequence of two integers. */
function derSequence(...values: readonly bigint[]): Buffer {
  const body = Buffer.concat(values.map(derInteger));
  const length = body.length < 128 ? [body.length] : [0x81, body.length];
  return Buffer.concat([Buffer.from([0x30, ...length]), body]);
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // A leading bit would make it negative.
  const content = bytes[0]! >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, content.length]), content]);
}

function readSequence(signature: Buffer): readonly [bigint, bigint] | undefined {
  const start = signature[1] === 0x81 ? 3 : 2;
  const first = readInteger(signature, start);
  const second = first && readInteger(signature, first.end);
  if (signature[0] !== 0x30 || second === undefined || second.end !== signature.length) return undefined;
  const parts = [first!.value, second.value] as const;
  // Only the one encoding that DER allows counts.
  return derSequence(...parts).equals(signature) ? parts : undefined;
}

function readInteger(bytes: Buffer, at: number): { readonly value: bigint; readonly end: number } | undefined {
  const length = bytes[at + 1];
  if (bytes[at] !== 0x02 || length === undefined) return undefined;
  const end = at + 2 + length;
  return { value: number(bytes.subarray(at + 2, end)), end };
}
