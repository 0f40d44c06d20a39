// @peculiar/x509 needs it first.
import 'reflect-metadata';
import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';

/** Undefined for what is no certificate. */
export function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

export function publicKeyOfRequest(request: string): KeyObject {
  const spki = Buffer.from(new Pkcs10CertificateRequest(request).publicKey.rawData);
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}

export function isSameCertificate(a: string, b: string): boolean {
  const [one, other] = [parseCertificate(a), parseCertificate(b)];
  return one?.raw.equals(other?.raw ?? Buffer.alloc(0)) === true;
}

export function isSignedWith(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.verify(key);
  } catch {
    // A signature of another kind than the key's.
    return false;
  }
}

/** Whether a root is the issuer of a certificate; false for what cannot be read. */
export function certifies(root: string, certificate: string): boolean {
  const issuer = parseCertificate(root);
  const issued = parseCertificate(certificate);
  if (issuer === undefined || issued === undefined) return false;
  return issued.checkIssued(issuer) && isSignedWith(issued, issuer.publicKey);
}

/** CloudHSM takes only the root itself as trust anchor: initialize-cluster.html in its user guide. */
export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && isSignedWith(certificate, certificate.publicKey);
}

/** Node's own form of PEM, with one certificate and without the text that tools write around it. */
export function normalizedPem(certificate: X509Certificate): string {
  return certificate.toString();
}
