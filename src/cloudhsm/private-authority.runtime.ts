import type { X509Certificate } from 'node:crypto';
import {
  ACMPCAClient,
  GetCertificateAuthorityCertificateCommand,
  GetCertificateCommand,
  IssueCertificateCommand,
  type SigningAlgorithm,
} from '@aws-sdk/client-acm-pca';
import type { AwsClients } from '../runtime/clients';
import { digest } from '../runtime/digest';
import { SettlingError } from '../runtime/errors';
import type { Authority, ClusterIdentity, Readiness } from './certificate-authority.runtime';
import { certifies, isSelfSigned, normalizedPem, parseCertificate, publicKeyOfRequest } from './certificates.runtime';

/** As for the authorities that are derived from a key. */
const VALIDITY_DAYS = 3652;
const DAY_MS = 86_400_000;

/** What Private CA says of an authority that has no certificate yet. */
const NOT_READY: ReadonlySet<string> = new Set(['RequestInProgressException', 'InvalidStateException']);

/** An authority of AWS Private CA, which must be a root. */
export async function privateAuthority(arn: string, cluster: ClusterIdentity, aws: AwsClients): Promise<Authority> {
  const client = aws.get(ACMPCAClient, 'ACM_PCA');
  const root = await rootOf(client, arn);
  return root instanceof PendingRoot
    ? new PendingAuthority(root.reason)
    : new PrivateAuthority(client, arn, cluster, root, issuedBy(aws));
}

/**
 * Private CA cannot list what it has issued. Within an invocation the ARN is remembered; the next one asks for the
 * certificate again, and gets the same, since for five minutes a token means one certificate:
 * https://docs.aws.amazon.com/privateca/latest/APIReference/API_IssueCertificate.html
 */
const issued = new WeakMap<AwsClients, Map<string, string>>();

function issuedBy(aws: AwsClients): Map<string, string> {
  const arns = issued.get(aws) ?? new Map<string, string>();
  issued.set(aws, arns);
  return arns;
}

class PrivateAuthority implements Authority {
  constructor(
    private readonly client: ACMPCAClient,
    private readonly arn: string,
    private readonly cluster: ClusterIdentity,
    private readonly rootCertificate: X509Certificate,
    private readonly issuedArns: Map<string, string>,
  ) {}

  async isRoot(certificate: string): Promise<boolean> {
    return parseCertificate(certificate)?.raw.equals(this.rootCertificate.raw) ?? false;
  }

  hasSigned(certificate: string): boolean {
    return certifies(this.rootCertificate.toString(), certificate);
  }

  async root(): Promise<string> {
    return normalizedPem(this.rootCertificate);
  }

  async readiness(request: string): Promise<Readiness> {
    if (!this.issuedArns.has(this.token(request))) return { kind: 'issue' };
    return (await this.issuedCertificate(request)) === undefined
      ? { kind: 'wait', reason: `${this.arn} has not issued the certificate of ${this.cluster.id} yet` }
      : { kind: 'ready' };
  }

  async certificate(request: string): Promise<string> {
    const certificate = await this.issuedCertificate(request);
    if (certificate?.publicKey.equals(publicKeyOfRequest(request))) return normalizedPem(certificate);
    throw new SettlingError(`${this.arn} issued no certificate for the request of ${this.cluster.id}; deploy again`);
  }

  async issue(request: string): Promise<void> {
    const IdempotencyToken = this.token(request);
    const { CertificateArn } = await this.client.send(
      new IssueCertificateCommand({
        CertificateAuthorityArn: this.arn,
        Csr: Buffer.from(request),
        SigningAlgorithm: signingAlgorithmOf(this.rootCertificate),
        Validity: { Type: 'ABSOLUTE', Value: Math.floor(this.end() / 1000) },
        IdempotencyToken,
      }),
    );
    this.issuedArns.set(IdempotencyToken, CertificateArn ?? '');
  }

  /** No longer than the authority itself, which Private CA would refuse. */
  private end(): number {
    const created = this.cluster.created?.getTime() ?? 0;
    return Math.min(created + VALIDITY_DAYS * DAY_MS, Date.parse(this.rootCertificate.validTo));
  }

  private token(request: string): string {
    return digest(`${this.cluster.id} ${request.trim()}`, 32);
  }

  private async issuedCertificate(request: string): Promise<X509Certificate | undefined> {
    const CertificateArn = this.issuedArns.get(this.token(request));
    const answer = await unlessNotReady(() =>
      this.client.send(new GetCertificateCommand({ CertificateAuthorityArn: this.arn, CertificateArn })),
    );
    return 'notReady' in answer ? undefined : parseCertificate(answer.Certificate ?? '');
  }
}

/** An authority that has no certificate of its own yet: it may get one in the same deployment. */
class PendingAuthority implements Authority {
  constructor(private readonly reason: string) {}

  isRoot = async () => false;
  hasSigned = () => false;
  readiness = async (): Promise<Readiness> => ({ kind: 'wait', reason: this.reason });
  root = async () => {
    throw new SettlingError(this.reason);
  };
  certificate = this.root;
}

class PendingRoot {
  constructor(readonly reason: string) {}
}

async function rootOf(client: ACMPCAClient, arn: string): Promise<X509Certificate | PendingRoot> {
  const answer = await unlessNotReady(() =>
    client.send(new GetCertificateAuthorityCertificateCommand({ CertificateAuthorityArn: arn })),
  );
  if ('notReady' in answer) return new PendingRoot(`${arn} has no certificate yet: ${answer.notReady}`);
  const root = parseCertificate(answer.Certificate ?? '');
  if (root !== undefined && isSelfSigned(root)) return root;
  throw new SettlingError(
    `${arn} is not a root certificate authority, and CloudHSM takes only a self-signed trust anchor; give a private CA of type ROOT`,
  );
}

async function unlessNotReady<T extends object>(read: () => Promise<T>): Promise<T | { notReady: string }> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && NOT_READY.has(error.name)) return { notReady: error.message };
    throw error;
  }
}

/** The algorithm must be of the family of the authority's key. */
function signingAlgorithmOf({ publicKey }: X509Certificate): SigningAlgorithm {
  return publicKey.asymmetricKeyType === 'ec' ? 'SHA256WITHECDSA' : 'SHA256WITHRSA';
}
