import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import {
  Activation,
  ActivationProject,
  CertificateAuthority,
  Cluster,
  ClusterActivation,
  type ClusterActivationProps,
  type CodeBuildActivationOptions,
} from '../../src/cloudhsm';
import { activationBuildSpec } from '../../src/cloudhsm/activation-buildspec';
import { RoleAssumption } from '../../src/sts';
import {
  ACTIVATION,
  CLOUDHSM_ROLE,
  CLUSTER,
  clusterWith,
  INITIALIZATION,
  irishStack,
  orderOf,
  templateOf,
  vpcWithZones,
} from '../support/clusters';
import {
  actionsOf,
  filledIn,
  type Json,
  messageOf,
  onlyResource,
  resourcesOf,
  statementsOf,
  testApp,
  testStack,
} from '../support/synthesis';

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
      '[Stack/Cluster/Activation/Project] the build that activates the cluster cannot reach s3, logs, ssm, secretsmanager, codebuild from Stack/Vpc/IsolatedSubnet1 (isolated): there is no NAT and no VPC endpoint; run it in subnets with NAT by Activation.codeBuild({ vpcSubnets }), add the endpoints to the VPC, or use Activation.none()',
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
    const warnings = Annotations.fromStack(stack).findWarning('/Stack/Cluster/Activation/Project', Match.anyValue());
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

describe('a cluster that is managed with a role', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm');
  const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';
  const initialization = CertificateAuthority.external({ signedCertificate: PEM, trustAnchor: PEM });

  test('cannot be given a build, and the error says how it is activated', () => {
    expect(messageOf(() => clusterWith({ assumeRole, initialization, activation: Activation.codeBuild() }))).toBe(
      'Stack/Cluster: activation cannot make a build in the account or region of assumeRole; deploy with Activation.none() and one HSM, then an ActivationProject in a stack of that place, and then use Activation.project()',
    );
  });

  test('has no second HSM without a project, and the error says how it gets one', () => {
    expect(messageOf(() => clusterWith({ assumeRole, initialization, hsmCount: 2 }))).toBe(
      'Stack/Cluster/Hsm2: AWS refuses a second HSM before the cluster is activated, and with assumeRole it is not activated: keep one HSM (hsmCount: 1), deploy an ActivationProject in a stack of that place, and then use Activation.project()',
    );
  });

  function withProject(): Cluster {
    const stack = irishStack();
    const project = ActivationProject.fromProjectName(stack, 'Project', 'activation');
    const activation = Activation.project(project);
    return new Cluster(stack, 'Cluster', {
      vpc: vpcWithZones(stack, 2),
      assumeRole,
      initialization,
      activation,
      hsmCount: 2,
    });
  }

  test('is activated through the project by the same role, before its second HSM comes', () => {
    const template = templateOf(withProject());
    expect(onlyResource(template, ACTIVATION).Properties).toMatchObject({
      ProjectName: 'activation',
      AssumeRole: { RoleArn: assumeRole.roleArn },
    });
    expect(orderOf(template)).toMatchObject({ Activation: ['Initialization'], Hsm2: ['Activation'] });
  });

  test('leaves nothing of a build in its own stack', () => {
    const template = templateOf(withProject());
    template.resourceCountIs(PROJECT, 0);
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(actionsOf(statementsOf(template, CLOUDHSM_ROLE)).filter((action) => /codebuild/.test(action))).toEqual([]);
  });

  test('is not activated while its certificate is not signed', () => {
    const stack = irishStack();
    const project = ActivationProject.fromProjectName(stack, 'Project', 'activation');
    const cluster = new Cluster(stack, 'Cluster', {
      vpc: vpcWithZones(stack, 1),
      assumeRole,
      initialization: CertificateAuthority.external(),
      activation: Activation.project(project),
    });
    expect(cluster.activation).toBeUndefined();
  });
});

describe('a project of its own', () => {
  const app = testApp();
  const there = new Stack(app, 'There', { env: { account: '222222222222', region: 'eu-west-1' } });
  const inputs = {
    cluster: Cluster.fromClusterAttributes(there, 'Cluster', {
      clusterId: 'cluster-abcdefghijk',
      securityGroupId: 'sg-1',
    }),
    vpc: vpcWithZones(there, 1),
    trustAnchorParameter: ssm.StringParameter.fromStringParameterName(there, 'Anchor', '/cdk-settled/Stack/anchor'),
  };
  const named = new ActivationProject(there, 'Named', { ...inputs, projectName: 'activation' });
  const unnamed = new ActivationProject(there, 'Unnamed', inputs);
  const here = new Stack(app, 'Here', { env: { account: '111111111111', region: 'eu-west-1' } });
  const activations = [named, unnamed].map(
    (project, index) =>
      new ClusterActivation(here, `Activation${index}`, {
        cluster: Cluster.fromClusterId(here, `Cluster${index}`, 'cluster-abcdefghijk'),
        project,
        assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm'),
      }),
  );
  const template = Template.fromStack(there);

  test('stands in the VPC, with the log group that is known by the name of the project', () => {
    const project = template.findResources(PROJECT, { Properties: { Name: 'activation' } });
    expect(Object.values<Json>(project)[0].Properties.VpcConfig).toMatchObject({
      Subnets: ['subnet-a'],
      SecurityGroupIds: ['sg-1', expect.anything()],
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: '/aws/codebuild/activation' });
  });

  test('gets a password, which it tells', () => {
    expect(there.resolve(named.password?.secretArn)).toEqual({ Ref: expect.stringMatching(/^NamedAdminPassword/) });
    expect(activations[0]!.password).toBe(named.password);
  });

  test('is named in the stack that manages the cluster, also where no name was given', () => {
    const names = resourcesOf(Template.fromStack(here), ACTIVATION).map(({ Properties }) => Properties.ProjectName);
    expect(names).toEqual(['activation', expect.stringMatching(/^there.*unnamed.+/)]);
  });

  test('is checked for a name that CodeBuild takes', () => {
    expect(messageOf(() => new ActivationProject(there, 'Wrong', { ...inputs, projectName: '-x' }))).toBe(
      'There/Wrong: projectName must have 2 to 150 letters, digits and -_, the first no -_, got "-x"',
    );
  });
});

describe('an activation', () => {
  const cluster = (stack: Stack) => Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk');
  const wrong = (props: (stack: Stack) => Partial<ClusterActivationProps>) => {
    const stack = irishStack();
    return messageOf(() => new ClusterActivation(stack, 'It', { cluster: cluster(stack), ...props(stack) }));
  };
  const project = (stack: Stack) => ActivationProject.fromProjectName(stack, 'Project', 'activation');

  test('needs a project or what one is made of', () => {
    expect(wrong(() => ({}))).toBe(
      'Stack/It: vpc must be given where project is not, got none; pass either of them; trustAnchorParameter must be given where project is not, got none; pass either of them',
    );
  });

  test('takes nothing that the project has', () => {
    expect(wrong((stack) => ({ project: project(stack), vpc: vpcWithZones(stack, 1) }))).toBe(
      'Stack/It: project has vpc already; leave it out',
    );
  });

  test('with a role needs a project', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm');
    expect(wrong(() => ({ assumeRole }))).toBe(
      'Stack/It: project must be given with assumeRole, since no build can be made in another account or region, got none; make an ActivationProject in a stack of that place, and pass it or ActivationProject.fromProjectName()',
    );
  });

  test('may be by a project of the own account', () => {
    const stack = irishStack();
    new ClusterActivation(stack, 'It', { cluster: cluster(stack), project: project(stack) });
    const building = statementsOf(Template.fromStack(stack), CLOUDHSM_ROLE)
      .map((statement) => filledIn(statement))
      .filter((statement) => actionsOf([statement]).some((action) => /codebuild|GetLogEvents/.test(action)));
    expect(building.map(({ Resource }) => Resource)).toEqual([
      'arn:aws:codebuild:eu-west-1:111111111111:project/activation',
      'arn:aws:logs:eu-west-1:111111111111:log-group:/aws/codebuild/activation:*',
    ]);
  });
});
