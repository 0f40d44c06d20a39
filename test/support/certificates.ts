import 'reflect-metadata';
import { createPublicKey, type KeyObject, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** A certificate request as the first HSM of a cluster makes it, with its key. */
export async function aRequest(): Promise<{ pem: string; key: KeyObject }> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: 'CN=HSM:123:PARTN:1, L=SanJose, OU=N3FIPS, O=Cavium, ST=CA, C=US',
    keys,
    signingAlgorithm: RSA,
  });
  const spki = Buffer.from(await webcrypto.subtle.exportKey('spki', keys.publicKey));
  return { pem: request.toString('pem'), key: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** An authority of one's own, as people keep it in files. */
export interface OwnAuthority {
  /** PKCS#8. */
  readonly privateKey: string;
  readonly root: string;
  sign(request: string): Promise<string>;
}

export async function anAuthority(
  name = 'CN=Own Root',
  notAfter = new Date('2030-01-01T00:00:00Z'),
): Promise<OwnAuthority> {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name,
    keys,
    notBefore: new Date('2025-01-01T00:00:00Z'),
    notAfter,
    signingAlgorithm: RSA,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  const sign = async (pem: string) => {
    const request = new x509.Pkcs10CertificateRequest(pem);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: '02',
      subject: request.subject,
      issuer: name,
      notBefore: new Date('2025-01-01T00:00:00Z'),
      notAfter,
      publicKey: request.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: RSA,
    });
    return certificate.toString('pem');
  };
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  return { privateKey: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'), root: root.toString('pem'), sign };
}
