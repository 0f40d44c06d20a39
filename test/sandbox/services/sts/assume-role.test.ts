import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import type { TemporaryCredentials } from '../../../../sandbox/iam/credentials';
import { ACCOUNT, errorOf, OTHER_ACCOUNT, policyOf, Testbed, trustOf } from '../../endpoint/testbed';

let bed: Testbed;

beforeEach(async () => {
  bed = new Testbed();
  await bed.endpoint.start();
});

afterEach(() => bed.endpoint.stop());

const MAY_ASSUME = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
const ALL_ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'];

function target(accountId: string, principal: unknown, more: object = {}, maxSessionSeconds = 3600) {
  return bed.iam.createRole({ accountId, name: 'Target', trust: trustOf(principal, more), maxSessionSeconds });
}

function assume(credentials: TemporaryCredentials, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
  const client = new STSClient(bed.client(credentials));
  return client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'work', ...more }));
}

async function assumed(credentials: TemporaryCredentials, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
  const { Credentials } = await assume(credentials, RoleArn, more);
  return {
    accessKeyId: Credentials!.AccessKeyId!,
    secretAccessKey: Credentials!.SecretAccessKey!,
    sessionToken: Credentials!.SessionToken!,
    expiration: Credentials!.Expiration!,
  };
}

describe('within an account', () => {
  it('a trust that names the role suffices', async () => {
    const { role, credentials } = bed.role('Caller', []);
    const answer = await assume(credentials, target(ACCOUNT, { AWS: role.arn }).arn);
    expect(answer.AssumedRoleUser).toEqual({
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Target/work`,
      AssumedRoleId: expect.stringMatching(/^AROA\w{17}:work$/),
    });
  });

  it('a trust that names the account leaves it to the caller’s policies', async () => {
    const { arn } = target(ACCOUNT, { AWS: `arn:aws:iam::${ACCOUNT}:root` });
    const without = bed.role('Without', []);
    expect(await errorOf(assume(without.credentials, arn))).toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('because no identity-based policy allows the sts:AssumeRole action'),
      $metadata: { httpStatusCode: 403 },
    });
    await assume(bed.role('With', [MAY_ASSUME]).credentials, arn);
  });

  it('permission without trust is not enough', async () => {
    const { credentials } = bed.role('Caller', [MAY_ASSUME]);
    const { arn } = target(ACCOUNT, { Service: 'lambda.amazonaws.com' });
    expect((await errorOf(assume(credentials, arn))).message).toContain('because no role trust policy allows');
  });
});

describe('across accounts', () => {
  it('both sides must allow', async () => {
    const allowed = bed.role('Allowed', [MAY_ASSUME]);
    const silent = bed.role('Silent', []);
    const { arn } = target(OTHER_ACCOUNT, { AWS: [allowed.role.arn, silent.role.arn] });
    await assume(allowed.credentials, arn);
    expect((await errorOf(assume(silent.credentials, arn))).name).toBe('AccessDenied');
    bed.iam.updateRole(arn, { trust: trustOf({ AWS: silent.role.arn }) });
    expect((await errorOf(assume(allowed.credentials, arn))).message).toBe(
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/Allowed/session is not authorized to perform: ` +
        `sts:AssumeRole on resource: ${arn}`,
    );
  });

  it('the external id must be the agreed one', async () => {
    const { role, credentials } = bed.role('Caller', [MAY_ASSUME]);
    const Condition = { StringEquals: { 'sts:ExternalId': 'agreed-1' } };
    const { arn } = target(OTHER_ACCOUNT, { AWS: role.arn }, { Condition });
    await assume(credentials, arn, { ExternalId: 'agreed-1' });
    expect((await errorOf(assume(credentials, arn, { ExternalId: 'agreed-2' }))).name).toBe('AccessDenied');
    expect((await errorOf(assume(credentials, arn))).name).toBe('AccessDenied');
  });

  it('a role that does not exist is refused like one that does not trust', async () => {
    const { credentials } = bed.role('Caller', [MAY_ASSUME]);
    const error = await errorOf(assume(credentials, `arn:aws:iam::${OTHER_ACCOUNT}:role/Nobody`));
    expect(error.name).toBe('AccessDenied');
  });
});

describe('the new session', () => {
  it('belongs to the function that asked, and acts as the role', async () => {
    const { credentials } = bed.role('Caller', [MAY_ASSUME], { execution: 'f-1' });
    const { arn } = target(OTHER_ACCOUNT, { AWS: ACCOUNT });
    const session = await assumed(credentials, arn);
    const identity = await new STSClient(bed.client(session)).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({
      Account: OTHER_ACCOUNT,
      Arn: `arn:aws:sts::${OTHER_ACCOUNT}:assumed-role/Target/work`,
    });
    expect(bed.journal.calls.map(({ execution }) => execution)).toEqual(['f-1', 'f-1']);
    expect(bed.journal.calls[0]?.permissions).toEqual(['sts:AssumeRole']);
  });

  it('is narrowed by a session policy and by managed ones', async () => {
    const admin = bed.credentials.forAccount(ACCOUNT);
    const next = bed.role('Next', []).role;
    const { arn } = target(ACCOUNT, { AWS: ACCOUNT });
    bed.iam.policies.put(arn, 'p', policyOf(MAY_ASSUME));
    bed.iam.updateRole(next.arn, { trust: trustOf({ AWS: ACCOUNT }) });
    const narrow = JSON.stringify(policyOf({ Effect: 'Allow', Action: 'rum:*', Resource: '*' }));
    const Policy = JSON.stringify(policyOf(MAY_ASSUME));
    const basic = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    await assume(await assumed(admin, arn), next.arn);
    await assume(await assumed(admin, arn, { Policy, PolicyArns: [{ arn: basic }] }), next.arn);
    for (const options of [{ Policy: narrow }, { PolicyArns: [{ arn: basic }] }]) {
      const error = await errorOf(assume(await assumed(admin, arn, options), next.arn));
      expect(error.message).toContain('because no session policy allows');
    }
  });

  it('lasts at most what the role and, in a chain, one hour allow', async () => {
    const admin = bed.credentials.forAccount(ACCOUNT);
    const { arn } = target(ACCOUNT, { AWS: ACCOUNT }, {}, 7200);
    const session = await assumed(admin, arn, { DurationSeconds: 7200 });
    expect(session.expiration.getTime() - bed.clock.now()).toBeGreaterThan(7_198_000);
    const tooLong = await errorOf(assume(admin, arn, { DurationSeconds: 7201 }));
    expect(tooLong.message).toContain('MaxSessionDuration set for this role');
    const { credentials } = bed.role('Caller', [MAY_ASSUME]);
    const chained = await errorOf(assume(credentials, arn, { DurationSeconds: 3601 }));
    expect(chained.message).toContain('1 hour session limit');
  });
});

describe('tags and source identity', () => {
  const options = { Tags: [{ Key: 'team', Value: 'a' }], TransitiveTagKeys: ['team'], SourceIdentity: 'ann' };

  it('need permissions of their own in the trust', async () => {
    const admin = bed.credentials.forAccount(ACCOUNT);
    const { arn } = target(ACCOUNT, { AWS: ACCOUNT });
    expect((await errorOf(assume(admin, arn, { Tags: options.Tags }))).message).toContain('sts:TagSession');
    expect((await errorOf(assume(admin, arn, { SourceIdentity: 'ann' }))).message).toContain('sts:SetSourceIdentity');
    bed.iam.updateRole(arn, { trust: trustOf({ AWS: ACCOUNT }, { Action: ALL_ACTIONS }) });
    expect((await assume(admin, arn, options)).SourceIdentity).toBe('ann');
    expect(bed.journal.calls.at(-1)?.permissions).toEqual(ALL_ACTIONS);
  });

  it('are inherited through a chain, and cannot be changed there', async () => {
    const { arn } = target(ACCOUNT, { AWS: ACCOUNT }, { Action: ALL_ACTIONS });
    const onlyTeamA = policyOf({
      Effect: 'Allow',
      Action: 'sts:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a', 'aws:SourceIdentity': 'ann' } },
    });
    bed.iam.policies.put(arn, 'p', onlyTeamA);
    const first = await assumed(bed.credentials.forAccount(ACCOUNT), arn, options);
    const second = await assumed(first, arn);
    await assume(second, arn, { SourceIdentity: 'ann' });
    expect((await errorOf(assume(second, arn, { SourceIdentity: 'bob' }))).name).toBe('AccessDenied');
    expect((await errorOf(assume(second, arn, { Tags: [{ Key: 'Team', Value: 'b' }] }))).name).toBe(
      'InvalidParameterValue',
    );
  });
});

it.each<[string, Partial<AssumeRoleCommandInput>, string]>([
  ['a session name of one character', { RoleSessionName: 'x' }, 'ValidationError'],
  ['a session name with spaces', { RoleSessionName: 'a b' }, 'ValidationError'],
  ['an external id of one character', { ExternalId: 'x' }, 'ValidationError'],
  ['a duration under 15 minutes', { DurationSeconds: 899 }, 'ValidationError'],
  ['a duration over 12 hours', { DurationSeconds: 43_201 }, 'ValidationError'],
  ['a policy over 2,048 characters', { Policy: ' '.repeat(2049) }, 'ValidationError'],
  ['a policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocumentException'],
  ['eleven policy ARNs', { PolicyArns: Array(11).fill({ arn: 'arn:aws:iam::aws:policy/X' }) }, 'ValidationError'],
  ['a role ARN of another kind', { RoleArn: 'arn:aws:iam::111111111111:user/x' }, 'ValidationError'],
  ['a transitive key without its tag', { TransitiveTagKeys: ['a'] }, 'InvalidParameterValue'],
])('AssumeRole refuses %s', async (_, more, code) => {
  const { arn } = target(ACCOUNT, { AWS: ACCOUNT }, { Action: ALL_ACTIONS }, 43_200);
  expect((await errorOf(assume(bed.credentials.forAccount(ACCOUNT), arn, more))).name).toBe(code);
});
