import {
  AssumeRoleCommand,
  GetFederationTokenCommand,
  type GetFederationTokenCommandInput,
  type STSClient,
} from '@aws-sdk/client-sts';
import { ACCOUNT, allow, errorOf, OTHER_ACCOUNT, policyOf, ROOT, StsLab, trustOf } from './lab';

let lab: StsLab;

beforeEach(async () => {
  lab = await StsLab.start();
});

afterEach(() => StsLab.stopAll());

describe('GetFederationToken', () => {
  const BROKER = [
    allow('sts:GetFederationToken', `arn:aws:sts::${ACCOUNT}:federated-user/bob`),
    allow(['a:B', 'sts:Decode*']),
  ];
  const get = (sts: STSClient, more: Partial<GetFederationTokenCommandInput> = {}) =>
    sts.send(new GetFederationTokenCommand({ Name: 'bob', ...more }));
  const Policy = JSON.stringify(policyOf(allow(['a:*', 'sts:*', 'iam:*'])));

  it('gives what user and session policy both allow', async () => {
    const { sts } = lab.user('broker', BROKER);
    const answer = await get(sts, { Policy });
    expect(answer.FederatedUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
      FederatedUserId: `${ACCOUNT}:bob`,
    });
    expect(answer.PackedPolicySize).toBeGreaterThan(0);
    expect(await lab.identity(lab.taken(answer))).toMatchObject({
      Arn: `arn:aws:sts::${ACCOUNT}:federated-user/bob`,
      UserId: `${ACCOUNT}:bob`,
    });
    expect([lab.may(answer, 'a:B'), lab.may(answer, 'a:C')]).toEqual([true, false]);
  });

  it('gives nothing without a session policy, but for what resources give by name', async () => {
    const answer = await get(lab.user('broker', BROKER).sts);
    const named = (principal: string) => ({
      resourcePolicy: {
        document: policyOf({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'a:B', Resource: '*' }),
      },
    });
    expect(lab.may(answer, 'a:B')).toBe(false);
    expect(lab.may(answer, 'a:B', named(`arn:aws:sts::${ACCOUNT}:federated-user/bob`))).toBe(true);
    expect(lab.may(answer, 'a:B', named(`arn:aws:sts::${ACCOUNT}:federated-user/eve`))).toBe(false);
    // What is given to the user, the session policy narrows.
    expect(lab.may(answer, 'a:B', named(`arn:aws:iam::${ACCOUNT}:user/broker`))).toBe(false);
  });

  it('needs permission for the name', async () => {
    const { sts } = lab.user('broker', BROKER);
    expect(await errorOf(get(sts, { Name: 'eve' }))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(
        `sts:GetFederationToken on resource: arn:aws:sts::${ACCOUNT}:federated-user/eve`,
      ),
    });
  });

  it('can tag the session, with permission', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }];
    const { sts } = lab.user('broker', BROKER);
    expect((await errorOf(get(sts, { Tags }))).message).toContain('sts:TagSession');
    const tagging = lab.user(
      'tagger',
      [allow('sts:*', '*', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } })],
      {
        tags: { team: 'x', cost: '7' },
      },
    );
    const answer = await get(tagging.sts, { Tags, Policy });
    expect(lab.credentials.find(answer.Credentials!.AccessKeyId!)?.principal.sessionTags).toEqual({ team: 'a' });
  });

  it('makes credentials that can call nothing of STS and IAM', async () => {
    const { sts } = lab.user('broker', [allow('*')]);
    const answer = await get(sts, { Policy });
    const { arn: RoleArn } = lab.iam.createRole({ accountId: ACCOUNT, name: 'T', trust: trustOf({ AWS: ROOT }) });
    const federated = lab.as(lab.taken(answer));
    const assume = federated.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work' }));
    expect([(await errorOf(assume)).name, (await errorOf(lab.decode(federated))).name]).toEqual([
      'AccessDenied',
      'AccessDenied',
    ]);
    expect(lab.may(answer, 'iam:GetUser')).toBe(false);
    expect((await errorOf(get(federated))).message).toContain('with session credentials');
  });

  it('is not for roles', async () => {
    const { credentials } = lab.role('Handler', [allow('sts:*')]);
    expect((await errorOf(get(lab.as(credentials)))).message).toBe(
      'Cannot call GetFederationToken with session credentials',
    );
  });

  it.each<[string, Partial<GetFederationTokenCommandInput>, string]>([
    ['a name of one character', { Name: 'b' }, 'ValidationError'],
    ['a name of 33', { Name: 'b'.repeat(33) }, 'ValidationError'],
    ['a policy over 2,048 characters', { Policy: ' '.repeat(2049) }, 'ValidationError'],
    ['a policy that is none', { Policy: '[]' }, 'MalformedPolicyDocumentException'],
    [
      'policies of more than 2,048 characters in sum',
      { Policy: Policy.padEnd(2000), PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/'.padEnd(60, 'x') }] },
      'PackedPolicyTooLargeException',
    ],
    ['36 hours and a second', { DurationSeconds: 129_601 }, 'ValidationError'],
  ])('refuses %s', async (_, more, name) => {
    expect((await errorOf(get(lab.user('broker', [allow('*')]).sts, more))).name).toBe(name);
  });

  it('takes managed policies of its own account and of AWS only', async () => {
    const foreign = lab.iam.createManagedPolicy({
      accountId: OTHER_ACCOUNT,
      name: 'p',
      document: policyOf(allow('*')),
    });
    const own = lab.iam.createManagedPolicy({ accountId: ACCOUNT, name: 'p', document: policyOf(allow('*')) });
    const { sts } = lab.user('broker', [allow('*')]);
    const gives = async (arn: string) => lab.may(await get(sts, { PolicyArns: [{ arn }] }), 'a:B');
    expect([await gives(own.arn), await gives(foreign.arn)]).toEqual([true, false]);
  });
});
