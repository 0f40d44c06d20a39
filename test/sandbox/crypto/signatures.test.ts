import { constants, createHash, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import * as ecdsa from '../../../sandbox/crypto/ecdsa';
import { type AsymmetricSpec, KeyPairs } from '../../../sandbox/crypto/key-pairs';
import * as rsa from '../../../sandbox/crypto/rsa';

const message = Buffer.from('a certificate to be signed');
const HASHES = ['sha256', 'sha384', 'sha512'] as const;
const digestOf = (hash: string) => createHash(hash).update(message).digest();
const pairs = new KeyPairs('test');

test.each(HASHES)('RSA over a %s digest verifies as a signature of the message', (hash) => {
  const { privateKey, publicKey } = pairs.next('RSA_2048');
  const digest = digestOf(hash);
  const pkcs1 = rsa.signDigest(privateKey, 'PKCS1', hash, digest);
  expect(nodeVerify(hash, message, publicKey, pkcs1)).toBe(true);
  expect(pkcs1.equals(nodeSign(hash, message, privateKey))).toBe(true);
  const pss = rsa.signDigest(privateKey, 'PSS', hash, digest);
  const padding = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: digest.length };
  expect(nodeVerify(hash, message, { key: publicKey, ...padding }, pss)).toBe(true);
  expect(rsa.signDigest(privateKey, 'PSS', hash, digest).equals(pss)).toBe(true);
  const foreign = nodeSign(hash, message, { key: privateKey, ...padding });
  expect(rsa.verifyDigest(publicKey, 'PSS', hash, digest, foreign)).toBe(true);
  expect(rsa.verifyDigest(publicKey, 'PKCS1', hash, digest, pkcs1)).toBe(true);
  expect(rsa.verifyDigest(publicKey, 'PKCS1', hash, digestOf('sha3-256'), pkcs1)).toBe(false);
  expect(rsa.verifyDigest(publicKey, 'PSS', hash, digest, pkcs1)).toBe(false);
  expect(rsa.verifyDigest(publicKey, 'PSS', hash, digest, Buffer.from('no signature'))).toBe(false);
});

test.each<[AsymmetricSpec, string]>([
  ['ECC_NIST_P256', 'sha256'],
  ['ECC_SECG_P256K1', 'sha256'],
  ['ECC_NIST_P384', 'sha384'],
  ['ECC_NIST_P521', 'sha512'],
  ['ECC_NIST_P256', 'sha512'],
])('ECDSA on %s over a %s digest verifies as a signature of the message', (spec, hash) => {
  const { privateKey, publicKey } = pairs.next(spec);
  const digest = digestOf(hash);
  const signature = ecdsa.signDigest(privateKey, digest);
  expect(nodeVerify(hash, message, publicKey, signature)).toBe(true);
  expect(ecdsa.signDigest(privateKey, digest).equals(signature)).toBe(true);
  expect(ecdsa.verifyDigest(privateKey, digest, nodeSign(hash, message, privateKey))).toBe(true);
  expect(ecdsa.verifyDigest(privateKey, digestOf('sha3-256'), signature)).toBe(false);
  expect(ecdsa.verifyDigest(privateKey, digest, Buffer.from('no signature'))).toBe(false);
  expect(ecdsa.verifyDigest(privateKey, digest, Buffer.concat([signature, Buffer.from([0])]))).toBe(false);
});

test('the keys of one sandbox all differ, and those of the next are the same in their order', () => {
  const [one, two] = [new KeyPairs('same'), new KeyPairs('same')];
  const first = one.next('ECC_NIST_P256');
  expect(one.next('ECC_NIST_P256')).not.toBe(first);
  expect(two.next('ECC_NIST_P256')).toBe(first);
  expect(new KeyPairs('other').next('ECC_NIST_P256')).not.toBe(first);
});
