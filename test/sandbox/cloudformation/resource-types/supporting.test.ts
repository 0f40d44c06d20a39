import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as codebuild from 'aws-cdk-lib/aws-codebuild';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { SupportingOptions } from '../../../../sandbox/services/supporting-services';
import { ACCOUNT, Lab, plain, REGION } from '../lab';

const at = [ACCOUNT, REGION] as const;

/** A lab to which CDK stacks are deployed as they are. */
class CdkLab extends Lab {
  constructor(options: SupportingOptions = {}) {
    super({}, options);
  }

  deployCdk(build: (stack: Stack) => void) {
    const app = new App({ analyticsReporting: false });
    const stack = new Stack(app, 'app');
    build(stack);
    const { Resources, ...template } = app.synth().getStackByName('app').template;
    return this.deploy(Resources, { template });
  }

  get tools() {
    return this.supporting.tools;
  }
}

const SUBNETS = [
  { name: 'public', subnetType: ec2.SubnetType.PUBLIC },
  { name: 'private', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
  { name: 'isolated', subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
];

describe('a VPC of CDK', () => {
  test('with all kinds of subnets, NAT and endpoints comes and goes', async () => {
    const it = new CdkLab();
    const result = await it.deployCdk((stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 3, subnetConfiguration: SUBNETS });
      vpc.addInterfaceEndpoint('Logs', { service: ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS });
      vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
    });
    expect(result.status).toBe('CREATE_COMPLETE');
    const state = it.tools.ec2.network.state(...at);
    // Where the account is unknown, CDK takes two zones.
    expect([...state.subnets.values()].map(({ availabilityZone }) => availabilityZone.slice(-1)).sort()).toEqual([
      ...'aaabbb',
    ]);
    expect(state.natGateways.size).toBe(2);
    expect([...state.networkInterfaces.values()].map(({ type }) => type).sort()).toEqual([
      'nat_gateway',
      'nat_gateway',
      'vpc_endpoint',
      'vpc_endpoint',
    ]);
    await expect(it.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(it.inventory()).toEqual([]);
  });

  test('without NAT, with groups that name each other, comes, changes and goes', async () => {
    const it = new CdkLab();
    const build = (port: number) => (stack: Stack) => {
      const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, subnetConfiguration: [SUBNETS[2]!] });
      const client = new ec2.SecurityGroup(stack, 'Client', { vpc, allowAllOutbound: false });
      const server = new ec2.SecurityGroup(stack, 'Server', { vpc, allowAllOutbound: false });
      client.connections.allowTo(server, ec2.Port.tcp(port));
      server.addIngressRule(ec2.Peer.ipv4('10.0.0.0/8'), ec2.Port.tcp(port), `from inside to ${port}`);
    };
    await expect(it.deployCdk(build(2223))).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
    await expect(it.deployCdk(build(2224))).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
    const groups = [...it.tools.ec2.network.state(...at).securityGroups.values()];
    const rules = groups.filter(({ name }) => name.includes('Server')).flatMap((group) => [...group.rules.values()]);
    expect(rules.filter(({ direction }) => direction === 'ingress').map(({ fromPort }) => fromPort)).toEqual([
      2224, 2224,
    ]);
    await expect(it.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(it.inventory()).toEqual([]);
  });

  test('gets the rules of its groups back when an update fails half-way', async () => {
    const it = new CdkLab();
    const vpc = { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } };
    const rule = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp: '10.0.0.0/8' });
    const group = (...rules: object[]) => ({
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { GroupDescription: 'g', VpcId: { Ref: 'Vpc' }, SecurityGroupIngress: rules },
    });
    await it.deploy({ Vpc: vpc, Group: group(rule(1), rule(2)) });
    const broken = { ...rule(4), CidrIp: undefined, SourceSecurityGroupId: 'sg-none' };
    const failed = await it.deploy({ Vpc: vpc, Group: group(rule(2), rule(3), broken) });
    expect(failed.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    const groups = [...it.tools.ec2.network.state(...at).securityGroups.values()];
    const rules = [...groups.find(({ description }) => description === 'g')!.rules.values()];
    const ports = rules.filter(({ direction }) => direction === 'ingress').map(({ fromPort }) => fromPort);
    expect(ports.sort()).toEqual([1, 2]);
  });

  test('cannot be deleted while a service has interfaces and a group in it', async () => {
    const it = new CdkLab();
    await it.deployCdk((stack) => {
      new ec2.Vpc(stack, 'Vpc', { maxAzs: 1, natGateways: 0, subnetConfiguration: [SUBNETS[2]!] });
    });
    const { network } = it.tools.ec2;
    const [subnet] = network.state(...at).subnets.values();
    const group = network.createSecurityGroup(...at, { vpcId: subnet!.vpcId, name: 'cluster', description: 'cluster' });
    const settings = { subnetId: subnet!.id, description: 'HSM', groups: [group.id] };
    const { id } = network.createNetworkInterface(...at, settings);
    const failed = await it.delete();
    expect(failed.status).toBe('DELETE_FAILED');
    expect(failed.events.map(({ reason }) => reason)).toContain(
      `The subnet '${subnet!.id}' has dependencies and cannot be deleted.`,
    );
    network.deleteNetworkInterface(...at, id);
    const again = await it.delete();
    expect(again.events.map(({ reason }) => reason)).toContain(
      `The vpc '${subnet!.vpcId}' has dependencies and cannot be deleted.`,
    );
    network.deleteSecurityGroup(...at, group.id);
    await expect(it.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  });
});

test('a key and its alias come, change and begin to wait for their deletion', async () => {
  const it = new CdkLab();
  const build =
    (description: string, keySpec = kms.KeySpec.RSA_2048) =>
    (stack: Stack) => {
      new kms.Key(stack, 'Key', {
        description,
        keySpec,
        keyUsage: kms.KeyUsage.SIGN_VERIFY,
        alias: 'ca',
        pendingWindow: Duration.days(7),
        removalPolicy: RemovalPolicy.DESTROY,
      });
    };
  await it.deployCdk(build('one'));
  const state = it.tools.kms.state(...at);
  const [key] = state.keys.values();
  expect(state.aliases.get('alias/ca')).toBe(key!.id);
  await it.deployCdk(build('two'));
  expect(key).toMatchObject({ description: 'two', spec: 'RSA_2048' });
  const other = await it.deployCdk(build('two', kms.KeySpec.ECC_NIST_P256));
  expect(other.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(other.events.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('You cannot change KeySpec'));
  await it.delete();
  expect(it.inventory()).toEqual([]);
  expect(it.supporting.kms.pending(state)).toEqual([key!.id]);
  expect(key!.deletionAt).toBeGreaterThan(it.clock.now() + 6 * 86_400_000);
});

test('a secret has its value made anew only when the way of making it changes', async () => {
  const it = new CdkLab();
  const build = (description: string, passwordLength: number) => (stack: Stack) => {
    new secretsmanager.Secret(stack, 'Secret', {
      description,
      generateSecretString: { passwordLength, excludeCharacters: ':' },
    });
  };
  await it.deployCdk(build('one', 20));
  const state = it.tools.secrets.state(...at);
  const [secret] = state.secrets.values();
  const values = () => it.supporting.secretsManager.secretValues(state);
  expect(values()).toEqual([expect.stringMatching(/^[^:]{20}$/)]);
  await it.deployCdk(build('two', 20));
  expect(secret).toMatchObject({ description: 'two' });
  expect(values()).toHaveLength(1);
  await it.deployCdk(build('two', 21));
  expect(values()).toHaveLength(2);
  await it.delete();
  expect(it.inventory()).toEqual([]);
});

test('a project of CDK in a VPC builds with a secret, into its own log group', async () => {
  const seen: unknown[] = [];
  const it = new CdkLab({
    codeBuild: {
      runner: ({ environment }) => {
        seen.push(environment.PASSWORD);
        return { succeeded: true, log: ['done'] };
      },
    },
  });
  const result = await it.deployCdk((stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { subnetConfiguration: SUBNETS });
    const secret = new secretsmanager.Secret(stack, 'Secret');
    new codebuild.Project(stack, 'Project', {
      vpc,
      buildSpec: codebuild.BuildSpec.fromObject({ version: '0.2' }),
      environmentVariables: {
        PASSWORD: { type: codebuild.BuildEnvironmentVariableType.SECRETS_MANAGER, value: secret.secretArn },
      },
      logging: {
        cloudWatch: { logGroup: new logs.LogGroup(stack, 'Log', { removalPolicy: RemovalPolicy.DESTROY }) },
      },
    });
  });
  expect(result.status).toBe('CREATE_COMPLETE');
  const { codeBuild } = it.supporting;
  const state = it.tools.codeBuild.state(...at);
  const [name] = state.projects.keys();
  const { accessKeyId } = it.credentials.forAccount(ACCOUNT);
  const principal = it.credentials.find(accessKeyId)!.principal;
  const call = { world: it.world, principal, accountId: ACCOUNT, region: REGION, requestId: 'r' };
  await codeBuild.operations.StartBuild!.handle({ projectName: name }, state, call);
  await it.clock.sleep(91_000);
  const [build] = state.builds.values();
  expect(build!.phases.find(({ context }) => context)?.context).toBeUndefined();
  expect(build!.status).toBe('SUCCEEDED');
  expect(seen).toEqual(it.supporting.secretsManager.secretValues(it.tools.secrets.state(...at)));
  expect(it.tools.logGroups.lines(...at)).toContain('done');
  await expect(it.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(it.inventory()).toEqual([]);
});

test('a parameter of a stack is one of Parameter Store', async () => {
  const it = new CdkLab();
  const build = (stringValue: string) => (stack: Stack) => {
    new ssm.StringParameter(stack, 'Parameter', { parameterName: '/hsm/anchor', stringValue });
  };
  await it.deployCdk(build('one'));
  await it.deployCdk(build('two'));
  const { parameters } = it.tools;
  expect(parameters.value(...at, '/hsm/anchor')).toBe('two');
  const taken = await it.deploy(
    { P: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/hsm/anchor', Type: 'String', Value: 'x' } } },
    { stackName: 'other' },
  );
  expect(taken.status).toBe('ROLLBACK_COMPLETE');
  parameters.delete(...at, '/hsm/anchor');
  await expect(it.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(it.inventory()).toEqual([]);
});

test('a log group that somebody has made already fails its stack', async () => {
  const it = new CdkLab();
  it.tools.logGroups.create(...at, '/aws/cloudhsm/cluster-1');
  const group = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/cloudhsm/cluster-1' } };
  const result = await it.deploy({ A: plain(), Group: group });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(it.inventory()).toEqual(['log group /aws/cloudhsm/cluster-1']);
});

test.each<[string, object, string]>([
  [
    'a project with a source',
    {
      Type: 'AWS::CodeBuild::Project',
      Properties: { Artifacts: { Type: 'NO_ARTIFACTS' }, Environment: {}, ServiceRole: 'r', Source: { Type: 'S3' } },
    },
    'the sandbox builds NO_SOURCE to NO_ARTIFACTS only, got S3 to NO_ARTIFACTS',
  ],
  [
    'a secure parameter',
    { Type: 'AWS::SSM::Parameter', Properties: { Type: 'SecureString', Value: 'v' } },
    'a parameter of a stack is a String or a StringList, got SecureString',
  ],
  [
    'rotation of an asymmetric key',
    { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', EnableKeyRotation: true } },
    'You cannot set the EnableKeyRotation property to true on asymmetric or external keys.',
  ],
  [
    'an asymmetric key without a usage',
    { Type: 'AWS::KMS::Key', Properties: { KeySpec: 'ECC_NIST_P256' } },
    'KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ECC_NIST_P256',
  ],
  [
    'a secret with two values',
    { Type: 'AWS::SecretsManager::Secret', Properties: { SecretString: 'x', GenerateSecretString: {} } },
    'a secret has SecretString or GenerateSecretString, not both',
  ],
])('%s is refused', async (_, resource, reason) => {
  const result = await new Lab().deploy({ A: resource });
  expect(result.events.map((event) => event.reason)).toContain(reason);
});
