import type { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  Activation,
  CertificateAuthority,
  Cluster,
  ClusterActivation,
  type CodeBuildActivationOptions,
} from '../../src/cloudhsm';
import { activationBuildSpec } from '../../src/cloudhsm/activation-buildspec';
import { RoleAssumption } from '../../src/sts';
import { ACTIVATION, CLUSTER, clusterWith, INITIALIZATION, irishStack, templateOf } from '../support/clusters';
import { actionsOf, filledIn, type Json, messageOf, onlyResource, statementsOf, testStack } from '../support/synthesis';

const PROJECT = 'AWS::CodeBuild::Project';
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:hsm-abcdef';

describe('the build', () => {
  const template = templateOf(clusterWith());
  const project = onlyResource(template, PROJECT).Properties;
  const [clusterId] = Object.keys(template.findResources(CLUSTER));

  test('is started by the activation, for the cluster', () => {
    const [projectId] = Object.keys(template.findResources(PROJECT));
    expect(onlyResource(template, ACTIVATION).Properties).toMatchObject({
      ClusterId: { 'Fn::GetAtt': [clusterId, 'ClusterId'] },
      ProjectName: { Ref: projectId },
    });
  });

  test('runs in the subnets of the cluster, in its security group and in one that reaches AWS', () => {
    const [groupId] = Object.keys(template.findResources('AWS::EC2::SecurityGroup'));
    expect(project.VpcConfig).toEqual({
      VpcId: 'vpc-1',
      Subnets: ['subnet-a', 'subnet-b', 'subnet-c'],
      SecurityGroupIds: [{ 'Fn::GetAtt': [clusterId, 'SecurityGroupId'] }, { 'Fn::GetAtt': [groupId, 'GroupId'] }],
    });
    expect(onlyResource(template, 'AWS::EC2::SecurityGroup').Properties.SecurityGroupEgress).toEqual([
      { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 443, ToPort: 443, Description: 'APIs of AWS' },
    ]);
  });

  test('does what its specification says, on Amazon Linux 2023', () => {
    expect(JSON.parse(project.Source.BuildSpec)).toEqual(activationBuildSpec());
    expect(project.Source.Type).toBe('NO_SOURCE');
    expect(project.Environment).toMatchObject({
      Image: 'aws/codebuild/amazonlinux-x86_64-standard:5.0',
      Type: 'LINUX_CONTAINER',
    });
  });

  test('takes trust anchor and password by reference, so that neither stands in the template', () => {
    const [secretId] = Object.keys(template.findResources('AWS::SecretsManager::Secret'));
    const { TrustAnchorParameter } = onlyResource(template, INITIALIZATION).Properties;
    expect(project.Environment.EnvironmentVariables).toEqual([
      { Name: 'TRUST_ANCHOR', Type: 'PARAMETER_STORE', Value: TrustAnchorParameter },
      { Name: 'PASSWORD', Type: 'SECRETS_MANAGER', Value: { Ref: secretId } },
    ]);
  });

  test('has logs that are kept for a month', () => {
    const [groupId, ...others] = Object.keys(
      template.findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 30 } }),
    );
    expect(others).toEqual([]);
    expect(project.LogsConfig.CloudWatchLogs).toEqual({ Status: 'ENABLED', GroupName: { Ref: groupId } });
  });

  test('ends in time for the custom resource', () => {
    expect(project.TimeoutInMinutes).toBeLessThan(50);
  });

  test('has a password of 32 letters and digits', () => {
    expect(onlyResource(template, 'AWS::SecretsManager::Secret').Properties.GenerateSecretString).toEqual({
      PasswordLength: 32,
      ExcludePunctuation: true,
      IncludeSpace: false,
    });
  });
});

describe('the role of the build', () => {
  const template = templateOf(clusterWith());
  const statements: Json[] = statementsOf(template, 'ClusterActivationProjectRole').map((each) => filledIn(each));

  test('has exactly these permissions', () => {
    expect(actionsOf(statements)).toEqual([
      'ec2:CreateNetworkInterface',
      'ec2:CreateNetworkInterfacePermission',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeDhcpOptions',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'ssm:GetParameters',
    ]);
  });

  test('has them on everything only where EC2 describes', () => {
    const anywhere = statements.filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(actionsOf(anywhere).filter((action) => !action.startsWith('ec2:Describe'))).toEqual([]);
  });

  test('reads the one parameter', () => {
    const [reading] = statements.filter(({ Action }) => Action === 'ssm:GetParameters');
    expect(reading.Resource).toMatch(
      /^arn:aws:ssm:eu-west-1:111111111111:parameter\/cdk-settled\/Stack\/Stack-Cluster-Initialization-.{8}\/trust-anchor$/,
    );
  });

  test('lets CodeBuild join the subnets of the cluster', () => {
    const [joining] = statements.filter(({ Action }) => Action === 'ec2:CreateNetworkInterfacePermission');
    expect(joining.Condition).toEqual({
      StringEquals: { 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
      ArnEquals: {
        'ec2:Subnet': ['a', 'b', 'c'].map((letter) => `arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-${letter}`),
      },
    });
  });

  test('is complete before the project, since CodeBuild tries it', () => {
    const [policyId] = Object.keys(
      template.findResources('AWS::IAM::Policy', {
        Properties: { PolicyName: Match.stringLikeRegexp('^ClusterActivationProjectRole') },
      }),
    );
    expect(onlyResource(template, PROJECT).DependsOn).toContain(policyId);
  });
});

describe('options', () => {
  function withOptions(make: (stack: Stack) => CodeBuildActivationOptions): Template {
    const stack = irishStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a'],
      privateSubnetIds: ['subnet-nat'],
      isolatedSubnetIds: ['subnet-isolated'],
    });
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    new Cluster(stack, 'Cluster', { vpc, vpcSubnets, activation: Activation.codeBuild(make(stack)) });
    return Template.fromStack(stack);
  }

  test('give a password', () => {
    const template = withOptions((stack) => ({
      password: secretsmanager.Secret.fromSecretCompleteArn(stack, 'Password', SECRET),
    }));
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(onlyResource(template, PROJECT).Properties.Environment.EnvironmentVariables[1].Value).toBe(SECRET);
  });

  test('give other subnets for the build than those of the cluster', () => {
    const template = withOptions(() => ({ vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS } }));
    expect(onlyResource(template, CLUSTER).Properties.SubnetIds).toEqual(['subnet-isolated']);
    expect(onlyResource(template, PROJECT).Properties.VpcConfig.Subnets).toEqual(['subnet-nat']);
  });

  test('keep the logs longer', () => {
    const template = withOptions(() => ({ logRetention: logs.RetentionDays.ONE_YEAR }));
    expect(
      Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 } })),
    ).toHaveLength(1);
  });
});

describe('the network of the build', () => {
  const NEEDED = ['s3', 'logs', 'ssm', 'secretsmanager', 'codebuild'];

  function isolated(endpoints: string[], configure: Partial<ec2.VpcProps> = {}): Template {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 1, ...configure });
    new Cluster(stack, 'Cluster', { vpc });
    for (const name of endpoints) {
      const service = new ec2.InterfaceVpcEndpointAwsService(name);
      new ec2.InterfaceVpcEndpoint(stack, `Endpoint-${name}`, { vpc, service });
    }
    return Template.fromStack(stack);
  }

  test('has no way out of isolated subnets without endpoints: the error names what is missing, and the remedies', () => {
    expect(messageOf(() => isolated([]))).toContain(
      '[Stack/Cluster/Activation] the build that activates the cluster cannot reach s3, logs, ssm, secretsmanager, codebuild from Stack/Vpc/IsolatedSubnet1 (isolated): there is no NAT and no VPC endpoint; run it in subnets with NAT by Activation.codeBuild({ vpcSubnets }), add the endpoints to the VPC, or use Activation.none()',
    );
  });

  test.each(NEEDED)('has none without the endpoint %s alone', (missing) => {
    expect(messageOf(() => isolated(NEEDED.filter((name) => name !== missing)))).toContain(
      `cannot reach ${missing} from`,
    );
  });

  test('has one with all endpoints, whenever and wherever they are made', () => {
    expect(() => isolated(NEEDED)).not.toThrow();
  });

  test('may have a gateway endpoint for S3', () => {
    const gatewayEndpoints = { S3: { service: ec2.GatewayVpcEndpointAwsService.S3 } };
    const others = NEEDED.filter((name) => name !== 's3');
    expect(() => isolated(others, { gatewayEndpoints })).not.toThrow();
  });

  test('has no way out of public subnets, where a build has no public address', () => {
    const subnetConfiguration = [{ name: 'Open', subnetType: ec2.SubnetType.PUBLIC }];
    expect(messageOf(() => isolated([], { subnetConfiguration }))).toContain(
      'Stack/Vpc/OpenSubnet1 (public, and CodeBuild gives builds no public address)',
    );
  });

  test('does not matter without a build', () => {
    const stack = testStack();
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
    new Cluster(stack, 'Cluster', { vpc, activation: Activation.none() });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('is only warned of in a VPC of elsewhere, which may have endpoints that are not in this app', () => {
    const stack = irishStack();
    const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
      vpcId: 'vpc-1',
      availabilityZones: ['eu-west-1a'],
      isolatedSubnetIds: ['subnet-a'],
    });
    new Cluster(stack, 'Cluster', { vpc });
    const warnings = Annotations.fromStack(stack).findWarning('/Stack/Cluster/Activation', Match.anyValue());
    expect(warnings.map(({ entry }) => entry.data)).toEqual([expect.stringContaining('cannot reach s3, logs')]);
  });
});

describe('a cluster that was made elsewhere', () => {
  const stack = irishStack();
  const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterId: 'cluster-abcdefghijk',
    securityGroupId: 'sg-1',
  });
  const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1',
    availabilityZones: ['eu-west-1a'],
    privateSubnetIds: ['subnet-a'],
  });
  const trustAnchorParameter = ssm.StringParameter.fromStringParameterName(stack, 'TrustAnchor', 'trust-anchor');
  new ClusterActivation(stack, 'Activation', { cluster, vpc, trustAnchorParameter });
  const template = Template.fromStack(stack);

  test('can be activated', () => {
    expect(onlyResource(template, ACTIVATION).Properties.ClusterId).toBe('cluster-abcdefghijk');
    const { VpcConfig, Environment } = onlyResource(template, PROJECT).Properties;
    expect(VpcConfig).toMatchObject({ Subnets: ['subnet-a'], SecurityGroupIds: ['sg-1', expect.anything()] });
    expect(Environment.EnvironmentVariables[0].Value).toBe('trust-anchor');
    const [reading] = statementsOf(template, 'ActivationProjectRole').filter(
      ({ Action }) => Action === 'ssm:GetParameters',
    );
    expect(filledIn(reading.Resource)).toBe('arn:aws:ssm:eu-west-1:111111111111:parameter/trust-anchor');
  });

  test('gets a password that is retained', () => {
    expect(onlyResource(template, 'AWS::SecretsManager::Secret').UpdateReplacePolicy).toBe('Retain');
  });
});

test('a build cannot be made in another account', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm');
  const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  const initialization = CertificateAuthority.external({ signedCertificate: PEM, trustAnchor: PEM });
  expect(messageOf(() => clusterWith({ assumeRole, initialization, activation: Activation.codeBuild() }))).toBe(
    'Stack/Cluster: activation cannot make a build in the account or region of assumeRole; use Activation.none()',
  );
});
