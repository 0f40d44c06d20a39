import { CfnOutput, RemovalPolicy, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { cloudhsm } from '../../src';
import { clustersIn } from './cloudhsm-bed';
import { THERE } from './delegation-bed';
import type { Testbed } from './testbed';

export const ZONES_THERE = ['a', 'b', 'c'].map((letter) => `${THERE.region}${letter}`);
export const PROJECT = 'activate-vault';

/** What stands in the other account before clusters, and outlives them. */
export interface Ground {
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly keyArn: string;
}

/** Network and signing key of the other account, in a stack of their own. */
export async function groundThere(bed: Testbed): Promise<Ground> {
  const { VpcId, Subnets, KeyArn } = await deployThere(bed, 'Ground', (stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { availabilityZones: ZONES_THERE, natGateways: 1 });
    const key = new kms.Key(stack, 'Key', {
      keySpec: kms.KeySpec.RSA_4096,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnOutput(stack, 'VpcId', { value: vpc.vpcId });
    new CfnOutput(stack, 'Subnets', { value: vpc.privateSubnets.map(({ subnetId }) => subnetId).join(',') });
    new CfnOutput(stack, 'KeyArn', { value: key.keyArn });
  });
  return { vpcId: VpcId!, subnetIds: Subnets!.split(','), keyArn: KeyArn! };
}

/** The project that activates the only cluster of the other account, as the third of the three deployments needs it. */
export async function projectThere(
  bed: Testbed,
  ground: Ground,
  trustAnchor: string,
  passwordLength = 32,
): Promise<void> {
  const [cluster] = await clustersIn(bed, THERE.account, THERE.region);
  await deployThere(bed, 'Builds', (stack) => {
    new cloudhsm.ActivationProject(stack, 'Activation', {
      projectName: PROJECT,
      cluster: cloudhsm.Cluster.fromClusterAttributes(stack, 'Cluster', {
        clusterId: cluster!.ClusterId!,
        securityGroupId: cluster!.SecurityGroup!,
      }),
      vpc: vpcOf(stack, ground),
      password: new Secret(stack, 'Password', {
        generateSecretString: { passwordLength, excludePunctuation: true },
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      trustAnchorParameter: StringParameter.fromStringParameterName(stack, 'Anchor', trustAnchor),
    });
  });
}

async function deployThere(bed: Testbed, name: string, build: (stack: Stack) => void): Promise<Record<string, string>> {
  const directory = bed.synth((stack) => build(new Stack(Stage.of(stack)!, name, { env: THERE })));
  const [result] = await bed.sandbox.deploy(directory, { stacks: [name] });
  expect(result!.status).toBe('CREATE_COMPLETE');
  return { ...result!.outputs };
}

export async function removeThere({ sandbox: { stacks } }: Testbed, ...names: string[]): Promise<void> {
  for (const name of names) {
    expect((await stacks.delete(name, THERE.account, THERE.region)).status).toBe('DELETE_COMPLETE');
  }
}

export function vpcOf(stack: Stack, { vpcId, subnetIds }: Ground): ec2.IVpc {
  const known = stack.node.tryFindChild('Vpc') as ec2.IVpc | undefined;
  return (
    known ??
    ec2.Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId, availabilityZones: ZONES_THERE, privateSubnetIds: subnetIds })
  );
}

/** A network alone, which takes no stack. */
export function networkThere({ sandbox }: Testbed): Ground & { readonly remove: () => void } {
  const { network } = sandbox.supporting.tools.ec2;
  const { account, region } = THERE;
  const { id: vpcId } = network.createVpc(account, region, { cidr: '10.0.0.0/16' });
  const subnetIds = ZONES_THERE.map(
    (availabilityZone, at) =>
      network.createSubnet(account, region, { vpcId, cidr: `10.0.${at}.0/24`, availabilityZone }).id,
  );
  const remove = () => {
    for (const id of subnetIds) network.deleteSubnet(account, region, id);
    network.deleteVpc(account, region, vpcId);
  };
  return { vpcId, subnetIds, keyArn: '', remove };
}
