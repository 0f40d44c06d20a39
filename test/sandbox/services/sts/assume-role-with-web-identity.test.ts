import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  DecodeAuthorizationMessageCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  type STSClient,
} from '@aws-sdk/client-sts';
import { WebIdentityIssuer } from '../../../../sandbox/issuers/web-identity-issuer';
import { ACCOUNT, allow, errorOf, OTHER_ACCOUNT, policyOf, StsLab, trustOf } from './lab';

const issuer = new WebIdentityIssuer('https://token.example.com/tenant');
const NAME = 'token.example.com/tenant';

let lab: StsLab;
let provider: string;
let sts: STSClient;

beforeEach(async () => {
  lab = await StsLab.start();
  const { url, jwks } = issuer;
  provider = lab.iam.identityProviders.createOpenIdConnect({
    accountId: ACCOUNT,
    url,
    jwks,
    clientIds: ['app-1', 'app-2'],
  }).arn;
  sts = lab.stranger();
});

afterEach(() => StsLab.stopAll());

function role(conditions: object = {}, more: object = {}) {
  return lab.iam.createRole({
    accountId: ACCOUNT,
    name: 'Web',
    trust: trustOf(
      { Federated: provider },
      { Action: ['sts:AssumeRoleWithWebIdentity'], Condition: { StringEquals: conditions }, ...more },
    ),
    inlinePolicies: { own: policyOf(allow('sts:*')) },
  });
}

/** Times are in virtual time, which the clock tells. */
function claims(more: object = {}) {
  const now = Math.floor(lab.clock.now() / 1000);
  return { aud: 'app-1', sub: 'repo:shop', iat: now, exp: now + 600, ...more };
}

function assume(WebIdentityToken: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}, client = sts) {
  const RoleArn = `arn:aws:iam::${ACCOUNT}:role/Web`;
  return client.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'web', WebIdentityToken, ...more }),
  );
}

it.each(['RS256', 'ES256'] as const)(
  'a token signed with %s is worth a session, without a signed call',
  async (algorithm) => {
    const { roleId } = role({ [`${NAME}:aud`]: 'app-1', [`${NAME}:sub`]: 'repo:shop' });
    const answer = await assume(issuer.token(claims(), algorithm));
    expect(answer).toMatchObject({
      AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Web/web`, AssumedRoleId: `${roleId}:web` },
      SubjectFromWebIdentityToken: 'repo:shop',
      Provider: issuer.url,
      Audience: 'app-1',
    });
    expect(await lab.identity(lab.taken(answer))).toMatchObject({ Account: ACCOUNT, UserId: `${roleId}:web` });
    expect(lab.journal.calls[0]).toMatchObject({
      service: 'sts',
      operation: 'AssumeRoleWithWebIdentity',
      principal: '',
      accountId: ACCOUNT,
      region: 'us-east-1',
      outcome: 'ok',
    });
  },
);

it('a token expires in virtual time, and the session too', async () => {
  role();
  const token = issuer.token(claims());
  const session = lab.taken(await assume(token, { DurationSeconds: 900 }));
  await lab.clock.sleep(601_000);
  await lab.identity(session);
  expect((await errorOf(assume(token))).name).toBe('ExpiredTokenException');
  await lab.clock.sleep(300_000);
  expect((await errorOf(lab.identity(session))).name).toBe('ExpiredToken');
});

describe('the trust policy decides', () => {
  it.each<[string, object, object, boolean]>([
    ['by subject', { [`${NAME}:sub`]: 'repo:shop' }, {}, true],
    ['by another subject', { [`${NAME}:sub`]: 'repo:other' }, {}, false],
    ['by audience, of several', { [`${NAME}:aud`]: 'app-2' }, { aud: ['app-2', 'other'] }, true],
    [
      'by the party that the token was made for',
      { [`${NAME}:aud`]: 'app-2', [`${NAME}:oaud`]: 'app-1' },
      { azp: 'app-2' },
      true,
    ],
    ['by the keys of another issuer', { 'other.example:sub': 'repo:shop' }, {}, false],
    ['by the session name', { 'sts:RoleSessionName': 'web' }, {}, true],
    ['by the region of the call', { 'aws:RequestedRegion': 'eu-west-1' }, {}, false],
  ])('%s', async (_, conditions, more, trusted) => {
    role(conditions);
    const call = assume(issuer.token(claims(more)));
    if (trusted) await call;
    else {
      expect(await errorOf(call)).toMatchObject({
        name: 'AccessDenied',
        message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
        $metadata: { httpStatusCode: 403 },
      });
    }
  });

  it('and trusts nobody where the role is missing, names another provider or another action', async () => {
    expect((await errorOf(assume(issuer.token(claims())))).name).toBe('AccessDenied');
    const { arn } = role({}, { Action: 'sts:AssumeRole' });
    expect((await errorOf(assume(issuer.token(claims())))).name).toBe('AccessDenied');
    lab.iam.updateRole(arn, {
      trust: trustOf({ Federated: `${provider}s` }, { Action: 'sts:AssumeRoleWithWebIdentity' }),
    });
    expect((await errorOf(assume(issuer.token(claims())))).name).toBe('AccessDenied');
  });

  it('and a provider counts in its own account only', async () => {
    const RoleArn = `arn:aws:iam::${OTHER_ACCOUNT}:role/Web`;
    const error = await errorOf(assume(issuer.token(claims()), { RoleArn }));
    expect(error.message).toContain('No OpenIDConnect provider found in your account');
  });
});

describe('Cognito', () => {
  const cognito = new WebIdentityIssuer('https://cognito-identity.amazonaws.com', 'web-identity-cognito');
  const POOL = 'eu-central-1:8d6c0000-0000-4000-a000-000000000000';

  beforeEach(() => {
    lab.iam.identityProviders.createShared({ host: 'cognito-identity.amazonaws.com', jwks: cognito.jwks });
    lab.iam.createRole({
      accountId: ACCOUNT,
      name: 'Web',
      trust: trustOf(
        { Federated: 'cognito-identity.amazonaws.com' },
        {
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { 'cognito-identity.amazonaws.com:aud': POOL },
            'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
          },
        },
      ),
    });
  });

  it('gives guests of the pool a session, without a provider in the account', async () => {
    const answer = await assume(cognito.token(claims({ aud: POOL, amr: ['unauthenticated'] })));
    expect(answer.Audience).toBe(POOL);
  });

  it.each<[string, object]>([
    ['of another pool', { aud: 'eu-central-1:0', amr: ['unauthenticated'] }],
    ['who signed in', { aud: POOL, amr: ['authenticated', 'graph.facebook.com'] }],
    ['of no kind', { aud: POOL }],
  ])('refuses those %s', async (_, more) => {
    expect((await errorOf(assume(cognito.token(claims(more))))).name).toBe('AccessDenied');
  });
});

describe('the session', () => {
  it('is narrowed by a policy, and knows who is behind it', async () => {
    const { arn } = role();
    lab.iam.policies.put(
      arn,
      'own',
      policyOf(allow('sts:DecodeAuthorizationMessage', '*', { StringEquals: { [`${NAME}:sub`]: 'repo:shop' } })),
    );
    const message = lab.iam.messages.encode(ACCOUNT, {});
    const decode = async (more: Partial<AssumeRoleWithWebIdentityCommandInput>, said = {}) => {
      const session = lab.as(lab.taken(await assume(issuer.token(claims(said)), more)));
      return session.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: message }));
    };
    await decode({});
    expect((await errorOf(decode({}, { sub: 'repo:other' }))).name).toBe('AccessDenied');
    const Policy = JSON.stringify(policyOf(allow('rum:*')));
    expect((await errorOf(decode({ Policy }))).message).toContain('no session policy allows');
  });

  it('can make neither federation nor session tokens', async () => {
    role();
    const session = lab.as(lab.taken(await assume(issuer.token(claims()))));
    for (const command of [new GetSessionTokenCommand({}), new GetFederationTokenCommand({ Name: 'bob' })]) {
      expect(await errorOf(session.send(command as GetSessionTokenCommand))).toMatchObject({
        name: 'AccessDenied',
        message: expect.stringMatching(/^Cannot call Get\w+Token with session credentials$/),
      });
    }
  });

  it('has tags and a source identity of the token, if the trust allows them', async () => {
    const { arn } = role();
    const token = () =>
      issuer.token(
        claims({
          'https://aws.amazon.com/tags': { principal_tags: { team: ['a'] }, transitive_tag_keys: ['team'] },
          'https://aws.amazon.com/source_identity': 'ann',
        }),
      );
    expect((await errorOf(assume(token()))).message).toBe('Not authorized to perform sts:TagSession');
    const Action = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity'];
    lab.iam.updateRole(arn, {
      trust: trustOf(
        { Federated: provider },
        { Action, Condition: { StringEquals: { 'aws:RequestTag/team': 'a', 'sts:SourceIdentity': 'ann' } } },
      ),
    });
    const answer = await assume(token());
    expect(answer.SourceIdentity).toBe('ann');
    expect(lab.credentials.find(answer.Credentials!.AccessKeyId!)?.principal).toMatchObject({
      sessionTags: { team: 'a' },
      transitiveTagKeys: ['team'],
      sourceIdentity: 'ann',
    });
  });

  it('lasts no longer than the role allows', async () => {
    role();
    expect((await errorOf(assume(issuer.token(claims()), { DurationSeconds: 3601 }))).message).toContain(
      'MaxSessionDuration set for this role',
    );
  });
});

it('is refused in a region that is not activated for the account of the role', async () => {
  role();
  lab.sts.regionEnabled = (account, region) => account !== ACCOUNT || region !== 'af-south-1';
  await assume(issuer.token(claims()));
  expect(await errorOf(assume(issuer.token(claims()), {}, lab.stranger('af-south-1')))).toMatchObject({
    name: 'RegionDisabledException',
    $metadata: { httpStatusCode: 403 },
  });
});

it('an operation that wants a signature is not served without one', async () => {
  const answer = await fetch(lab.endpoint.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('MissingAuthenticationToken')]);
});
