import { ACCOUNT, CloudHsmHarness, REGION } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

const interfaces = () => [...aws.network.state(ACCOUNT, REGION).networkInterfaces.values()];

describe('CreateHsm', () => {
  test('answers an HSM in creation with its network interface, which is active after 480 seconds', async () => {
    const id = await aws.created();
    const hsm = await aws.addHsm(id, 'b');
    expect(hsm).toEqual({
      HsmId: expect.stringMatching(/^hsm-[a-z2-7]{11}$/),
      ClusterId: id,
      AvailabilityZone: `${REGION}b`,
      SubnetId: aws.subnets[1],
      EniId: expect.stringMatching(/^eni-/),
      EniIp: expect.stringMatching(/^10\.0\.1\./),
      HsmType: 'hsm2m.medium',
      State: 'CREATE_IN_PROGRESS',
    });
    const { SecurityGroup } = await aws.cluster(id);
    expect(interfaces()).toMatchObject([{ id: hsm.EniId, subnetId: aws.subnets[1], groups: [SecurityGroup] }]);
    await aws.pass(479);
    expect((await aws.cluster(id)).Hsms[0].State).toBe('CREATE_IN_PROGRESS');
    await aws.pass(1);
    expect((await aws.cluster(id)).Hsms).toEqual([{ ...hsm, State: 'ACTIVE' }]);
    expect(aws.inventory()).toEqual([`cloudhsm cluster ${id}`, `cloudhsm hsm ${hsm.HsmId}`]);
  });

  test('makes the log group, which outlives the cluster', async () => {
    const id = await aws.created();
    expect(aws.service.logGroups(aws.state())).toEqual([]);
    const { HsmId } = await aws.addHsm(id);
    await aws.pass(480);
    await aws.deleteHsm(id, { HsmId });
    await aws.pass(120);
    await aws.call('DeleteCluster', { ClusterId: id });
    await aws.pass(150);
    expect(aws.service.logGroups(aws.state())).toEqual([`/aws/cloudhsm/${id}`]);
    expect(aws.inventory()).toEqual([]);
  });

  test('takes the address that is asked for, and refuses one that is taken or not of the subnet', async () => {
    const id = await aws.active();
    expect((await aws.addHsm(id, 'a', { IpAddress: '10.0.0.77' })).EniIp).toBe('10.0.0.77');
    const input = { ClusterId: id, AvailabilityZone: `${REGION}a` };
    for (const IpAddress of ['10.0.0.77', '10.0.1.77', '10.0.0.2', '10.0.0.999']) {
      const error = await aws.failure('CreateHsm', { ...input, IpAddress });
      expect([IpAddress, error.code]).toEqual([IpAddress, 'CloudHsmInvalidRequestException']);
    }
    expect(interfaces()).toHaveLength(2);
  });

  test('gives an IPv6 address too where the cluster is of two stacks', async () => {
    const id = await aws.created({ NetworkType: 'DUALSTACK' });
    expect((await aws.addHsm(id)).EniIpV6).toMatch(/^2001:db8::/);
  });

  test('refuses a zone of which the cluster has no subnet, and a cluster that does not exist', async () => {
    const id = await aws.created({ SubnetIds: [aws.subnets[0]] });
    const zone = { ClusterId: id, AvailabilityZone: `${REGION}b` };
    expect((await aws.failure('CreateHsm', zone)).message).toContain(`no subnet in ${REGION}b`);
    const unknown = { ClusterId: 'cluster-aaaaaaaaaaa', AvailabilityZone: `${REGION}a` };
    expect((await aws.failure('CreateHsm', unknown)).code).toBe('CloudHsmResourceNotFoundException');
  });

  test('is refused while the cluster is being created or deleted', async () => {
    const id = await aws.create();
    const input = { ClusterId: id, AvailabilityZone: `${REGION}a` };
    expect((await aws.failure('CreateHsm', input)).message).toContain('CREATE_IN_PROGRESS');
    await aws.pass(150);
    await aws.call('DeleteCluster', { ClusterId: id });
    expect((await aws.failure('CreateHsm', input)).message).toContain('DELETE_IN_PROGRESS');
  });

  test('is refused for a second HSM until the cluster is seen to be active', async () => {
    const refused = async (id: string) => {
      const error = await aws.failure('CreateHsm', { ClusterId: id, AvailabilityZone: `${REGION}b` });
      expect(error.code).toBe('CloudHsmInvalidRequestException');
      expect(error.message).toContain('already contains an HSM but has not yet been fully activated');
    };
    const id = await aws.created();
    await aws.addHsm(id);
    await refused(id);
    await aws.pass(480);
    await refused(id);
    await aws.initialize(id);
    await refused(id);
    await aws.pass(60);
    await refused(id);
    aws.service.activate(aws.state(), id);
    await aws.pass(79);
    await refused(id);
    await aws.pass(1);
    await aws.addHsm(id, 'b');
  });

  test('can be called in parallel for an active cluster', async () => {
    const id = await aws.active();
    await Promise.all(['a', 'b', 'c'].map((zone) => aws.addHsm(id, zone)));
    expect((await aws.cluster(id)).Hsms).toHaveLength(4);
    expect(await aws.stateOfCluster(id)).toBe('ACTIVE');
  });

  test('stops at six HSMs of the account, and at the most that a cluster can have', async () => {
    const id = await aws.active();
    for (let i = 0; i < 5; i++) await aws.addHsm(id);
    const input = { ClusterId: id, AvailabilityZone: `${REGION}a` };
    expect((await aws.failure('CreateHsm', input)).message).toMatch(/the account has 6 HSMs/);
    aws = new CloudHsmHarness({ quotas: { hsms: 100 } });
    input.ClusterId = await aws.active();
    for (let i = 0; i < 27; i++) await aws.addHsm(input.ClusterId);
    expect(await aws.failure('CreateHsm', input)).toMatchObject({
      code: 'CloudHsmServiceException',
      message: expect.stringMatching(/contains 28 HSMs/),
    });
  });
});

describe('DeleteHsm', () => {
  test.each([
    ['HsmId', 'HsmId'],
    ['EniId', 'EniId'],
    ['EniIp', 'EniIp'],
  ])('finds the HSM by its %s; it is listed for 120 seconds more', async (_name, key) => {
    const id = await aws.active();
    const hsm = await aws.addHsm(id, 'b');
    await aws.pass(480);
    expect(await aws.deleteHsm(id, { [key]: hsm[key] })).toEqual({ HsmId: hsm.HsmId });
    await aws.pass(119);
    expect((await aws.cluster(id)).Hsms[1]).toEqual({ ...hsm, State: 'DELETE_IN_PROGRESS' });
    expect(interfaces()).toHaveLength(2);
    await aws.pass(1);
    expect((await aws.cluster(id)).Hsms).toHaveLength(1);
    expect(interfaces()).toHaveLength(1);
  });

  test('wants exactly one name of the HSM', async () => {
    const id = await aws.requesting();
    const [{ HsmId, EniId }] = (await aws.cluster(id)).Hsms;
    for (const which of [{}, { HsmId, EniId }]) {
      const error = await aws.failure('DeleteHsm', { ClusterId: id, ...which });
      expect(error.message).toMatch(/exactly one of HsmId, EniId and EniIp/);
    }
  });

  test('does not know HSMs of other clusters', async () => {
    const id = await aws.requesting();
    const [{ HsmId }] = (await aws.cluster(id)).Hsms;
    const other = await aws.created();
    const error = await aws.failure('DeleteHsm', { ClusterId: other, HsmId });
    expect(error.code).toBe('CloudHsmResourceNotFoundException');
  });

  test('is refused for an HSM that is being created, unless the option allows it, or deleted already', async () => {
    const id = await aws.created();
    const { HsmId } = await aws.addHsm(id);
    expect((await aws.failure('DeleteHsm', { ClusterId: id, HsmId })).message).toContain('CREATE_IN_PROGRESS');
    await aws.pass(480);
    await aws.deleteHsm(id, { HsmId });
    expect((await aws.failure('DeleteHsm', { ClusterId: id, HsmId })).message).toContain('being deleted already');

    aws = new CloudHsmHarness({ deleteWhileCreating: 'accept' });
    const young = await aws.created();
    await aws.deleteHsm(young, { HsmId: (await aws.addHsm(young)).HsmId });
    await aws.pass(480);
    expect((await aws.cluster(young)).Hsms).toEqual([]);
  });

  test('lets an uninitialized cluster have another first HSM when the old one is gone', async () => {
    const id = await aws.requesting();
    const before = await aws.cluster(id);
    await aws.deleteHsm(id, { HsmId: before.Hsms[0].HsmId });
    expect((await aws.cluster(id)).Certificates).toEqual({});
    await aws.pass(120);
    await aws.addHsm(id);
    await aws.pass(480);
    const { Certificates } = await aws.cluster(id);
    expect(Certificates.ClusterCsr).not.toBe(before.Certificates.ClusterCsr);
  });
});
