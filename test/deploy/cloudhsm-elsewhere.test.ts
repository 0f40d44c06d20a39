import { CfnOutput, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { StackResult } from '../../sandbox/cloudformation/stacks';
import { cloudhsm, sts } from '../../src';
import { aCluster, aVpc, clustersIn, expectNothingDenied, startHsmBed, ZONES, zonesOf } from './cloudhsm-bed';
import { Testbed } from './testbed';

jest.setTimeout(180_000);
afterEach(() => Testbed.stopAll());

const THERE = { account: '222222222222', region: 'eu-central-1' };
const ROLE = `arn:aws:iam::${THERE.account}:role/Hsm`;
const PROJECT = 'activate-vault';

/** The side of the cluster: its network, its key, and the role with what the construct says that it needs. */
function base(stack: Stack, account: string): void {
  const vpc = aVpc(stack);
  const key = new kms.Key(stack, 'Key', { keySpec: kms.KeySpec.RSA_4096, keyUsage: kms.KeyUsage.SIGN_VERIFY });
  const required = cloudhsm.Cluster.requiredPermissionsFor(
    { account, stackName: 'App', region: THERE.region },
    {
      deleteBackups: true,
      initialization: cloudhsm.CertificateAuthority.kms(key),
      activationProject: { projectName: PROJECT },
    },
  );
  new iam.Role(stack, 'Role', {
    roleName: 'Hsm',
    assumedBy: new iam.AccountPrincipal(account),
    inlinePolicies: { Hsm: new iam.PolicyDocument({ statements: required.statements }) },
  });
  new CfnOutput(stack, 'VpcId', { value: vpc.vpcId });
  new CfnOutput(stack, 'Subnets', { value: vpc.privateSubnets.map(({ subnetId }) => subnetId).join(',') });
  new CfnOutput(stack, 'KeyArn', { value: key.keyArn });
}

function vpcOf(stack: Stack, { VpcId, Subnets = '' }: Record<string, string>): ec2.IVpc {
  return ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: VpcId!,
    availabilityZones: [...ZONES],
    privateSubnetIds: Subnets.split(','),
  });
}

test('a cluster in another account is made, activated by a project there, grown and deleted, with a role that may do nothing else', async () => {
  const bed = await startHsmBed();
  const { accountId } = bed.sandbox;
  const there = async (name: string, build: (stack: Stack) => void): Promise<StackResult> => {
    const directory = bed.synth((stack) => build(new Stack(Stage.of(stack)!, name, { env: THERE })));
    const results = await bed.sandbox.deploy(directory, { stacks: [name] });
    expect(results.map(({ status }) => status)).toEqual(['CREATE_COMPLETE']);
    return results[0]!;
  };
  const outputs = (await there('Base', (stack) => base(stack, accountId))).outputs;
  const here = (activation: (stack: Stack) => cloudhsm.Activation, hsmCount: number) => (stack: Stack) => {
    const cluster = aCluster(stack, {
      vpc: vpcOf(stack, outputs),
      assumeRole: sts.RoleAssumption.fromRoleArn(ROLE),
      initialization: cloudhsm.CertificateAuthority.kms(kms.Key.fromKeyArn(stack, 'Key', outputs.KeyArn!)),
      activation: activation(stack),
      hsmCount,
      deleteBackups: true,
    });
    new CfnOutput(stack, 'TrustAnchor', { value: cluster.trustAnchorParameter!.parameterName });
  };

  const first = await bed.deploy(here(() => cloudhsm.Activation.none(), 1));
  expect(first.status).toBe('CREATE_COMPLETE');
  const [initialized] = await clustersIn(bed, THERE.account);
  expect(initialized).toMatchObject({ State: 'INITIALIZED' });

  await there('Builds', (stack) => {
    new cloudhsm.ActivationProject(stack, 'Activation', {
      projectName: PROJECT,
      cluster: cloudhsm.Cluster.fromClusterAttributes(stack, 'Cluster', {
        clusterId: initialized!.ClusterId!,
        securityGroupId: initialized!.SecurityGroup!,
      }),
      vpc: vpcOf(stack, outputs),
      trustAnchorParameter: ssm.StringParameter.fromStringParameterName(stack, 'Anchor', first.outputs.TrustAnchor!),
    });
  });
  const second = await bed.deploy(
    here((stack) => {
      return cloudhsm.Activation.project(cloudhsm.ActivationProject.fromProjectName(stack, 'Project', PROJECT));
    }, 2),
  );
  expect(second.status).toBe('UPDATE_COMPLETE');
  const [active] = await clustersIn(bed, THERE.account);
  expect(active).toMatchObject({ State: 'ACTIVE' });
  expect(zonesOf(active!)).toHaveLength(2);

  expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
  expect(await clustersIn(bed, THERE.account)).toEqual([]);
  expectNothingDenied(bed);
});
