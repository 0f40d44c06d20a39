// @peculiar/x509 needs it first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { KeyPair } from '../crypto/key-pairs';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** A certificate of the pair by itself, as PEM. */
export async function certificateFor({ privateKey, publicKey }: KeyPair): Promise<string> {
  const { subtle } = webcrypto;
  const keys = {
    privateKey: await subtle.importKey('pkcs8', privateKey.export({ format: 'der', type: 'pkcs8' }), ALGORITHM, false, [
      'sign',
    ]),
    publicKey: await subtle.importKey('spki', publicKey.export({ format: 'der', type: 'spki' }), ALGORITHM, true, [
      'verify',
    ]),
  };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=idp.example.com',
    keys,
    signingAlgorithm: ALGORITHM,
  });
  return certificate.toString('pem');
}
