import { SettlingError } from '../runtime/errors';
import type { Properties } from '../runtime/properties';
import type { Run } from '../runtime/reconciler';
import type { ClusterView } from './cluster-view.runtime';
import { externalAuthority } from './external-authority.runtime';
import { kmsAuthority } from './kms-authority.runtime';
import { privateAuthority } from './private-authority.runtime';
import { secretAuthority } from './secret-authority.runtime';

/** Who signs a cluster's certificate, as the properties name it. */
export type AuthorityGoal =
  | { readonly kind: 'kms'; readonly keyId: string }
  | { readonly kind: 'privateCa'; readonly arn: string }
  | { readonly kind: 'secret'; readonly secretArn: string }
  | { readonly kind: 'external'; readonly signedCertificate?: string; readonly trustAnchor?: string };

/** What certificates are derived from, so that a repetition makes the same ones. */
export type ClusterIdentity = Pick<ClusterView, 'id' | 'created'>;

/** Whether a certificate for a request can be had at once. */
export type Readiness =
  | { readonly kind: 'ready' }
  /** The authority has to be asked to issue it, which is a mutating call. */
  | { readonly kind: 'issue' }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'fail'; readonly reason: string };

/** Certificates are PEM. Only `issue` changes anything anywhere; `root` and `certificate` may cost a signature. */
export interface Authority {
  /** Whether this is its root certificate for the cluster. */
  isRoot(certificate: string): Promise<boolean>;
  /** Whether it has signed this certificate of the cluster. */
  hasSigned(certificate: string): boolean;
  readiness(request: string): Promise<Readiness>;
  root(): Promise<string>;
  certificate(request: string): Promise<string>;
  issue?(request: string): Promise<void>;
}

export function decodeAuthority(properties: Properties | undefined): AuthorityGoal {
  if (properties === undefined) throw new SettlingError('property CertificateAuthority is required but missing');
  const kind = properties.string('Kind');
  switch (kind) {
    case 'kms':
      return { kind, keyId: properties.string('KeyId') };
    case 'privateCa':
      return { kind, arn: properties.string('AuthorityArn') };
    case 'secret':
      return { kind, secretArn: properties.string('SecretArn') };
    case 'external':
      return {
        kind,
        signedCertificate: properties.optionalString('SignedCertificate'),
        trustAnchor: properties.optionalString('TrustAnchor'),
      };
    default:
      throw new SettlingError(
        `property CertificateAuthority.Kind must be kms, privateCa, secret or external, got "${kind}"`,
      );
  }
}

/** Fails with a sentence for the user where the authority is not of the form that is needed. */
export async function openAuthority(
  goal: AuthorityGoal,
  cluster: ClusterIdentity,
  { aws }: Pick<Run<unknown>, 'aws'>,
): Promise<Authority> {
  switch (goal.kind) {
    case 'kms':
      return kmsAuthority(goal.keyId, cluster, aws);
    case 'privateCa':
      return privateAuthority(goal.arn, cluster, aws);
    case 'secret':
      return secretAuthority(goal.secretArn, cluster, aws);
    case 'external':
      return externalAuthority(goal);
  }
}
