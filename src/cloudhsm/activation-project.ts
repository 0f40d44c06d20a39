import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { explainFindings } from '../core/nag';
import { activationBuildSpec } from './activation-buildspec';
import { readingSecret, secretArnOf } from './secrets';

export interface ActivationProjectProps {
  readonly vpc: ec2.IVpc;
  readonly subnets: readonly ec2.ISubnet[];
  /** The group of the cluster, whose members reach the HSMs. */
  readonly securityGroup: ec2.ISecurityGroup;
  /** It need not be there yet. */
  readonly trustAnchor: ssm.IStringParameter;
  readonly password: secretsmanager.ISecret;
  readonly logRetention?: logs.RetentionDays;
}

/** Amazon Linux 2023, for which the command-line tool is made. */
const IMAGE = 'aws/codebuild/amazonlinux-x86_64-standard:5.0';
/** Activation takes 1 to 15 minutes, and a custom resource has 50. */
const TIMEOUT_MINUTES = 25;

/**
 * The CodeBuild project that activates a cluster. Not the CDK's own `Project`, which grants more than one build needs: all
 * log groups and test reports.
 */
export class ActivationProject extends Construct {
  readonly projectName: string;
  readonly projectArn: string;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ActivationProjectProps) {
    super(scope, id);
    this.logGroup = new logs.LogGroup(this, 'Logs', {
      retention: props.logRetention ?? logs.RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const securityGroups = [props.securityGroup, outgoing(this, props.vpc)];
    const role = this.makeRole(props);
    const project = new codebuild.CfnProject(this, 'Resource', {
      description: `Activates the CloudHSM cluster of ${scope.node.path}`.slice(0, 255),
      serviceRole: role.roleArn,
      source: { type: 'NO_SOURCE', buildSpec: codebuild.BuildSpec.fromObject(activationBuildSpec()).toBuildSpec() },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        computeType: codebuild.ComputeType.SMALL,
        image: IMAGE,
        environmentVariables: [
          { name: 'TRUST_ANCHOR', type: 'PARAMETER_STORE', value: props.trustAnchor.parameterName },
          { name: 'PASSWORD', type: 'SECRETS_MANAGER', value: secretArnOf(props.password) },
        ],
      },
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: this.logGroup.logGroupName } },
      vpcConfig: {
        vpcId: props.vpc.vpcId,
        subnets: props.subnets.map(({ subnetId }) => subnetId),
        securityGroupIds: securityGroups.map(({ securityGroupId }) => securityGroupId),
      },
      timeoutInMinutes: TIMEOUT_MINUTES,
    });
    // CodeBuild tries the role's permissions on the VPC when the project is made.
    project.node.addDependency(role);
    this.projectName = project.ref;
    this.projectArn = project.attrArn;
    explainFindings(this, 'AWS::CodeBuild::Project', [
      { rule: 'AwsSolutions-CB4', reason: 'The build makes no artifacts: there is nothing that a key could encrypt.' },
    ]);
  }

  private makeRole(props: ActivationProjectProps): iam.Role {
    const role = new iam.Role(this, 'Role', {
      assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com'),
      description: 'cdk-settled: runs the build that activates a CloudHSM cluster',
    });
    this.logGroup.grantWrite(role);
    const statements = [
      new iam.PolicyStatement({ actions: ['ssm:GetParameters'], resources: [props.trustAnchor.parameterArn] }),
      ...readingSecret(this, props.password),
      ...joiningVpc(Stack.of(this), props.subnets),
    ];
    for (const statement of statements) role.addToPolicy(statement);
    explainFindings(role, 'AWS::IAM::Policy', WILDCARDS);
    return role;
  }
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
