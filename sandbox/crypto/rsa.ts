import {
  constants,
  createHash,
  createHmac,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  timingSafeEqual,
} from 'node:crypto';

/**
 * RSA signatures over a digest that somebody else has made, which `node:crypto` cannot do: it always hashes. The salt of
 * PSS comes from the key and the digest, so the same digest has the same signature.
 */
export type RsaPadding = 'PKCS1' | 'PSS';
export type Hash = 'sha256' | 'sha384' | 'sha512';

export function signDigest(privateKey: KeyObject, padding: RsaPadding, hash: Hash, digest: Buffer): Buffer {
  if (padding === 'PKCS1') {
    return privateEncrypt({ key: privateKey, padding: constants.RSA_PKCS1_PADDING }, digestInfo(hash, digest));
  }
  const secret = privateKey.export({ format: 'der', type: 'pkcs8' });
  const salt = createHmac(hash, secret).update(digest).digest();
  const encoded = encodePss(hash, digest, salt, privateKey.asymmetricKeyDetails!.modulusLength!);
  return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded);
}

export function verifyDigest(
  publicKey: KeyObject,
  padding: RsaPadding,
  hash: Hash,
  digest: Buffer,
  signature: Buffer,
): boolean {
  try {
    if (padding === 'PKCS1') {
      const found = publicDecrypt({ key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature);
      return same(found, digestInfo(hash, digest));
    }
    const encoded = publicDecrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, signature);
    const salt = saltOf(hash, encoded, digest.length);
    return same(encoded, encodePss(hash, digest, salt, publicKey.asymmetricKeyDetails!.modulusLength!));
  } catch {
    // What OpenSSL cannot even read is no signature.
    return false;
  }
}

/** The ASN.1 prefixes of digests. Source: RFC 8017, section 9.2, note 1 */
const PREFIXES: Readonly<Record<Hash, string>> = {
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

function digestInfo(hash: Hash, digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(PREFIXES[hash], 'hex'), digest]);
}

/** EMSA-PSS-ENCODE of RFC 8017, section 9.1.1, for a modulus of whole bytes. */
function encodePss(hash: Hash, digest: Buffer, salt: Buffer, modulusBits: number): Buffer {
  const size = modulusBits / 8;
  const h = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
  const data = Buffer.concat([Buffer.alloc(size - salt.length - h.length - 2), Buffer.from([1]), salt]);
  const masked = masking(hash, h, data);
  masked[0]! &= 0x7f;
  return Buffer.concat([masked, h, Buffer.from([0xbc])]);
}

function saltOf(hash: Hash, encoded: Buffer, length: number): Buffer {
  const end = encoded.length - 1;
  const data = masking(hash, encoded.subarray(end - length, end), encoded.subarray(0, end - length));
  return data.subarray(data.length - length);
}

/** `data` under the mask that MGF1 of RFC 8017, appendix B.2.1, makes of the seed. */
function masking(hash: Hash, seed: Buffer, data: Buffer): Buffer {
  const masked = Buffer.from(data);
  const step = seed.length;
  for (let at = 0; at < data.length; at += step) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(at / step);
    const mask = createHash(hash).update(seed).update(counter).digest();
    for (let i = 0; i < step && at + i < data.length; i++) masked[at + i]! ^= mask[i]!;
  }
  return masked;
}

function same(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
