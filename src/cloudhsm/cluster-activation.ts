import { RemovalPolicy, Resource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct, IDependable } from 'constructs';
import type { SettledResource } from '../core/settled-resource';
import { UntaggedResource } from '../core/untagged-resource';
import { Activation } from './activation';
import { checkReachability, connectivityOf } from './activation-network';
import { ActivationProject } from './activation-project';
import type { ICluster } from './cluster-interface';
import { ACTIVATION_TYPE, activationPermissions, CLOUDHSM_SERVICE } from './provider';

/** Properties of the activation of a cluster. */
export interface ClusterActivationProps {
  /** The cluster to activate, with its security group. It must have an HSM. A change replaces the activation. */
  readonly cluster: ICluster;

  /** The VPC of the cluster. */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets in which the build runs. It must reach the HSMs, and Amazon S3, CloudWatch Logs, Systems Manager, Secrets
   * Manager and CodeBuild by NAT or by VPC endpoints. Updated in place.
   *
   * @default - the private subnets of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The parameter with the trust anchor of the cluster (PEM), in the account and region of the stack. Updated in place.
   */
  readonly trustAnchorParameter: ssm.IStringParameter;

  /**
   * The secret with the password of the first administrator, `admin`: a string of 7 to 32 characters without `:`. The
   * password is set once. Changing the secret later changes nothing in the cluster.
   *
   * @default - a new secret with a generated password, which is retained
   */
  readonly password?: secretsmanager.ISecret;

  /**
   * How long the logs of the build are kept. The password is not in them.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}

/**
 * Activates a cluster: a build in the VPC sets the password of its first administrator. Complete when the cluster is
 * active. A cluster that is active already is left as it is. This cannot be undone: removing it leaves the cluster active.
 *
 * A `Cluster` of this library does it for itself; use this for one that was made elsewhere.
 *
 * @resource Custom::SettledCloudHsmActivation
 */
export class ClusterActivation extends Resource {
  /** The password of the administrator `admin`. */
  readonly password: secretsmanager.ISecret;

  /** The log group of the build. */
  readonly buildLogGroup: logs.ILogGroup;

  /**
   * @internal
   */
  readonly _resource: SettledResource;

  constructor(scope: Construct, id: string, props: ClusterActivationProps) {
    super(scope, id);
    const { cluster, vpc } = props;
    const subnets = vpc.selectSubnets(props.vpcSubnets).subnets;
    checkReachability(this, vpc, subnets);
    this.password = props.password ?? generatedPassword(this);
    const project = new ActivationProject(this, 'Project', {
      vpc,
      subnets,
      securityGroup: cluster.securityGroup,
      trustAnchor: props.trustAnchorParameter,
      password: this.password,
      logRetention: props.logRetention,
    });
    this.buildLogGroup = project.logGroup;
    this._resource = new UntaggedResource(this, 'Resource', {
      service: CLOUDHSM_SERVICE,
      resourceType: ACTIVATION_TYPE,
      properties: { ClusterId: cluster.clusterId, ProjectName: project.projectName },
      removalPolicy: RemovalPolicy.DESTROY,
      lastingPermissions: activationPermissions(
        this.node.addr.slice(-8),
        project.projectArn,
        project.logGroup.logGroupArn,
      ),
    });
    this._after(...connectivityOf(this, vpc, subnets));
  }

  /**
   * State of the cluster after the last deployment that changed the activation, `ACTIVE`.
   *
   * @attribute
   */
  get clusterState(): string {
    return this._resource.getAttString('State');
  }

  /**
   * @internal
   */
  _after(...resources: IDependable[]): void {
    this._resource.node.addDependency(...resources);
  }
}

function generatedPassword(scope: Construct): secretsmanager.ISecret {
  const bound = Activation.codeBuild()._bind(scope, RemovalPolicy.RETAIN);
  if (bound === undefined) throw new Error(`${scope.node.path}: there is no password`);
  return bound.password;
}
