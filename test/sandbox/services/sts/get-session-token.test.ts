import {
  AssumeRoleCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  type GetSessionTokenCommandInput,
  type STSClient,
} from '@aws-sdk/client-sts';
import { ACCOUNT, allow, errorOf, ROOT, StsLab, trustOf } from './lab';

const DEVICE = { serialNumber: `arn:aws:iam::${ACCOUNT}:mfa/ann`, code: '123456' };
const MFA = { SerialNumber: DEVICE.serialNumber, TokenCode: DEVICE.code };

let lab: StsLab;

beforeEach(async () => {
  lab = await StsLab.start();
});

afterEach(() => StsLab.stopAll());

describe('GetSessionToken', () => {
  const get = (sts: STSClient, input: GetSessionTokenCommandInput = {}) => sts.send(new GetSessionTokenCommand(input));

  it('needs no permission, lasts twelve hours, and leaves the user as it is', async () => {
    const { user, sts } = lab.user('ann', [
      { Effect: 'Deny', Action: 'sts:GetSessionToken', Resource: '*' },
      allow('a:B'),
    ]);
    const answer = await get(sts);
    const seconds = (answer.Credentials!.Expiration!.getTime() - lab.clock.now()) / 1000;
    expect(Math.abs(seconds - 43_200)).toBeLessThan(2);
    expect((await lab.identity(lab.taken(answer))).Arn).toBe(user.arn);
    expect([lab.may(answer, 'a:B'), lab.may(answer, 'a:C')]).toEqual([true, false]);
  });

  it('expires in virtual time', async () => {
    const answer = await get(lab.user('ann', []).sts, { DurationSeconds: 900 });
    await lab.clock.sleep(901_000);
    expect((await errorOf(lab.identity(lab.taken(answer)))).name).toBe('ExpiredToken');
  });

  it.each<[string, GetSessionTokenCommandInput]>([
    ['14 minutes', { DurationSeconds: 840 }],
    ['more than 36 hours', { DurationSeconds: 129_601 }],
    ['a code of five digits', { ...MFA, TokenCode: '12345' }],
  ])('refuses %s', async (_, input) => {
    expect((await errorOf(get(lab.user('ann', []).sts, input))).name).toBe('ValidationError');
  });

  it.each<[string, GetSessionTokenCommandInput, string]>([
    ['a wrong code', { ...MFA, TokenCode: '654321' }, 'invalid MFA one time pass code'],
    ['another device', { ...MFA, SerialNumber: 'GAHT12345678' }, 'verify your MFA serial number'],
    ['a code without a device', { TokenCode: '123456' }, 'must provide both'],
  ])('refuses %s', async (_, input, message) => {
    const { sts } = lab.user('ann', [], { mfaDevices: [DEVICE] });
    expect(await errorOf(get(sts, input))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(message),
    });
  });

  it('with a code is what policies mean by MFA, for as long as they say', async () => {
    const Condition = {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': '600' },
    };
    const { sts } = lab.user('ann', [allow('sts:AssumeRole', '*', Condition)], { mfaDevices: [DEVICE] });
    const { arn: RoleArn } = lab.iam.createRole({ accountId: ACCOUNT, name: 'T', trust: trustOf({ AWS: ROOT }) });
    const assume = async (from: STSClient) => from.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work' }));
    const without = lab.as(lab.taken(await get(sts)));
    const mfa = lab.as(lab.taken(await get(sts, MFA)));
    expect((await errorOf(assume(sts))).name).toBe('AccessDenied');
    expect((await errorOf(assume(without))).name).toBe('AccessDenied');
    await assume(mfa);
    await lab.clock.sleep(601_000);
    expect((await errorOf(assume(mfa))).name).toBe('AccessDenied');
  });

  it('may not call STS but for AssumeRole, nor IAM without MFA', async () => {
    const { sts } = lab.user('ann', [allow(['sts:*', 'iam:*'])], { mfaDevices: [DEVICE] });
    const without = await get(sts);
    const mfa = await get(sts, MFA);
    expect([lab.may(without, 'iam:GetUser'), lab.may(without, 'iam:PassRole'), lab.may(mfa, 'iam:GetUser')]).toEqual([
      false,
      true,
      true,
    ]);
    expect((await errorOf(lab.decode(lab.as(lab.taken(mfa))))).name).toBe('AccessDenied');
    for (const command of [new GetSessionTokenCommand({}), new GetFederationTokenCommand({ Name: 'bob' })]) {
      const call = lab.as(lab.taken(mfa)).send(command as GetSessionTokenCommand);
      expect((await errorOf(call)).message).toContain('with session credentials');
    }
  });

  it('is not for roles, nor for the administrators around the sandbox', async () => {
    const { credentials } = lab.role('Handler', [allow('sts:*')]);
    for (const who of [credentials, lab.credentials.forAccount(ACCOUNT)]) {
      expect(await errorOf(get(lab.as(who)))).toMatchObject({
        name: 'AccessDenied',
        message: 'Cannot call GetSessionToken with session credentials',
        $metadata: { httpStatusCode: 403 },
      });
    }
  });
});
