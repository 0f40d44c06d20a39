import type { Authority, AuthorityGoal, Readiness } from './certificate-authority.runtime';
import {
  certifies,
  isSameCertificate,
  isSelfSigned,
  normalizedPem,
  parseCertificate,
  publicKeyOfRequest,
} from './certificates.runtime';

type ExternalGoal = Extract<AuthorityGoal, { kind: 'external' }>;

/** The signature was made elsewhere: there is nothing but what the properties hold. */
export function externalAuthority({ signedCertificate = '', trustAnchor = '' }: ExternalGoal): Authority {
  return {
    isRoot: async (certificate) => isSameCertificate(certificate, trustAnchor),
    hasSigned: (certificate) => certifies(trustAnchor, certificate),
    readiness: async (request) => readiness(request, signedCertificate, trustAnchor),
    root: async () => normalized(trustAnchor),
    certificate: async () => normalized(signedCertificate),
  };
}

function readiness(request: string, signedCertificate: string, trustAnchor: string): Readiness {
  const anchor = parseCertificate(trustAnchor);
  const signed = parseCertificate(signedCertificate);
  if (anchor === undefined) return failed('trustAnchor is not an X.509 certificate in PEM');
  if (signed === undefined) return failed('signedCertificate is not an X.509 certificate in PEM');
  if (!isSelfSigned(anchor)) {
    return failed(`trustAnchor (${oneLine(anchor.subject)}) is not self-signed: give the root certificate itself`);
  }
  if (!certifies(trustAnchor, signedCertificate)) {
    return failed(
      `signedCertificate was issued by ${oneLine(signed.issuer)} and not by trustAnchor (${oneLine(anchor.subject)}): give the root that signed it`,
    );
  }
  return signed.publicKey.equals(publicKeyOfRequest(request))
    ? { kind: 'ready' }
    : failed(
        'signedCertificate is not for the current certificate request of the cluster, which changes when AWS replaces the first HSM: sign the request again',
      );
}

function failed(reason: string): Readiness {
  return { kind: 'fail', reason };
}

/** Names come with one line for each of their parts. */
function oneLine(name: string): string {
  return name.replaceAll('\n', ', ');
}

function normalized(pem: string): string {
  const certificate = parseCertificate(pem);
  return certificate === undefined ? pem : normalizedPem(certificate);
}
