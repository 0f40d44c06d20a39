// @peculiar/x509 needs it first.
import 'reflect-metadata';
import { createHash, createPublicKey, type KeyObject, webcrypto, type X509Certificate } from 'node:crypto';
import {
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  Name,
  Pkcs10CertificateRequest,
  PublicKey,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509Certificate as X509Structure,
} from '@peculiar/x509';
import { SettlingError } from '../runtime/errors';
import type { Authority, ClusterIdentity } from './certificate-authority.runtime';
import { certifies, isSelfSigned, isSignedWith, parseCertificate } from './certificates.runtime';

/** A key that signs, wherever it is kept: RSASSA-PKCS1-v1_5 with SHA-256, which gives the same bytes on repetition. */
export interface Signer {
  /** DER of the SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  sign(content: Uint8Array): Promise<Uint8Array>;
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
/** As in the guide's own commands: https://docs.aws.amazon.com/cloudhsm/latest/userguide/initialize-cluster.html */
const VALIDITY_DAYS = 3652;
const DAY_MS = 86_400_000;

/**
 * An authority that is made of a key. Its root is derived from the cluster (subject, serial and validity from id and time
 * of creation), and so is what it issues: whoever asks again gets the same certificates, byte for byte.
 */
export class SigningAuthority implements Authority {
  constructor(
    private readonly signer: Signer,
    private readonly cluster: ClusterIdentity,
    /** Where there is one already. */
    private readonly givenRoot?: X509Certificate,
  ) {}

  async isRoot(certificate: string): Promise<boolean> {
    const parsed = parseCertificate(certificate);
    if (parsed === undefined) return false;
    if (this.givenRoot !== undefined) return parsed.raw.equals(this.givenRoot.raw);
    if (!isSelfSigned(parsed)) return false;
    // With its own signature lent, the derived root comes out the same if all that is signed is the same.
    const { signature } = new X509Structure(certificate);
    const derived = await this.deriveRoot(async () => new Uint8Array(signature));
    return parsed.raw.equals(Buffer.from(derived.rawData));
  }

  hasSigned(certificate: string): boolean {
    if (this.givenRoot !== undefined) return certifies(this.givenRoot.toString(), certificate);
    const parsed = parseCertificate(certificate);
    return parsed !== undefined && parsed.issuer === this.subject && isSignedWith(parsed, keyOf(this.signer));
  }

  async readiness(): Promise<{ kind: 'ready' }> {
    return { kind: 'ready' };
  }

  async root(): Promise<string> {
    return this.givenRoot?.toString() ?? pemOf(await this.deriveRoot(this.signer.sign));
  }

  /** Without extensions, like those of the guide's commands. */
  async certificate(requestPem: string): Promise<string> {
    const request = await checkedRequest(requestPem);
    const { notBefore, notAfter } = this.validity();
    const certificate = await generate(this.signer.sign, {
      serialNumber: serialOf(`${this.cluster.id} ${Buffer.from(request.rawData).toString('base64')}`),
      subject: request.subjectName,
      issuer: this.givenRoot === undefined ? new Name(this.subject) : new X509Structure(this.givenRoot.raw).subjectName,
      notBefore: latest(notBefore, this.givenRoot?.validFrom),
      notAfter: earliest(notAfter, this.givenRoot?.validTo),
      publicKey: request.publicKey,
      extensions: [],
    });
    return pemOf(certificate);
  }

  private get subject(): string {
    return `CN=${this.cluster.id}`;
  }

  private async deriveRoot(sign: Signer['sign']): Promise<X509Structure> {
    const publicKey = new PublicKey(this.signer.publicKey);
    const name = new Name(this.subject);
    return generate(sign, {
      serialNumber: serialOf(this.cluster.id),
      subject: name,
      issuer: name,
      ...this.validity(),
      publicKey,
      extensions: [
        new BasicConstraintsExtension(true, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
      ],
    });
  }

  private validity(): { notBefore: Date; notAfter: Date } {
    const { id, created } = this.cluster;
    if (created === undefined)
      throw new SettlingError(`AWS does not tell when cluster ${id} was created; deploy again`);
    // X.509 counts whole seconds.
    const begin = Math.floor(created.getTime() / 1000) * 1000;
    return { notBefore: new Date(begin), notAfter: new Date(begin + VALIDITY_DAYS * DAY_MS) };
  }
}

interface Content {
  readonly serialNumber: string;
  readonly subject: Name;
  readonly issuer: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: PublicKey;
  readonly extensions: Extension[];
}

/** The library asks its crypto provider to sign with a key; ours hands the bytes to the signer. */
async function generate(sign: Signer['sign'], content: Content): Promise<X509Structure> {
  const subtle = {
    sign: async (_algorithm: unknown, _key: unknown, bytes: ArrayBuffer) => sign(new Uint8Array(bytes)),
  };
  const signingKey = { type: 'private', algorithm: ALGORITHM };
  return X509CertificateGenerator.create({ ...content, signingKey, signingAlgorithm: ALGORITHM }, { subtle });
}

/** A request must be signed with the key that it is for. */
async function checkedRequest(pem: string): Promise<Pkcs10CertificateRequest> {
  const request = new Pkcs10CertificateRequest(pem);
  if (await request.verify(webcrypto)) return request;
  throw new SettlingError(
    'the certificate request of the cluster is not signed with its own key; delete its HSM and deploy again',
  );
}

/** Positive, and 16 of the 20 bytes that RFC 5280 allows. */
function serialOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function keyOf({ publicKey }: Signer): KeyObject {
  return createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
}

function latest(date: Date, other: string | undefined): Date {
  return other === undefined ? date : new Date(Math.max(date.getTime(), Date.parse(other)));
}

function earliest(date: Date, other: string | undefined): Date {
  return other === undefined ? date : new Date(Math.min(date.getTime(), Date.parse(other)));
}

/** In node's form, as all other certificates. */
function pemOf(certificate: X509Structure): string {
  return parseCertificate(certificate.toString('pem'))!.toString();
}
