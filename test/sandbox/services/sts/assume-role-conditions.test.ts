import { AssumeRoleCommand, type AssumeRoleCommandInput, type STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, allow, errorOf, OTHER_ACCOUNT, policyOf, ROOT, StsLab, trustOf } from './lab';

let lab: StsLab;

beforeEach(async () => {
  lab = await StsLab.start();
});

afterEach(() => StsLab.stopAll());

function target(more: object = {}, accountId = ACCOUNT) {
  const AWS = [ACCOUNT, OTHER_ACCOUNT];
  return lab.iam.createRole({ accountId, name: 'Target', trust: trustOf({ AWS }, more), maxSessionSeconds: 43_200 })
    .arn;
}

function assume(sts: STSClient, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
  return sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work', ...more }));
}

function caller(accountId = ACCOUNT, region?: string) {
  return lab.as(lab.role('Caller', [allow(['sts:*'])], { accountId }).credentials, region);
}

describe('MFA', () => {
  const device = { serialNumber: 'GAHT12345678', code: '123456' };
  const code = { SerialNumber: device.serialNumber, TokenCode: device.code };

  it('shown with the call is what the trust policy asks for', async () => {
    const { sts } = lab.user('ann', [allow('sts:*')], { mfaDevices: [device] });
    const arn = target({
      Condition: { Null: { 'aws:MultiFactorAuthAge': false }, Bool: { 'aws:MultiFactorAuthPresent': true } },
    });
    expect((await errorOf(assume(sts, arn))).name).toBe('AccessDenied');
    expect((await errorOf(assume(sts, arn, { ...code, TokenCode: '111111' }))).message).toContain('one time pass code');
    await assume(sts, arn, code);
  });

  it('is not known to the new session', async () => {
    const { sts } = lab.user('ann', [allow('sts:*')], { mfaDevices: [device] });
    const arn = target();
    lab.iam.policies.put(arn, 'p', policyOf(allow('sts:*', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })));
    const session = lab.as(lab.taken(await assume(sts, arn, code)));
    expect((await errorOf(assume(session, arn))).name).toBe('AccessDenied');
  });

  it('is not for roles', async () => {
    expect((await errorOf(assume(caller(), target(), code))).message).toContain('verify your MFA serial number');
  });
});

describe('a role spreads', () => {
  beforeEach(() => {
    lab.sts.propagationSeconds = 10;
  });

  it('for as long as is said, and until then trusts nobody', async () => {
    const sts = caller();
    const arn = target();
    expect((await errorOf(assume(sts, arn))).name).toBe('AccessDenied');
    await lab.clock.sleep(10_000);
    await assume(sts, arn);
  });

  it('as it was, until a change of its trust is known', async () => {
    const sts = caller();
    const { arn } = lab.iam.createRole({ accountId: ACCOUNT, name: 'Target', trust: trustOf({ AWS: ACCOUNT }) });
    await lab.clock.sleep(10_000);
    lab.iam.updateRole(arn, { trust: trustOf({ AWS: OTHER_ACCOUNT }) });
    const other = caller(OTHER_ACCOUNT);
    await assume(sts, arn);
    expect((await errorOf(assume(other, arn))).name).toBe('AccessDenied');
    await lab.clock.sleep(10_000);
    await assume(other, arn);
    expect((await errorOf(assume(sts, arn))).name).toBe('AccessDenied');
  });

  it('not once more when its trust is written again as it was', async () => {
    const sts = caller();
    const arn = target();
    await lab.clock.sleep(10_000);
    lab.iam.updateRole(arn, { trust: lab.iam.role(arn)!.trust });
    await assume(sts, arn);
    lab.iam.deleteRole(arn);
    target();
    expect((await errorOf(assume(sts, arn))).name).toBe('AccessDenied');
  });
});

describe('a region', () => {
  const disable = (accountId: string, region: string) => {
    lab.sts.regionEnabled = (account, name) => account !== accountId || name !== region;
  };

  it('in which STS is not activated for the account of the role is refused', async () => {
    const arn = target({}, OTHER_ACCOUNT);
    disable(OTHER_ACCOUNT, 'eu-west-1');
    await assume(caller(), arn);
    expect(await errorOf(assume(lab.as(lab.credentials.forAccount(ACCOUNT), 'eu-west-1'), arn))).toMatchObject({
      name: 'RegionDisabledException',
      message: expect.stringContaining(`eu-west-1 for account ${OTHER_ACCOUNT}`),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('of those enabled by default does not matter for the caller, and matters of the others', async () => {
    const arn = target({}, OTHER_ACCOUNT);
    const admin = lab.credentials.forAccount(ACCOUNT);
    disable(ACCOUNT, 'eu-west-1');
    await assume(lab.as(admin, 'eu-west-1'), arn);
    disable(ACCOUNT, 'eu-south-1');
    const error = await errorOf(assume(lab.as(admin, 'eu-south-1'), arn));
    expect([error.name, error.$metadata.httpStatusCode]).toEqual(['InvalidClientTokenId', 403]);
  });
});

/** What the reference of 2014 allowed is allowed, and what has been allowed since; one more is not. */
describe.each<
  [string, (length: number) => Partial<AssumeRoleCommandInput>, readonly [number, number], readonly [number, number]]
>([
  ['RoleSessionName', (length) => ({ RoleSessionName: 's'.repeat(length) }), [2, 32], [2, 64]],
  ['ExternalId', (length) => ({ ExternalId: 'x'.repeat(length) }), [2, 96], [2, 1224]],
  ['DurationSeconds', (DurationSeconds) => ({ DurationSeconds }), [900, 3600], [900, 43_200]],
  ['SourceIdentity', (length) => ({ SourceIdentity: 'i'.repeat(length) }), [2, 64], [2, 64]],
])('%s', (_, input, old, now) => {
  it.each([...new Set([...old, ...now])])('may be %d', async (length) => {
    const arn = target({ Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] });
    await assume(lab.as(lab.credentials.forAccount(ACCOUNT)), arn, input(length));
  });

  it.each([now[0] - 1, now[1] + 1])('may not be %d', async (length) => {
    const arn = target({ Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] });
    const call = assume(lab.as(lab.credentials.forAccount(ACCOUNT)), arn, input(length));
    expect((await errorOf(call)).name).toBe('ValidationError');
  });
});

it('tags take of the packed size, and there may be 50 of them', async () => {
  const arn = target({ Action: ['sts:AssumeRole', 'sts:TagSession'] });
  const sts = lab.as(lab.credentials.forAccount(ACCOUNT));
  const tags = (count: number, size = 1) =>
    Array.from({ length: count }, (_, i) => ({ Key: `k${i}`, Value: lab.random.hex(size) }));
  expect((await assume(sts, arn, { Tags: tags(50) })).PackedPolicySize).toBeGreaterThan(0);
  expect((await errorOf(assume(sts, arn, { Tags: tags(51) }))).name).toBe('ValidationError');
  expect((await errorOf(assume(sts, arn, { Tags: tags(50, 256) }))).name).toBe('PackedPolicyTooLargeException');
});

it('a session of a role that is chained is no user’s, and a trust in the account is for its users too', async () => {
  const { sts } = lab.user('ann', [allow('sts:AssumeRole')]);
  const arn = lab.iam.createRole({
    accountId: ACCOUNT,
    name: 'Long',
    trust: trustOf({ AWS: ROOT }),
    maxSessionSeconds: 7200,
  }).arn;
  lab.iam.policies.put(arn, 'p', policyOf(allow('sts:AssumeRole')));
  const first = await assume(sts, arn, { DurationSeconds: 7200 });
  const chained = lab.as(lab.taken(first));
  await assume(chained, arn, { DurationSeconds: 3600 });
  expect((await errorOf(assume(chained, arn, { DurationSeconds: 3601 }))).message).toContain('role chaining');
});
