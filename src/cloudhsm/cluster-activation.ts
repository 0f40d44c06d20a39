import { RemovalPolicy, Resource } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct, IDependable } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { placeOf } from '../core/place';
import type { Realm } from '../core/realm';
import type { SettledResource } from '../core/settled-resource';
import { UntaggedResource } from '../core/untagged-resource';
import { Validation } from '../core/validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { ActivationProject, type ActivationProjectAttributes, type IActivationProject } from './activation-project';
import { makePassword } from './admin-password';
import type { ICluster } from './cluster-interface';
import { managed } from './managed-cluster';
import { type ActivationArns, activationRequirement, namedProject } from './provider';

/** Properties of the activation of a cluster. */
export interface ClusterActivationProps {
  /** The cluster to activate, with its security group. It must have an HSM. A change replaces the activation. */
  readonly cluster: ICluster;

  /**
   * The project whose build activates the cluster; it stands where the cluster is managed. Updated in place.
   *
   * @default - one is made in this stack, from `vpc` and the properties that follow
   */
  readonly project?: IActivationProject;

  /**
   * The VPC of the cluster. Needed without a `project`, which has it.
   *
   * @default - that of the project
   */
  readonly vpc?: ec2.IVpc;

  /**
   * The subnets in which the build runs. It must reach the HSMs, and Amazon S3, CloudWatch Logs, Systems Manager, Secrets
   * Manager and CodeBuild by NAT or by VPC endpoints. Updated in place.
   *
   * @default - the private subnets of the VPC; those of the project
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The parameter with the trust anchor of the cluster (PEM), in the account and region of the stack. Updated in place.
   * Needed without a `project`, which has it.
   *
   * @default - that of the project
   */
  readonly trustAnchorParameter?: ssm.IStringParameter;

  /**
   * The secret with the password of the first administrator, `admin`: a string of 7 to 32 characters without `:`. The
   * password is set once. Changing the secret later changes nothing in the cluster.
   *
   * @default - a new secret with a generated password, which is retained; that of the project
   */
  readonly password?: secretsmanager.ISecret;

  /**
   * How long the logs of the build are kept. The password is not in them.
   *
   * @default RetentionDays.ONE_MONTH - or that of the project
   */
  readonly logRetention?: logs.RetentionDays;

  /**
   * Activate the cluster with this role, in another account or region. It needs a `project` there.
   *
   * @default - as the cluster is managed
   */
  readonly assumeRole?: RoleAssumption;
}

/**
 * Activates a cluster: a build in the VPC sets the password of its first administrator. Complete when the cluster is
 * active. A cluster that is active already is left as it is. This cannot be undone: removing it leaves the cluster active.
 *
 * A `Cluster` of this library does it for itself; use this for one that was made elsewhere.
 *
 * @resource Custom::SettledCloudHsmActivation
 */
export class ClusterActivation extends Resource implements IDelegable {
  /** What a role needs so that a stack of another app can activate clusters through it, by builds of this project. */
  static requiredPermissionsFor(manager: ManagingStack, options: ActivationProjectAttributes): DelegatedPermissions {
    return requiredFrom(manager, activationRequirement(namedProject(options)));
  }

  /** The password of the administrator `admin`; undefined where it is not known, as of a project that was made elsewhere. */
  readonly password?: secretsmanager.ISecret;

  /** The log group of the build. */
  readonly buildLogGroup: logs.ILogGroup;

  /**
   * @internal
   */
  readonly _resource: SettledResource;

  constructor(scope: Construct, id: string, props: ClusterActivationProps) {
    const { cluster } = props;
    const assumeRole = props.assumeRole ?? managed(cluster)?._assumeRole;
    super(scope, id, placeOf(scope, assumeRole));
    validate(this.node.path, props, assumeRole);
    const own = props.project === undefined ? this.makeProject(props) : undefined;
    const project = own ?? props.project!;
    this.password = project.password;
    this.buildLogGroup = project.logGroup;
    this._resource = new UntaggedResource(this, 'Resource', {
      ...activationRequirement(own === undefined ? arnsByName(project) : () => arnsOf(own), this.node.addr.slice(-8)),
      properties: { ClusterId: cluster.clusterId, ProjectName: project.projectName },
      removalPolicy: RemovalPolicy.DESTROY,
      assumeRole,
    });
    if (own !== undefined) this._after(...own._connectivity);
  }

  /**
   * State of the cluster after the last deployment that changed the activation, `ACTIVE`.
   *
   * @attribute
   */
  get clusterState(): string {
    return this._resource.getAttString('State');
  }

  /** What a role needs to activate the cluster, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this._resource.requiredPermissions();
  }

  private makeProject(props: ClusterActivationProps): ActivationProject {
    const { cluster, vpcSubnets, logRetention } = props;
    return new ActivationProject(this, 'Project', {
      cluster,
      vpc: props.vpc!,
      vpcSubnets,
      trustAnchorParameter: props.trustAnchorParameter!,
      password: props.password ?? makePassword(this, RemovalPolicy.RETAIN),
      logRetention,
    });
  }

  /**
   * @internal
   */
  _after(...resources: IDependable[]): void {
    this._resource.node.addDependency(...resources);
  }
}

function arnsOf({ projectArn, logGroup }: ActivationProject): ActivationArns {
  return { project: projectArn, logGroup: logGroup.logGroupArn };
}

/** In the account of whoever starts the builds, whichever account the stack with the construct has. */
function arnsByName({ projectName, logGroup }: IActivationProject): (realm: Realm) => ActivationArns {
  return namedProject({ projectName, logGroupName: logGroup.logGroupName });
}

/** What a project has, and so an activation by a given one has not. */
const OF_THE_PROJECT = ['vpc', 'vpcSubnets', 'trustAnchorParameter', 'password', 'logRetention'] as const;

function validate(path: string, props: ClusterActivationProps, assumeRole: RoleAssumption | undefined): void {
  const { project, vpc, trustAnchorParameter } = props;
  const twice = OF_THE_PROJECT.filter((property) => props[property] !== undefined);
  const validation = new Validation(path);
  if (project !== undefined) {
    validation
      .require(
        twice.length === 0,
        `project has ${twice.join(', ')} already; leave ${twice.length === 1 ? 'it' : 'them'} out`,
      )
      .throwIfInvalid();
    return;
  }
  const here = assumeRole === undefined;
  validation
    .require(
      here,
      'project must be given with assumeRole, since no build can be made in another account or region, got none; make an ActivationProject in a stack of that place, and pass it or ActivationProject.fromProjectName()',
    )
    .require(!here || vpc !== undefined, 'vpc must be given where project is not, got none; pass either of them')
    .require(
      !here || trustAnchorParameter !== undefined,
      'trustAnchorParameter must be given where project is not, got none; pass either of them',
    )
    .throwIfInvalid();
}
