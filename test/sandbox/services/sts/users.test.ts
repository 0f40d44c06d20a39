import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { ACCOUNT, allow, errorOf, StsLab, trustOf } from './lab';

const DECODE = 'sts:DecodeAuthorizationMessage';

let lab: StsLab;

beforeEach(async () => {
  lab = await StsLab.start();
});

afterEach(() => StsLab.stopAll());

describe('a user with keys of its own', () => {
  it('signs without a token, and may do what its policies say', async () => {
    const { user, keys, sts } = lab.user('ann', [allow(DECODE, '*', { StringEquals: { 'aws:username': 'ann' } })]);
    expect(await lab.identity(keys)).toMatchObject({ Arn: user.arn, UserId: user.userId, Account: ACCOUNT });
    await lab.decode(sts);
    expect((await errorOf(lab.decode(lab.user('bob', []).sts))).message).toContain(
      'because no identity-based policy allows',
    );
  });

  it('is unknown once it is deleted, also under its old name', async () => {
    const { user, keys } = lab.user('ann', []);
    lab.iam.users.delete(user.arn);
    expect((await errorOf(lab.identity(keys))).name).toBe('InvalidClientTokenId');
    lab.user('ann', []);
    expect((await errorOf(lab.identity(keys))).name).toBe('InvalidClientTokenId');
  });

  it('has no key about MFA in its requests', async () => {
    const { sts } = lab.user('ann', [allow(DECODE, '*', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } })]);
    await lab.decode(sts);
    const strict = lab.user('bob', [allow(DECODE, '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } })]);
    expect((await errorOf(lab.decode(strict.sts))).name).toBe('AccessDenied');
  });

  it('must exist to be trusted, and is trusted under its id', async () => {
    const arn = `arn:aws:iam::${ACCOUNT}:user/ann`;
    const make = () => lab.iam.createRole({ accountId: ACCOUNT, name: 'T', trust: trustOf({ AWS: arn }) });
    expect(make).toThrow('Invalid principal in policy');
    const first = lab.user('ann', []);
    const RoleArn = make().arn;
    const assume = ({ sts }: typeof first) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work' }));
    await assume(first);
    lab.iam.users.delete(arn);
    expect((await errorOf(assume(lab.user('ann', [])))).name).toBe('AccessDenied');
  });
});
