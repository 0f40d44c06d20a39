import {
  CloudHSMV2Client,
  CreateClusterCommand,
  CreateHsmCommand,
  DeleteClusterCommand,
  DeleteHsmCommand,
  DescribeBackupsCommand,
  DescribeClustersCommand,
  InitializeClusterCommand,
  ListTagsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudhsm-v2';
import type { TemporaryCredentials } from '../../../../sandbox/iam/credentials';
import { CloudHsmService } from '../../../../sandbox/services/cloudhsm/cloudhsm-service';
import { Ec2Service } from '../../../../sandbox/services/ec2/ec2-service';
import type { World } from '../../../../sandbox/services/service';
import { ACCOUNT, errorOf, OTHER_ACCOUNT, Testbed } from '../../endpoint/testbed';
import { Authority } from './authority';

const REGION = 'eu-central-1';

const ec2 = new Ec2Service();
// The service and its testbed need each other: the network finds its state in the world of the testbed.
let world: World;
const network = ec2.tools({
  get random() {
    return world.random;
  },
  state: (service: never, accountId: string, region: string) => world.state(service, accountId, region),
} as unknown as World).network;
const service = new CloudHsmService(network);
const bed = new Testbed(service);
world = bed.world;

beforeAll(() => bed.endpoint.start());
afterAll(() => bed.endpoint.stop());

const authority = new Authority();
const subnetsOf = (accountId: string) => {
  const { id: vpcId } = network.createVpc(accountId, REGION, { cidr: '10.0.0.0/16' });
  const settings = { vpcId, cidr: '10.0.0.0/24', availabilityZone: `${REGION}a` };
  return [network.createSubnet(accountId, REGION, settings).id];
};
const clientOf = (credentials: TemporaryCredentials = bed.credentials.forAccount(ACCOUNT)) =>
  new CloudHSMV2Client(bed.client(credentials));
const pass = (seconds: number) => bed.clock.sleep(seconds * 1000);
const state = () => bed.world.state(service, ACCOUNT, REGION);

const everything = {
  Effect: 'Allow',
  Action: ['cloudhsm:*', 'ec2:*', 'iam:CreateServiceLinkedRole'],
  Resource: '*',
};

test('a cluster’s life over the wire', async () => {
  const client = clientOf();
  // What the client's types do not know of it passes on as it is.
  const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: subnetsOf(ACCOUNT) };
  const { Cluster: made } = await client.send(new CreateClusterCommand(input));
  const ClusterId = made?.ClusterId;
  const cluster = async () =>
    (await client.send(new DescribeClustersCommand({ Filters: { clusterIds: [ClusterId!] } }))).Clusters?.[0];
  expect([made?.State, made?.CreateTimestamp?.getUTCFullYear()]).toEqual(['CREATE_IN_PROGRESS', 2030]);
  await pass(150);
  const hsm = await client.send(new CreateHsmCommand({ ClusterId, AvailabilityZone: `${REGION}a` }));
  await pass(480);
  const request = (await cluster())?.Certificates?.ClusterCsr;
  const [TrustAnchor, SignedCert] = await Promise.all([authority.root(), authority.issue(request!)]);
  await client.send(new InitializeClusterCommand({ ClusterId, SignedCert, TrustAnchor }));
  await pass(60);
  service.activate(state(), ClusterId!);
  await pass(80);
  expect((await cluster())?.State).toBe('ACTIVE');
  await client.send(new TagResourceCommand({ ResourceId: ClusterId, TagList: [{ Key: 'a', Value: '' }] }));
  const { TagList } = await client.send(new ListTagsCommand({ ResourceId: ClusterId }));
  expect(TagList).toEqual([{ Key: 'a', Value: '' }]);
  expect((await client.send(new DescribeBackupsCommand({}))).Backups).toHaveLength(1);
  await client.send(new DeleteHsmCommand({ ClusterId, EniId: hsm.Hsm?.EniId }));
  const early = await errorOf(client.send(new DeleteClusterCommand({ ClusterId })));
  expect(early).toMatchObject({
    name: 'CloudHsmInvalidRequestException',
    message: expect.stringContaining('still contains 1 HSM'),
    $metadata: { httpStatusCode: 400 },
  });
  await pass(120);
  await client.send(new DeleteClusterCommand({ ClusterId }));
  await pass(150);
  expect(await cluster()).toBeUndefined();
});

test('a role needs the rights on EC2 and on the service-linked role too', async () => {
  const SubnetIds = subnetsOf(OTHER_ACCOUNT);
  const create = (name: string, ...statements: object[]) => {
    const { credentials } = bed.role(name, statements, { accountId: OTHER_ACCOUNT });
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds };
    return clientOf(credentials).send(new CreateClusterCommand(input));
  };
  const cloudHsm = { Effect: 'Allow', Action: 'cloudhsm:*', Resource: '*' };
  const refused = await errorOf(create('one', cloudHsm));
  expect(refused.message).toContain('is not authorized to perform: iam:CreateServiceLinkedRole');
  const role = { Effect: 'Allow', Action: 'iam:CreateServiceLinkedRole', Resource: '*' };
  const refusedAgain = await errorOf(create('two', cloudHsm, role));
  expect(refusedAgain.message).toContain('is not authorized to perform: ec2:CreateSecurityGroup');
  await create('three', everything);
});

test('tags of the cluster decide what a role may do to it', async () => {
  const owner = (value: string) => [{ Key: 'owner', Value: value }];
  const SubnetIds = subnetsOf(ACCOUNT);
  const create = async (name: string) => {
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds, TagList: owner(name) };
    return (await clientOf().send(new CreateClusterCommand(input))).Cluster?.ClusterId;
  };
  const [mine, yours] = [await create('me'), await create('you')];
  await pass(150);
  const { credentials } = bed.role('deleter', [
    {
      Effect: 'Allow',
      Action: 'cloudhsm:DeleteCluster',
      Resource: `arn:aws:cloudhsm:*:${ACCOUNT}:cluster/*`,
      Condition: { StringEquals: { 'aws:ResourceTag/owner': 'me' } },
    },
    { Effect: 'Allow', Action: 'ec2:DeleteSecurityGroup', Resource: '*' },
  ]);
  const client = clientOf(credentials);
  expect((await errorOf(client.send(new DeleteClusterCommand({ ClusterId: yours })))).message).toContain(
    'is not authorized to perform: cloudhsm:DeleteCluster',
  );
  await client.send(new DeleteClusterCommand({ ClusterId: mine }));
});

test('a backup of another account restores only where its policy lets it', async () => {
  // Of the cluster of the first test, which left its backups behind.
  const BackupArn = `arn:aws:cloudhsm:${REGION}:${ACCOUNT}:backup/${[...state().backups.keys()][0]}`;
  const SubnetIds = subnetsOf(OTHER_ACCOUNT);
  const { credentials } = bed.role('restorer', [everything], { accountId: OTHER_ACCOUNT });
  const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds, SourceBackupId: BackupArn };
  const restore = () => clientOf(credentials).send(new CreateClusterCommand(input));
  expect((await errorOf(restore())).message).toContain('is not authorized to perform: cloudhsm:CreateCluster');
  const Statement = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
    Action: 'cloudhsm:CreateCluster',
    Resource: BackupArn,
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [Statement] });
  const call = { world, principal: {} as never, accountId: ACCOUNT, region: REGION, requestId: '' };
  // The client is too old for this operation.
  await service.operations.PutResourcePolicy?.handle({ ResourceArn: BackupArn, Policy }, state(), call);
  expect((await restore()).Cluster?.SourceBackupId).toBe(BackupArn.split('/')[1]);
});

test('what is against the model is refused with all that is wrong', async () => {
  const wrong = new CreateClusterCommand({ HsmType: 'large', SubnetIds: [] });
  expect(await errorOf(clientOf().send(wrong))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/^2 validation errors detected: .*'hsmType'.*'subnetIds'/),
  });
});
