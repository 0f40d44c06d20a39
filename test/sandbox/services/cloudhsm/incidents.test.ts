import { CloudHsmHarness } from './harness';

let aws: CloudHsmHarness;
beforeEach(() => {
  aws = new CloudHsmHarness();
});

test('an HSM that AWS replaces has another id on the same network interface', async () => {
  const id = await aws.active();
  const [before] = (await aws.cluster(id)).Hsms;
  const HsmId = aws.service.replaceHsm(aws.state(), id, before.EniId);
  expect(HsmId).not.toBe(before.HsmId);
  expect((await aws.cluster(id)).Hsms).toEqual([{ ...before, HsmId, State: 'CREATE_IN_PROGRESS' }]);
  await aws.pass(480);
  expect(await aws.cluster(id)).toMatchObject({ State: 'ACTIVE', Hsms: [{ ...before, HsmId }] });
});

test('an HSM that is replaced while it is being made is active as late as its replacement', async () => {
  const id = await aws.created();
  const { EniId } = await aws.addHsm(id);
  await aws.pass(400);
  aws.service.replaceHsm(aws.state(), id, EniId);
  await aws.pass(80);
  expect((await aws.cluster(id)).Hsms[0].State).toBe('CREATE_IN_PROGRESS');
  await aws.pass(400);
  expect((await aws.cluster(id)).Hsms[0].State).toBe('ACTIVE');
});

test('an HSM can fail while it is being made', async () => {
  const id = await aws.created();
  const { HsmId } = await aws.addHsm(id);
  aws.service.degrade(aws.state(), HsmId);
  await aws.pass(480);
  expect((await aws.cluster(id)).Hsms).toMatchObject([{ HsmId, State: 'DEGRADED', StateMessage: expect.anything() }]);
  await aws.deleteHsm(id, { HsmId });
});

test('a degraded HSM recovers, or is replaced', async () => {
  const id = await aws.active();
  const [{ HsmId, EniId }] = (await aws.cluster(id)).Hsms;
  const state = async () => (await aws.cluster(id)).Hsms[0].State;
  aws.service.degrade(aws.state(), HsmId);
  expect(await state()).toBe('DEGRADED');
  aws.service.recover(aws.state(), HsmId);
  expect(await state()).toBe('ACTIVE');
  aws.service.degrade(aws.state(), HsmId);
  aws.service.replaceHsm(aws.state(), id, EniId);
  await aws.pass(480);
  expect(await state()).toBe('ACTIVE');
});

test('a degraded cluster says so, in the filters too, until it recovers or is deleted', async () => {
  const id = await aws.created();
  aws.service.degrade(aws.state(), id);
  expect(await aws.cluster(id)).toMatchObject({ State: 'DEGRADED', StateMessage: expect.anything() });
  expect((await aws.call('DescribeClusters', { Filters: { states: ['DEGRADED'] } })).Clusters).toHaveLength(1);
  aws.service.recover(aws.state(), id);
  expect(await aws.stateOfCluster(id)).toBe('UNINITIALIZED');
  aws.service.degrade(aws.state(), id);
  expect((await aws.call('DeleteCluster', { ClusterId: id })).Cluster.State).toBe('DELETE_IN_PROGRESS');
});

test('only what is there can be replaced or degraded', async () => {
  const id = await aws.requesting();
  const [{ HsmId, EniId }] = (await aws.cluster(id)).Hsms;
  expect(() => aws.service.replaceHsm(aws.state(), id, 'eni-x')).toThrow(/no HSM on 'eni-x'/);
  expect(() => aws.service.degrade(aws.state(), 'hsm-x')).toThrow(/'hsm-x' is neither/);
  await aws.deleteHsm(id, { HsmId });
  expect(() => aws.service.replaceHsm(aws.state(), id, EniId)).toThrow(/could be replaced/);
});

test('time that nobody looked at passes in its order', async () => {
  const id = await aws.created();
  const hsm = await aws.addHsm(id);
  await aws.pass(480);
  await aws.deleteHsm(id, { HsmId: hsm.HsmId });
  await aws.pass(10_000);
  aws.service.settle(aws.state());
  expect(aws.network.state('111122223333', 'eu-central-1').networkInterfaces.size).toBe(0);
});
