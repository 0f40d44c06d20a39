import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { RoleAssumption } from '../sts/role-assumption';
import type { Activation } from './activation';
import type { ActivationProjectAttributes } from './activation-project';
import type { BackupSource } from './backup-source';
import type { CertificateAuthority } from './certificate-authority';
import type { ClusterMode } from './cluster-mode';
import type { HsmType } from './hsm-type';
import type { NetworkType } from './network-type';

/** Where an HSM of a cluster stands. */
export interface HsmPlacement {
  /** The zone of the HSM, one of those of the cluster. */
  readonly availabilityZone: string;

  /**
   * IPv4 address of the HSM, a free one of the cluster's subnet in that zone.
   *
   * @default - chosen by AWS
   */
  readonly ipAddress?: string;
}

/** Options of a further HSM. */
export interface AddHsmOptions {
  /**
   * The zone of the HSM, one of those of the cluster.
   *
   * @default - the one with the fewest HSMs, the first of several
   */
  readonly availabilityZone?: string;

  /**
   * IPv4 address of the HSM, a free one of the cluster's subnet in that zone.
   *
   * @default - chosen by AWS
   */
  readonly ipAddress?: string;
}

/** Properties of a cluster. */
export interface ClusterProps {
  /** The VPC of the cluster. A change replaces the cluster. */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets of the cluster, one in each zone in which it may have HSMs; 1 to 10. A selection that has several in a zone
   * is an error: `onePerAz` takes the first of them. A change replaces the cluster.
   *
   * @default - the first private subnet of each zone (with NAT if there are such, else isolated, else public)
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * Names of the zones to use, of those in which a subnet is selected. Not each zone has CloudHSM. The first HSM comes into
   * the first of them. A change replaces the cluster.
   *
   * @default - all zones in which a subnet is selected, in their order
   */
  readonly availabilityZones?: string[];

  /**
   * Number of HSMs, 0 to 28, which are spread over the zones in their order. Each costs money for each hour. Without any, a
   * cluster is parked: it costs nothing, and its backups keep its keys and users. KMS custom key stores need two, and so
   * does whoever cannot afford to lose a key that was made since the last backup.
   *
   * Updated in place.
   *
   * @default 1 - unless `hsms` is given
   */
  readonly hsmCount?: number;

  /**
   * The HSMs one by one, 0 to 28, instead of `hsmCount`. The first of them is there before the cluster is initialized.
   * Updated in place; an HSM that gets another place is replaced.
   *
   * @default - `hsmCount` is used
   */
  readonly hsms?: HsmPlacement[];

  /**
   * Type of the HSMs. A change replaces the cluster, unless `allowHsmTypeMigration` is set.
   *
   * @default HsmType.HSM2M_MEDIUM
   */
  readonly hsmType?: HsmType;

  /**
   * Whether a change of `hsmType` migrates the cluster in place, as AWS offers it from `hsm1.medium` to `hsm2m.medium`. It
   * takes about half an hour for each HSM and can be rolled back for 24 hours. A custom resource has 50 minutes: with more
   * HSMs, the deployment fails while the migration goes on; deploy again when it is over.
   *
   * @default false
   */
  readonly allowHsmTypeMigration?: boolean;

  /**
   * Which keys and algorithms are allowed. A backup restores only into its own mode. A change replaces the cluster.
   *
   * @default ClusterMode.FIPS
   */
  readonly mode?: ClusterMode;

  /**
   * Over which versions of IP clients reach the HSMs. A change replaces the cluster.
   *
   * @default NetworkType.IPV4
   */
  readonly networkType?: NetworkType;

  /**
   * How long backups are kept: 7 to 379 whole days. The last backup of a cluster is kept in any case. Updated in place.
   *
   * @default Duration.days(90)
   */
  readonly backupRetention?: Duration;

  /**
   * The backup from which the cluster is made. It is active then, with the certificate, the users and the keys of the
   * backup: it is neither initialized nor activated. A change replaces the cluster.
   *
   * @default - a new, empty cluster
   */
  readonly restoreFrom?: BackupSource;

  /**
   * Who signs the certificate of the cluster. A cluster is signed once: a change has no effect on one that is initialized.
   *
   * @default CertificateAuthority.kms()
   */
  readonly initialization?: CertificateAuthority;

  /**
   * How the cluster is activated. An active cluster stays so whatever changes here.
   *
   * @default Activation.codeBuild(); Activation.none() with `assumeRole`, since the build belongs into the other account, and
   * with an external signature that is missing
   */
  readonly activation?: Activation;

  /**
   * Tags of the cluster, at most 18, since up to 32 are needed to recognize it and its HSMs. Keys have 1 to 128 letters,
   * digits, spaces and some of `_.:/=+-@`; values at most 256. `Tags.of(cluster).add()` works as well.
   *
   * Updated in place; tags that others set stay.
   *
   * @default - none but the stack's
   */
  readonly tags?: { [key: string]: string };

  /**
   * What becomes of the cluster when it is no longer in the stack, and of the signing key and the password that were made
   * for it. Its HSMs are removed in any case, and with each of them AWS makes a backup. What a failed deployment has made
   * is removed too.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Whether the backups are deleted with the cluster; AWS keeps them for seven more days, in which they can be restored.
   * Needs `removalPolicy` DESTROY.
   *
   * @default false
   */
  readonly deleteBackups?: boolean;

  /**
   * Manage the cluster with this role, in another account or region. A change of either replaces the cluster. The trust
   * anchor is stored there. `initialization` and `vpc` must be of that place, and so must be the project that activates
   * the cluster (`Activation.project()`).
   *
   * @default - in the account and region of the stack
   */
  readonly assumeRole?: RoleAssumption;
}

/** What the permissions on a cluster and what belongs to it depend on. */
export interface ClusterPermissionsOptions {
  /**
   * Whether the backups are deleted with the cluster.
   *
   * @default false
   */
  readonly deleteBackups?: boolean;

  /**
   * Number of HSMs: without any, nothing may be done with HSMs.
   *
   * @default 1
   */
  readonly hsmCount?: number;

  /**
   * Who signs the certificate of the cluster. Its key, authority or secret must stand where the cluster is.
   *
   * @default - the cluster is not initialized: it is restored, or has no HSMs
   */
  readonly initialization?: CertificateAuthority;

  /**
   * The project whose builds activate the cluster.
   *
   * @default - the cluster is not activated
   */
  readonly activationProject?: ActivationProjectAttributes;
}
