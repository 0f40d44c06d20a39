// @peculiar/x509 needs it first.
import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { AsymmetricSpec } from '../../crypto/key-pairs';
import { malformedCsr } from './errors';
import type { Authority } from './state';
import type { Template } from './templates';

/** Given to every call, so that the library's setting for the whole process stays as it is. */
const CRYPTO = webcrypto as unknown as NonNullable<Parameters<typeof x509.X509CertificateGenerator.create>[1]>;

/** The PEM of an authority's own certificate: a self-signed root. */
export async function rootCertificate(authority: Authority): Promise<string> {
  const keys = await cryptoKeys(authority);
  const parameters = {
    serialNumber: authority.serial,
    name: authority.subject,
    notBefore: authority.notBefore,
    notAfter: authority.notAfter,
    keys,
    signingAlgorithm: signingAlgorithm(authority.spec),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, CRYPTO),
      new x509.KeyUsagesExtension(AUTHORITY_USES, true),
    ],
  };
  return pem(await x509.X509CertificateGenerator.createSelfSigned(parameters, CRYPTO));
}

/** A request in PEM, checked as Private CA does: it must be one, and signed with the key that it is for. */
export async function parseCsr(bytes: Uint8Array): Promise<x509.Pkcs10CertificateRequest> {
  let request: x509.Pkcs10CertificateRequest;
  try {
    request = new x509.Pkcs10CertificateRequest(Buffer.from(bytes).toString('latin1'));
  } catch (error) {
    throw malformedCsr(`The certificate signing request is invalid: ${(error as Error).message}`);
  }
  if (!(await request.verify(CRYPTO)))
    throw malformedCsr('The certificate signing request is not signed with its own key.');
  return request;
}

export interface Issue {
  readonly authority: Authority;
  readonly request: x509.Pkcs10CertificateRequest;
  readonly template: Template;
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly hash: string;
}

export async function issue({
  authority,
  request,
  template,
  serial,
  notBefore,
  notAfter,
  hash,
}: Issue): Promise<string> {
  const keys = await cryptoKeys(authority);
  const parameters = {
    serialNumber: serial,
    subject: request.subject,
    issuer: authority.subject,
    notBefore,
    notAfter,
    publicKey: request.publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: { ...signingAlgorithm(authority.spec), hash },
    extensions: [
      new x509.BasicConstraintsExtension(template.authority, template.pathLength, template.authority),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey, false, CRYPTO),
      await x509.SubjectKeyIdentifierExtension.create(request.publicKey, false, CRYPTO),
      new x509.KeyUsagesExtension(template.authority ? AUTHORITY_USES : END_ENTITY_USES, true),
      ...(template.extendedUses.length > 0
        ? [new x509.ExtendedKeyUsageExtension(template.extendedUses.map((use) => EXTENDED_USES[use]))]
        : []),
    ],
  };
  return pem(await x509.X509CertificateGenerator.create(parameters, CRYPTO));
}

const AUTHORITY_USES =
  x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
const END_ENTITY_USES = x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment;

/** Object identifiers of RFC 5280, section 4.2.1.12. */
const EXTENDED_USES = {
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
} as const;

/** PKCS#1 signatures are the same for the same content; those of curves have a nonce of real chance. */
function signingAlgorithm(spec: AsymmetricSpec) {
  if (spec.startsWith('RSA')) return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return { name: 'ECDSA', namedCurve: spec === 'ECC_NIST_P384' ? 'P-384' : 'P-256', hash: 'SHA-256' };
}

/** The keys as the library takes them. */
async function cryptoKeys({ keys, spec }: Authority) {
  const { subtle } = webcrypto;
  const algorithm = signingAlgorithm(spec);
  const privateKey = keys.privateKey.export({ format: 'der', type: 'pkcs8' });
  const publicKey = keys.publicKey.export({ format: 'der', type: 'spki' });
  return {
    privateKey: await subtle.importKey('pkcs8', privateKey, algorithm, true, ['sign']),
    publicKey: await subtle.importKey('spki', publicKey, algorithm, true, ['verify']),
  };
}

function pem(certificate: x509.X509Certificate): string {
  return certificate.toString('pem').trim();
}
