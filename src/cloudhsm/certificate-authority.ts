import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as acmpca from 'aws-cdk-lib/aws-acmpca';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Realm } from '../core/realm';
import { cleaningUpFailedCreations } from '../core/settled-resource';
import { Validation } from '../core/validation';
import { readingSecret, secretArnOf } from './secrets';

/** A signature that was made elsewhere. */
export interface ExternalCertificateOptions {
  /**
   * The certificate of the cluster in PEM, made from its certificate request; at most 20,000 characters. Give it together
   * with the trust anchor.
   *
   * @default - the deployment ends with the certificate request, which you sign; then deploy again with the certificate
   */
  readonly signedCertificate?: string;

  /**
   * The self-signed root certificate that made it, in PEM; at most 20,000 characters.
   *
   * @default - given together with the signed certificate
   */
  readonly trustAnchor?: string;
}

/**
 * What a certificate authority comes to.
 *
 * @internal
 */
export interface BoundCertificateAuthority {
  /** What the handler reads. */
  readonly properties: Readonly<Record<string, string | undefined>>;
  readonly permissions: (realm: Realm) => iam.PolicyStatement[];
  /** Whether the cluster is still without a signed certificate after the deployment. */
  readonly unsigned: boolean;
  /** A key that was made for it. */
  readonly key?: kms.Key;
}

/** Who signs the certificate of a cluster, which makes it yours: clients trust the cluster by this authority's root. */
export abstract class CertificateAuthority {
  /**
   * An asymmetric KMS key signs: the private key of the authority never exists outside KMS. The root certificate follows
   * from the cluster, so that it can be made again at any time.
   *
   * The key must be of a spec of RSA and of the usage SIGN_VERIFY. Without one, a key of RSA_4096 is made, which has the
   * removal policy of the cluster.
   */
  static kms(key?: kms.IKey): CertificateAuthority {
    return new KmsAuthority(key);
  }

  /**
   * An authority of AWS Private CA issues the certificate; its own is the trust anchor. It must be a root authority, since
   * CloudHSM takes only a self-signed trust anchor.
   */
  static privateCa(authority: acmpca.ICertificateAuthority): CertificateAuthority {
    return new PrivateAuthority(authority);
  }

  /**
   * Your own authority, whose private key stands in a secret of Secrets Manager: JSON with `privateKey` (PKCS #8 in PEM) and
   * `certificate` (the root in PEM), or with `privateKey` alone, for which a root is made.
   */
  static secret(secret: secretsmanager.ISecret): CertificateAuthority {
    return new SecretAuthority(secret);
  }

  /**
   * You sign elsewhere, in two deployments: the first ends with the certificate request in `certificateRequestParameter`,
   * the second has the signed certificate and the trust anchor. Should AWS have replaced the first HSM between the two,
   * the request is another one, and the second deployment says so.
   */
  static external(options: ExternalCertificateOptions = {}): CertificateAuthority {
    return new ExternalAuthority(options);
  }

  /**
   * An authority that is bound already.
   *
   * @internal
   */
  static _of(bound: BoundCertificateAuthority): CertificateAuthority {
    return new (class extends CertificateAuthority {
      /** @internal */
      _bindGiven(): BoundCertificateAuthority {
        return bound;
      }
    })();
  }

  /**
   * What it comes to where nothing has to be made for it; undefined where something has.
   *
   * @internal
   */
  abstract _bindGiven(): BoundCertificateAuthority | undefined;

  /**
   * @internal
   */
  _bind(scope: Construct, context: BindContext): BoundCertificateAuthority {
    const bound = this._bindGiven();
    if (bound !== undefined) return bound;
    if (context.elsewhere) {
      throw new Error(
        `${scope.node.path}: initialization cannot make a key in the account or region of assumeRole; pass CertificateAuthority.kms(key) with a key of that place, or another authority`,
      );
    }
    return bindOwnKey(scope, context.removalPolicy);
  }
}

/**
 * @internal
 */
export interface BindContext {
  readonly removalPolicy: RemovalPolicy;
  /** The cluster is in another account or region. */
  readonly elsewhere: boolean;
}

class KmsAuthority extends CertificateAuthority {
  constructor(private readonly given: kms.IKey | undefined) {
    super();
  }

  /**
   * @internal
   */
  _bindGiven(): BoundCertificateAuthority | undefined {
    return this.given && bindKey(this.given.keyArn);
  }
}

function bindOwnKey(scope: Construct, removalPolicy: RemovalPolicy): BoundCertificateAuthority {
  const key = new kms.Key(scope, 'SigningKey', {
    description: `Certificate authority of the CloudHSM cluster ${scope.node.path}`.slice(0, 8192),
    keySpec: kms.KeySpec.RSA_4096,
    keyUsage: kms.KeyUsage.SIGN_VERIFY,
    removalPolicy: cleaningUpFailedCreations(removalPolicy),
  });
  return { ...bindKey(key.keyArn), key };
}

function bindKey(keyArn: string): BoundCertificateAuthority {
  return {
    properties: { Kind: 'kms', KeyId: keyArn },
    permissions: () => [
      new iam.PolicyStatement({ actions: ['kms:GetPublicKey'], resources: [keyArn] }),
      new iam.PolicyStatement({
        actions: ['kms:Sign'],
        resources: [keyArn],
        conditions: { StringEquals: { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' } },
      }),
    ],
    unsigned: false,
  };
}

class PrivateAuthority extends CertificateAuthority {
  constructor(private readonly authority: acmpca.ICertificateAuthority) {
    super();
  }

  /**
   * @internal
   */
  _bindGiven(): BoundCertificateAuthority {
    const { certificateAuthorityArn } = this.authority;
    return {
      properties: { Kind: 'privateCa', AuthorityArn: certificateAuthorityArn },
      permissions: () => [
        new iam.PolicyStatement({
          actions: ['acm-pca:GetCertificate', 'acm-pca:GetCertificateAuthorityCertificate', 'acm-pca:IssueCertificate'],
          resources: [certificateAuthorityArn],
        }),
      ],
      unsigned: false,
    };
  }
}

class SecretAuthority extends CertificateAuthority {
  constructor(private readonly secret: secretsmanager.ISecret) {
    super();
  }

  /**
   * @internal
   */
  _bindGiven(): BoundCertificateAuthority {
    return {
      properties: { Kind: 'secret', SecretArn: secretArnOf(this.secret) },
      permissions: ({ region }) => readingSecret(region, this.secret),
      unsigned: false,
    };
  }
}

/** The model's `Cert`: https://docs.aws.amazon.com/cloudhsm/latest/APIReference/API_InitializeCluster.html */
const MAX_CERTIFICATE = 20_000;
const PEM = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

class ExternalAuthority extends CertificateAuthority {
  constructor(private readonly options: ExternalCertificateOptions) {
    super();
    const { signedCertificate, trustAnchor } = options;
    const validation = new Validation('cloudhsm.CertificateAuthority.external').require(
      (signedCertificate === undefined) === (trustAnchor === undefined),
      'signedCertificate and trustAnchor belong together; pass both, or neither to get the certificate request',
    );
    for (const [property, value] of Object.entries({ signedCertificate, trustAnchor })) {
      validation
        .length(property, value, 1, MAX_CERTIFICATE)
        .pattern(property, value, PEM, 'be one certificate in PEM (-----BEGIN CERTIFICATE-----…)');
    }
    validation.throwIfInvalid();
  }

  /**
   * @internal
   */
  _bindGiven(): BoundCertificateAuthority {
    const { signedCertificate, trustAnchor } = this.options;
    return {
      properties: { Kind: 'external', SignedCertificate: signedCertificate, TrustAnchor: trustAnchor },
      permissions: () => [],
      unsigned: signedCertificate === undefined,
    };
  }
}
