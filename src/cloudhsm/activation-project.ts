import { type IResource, PhysicalName, RemovalPolicy, Resource, type Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct, IDependable } from 'constructs';
import { explainFindings } from '../core/nag';
import { Validation } from '../core/validation';
import { activationBuildSpec } from './activation-buildspec';
import { checkReachability, connectivityOf } from './activation-network';
import { makePassword } from './admin-password';
import type { ICluster } from './cluster-interface';
import { buildLogGroupName } from './provider';
import { readingSecret, secretArnOf } from './secrets';

/** A CodeBuild project whose builds activate a cluster. */
export interface IActivationProject extends IResource {
  /**
   * Name of the project.
   *
   * @attribute
   */
  readonly projectName: string;

  /** The log group of its builds. */
  readonly logGroup: logs.ILogGroup;

  /** The password of the administrator `admin`; undefined where it is not known. */
  readonly password?: secretsmanager.ISecret;
}

/** What is known of a project that was made elsewhere. */
export interface ActivationProjectAttributes {
  /** Name of the project. */
  readonly projectName: string;

  /**
   * Name of the log group of its builds.
   *
   * @default - `/aws/codebuild/<project name>`, as of each project whose name was given
   */
  readonly logGroupName?: string;
}

/** Properties of a project that activates a cluster. */
export interface ActivationProjectProps {
  /** The cluster to activate, with its security group, whose members reach the HSMs. */
  readonly cluster: ICluster;

  /** The VPC of the cluster. Updated in place. */
  readonly vpc: ec2.IVpc;

  /**
   * The subnets in which the build runs. It must reach the HSMs, and Amazon S3, CloudWatch Logs, Systems Manager, Secrets
   * Manager and CodeBuild by NAT or by VPC endpoints. Updated in place.
   *
   * @default - the private subnets of the VPC
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * The parameter with the trust anchor of the cluster (PEM), in the account and region of the stack. Updated in place. It
   * need not be there before the build runs.
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

  /**
   * Name of the project: 2 to 150 letters, digits and `-_`, beginning with a letter or digit. Give one where the cluster is
   * managed by a stack of another account or app. A change replaces the project.
   *
   * @default - generated
   */
  readonly projectName?: string;
}

/** Amazon Linux 2023, for which the command-line tool is made. */
const IMAGE = 'aws/codebuild/amazonlinux-x86_64-standard:5.0';
/** Activation takes 1 to 15 minutes, and a custom resource has 50. */
const TIMEOUT_MINUTES = 25;
/** https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{1,149}$/;

/**
 * The CodeBuild project that activates a cluster: its build runs the command-line tool in the VPC. It does nothing until a
 * `ClusterActivation` starts it.
 *
 * An activation in the account and region of its stack makes one for itself; use this for a cluster that a stack of another
 * account or region manages, in a stack where the cluster is.
 *
 * @resource AWS::CodeBuild::Project
 */
// Not the CDK's own `Project`, which grants more than one build needs: all log groups and test reports.
export class ActivationProject extends Resource implements IActivationProject {
  /** A project by its name, which was given to it. */
  static fromProjectName(scope: Construct, id: string, projectName: string): IActivationProject {
    return ActivationProject.fromProjectAttributes(scope, id, { projectName });
  }

  /** A project that was made elsewhere. */
  static fromProjectAttributes(
    scope: Construct,
    id: string,
    attributes: ActivationProjectAttributes,
  ): IActivationProject {
    return new ImportedProject(scope, id, attributes);
  }

  readonly projectName: string;
  readonly logGroup: logs.ILogGroup;
  readonly password?: secretsmanager.ISecret;

  /**
   * ARN of the project.
   *
   * @attribute
   */
  readonly projectArn: string;

  /**
   * What a build must find in place.
   *
   * @internal
   */
  readonly _connectivity: IDependable[];

  constructor(scope: Construct, id: string, props: ActivationProjectProps) {
    super(scope, id, { physicalName: props.projectName ?? PhysicalName.GENERATE_IF_NEEDED });
    const { cluster, vpc, projectName } = props;
    new Validation(this.node.path)
      .pattern('projectName', projectName, NAME, 'have 2 to 150 letters, digits and -_, the first no -_')
      .throwIfInvalid();
    const { subnets } = vpc.selectSubnets(props.vpcSubnets);
    checkReachability(this, vpc, subnets);
    this._connectivity = connectivityOf(this, vpc, subnets);
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      logGroupName: projectName && buildLogGroupName({ projectName }),
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const password = props.password ?? makePassword(this, RemovalPolicy.RETAIN);
    this.password = password;
    const securityGroups = [cluster.securityGroup, outgoing(this, vpc)];
    const role = this.makeRole({ ...props, password }, subnets);
    const project = new codebuild.CfnProject(this, 'Resource', {
      name: this.physicalName,
      description: `Activates the CloudHSM cluster of ${scope.node.path}`.slice(0, 255),
      serviceRole: role.roleArn,
      source: { type: 'NO_SOURCE', buildSpec: codebuild.BuildSpec.fromObject(activationBuildSpec()).toBuildSpec() },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        computeType: codebuild.ComputeType.SMALL,
        image: IMAGE,
        environmentVariables: [
          { name: 'TRUST_ANCHOR', type: 'PARAMETER_STORE', value: props.trustAnchorParameter.parameterName },
          { name: 'PASSWORD', type: 'SECRETS_MANAGER', value: secretArnOf(password) },
        ],
      },
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: this.logGroup.logGroupName } },
      vpcConfig: {
        vpcId: vpc.vpcId,
        subnets: subnets.map(({ subnetId }) => subnetId),
        securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
      },
      timeoutInMinutes: TIMEOUT_MINUTES,
    });
    // CodeBuild tries the role's permissions on the VPC when the project is made.
    project.node.addDependency(role);
    this.projectName = this.getResourceNameAttribute(project.ref);
    this.projectArn = this.getResourceArnAttribute(project.attrArn, {
      service: 'codebuild',
      resource: 'project',
      resourceName: this.physicalName,
    });
    explainFindings(this, 'AWS::CodeBuild::Project', [
      { rule: 'AwsSolutions-CB4', reason: 'The build makes no artifacts: there is nothing that a key could encrypt.' },
    ]);
  }

  private makeRole(props: ProjectInputs, subnets: readonly ec2.ISubnet[]): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
      description: 'cdk-settled: runs the build that activates a CloudHSM cluster',
    });
    this.logGroup.grantWrite(role);
    const statements = [
      new iam.PolicyStatement({ actions: ['ssm:GetParameters'], resources: [props.trustAnchorParameter.parameterArn] }),
      ...readingSecret(this.stack.region, props.password),
      ...joiningVpc(this.stack, subnets),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    explainFindings(role, 'AWS::IAM::Policy', WILDCARDS);
    return role;
  }
}

class ImportedProject extends Resource implements IActivationProject {
  readonly projectName: string;
  readonly logGroup: logs.ILogGroup;

  constructor(scope: Construct, id: string, attributes: ActivationProjectAttributes) {
    super(scope, id);
    this.projectName = attributes.projectName;
    this.logGroup = logs.LogGroup.fromLogGroupName(this, 'Logs', buildLogGroupName(attributes));
  }
}

/** What the build is given. */
interface ProjectInputs {
  readonly trustAnchorParameter: ssm.IStringParameter;
  readonly password: secretsmanager.ISecret;
}

/** CloudHSM takes the rule that lets everything out away from the group of a cluster: the build needs one of its own. */
function outgoing(scope: Construct, vpc: ec2.IVpc): ec2.SecurityGroup {
  const group = new ec2.SecurityGroup(scope, 'SecurityGroup', {
    vpc,
    description: 'Lets the build that activates a CloudHSM cluster reach AWS',
    allowAllOutbound: false,
  });
  group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.tcp(443), 'APIs of AWS');
  return group;
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html */
function joiningVpc(stack: Stack, subnets: readonly ec2.ISubnet[]): iam.PolicyStatement[] {
  const arn = (kind: string, id: string) => stack.formatArn({ service: 'ec2', resource: kind, resourceName: id });
  const subnetArns = subnets.map(({ subnetId }) => arn('subnet', subnetId));
  const interfaces = arn('network-interface', '*');
  return [
    new iam.PolicyStatement({
      actions: ['ec2:CreateNetworkInterface'],
      resources: [interfaces, ...subnetArns, arn('security-group', '*')],
    }),
    new iam.PolicyStatement({ actions: ['ec2:DeleteNetworkInterface'], resources: [interfaces] }),
    new iam.PolicyStatement({
      actions: ['ec2:CreateNetworkInterfacePermission'],
      resources: [interfaces],
      conditions: {
        StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
        ArnEquals: { 'ec2:Subnet': subnetArns },
      },
    }),
    new iam.PolicyStatement({
      actions: [
        'ec2:DescribeDhcpOptions',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      // "*": the describing actions of EC2 have no resource-level permissions.
      resources: ['*'],
    }),
  ];
}

const WILDCARDS = [
  {
    rule: 'AwsSolutions-IAM5',
    reason: 'The describing actions of EC2 have no resource-level permissions.',
    finding: /^Resource::\*$/,
  },
  {
    rule: 'AwsSolutions-IAM5',
    reason: 'CodeBuild makes the network interface of the build, and its id; the subnets are named.',
    finding: /^Resource::arn:.+:ec2:.+:(network-interface|security-group)\/\*$/,
  },
  {
    rule: 'AwsSolutions-IAM5',
    reason: 'A secret that is imported by its name has six further characters in its ARN.',
    finding: /^Resource::.+:secretsmanager:.+-\?{6}$/,
  },
];
