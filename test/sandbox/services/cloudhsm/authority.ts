import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Pkcs10CertificateRequest,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { rsaKey } from '../../../../sandbox/services/cloudhsm/rsa-key';

export interface CertificateChanges {
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extensions?: Extension[];
  readonly issuer?: string;
  /** Sign with this key in place of the authority's own. */
  readonly signer?: number;
  /** Certify this key in place of the request's. */
  readonly key?: number;
}

/** A certificate authority as a cluster's owner has one. */
export class Authority {
  /** The self-signed root, in PEM. */
  readonly root = (changes: CertificateChanges = {}): Promise<string> =>
    certificate(NAME, key(KEY).publicKey, {
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
      ],
      ...changes,
    });

  /** A certificate for a request, in PEM. */
  readonly issue = async (request: string, changes: CertificateChanges = {}): Promise<string> => {
    const { subjectName, publicKey } = new Pkcs10CertificateRequest(request);
    const certified = changes.key === undefined ? publicKey.export(PROVIDER) : key(changes.key).publicKey;
    return certificate(subjectName.toJSON(), certified, changes);
  };
}

const NAME = 'CN=Owner, O=Test';
const KEY = 50;
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const PROVIDER = webcrypto as never;

function key(number: number) {
  const { jwk } = rsaKey(number);
  const { kty, n, e } = jwk;
  const { subtle } = webcrypto;
  return {
    publicKey: subtle.importKey('jwk', { kty, n, e }, ALGORITHM, true, ['verify']),
    privateKey: subtle.importKey('jwk', jwk, ALGORITHM, true, ['sign']),
  };
}

async function certificate(
  subject: Parameters<typeof X509CertificateGenerator.create>[0]['subject'],
  publicKey: Promise<webcrypto.CryptoKey>,
  changes: CertificateChanges,
): Promise<string> {
  const notBefore = changes.notBefore ?? new Date('2030-01-01T00:00:00Z');
  const made = await X509CertificateGenerator.create(
    {
      subject,
      issuer: changes.issuer ?? NAME,
      publicKey: await publicKey,
      signingKey: await key(changes.signer ?? KEY).privateKey,
      signingAlgorithm: ALGORITHM,
      serialNumber: '01',
      notBefore,
      notAfter: changes.notAfter ?? new Date('2040-01-01T00:00:00Z'),
      extensions: changes.extensions ?? [],
    },
    PROVIDER,
  );
  return made.toString('pem');
}
