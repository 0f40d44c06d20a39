/**
 * Whether two certificates claim a cluster: the first must be the cluster's certificate request signed by the second, and
 * the second a root that complies with RFC 5280 (README.md, and initialize-cluster.html in the user
 * guide: self-signed, Basic Constraints where there are extensions, no extensions that contradict each other).
 * Signatures are checked by OpenSSL (node:crypto) and not by the library with which callers make certificates.
 */
import 'reflect-metadata';
import { type KeyObject, X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate as X509Structure,
} from '@peculiar/x509';
import { invalidRequest } from './errors';

export interface ClaimRequest {
  /** PEM. */
  readonly signedCertificate: string;
  readonly trustAnchor: string;
  /** Of the cluster's certificate request. */
  readonly requestKey: KeyObject;
  /** Virtual time. */
  readonly now: number;
}

/** Throws CloudHsmInvalidRequestException with what is wrong. */
export function checkClaim({ signedCertificate, trustAnchor, requestKey, now }: ClaimRequest): void {
  const anchor = parse('TrustAnchor', trustAnchor);
  checkAnchor(anchor);
  const signed = parse('SignedCert', signedCertificate);
  if (!signed.certificate.publicKey.equals(requestKey)) {
    throw invalidRequest(
      'SignedCert holds another public key than the certificate request of the cluster: sign the current ClusterCsr',
    );
  }
  if (!signed.certificate.checkIssued(anchor.certificate)) {
    throw invalidRequest(
      `SignedCert was issued by '${signed.structure.issuer}', which is not the TrustAnchor '${anchor.structure.subject}'`,
    );
  }
  if (!verifies(signed.certificate, anchor.certificate)) {
    throw invalidRequest('the signature of SignedCert does not verify against the TrustAnchor');
  }
  for (const certificate of [anchor, signed]) checkValidity(certificate, now);
}

interface Parsed {
  readonly name: string;
  readonly certificate: X509Certificate;
  readonly structure: X509Structure;
}

const BEGIN = /-----BEGIN CERTIFICATE-----/g;

function parse(name: string, pem: string): Parsed {
  const count = pem.match(BEGIN)?.length ?? 0;
  if (count !== 1) throw invalidRequest(`${name} holds ${count} PEM certificates; it must hold exactly one`);
  try {
    return { name, certificate: new X509Certificate(pem), structure: new X509Structure(pem) };
  } catch {
    throw invalidRequest(`${name} is not an X.509 certificate in PEM format`);
  }
}

function checkAnchor(anchor: Parsed): void {
  const { certificate, structure } = anchor;
  if (certificate.subject !== certificate.issuer || !verifies(certificate, certificate)) {
    throw invalidRequest('TrustAnchor is not self-signed: it must be the root certificate itself');
  }
  const types = structure.extensions.map(({ type }) => type);
  if (types.length === 0) return;
  const repeated = types.find((type, index) => types.indexOf(type) !== index);
  if (repeated !== undefined) throw invalidRequest(`TrustAnchor has the extension ${repeated} more than once`);
  checkAuthority(structure);
}

/** A version 1 certificate, which has no extensions, passes: the rules are about certificates that have some. */
function checkAuthority(structure: X509Structure): void {
  const constraints = structure.getExtension(BasicConstraintsExtension);
  if (constraints === null) {
    throw invalidRequest(
      'TrustAnchor has X.509 v3 extensions but no Basic Constraints among them, which RFC 5280 asks for',
    );
  }
  if (!constraints.ca)
    throw invalidRequest('TrustAnchor is not a certificate authority: its Basic Constraints say CA:FALSE');
  const usages = structure.getExtension(KeyUsagesExtension);
  if (usages !== null && (usages.usages & KeyUsageFlags.keyCertSign) === 0) {
    throw invalidRequest('TrustAnchor is a certificate authority whose Key Usage does not allow to sign certificates');
  }
}

function verifies(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // A signature of another kind than the issuer's key.
    return false;
  }
}

function checkValidity({ name, structure: { notBefore, notAfter } }: Parsed, now: number): void {
  if (now >= notBefore.getTime() && now <= notAfter.getTime()) return;
  throw invalidRequest(
    `${name} is valid from ${notBefore.toISOString()} to ${notAfter.toISOString()}, and it is ${new Date(now).toISOString()}`,
  );
}
