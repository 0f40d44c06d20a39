import { DescribeBackupsCommand } from '@aws-sdk/client-cloudhsm-v2';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { cloudhsm, sts } from '../../src';
import {
  aCluster,
  clustersIn,
  countOf,
  expectNothingLeft,
  hsmClient,
  leftovers,
  startHsmBed,
  ZONES,
} from './cloudhsm-bed';
import { failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const THERE = 'eu-west-1';

async function copiesOf(bed: Testbed) {
  const { Backups = [] } = await hsmClient(bed, bed.sandbox.accountId, THERE).send(new DescribeBackupsCommand({}));
  return Backups.map(({ BackupId, BackupState, SourceRegion }) => ({ BackupId, BackupState, SourceRegion }));
}

describe('a copy of the latest backup', () => {
  const withCopy =
    (tags: Record<string, string> = {}, source?: cloudhsm.BackupSource) =>
    (stack: Stack) => {
      const cluster = aCluster(stack);
      new cloudhsm.BackupCopy(stack, 'Copy', {
        source: source ?? cloudhsm.BackupSource.latestOf(cluster),
        destinationRegion: THERE,
        tags,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    };
  const withoutCopy = (stack: Stack) => {
    aCluster(stack);
  };

  test('is ready in the other region when the deployment is complete, and goes with the stack', async () => {
    const bed = await startHsmBed();
    const result = await bed.deploy(withCopy());
    expect(failureReason(result)).toBe('');
    expect(await copiesOf(bed)).toMatchObject([{ BackupState: 'READY', SourceRegion: 'eu-central-1' }]);
    expect((await bed.deploy(withCopy({ team: 'vault' }))).status).toBe('UPDATE_COMPLETE');
    expect(countOf(bed, 'CopyBackupToRegion')).toBe(1);
    await expectNothingLeft(bed);
    expect(await copiesOf(bed)).toMatchObject([{ BackupState: 'PENDING_DELETION' }]);
    expect(leftovers(bed, bed.sandbox.accountId, THERE)).toEqual([]);
  });

  test('that is wanted again while it is pending deletion is restored', async () => {
    const bed = await startHsmBed();
    await bed.deploy(withoutCopy);
    await bed.sandbox.clock.sleep(10_000);
    const { Backups = [] } = await hsmClient(bed).send(new DescribeBackupsCommand({}));
    const source = cloudhsm.BackupSource.id(Backups[0]!.BackupId!);
    await bed.deploy(withCopy({}, source));
    const [copy] = await copiesOf(bed);
    await bed.deploy(withoutCopy);
    expect(await copiesOf(bed)).toEqual([{ ...copy, BackupState: 'PENDING_DELETION' }]);
    expect((await bed.deploy(withCopy({}, source))).status).toBe('UPDATE_COMPLETE');
    expect(await copiesOf(bed)).toEqual([copy]);
    expect(countOf(bed, 'CopyBackupToRegion')).toBe(1);
    expect(countOf(bed, 'RestoreBackup')).toBe(1);
    await expectNothingLeft(bed);
  });
});

describe('a cluster in another account', () => {
  const OTHER_ACCOUNT = '222222222222';

  function delegatedRole(bed: Testbed): string {
    return bed.sandbox.iam.createRole({
      accountId: OTHER_ACCOUNT,
      name: 'Vaults',
      trust: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${bed.sandbox.accountId}:root` },
            Action: 'sts:AssumeRole',
          },
        ],
      },
      inlinePolicies: {
        CloudHsm: {
          Statement: [
            { Effect: 'Allow', Action: ['cloudhsm:*', 'ec2:*', 'ssm:*'], Resource: '*' },
            { Effect: 'Allow', Action: 'iam:CreateServiceLinkedRole', Resource: '*' },
          ],
        },
      },
    }).arn;
  }

  /** The network of the other account, which stands there before. */
  function networkThere(bed: Testbed): { vpcId: string; subnetId: string } {
    const { network } = bed.sandbox.supporting.tools.ec2;
    const { id: vpcId } = network.createVpc(OTHER_ACCOUNT, bed.sandbox.region, { cidr: '10.0.0.0/16' });
    const subnet = network.createSubnet(OTHER_ACCOUNT, bed.sandbox.region, {
      vpcId,
      cidr: '10.0.0.0/24',
      availabilityZone: ZONES[0],
    });
    return { vpcId, subnetId: subnet.id };
  }

  const clusterThere = (bed: Testbed) => {
    const assumeRole = sts.RoleAssumption.fromRoleArn(delegatedRole(bed), { region: bed.sandbox.region });
    const { vpcId, subnetId } = networkThere(bed);
    return (hsmCount: number) => (stack: Stack) => {
      const vpc = ec2.Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId,
        availabilityZones: [ZONES[0]],
        privateSubnetIds: [subnetId],
      });
      aCluster(stack, {
        vpc,
        hsmCount,
        assumeRole,
        initialization: cloudhsm.CertificateAuthority.external(),
      });
    };
  };

  test('is made through a role, given its first HSM, parked and deleted', async () => {
    const bed = await startHsmBed();
    const there = clusterThere(bed);
    const network = leftovers(bed, OTHER_ACCOUNT);
    const result = await bed.deploy(there(0));
    expect(failureReason(result)).toBe('');
    expect(await clustersIn(bed)).toEqual([]);
    const [parked] = await clustersIn(bed, OTHER_ACCOUNT);
    expect(parked).toMatchObject({ State: 'UNINITIALIZED', Hsms: [] });
    expect((await bed.deploy(there(1))).status).toBe('UPDATE_COMPLETE');
    expect((await clustersIn(bed, OTHER_ACCOUNT))[0]!.Hsms).toHaveLength(1);
    expect((await bed.deploy(there(0))).status).toBe('UPDATE_COMPLETE');
    await expectNothingLeft(bed);
    expect(leftovers(bed, OTHER_ACCOUNT)).toEqual(network);
  });
});
