import { Names, RemovalPolicy, Resource } from 'aws-cdk-lib';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct, IDependable } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { parameterName } from '../core/parameters';
import { placeOf } from '../core/place';
import type { SettledResource } from '../core/settled-resource';
import { UntaggedResource } from '../core/untagged-resource';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { CertificateAuthority } from './certificate-authority';
import type { ICluster } from './cluster-interface';
import { managed } from './managed-cluster';
import { initializationElsewhere, initializationRequirement } from './provider';

/** Properties of the initialization of a cluster. */
export interface ClusterInitializationProps {
  /** The cluster to initialize. It needs an HSM, and one only. A change replaces the initialization. */
  readonly cluster: ICluster;

  /**
   * Who signs the certificate of the cluster. A cluster is signed once: a change has no effect on one that is initialized.
   *
   * @default CertificateAuthority.kms()
   */
  readonly certificateAuthority?: CertificateAuthority;

  /**
   * Initialize the cluster with this role, in another account or region.
   *
   * @default - as the cluster is managed
   */
  readonly assumeRole?: RoleAssumption;
}

/** What the permissions on an initialization depend on. */
export interface ClusterInitializationPermissionsOptions {
  /** Who signs the certificate of the cluster. Its key, authority or secret must stand where the cluster is. */
  readonly certificateAuthority: CertificateAuthority;
}

/**
 * Initializes a cluster: the certificate request of its first HSM is signed, and the cluster takes the certificate. Complete
 * when the cluster is initialized. This cannot be undone: removing it leaves the cluster initialized.
 *
 * A `Cluster` of this library does it for itself; use this for one that was made elsewhere.
 *
 * @resource Custom::SettledCloudHsmInitialization
 */
export class ClusterInitialization extends Resource implements IDelegable {
  /** What a role needs so that a stack of another app can initialize its own clusters through it. */
  static requiredPermissionsFor(
    manager: ManagingStack,
    options: ClusterInitializationPermissionsOptions,
  ): DelegatedPermissions {
    return requiredFrom(manager, initializationElsewhere(options.certificateAuthority));
  }

  /**
   * @internal
   */
  readonly _resource: SettledResource;

  /**
   * The parameter of the trust anchor, for what need not wait until it is written.
   *
   * @internal
   */
  readonly _futureTrustAnchor: ssm.IStringParameter;

  private readonly unsigned: boolean;
  private importedTrustAnchor?: ssm.IStringParameter;
  private importedRequest?: ssm.IStringParameter;

  constructor(scope: Construct, id: string, props: ClusterInitializationProps) {
    const { cluster } = props;
    const assumeRole = props.assumeRole ?? managed(cluster)?._assumeRole;
    super(scope, id, placeOf(scope, assumeRole));
    const authority = (props.certificateAuthority ?? CertificateAuthority.kms())._bind(this, {
      removalPolicy: RemovalPolicy.RETAIN,
      elsewhere: assumeRole !== undefined,
    });
    const name = Names.uniqueResourceName(this, { maxLength: 80, allowedSpecialCharacters: '-', separator: '-' });
    this.unsigned = authority.unsigned;
    this._futureTrustAnchor = this.parameter('FutureTrustAnchor', parameterName(name, 'trust-anchor'));
    this._resource = new UntaggedResource(this, 'Resource', {
      ...initializationRequirement(authority.permissions, this.node.addr.slice(-8)),
      properties: {
        ClusterId: cluster.clusterId,
        CertificateAuthority: authority.properties,
        TrustAnchorParameter: this._futureTrustAnchor.parameterName,
        CertificateRequestParameter:
          authority.properties.Kind === 'external' ? parameterName(name, 'certificate-request') : undefined,
      },
      removalPolicy: RemovalPolicy.DESTROY,
      assumeRole,
    });
  }

  /**
   * State of the cluster after the last deployment that changed the initialization: `INITIALIZED` or `ACTIVE`, or
   * `UNINITIALIZED` while an external signature is missing.
   *
   * @attribute
   */
  get clusterState(): string {
    return this._resource.getAttString('State');
  }

  /**
   * The parameter with the trust anchor, the root certificate (PEM) by which clients know the cluster. It is in the account
   * and region of the cluster. Undefined while an external signature is missing.
   */
  get trustAnchorParameter(): ssm.IStringParameter | undefined {
    if (this.unsigned) return undefined;
    this.importedTrustAnchor ??= this.parameter('TrustAnchor', this._resource.getAttString('TrustAnchorParameterName'));
    return this.importedTrustAnchor;
  }

  /**
   * The parameter with the certificate request (PEM) to sign. Undefined but with `CertificateAuthority.external()` without a
   * signed certificate.
   */
  get certificateRequestParameter(): ssm.IStringParameter | undefined {
    if (!this.unsigned) return undefined;
    this.importedRequest ??= this.parameter(
      'CertificateRequest',
      this._resource.getAttString('CertificateRequestParameterName'),
    );
    return this.importedRequest;
  }

  /** What a role needs to initialize the cluster, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this._resource.requiredPermissions();
  }

  /** Named by an attribute, it makes what uses it wait until it is written. */
  private parameter(id: string, parameterName: string): ssm.IStringParameter {
    return ssm.StringParameter.fromStringParameterAttributes(this, id, {
      parameterName,
      simpleName: false,
      forceDynamicReference: true,
    });
  }

  /**
   * @internal
   */
  _after(resource: IDependable): void {
    this._resource.node.addDependency(resource);
  }
}
