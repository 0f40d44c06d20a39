import { createHash } from 'node:crypto';
import * as ecdsa from '../../crypto/ecdsa';
import type { KeyPair } from '../../crypto/key-pairs';
import * as rsa from '../../crypto/rsa';
import { type Call, type Document, ServiceError } from '../service';
import { disabled, invalidState, validation, wrongUsage } from './errors';
import { DIGEST_LENGTHS, isAsymmetric, SIGNING_ALGORITHMS, type SigningAlgorithm, signingAlgorithmsOf } from './specs';
import { type Key, keyState } from './state';

/** A signature that is the same for the same message, whatever the algorithm. */
export function sign(key: Key, input: Document, call: Call): Document {
  const { pair, algorithm, digest } = prepared(key, input, call);
  const { scheme, hash } = algorithm;
  const Signature =
    scheme === 'ECDSA'
      ? ecdsa.signDigest(pair.privateKey, digest)
      : rsa.signDigest(pair.privateKey, scheme, hash, digest);
  return { KeyId: key.arn, Signature, SigningAlgorithm: input.SigningAlgorithm };
}

/** A signature that does not fit is an error; the answer never says false. */
export function verify(key: Key, input: Document, call: Call): Document {
  const { pair, algorithm, digest } = prepared(key, input, call);
  const signature = Buffer.from(input.Signature);
  const { scheme, hash } = algorithm;
  const valid =
    scheme === 'ECDSA'
      ? ecdsa.verifyDigest(pair.privateKey, digest, signature)
      : rsa.verifyDigest(pair.publicKey, scheme, hash, digest, signature);
  if (!valid) throw new ServiceError('KMSInvalidSignatureException', 'The signature does not fit the message and key');
  return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm: input.SigningAlgorithm };
}

/** Throws unless the key can be used now. */
export function checkUsable(key: Key, call: Call): void {
  const state = keyState(key, call.world.clock.now());
  if (state === 'PendingDeletion') throw invalidState(key.arn, 'pending deletion');
  if (state === 'Disabled') throw disabled(key.arn);
}

interface Prepared {
  readonly pair: KeyPair;
  readonly algorithm: SigningAlgorithm;
  readonly digest: Buffer;
}

function prepared(key: Key, input: Document, call: Call): Prepared {
  checkUsable(key, call);
  const { SigningAlgorithm: name } = input;
  if (key.usage !== 'SIGN_VERIFY' || key.pair === undefined || !isAsymmetric(key.spec)) {
    throw wrongUsage(`${key.arn} key usage is ${key.usage} which is not valid for signing: make a key for SIGN_VERIFY`);
  }
  if (!signingAlgorithmsOf(key.spec).includes(name)) {
    throw wrongUsage(`Algorithm ${name} is incompatible with key spec ${key.spec}.`);
  }
  const algorithm = SIGNING_ALGORITHMS[name]!;
  return { pair: key.pair, algorithm, digest: digestOf(input, algorithm, name) };
}

function digestOf({ Message, MessageType }: Document, { hash }: SigningAlgorithm, name: string): Buffer {
  const message = Buffer.from(Message);
  if (MessageType !== 'DIGEST') return createHash(hash).update(message).digest();
  if (message.length !== DIGEST_LENGTHS[hash]) throw validation(`Digest is invalid length for algorithm ${name}.`);
  return message;
}
