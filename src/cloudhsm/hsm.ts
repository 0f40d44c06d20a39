import { type IResource, RemovalPolicy, Resource } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct, IDependable } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { known, placeOf } from '../core/place';
import type { SettledResource } from '../core/settled-resource';
import { UntaggedResource } from '../core/untagged-resource';
import { Validation } from '../core/validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import type { ICluster } from './cluster-interface';
import { IP_ADDRESS } from './ip-address';
import { managed } from './managed-cluster';
import { HSM_REQUIREMENT } from './provider';

/** An HSM of a cluster. */
export interface IHsm extends IResource {
  /**
   * Id of the network interface of the HSM, by which it is known: it stays when AWS replaces the HSM.
   *
   * @attribute
   */
  readonly hsmEniId: string;

  /**
   * IPv4 address of the HSM.
   *
   * @attribute
   */
  readonly hsmIpAddress: string;
}

/** Properties of an HSM. */
export interface HsmProps {
  /** The cluster to which the HSM belongs. A change replaces the HSM. */
  readonly cluster: ICluster;

  /**
   * The zone of the HSM, one of those of the cluster. Give either this or `subnet`. A change replaces the HSM.
   *
   * @default - the zone of `subnet`
   */
  readonly availabilityZone?: string;

  /**
   * The subnet of the HSM, one of those of the cluster. Give either this or `availabilityZone`. A change of its zone
   * replaces the HSM.
   *
   * @default - the subnet of the cluster in `availabilityZone`
   */
  readonly subnet?: ec2.ISubnet;

  /**
   * IPv4 address of the HSM, a free one of its subnet. A change to another address replaces the HSM, and the old HSM must
   * be gone from that address before.
   *
   * @default - chosen by AWS
   */
  readonly ipAddress?: string;

  /**
   * What becomes of the HSM when it is no longer in the stack. With RETAIN it goes on to cost money.
   *
   * @default RemovalPolicy.DESTROY - AWS makes a backup of the cluster when an HSM is removed
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Manage the HSM with this role, in another account or region. A change of either replaces the HSM.
   *
   * @default - as the cluster is managed
   */
  readonly assumeRole?: RoleAssumption;
}

/**
 * An HSM, in the cluster and ready when the deployment is complete. An HSM costs money for each hour that it exists.
 *
 * It is known by its network interface: when AWS replaces a failed HSM, this is no change.
 *
 * The HSMs of a `Cluster` are made in the order that AWS demands; those of an imported cluster need it to be active, or to
 * have no HSM yet.
 *
 * @resource Custom::SettledCloudHsmHsm
 */
export class Hsm extends Resource implements IHsm, IDelegable {
  /** What a role needs so that a stack of another app can manage HSMs of its own clusters through it. */
  static requiredPermissionsFor(manager: ManagingStack): DelegatedPermissions {
    return requiredFrom(manager, HSM_REQUIREMENT);
  }

  /** The cluster to which the HSM belongs. */
  readonly cluster: ICluster;
  /** The zone of the HSM. */
  readonly availabilityZone: string;

  /**
   * @internal
   */
  readonly _resource: SettledResource;

  constructor(scope: Construct, id: string, props: HsmProps) {
    const assumeRole = props.assumeRole ?? managed(props.cluster)?._assumeRole;
    super(scope, id, placeOf(scope, assumeRole));
    validate(this.node.path, props);
    this.cluster = props.cluster;
    this.availabilityZone = props.availabilityZone ?? props.subnet?.availabilityZone ?? '';
    this._resource = new UntaggedResource(this, 'Resource', {
      ...HSM_REQUIREMENT,
      properties: {
        ClusterId: props.cluster.clusterId,
        AvailabilityZone: this.availabilityZone,
        IpAddress: props.ipAddress,
      },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      assumeRole,
    });
    managed(props.cluster)?._admit(this, props.ipAddress);
  }

  get hsmEniId(): string {
    return this._resource.getAttString('EniId');
  }

  get hsmIpAddress(): string {
    return this._resource.getAttString('IpAddress');
  }

  /**
   * Id of the HSM at the end of the last deployment that changed it. AWS gives it another one when it replaces the HSM.
   *
   * @attribute
   */
  get hsmId(): string {
    return this._resource.getAttString('HsmId');
  }

  /**
   * State at the end of the last deployment that changed the HSM, `ACTIVE` or `DEGRADED`.
   *
   * @attribute
   */
  get hsmState(): string {
    return this._resource.getAttString('State');
  }

  /**
   * A metric of the `AWS/CloudHSM` namespace for this HSM. Average over 5 minutes, unless given otherwise.
   *
   * The HSM's id is part of it, which changes when AWS replaces the HSM: for alarms, use the metrics of the cluster.
   */
  metric(metricName: string, options: cloudwatch.MetricOptions = {}): cloudwatch.Metric {
    return new cloudwatch.Metric({
      namespace: 'AWS/CloudHSM',
      metricName,
      dimensionsMap: { ClusterId: this.cluster.clusterId, HsmId: this.hsmId },
      account: known(this.env.account),
      region: known(this.env.region),
      ...options,
    });
  }

  /**
   * @internal
   */
  _after(resource: IDependable): void {
    this._resource.node.addDependency(resource);
  }

  /** What a role needs to manage the HSM, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this._resource.requiredPermissions();
  }

  /** Sets what becomes of the HSM when it is no longer in the stack, as the property `removalPolicy` does. */
  override applyRemovalPolicy(policy: RemovalPolicy): void {
    this._resource.applyRemovalPolicy(policy);
  }
}

function validate(path: string, { availabilityZone, subnet, ipAddress }: HsmProps): void {
  new Validation(path)
    .require(
      (availabilityZone === undefined) !== (subnet === undefined),
      `pass either availabilityZone or subnet, got ${subnet === undefined ? 'neither' : 'both'}`,
    )
    .pattern('ipAddress', ipAddress, IP_ADDRESS, 'be an IPv4 address such as 10.0.0.4')
    .throwIfInvalid();
}
