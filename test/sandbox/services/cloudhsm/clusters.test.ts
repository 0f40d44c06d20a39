import { canConnect } from '../../../../sandbox/services/ec2/reachability';
import { ACCOUNT, CloudHsmHarness, OTHER_ACCOUNT, OTHER_REGION, REGION } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

describe('CreateCluster', () => {
  test('answers a cluster in creation, which is uninitialized after 150 seconds', async () => {
    const [a, b, c] = aws.subnets;
    const { Cluster } = await aws.call('CreateCluster', {
      HsmType: 'hsm2m.medium',
      Mode: 'FIPS',
      SubnetIds: aws.subnets,
      TagList: [{ Key: 'team', Value: 'keys' }],
    });
    expect(Cluster).toEqual({
      ClusterId: expect.stringMatching(/^cluster-[a-z2-7]{11}$/),
      State: 'CREATE_IN_PROGRESS',
      CreateTimestamp: new Date('2030-01-01T00:00:00Z'),
      HsmType: 'hsm2m.medium',
      Mode: 'FIPS',
      NetworkType: 'IPV4',
      VpcId: expect.stringMatching(/^vpc-/),
      SubnetMapping: { [`${REGION}a`]: a, [`${REGION}b`]: b, [`${REGION}c`]: c },
      BackupPolicy: 'DEFAULT',
      BackupRetentionPolicy: { Type: 'DAYS', Value: '90' },
      Hsms: [],
      Certificates: {},
      TagList: [{ Key: 'team', Value: 'keys' }],
    });
    await aws.pass(149);
    expect(await aws.stateOfCluster(Cluster.ClusterId)).toBe('CREATE_IN_PROGRESS');
    await aws.pass(1);
    expect(await aws.cluster(Cluster.ClusterId)).toMatchObject({
      State: 'UNINITIALIZED',
      SecurityGroup: expect.stringMatching(/^sg-/),
      Certificates: {},
    });
    expect(aws.inventory()).toEqual([`cloudhsm cluster ${Cluster.ClusterId}`]);
  });

  test('makes a security group in which members reach each other on the ports of HSMs and nothing else', async () => {
    const id = await aws.created();
    const { SecurityGroup } = await aws.cluster(id);
    const state = aws.network.state(ACCOUNT, REGION);
    expect(state.securityGroups.get(SecurityGroup)?.name).toBe(`cloudhsm-${id}-sg`);
    const reaches = (port: number) => canConnect(state, [SecurityGroup], [SecurityGroup], port);
    expect([2222, 2223, 2225, 2226].map(reaches)).toEqual([false, true, true, false]);
  });

  test('keeps the retention and network type that it is given', async () => {
    const id = await aws.create({ BackupRetentionPolicy: { Type: 'DAYS', Value: '7' }, NetworkType: 'DUALSTACK' });
    expect(await aws.cluster(id)).toMatchObject({
      BackupRetentionPolicy: { Type: 'DAYS', Value: '7' },
      NetworkType: 'DUALSTACK',
    });
  });

  test('an hsm1.medium cluster is in FIPS mode without being told', async () => {
    expect(await aws.cluster(await aws.create({ HsmType: 'hsm1.medium', Mode: undefined }))).toMatchObject({
      HsmType: 'hsm1.medium',
      Mode: 'FIPS',
    });
  });

  test.each<[string, object]>([
    ['an hsm2m.medium cluster without a mode', { Mode: undefined }],
    ['hsm1.medium in NON_FIPS mode', { HsmType: 'hsm1.medium', Mode: 'NON_FIPS' }],
    ['an unknown type', { HsmType: 'hsm9.huge' }],
    ['a retention of six days', { BackupRetentionPolicy: { Type: 'DAYS', Value: '6' } }],
    ['a retention of 380 days', { BackupRetentionPolicy: { Type: 'DAYS', Value: '380' } }],
    ['a retention without a type', { BackupRetentionPolicy: { Value: '90' } }],
    ['a subnet that does not exist', { SubnetIds: ['subnet-00000000'] }],
    [
      'a key that is given twice',
      {
        TagList: [
          { Key: 'a', Value: '1' },
          { Key: 'a', Value: '2' },
        ],
      },
    ],
  ])('refuses %s', async (_case, more) => {
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: aws.subnets, ...more };
    expect((await aws.failure('CreateCluster', input)).code).toBe('CloudHsmInvalidRequestException');
    expect(aws.inventory()).toEqual([]);
  });

  test('refuses subnets of two VPCs, and two subnets of one zone', async () => {
    const input = (SubnetIds: readonly string[]) => ({ HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds });
    const [elsewhere = ''] = aws.vpc();
    const twoVpcs = await aws.failure('CreateCluster', input([aws.subnets[1]!, elsewhere]));
    expect(twoVpcs.message).toMatch(/one VPC/);
    const oneZone = await aws.failure('CreateCluster', input(aws.vpc(ACCOUNT, REGION, ['a', 'a'])));
    expect(oneZone.message).toMatch(/one subnet for each zone/);
  });

  test('refuses a zone in which CloudHSM is not offered, and a type that was retired', async () => {
    aws = new CloudHsmHarness({ zonesWithoutCloudHsm: [`${REGION}b`], retiredHsmTypes: ['hsm1.medium'] });
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: aws.subnets };
    expect((await aws.failure('CreateCluster', input)).message).toContain(`is in ${REGION}b`);
    expect((await aws.failure('CreateCluster', { ...input, HsmType: 'hsm1.medium' })).message).toMatch(
      /no new cluster/,
    );
    await aws.create({ SubnetIds: [aws.subnets[0], aws.subnets[2]] });
  });

  test('refuses tag keys that AWS keeps for itself', async () => {
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: aws.subnets };
    const error = await aws.failure('CreateCluster', { ...input, TagList: [{ Key: 'aws:x', Value: '' }] });
    expect(error.code).toBe('CloudHsmTagException');
  });

  test('stops at the quota of four clusters of an account and region, which counts those in deletion', async () => {
    const ids = [await aws.created(), await aws.create(), await aws.create(), await aws.create()];
    await aws.call('DeleteCluster', { ClusterId: ids[0] });
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: aws.subnets };
    expect((await aws.failure('CreateCluster', input)).code).toBe('CloudHsmServiceException');
    await aws.create({ SubnetIds: aws.vpc(OTHER_ACCOUNT) }, { accountId: OTHER_ACCOUNT });
    await aws.create({ SubnetIds: aws.vpc(ACCOUNT, OTHER_REGION) }, { region: OTHER_REGION });
    await aws.pass(150);
    await aws.create();
  });

  test('lets the quota and its error be chosen', async () => {
    aws = new CloudHsmHarness({ quotas: { clusters: 0 }, quotaError: 'CloudHsmInvalidRequestException' });
    const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: aws.subnets };
    expect((await aws.failure('CreateCluster', input)).code).toBe('CloudHsmInvalidRequestException');
  });
});

describe('DescribeClusters', () => {
  test('shows pages of 25 in the order of creation, also when clusters come and go in between', async () => {
    aws = new CloudHsmHarness({ quotas: { clusters: 30 } });
    const ids: string[] = [];
    for (let i = 0; i < 27; i++) ids.push(await aws.created());
    const first = await aws.call('DescribeClusters');
    const idsOf = (clusters: object[]) => clusters.map((cluster) => (cluster as { ClusterId: string }).ClusterId);
    expect(idsOf(first.Clusters)).toEqual(ids.slice(0, 25));
    await aws.call('DeleteCluster', { ClusterId: ids[24] });
    await aws.pass(150);
    const second = await aws.call('DescribeClusters', { NextToken: first.NextToken, MaxResults: 1 });
    expect(idsOf(second.Clusters)).toEqual([ids[25]]);
    const third = await aws.call('DescribeClusters', { NextToken: second.NextToken });
    expect(idsOf(third.Clusters)).toEqual([ids[26]]);
    expect(third.NextToken).toBeUndefined();
  });

  test('filters by id, VPC and state, and refuses other filters and tokens', async () => {
    const old = await aws.created();
    const id = await aws.create({ SubnetIds: aws.vpc() });
    const { VpcId } = await aws.cluster(id);
    const found = async (Filters: object) =>
      (await aws.call('DescribeClusters', { Filters })).Clusters.map(
        (cluster: { ClusterId: string }) => cluster.ClusterId,
      );
    expect(await found({ vpcIds: [VpcId] })).toEqual([id]);
    expect(await found({ states: ['UNINITIALIZED', 'ACTIVE'] })).toEqual([old]);
    expect(await found({ states: ['UNINITIALIZED'], clusterIds: [id] })).toEqual([]);
    expect(await found({ clusterIds: ['cluster-aaaaaaaaaaa'] })).toEqual([]);
    expect((await aws.failure('DescribeClusters', { Filters: { names: ['a'] } })).message).toContain("'names'");
    expect((await aws.failure('DescribeClusters', { NextToken: 'x' })).code).toBe('CloudHsmInvalidRequestException');
  });
});

describe('DeleteCluster', () => {
  test('takes 150 seconds, and the security group goes along', async () => {
    const id = await aws.created();
    const { Cluster } = await aws.call('DeleteCluster', { ClusterId: id });
    expect(Cluster).toMatchObject({ ClusterId: id, State: 'DELETE_IN_PROGRESS' });
    await aws.pass(149);
    expect(await aws.stateOfCluster(id)).toBe('DELETE_IN_PROGRESS');
    expect((await aws.failure('DeleteCluster', { ClusterId: id })).message).toContain('DELETE_IN_PROGRESS');
    await aws.pass(1);
    expect(await aws.cluster(id)).toBeUndefined();
    expect(aws.inventory()).toEqual([]);
    expect(
      aws.ec2.inventory(aws.network.state(ACCOUNT, REGION)).filter((name) => /group|interface/.test(name)),
    ).toEqual([]);
    expect((await aws.failure('DeleteCluster', { ClusterId: id })).code).toBe('CloudHsmResourceNotFoundException');
  });

  test('can be seen as DELETED for a while where that is wanted', async () => {
    aws = new CloudHsmHarness({ durations: { deletedVisible: 60 } });
    const id = await aws.created();
    await aws.call('DeleteCluster', { ClusterId: id });
    await aws.pass(150);
    expect(await aws.stateOfCluster(id)).toBe('DELETED');
    expect(aws.inventory()).toEqual([]);
    expect((await aws.failure('DeleteCluster', { ClusterId: id })).code).toBe('CloudHsmResourceNotFoundException');
    await aws.pass(60);
    expect(await aws.cluster(id)).toBeUndefined();
  });

  test('is refused while the cluster is being created', async () => {
    const id = await aws.create();
    expect((await aws.failure('DeleteCluster', { ClusterId: id })).message).toContain('CREATE_IN_PROGRESS');
  });

  test('is refused while HSMs are listed, also those that are being deleted', async () => {
    const id = await aws.requesting();
    expect((await aws.failure('DeleteCluster', { ClusterId: id })).message).toContain('contains 1 HSM');
    const { Hsms } = await aws.cluster(id);
    await aws.deleteHsm(id, { HsmId: Hsms[0].HsmId });
    await aws.pass(119);
    expect((await aws.failure('DeleteCluster', { ClusterId: id })).message).toContain('contains 1 HSM');
    await aws.pass(1);
    await aws.call('DeleteCluster', { ClusterId: id });
  });
});
