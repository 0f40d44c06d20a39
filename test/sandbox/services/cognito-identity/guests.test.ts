import { PutRumEventsCommand, RUMClient } from '@aws-sdk/client-rum';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { Sandbox } from '../../../../sandbox/sandbox';
import { parseJsonWebToken } from '../../../../sandbox/services/sts/json-web-token';
import { expectNoSecrets } from '../../../support/no-secrets';

const ACCOUNT = '111111111111';
const REGION = 'eu-west-1';
const HOST = 'cognito-identity.amazonaws.com';
const INVALID_POOL = 'InvalidIdentityPoolConfigurationException';

interface Options {
  readonly guests?: boolean;
  readonly classic?: boolean;
  readonly amr?: string;
  readonly role?: boolean;
}

let sandbox: Sandbox;
let pool: string;

beforeEach(async () => {
  sandbox = await Sandbox.start();
});

afterEach(() => sandbox.stop());

/** A pool with a role for its guests, and a monitor, as a stack makes them; in a region that is not the sandbox's own. */
async function deploy({ guests = true, classic = false, amr = 'unauthenticated', role = true }: Options = {}) {
  const trust = {
    Effect: 'Allow',
    Principal: { Federated: HOST },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { [`${HOST}:aud`]: { Ref: 'Pool' } },
      'ForAnyValue:StringLike': { [`${HOST}:amr`]: amr },
    },
  };
  const permissions = { Statement: [{ Effect: 'Allow', Action: ['rum:PutRumEvents', 'sts:*'], Resource: '*' }] };
  const template = {
    Resources: {
      Pool: {
        Type: 'AWS::Cognito::IdentityPool',
        Properties: { AllowUnauthenticatedIdentities: guests, AllowClassicFlow: classic },
      },
      Guest: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'Guest',
          AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [trust] },
          Policies: [{ PolicyName: 'Send', PolicyDocument: permissions }],
        },
      },
      Roles: {
        Type: 'AWS::Cognito::IdentityPoolRoleAttachment',
        Properties: {
          IdentityPoolId: { Ref: 'Pool' },
          Roles: role ? { unauthenticated: { 'Fn::GetAtt': 'Guest.Arn' } } : {},
        },
      },
    },
    Outputs: { Pool: { Value: { Ref: 'Pool' } } },
  };
  const place = { accountId: ACCOUNT, region: REGION };
  const result = await sandbox.stacks.deploy(template, { stackName: 'app', ...place, assets: { directory: () => '' } });
  pool = result.outputs.Pool!;
}

/** An unsigned call, as a browser makes it. */
async function call(operation: string, input: object) {
  const response = await fetch(sandbox.endpoint.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AWSCognitoIdentityService.${operation}` },
    body: JSON.stringify(input),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the answers are what is tested
  return (await response.json()) as any;
}

async function guest(): Promise<string> {
  return (await call('GetId', { IdentityPoolId: pool, AccountId: ACCOUNT })).IdentityId;
}

const clientOf = (credentials: { AccessKeyId: string; SecretKey: string; SessionToken: string }) => ({
  region: REGION,
  endpoint: sandbox.endpoint.url,
  maxAttempts: 1,
  disableHostPrefix: true,
  credentials: {
    accessKeyId: credentials.AccessKeyId,
    secretAccessKey: credentials.SecretKey,
    sessionToken: credentials.SessionToken,
  },
});

const EVENT = { id: '2a4dd1b2-5c43-4a3b-9c5e-6a3c0f2f6f01', timestamp: new Date(), type: 'load', details: '{}' };

/** The error of sending events to a monitor that does not exist: to those who may send them, that it does not. */
async function send(client: RUMClient): Promise<string> {
  const id = '2a4dd1b2-5c43-4a3b-9c5e-6a3c0f2f6f02';
  const batch = { BatchId: id, AppMonitorDetails: {}, UserDetails: {}, RumEvents: [EVENT] };
  return client.send(new PutRumEventsCommand({ Id: id, ...batch })).then(
    () => 'sent',
    (error: Error) => error.name,
  );
}

it('gets credentials of the role of guests, in the enhanced flow, for little more than what RUM needs', async () => {
  await deploy();
  const IdentityId = await guest();
  expect(IdentityId).toMatch(/^eu-west-1:[0-9a-f-]{36}$/);
  const { Credentials, ...rest } = await call('GetCredentialsForIdentity', { IdentityId });
  expect(rest).toEqual({ IdentityId });
  expect(Credentials.Expiration).toBe(Math.floor(sandbox.clock.now() / 1000) + 3600);
  const { principal } = sandbox.credentials.find(Credentials.AccessKeyId)!;
  expect(principal).toMatchObject({
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Guest/CognitoIdentityCredentials`,
    identity: { [`${HOST}:aud`]: pool, [`${HOST}:sub`]: IdentityId, [`${HOST}:amr`]: ['unauthenticated'] },
    sessionPolicy: { Statement: [{ Action: ['rum:PutRumEvents'] }] },
  });
  expect(await send(new RUMClient(clientOf(Credentials)))).toBe('ResourceNotFoundException');
  expectNoSecrets(sandbox);
});

it('gets a token for STS in the classic flow, which is good for ten minutes', async () => {
  await deploy({ classic: true });
  const IdentityId = await guest();
  const { Token } = await call('GetOpenIdToken', { IdentityId });
  expect(parseJsonWebToken(Token)?.claims).toMatchObject({ aud: pool, sub: IdentityId, amr: ['unauthenticated'] });
  const sts = new STSClient({ region: REGION, endpoint: sandbox.endpoint.url, maxAttempts: 1 });
  const assume = () =>
    sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/Guest`,
        RoleSessionName: 'cwr',
        WebIdentityToken: Token,
      }),
    );
  expect((await assume()).AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/Guest/cwr`);
  await sandbox.clock.sleep(600_000);
  await expect(assume()).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  expectNoSecrets(sandbox);
});

it.each<[string, Options, string, string]>([
  ['the classic flow is off', {}, 'GetOpenIdToken', 'InvalidParameterException'],
  ['the role trusts somebody else', { amr: 'authenticated' }, 'GetCredentialsForIdentity', INVALID_POOL],
  ['there is no role for guests', { role: false }, 'GetCredentialsForIdentity', INVALID_POOL],
])('gets nothing when %s', async (_, options, operation, error) => {
  await deploy(options);
  expect((await call(operation, { IdentityId: await guest() })).__type).toBe(error);
});

it('is turned away by a pool without guests', async () => {
  await deploy({ guests: false });
  expect(await call('GetId', { IdentityPoolId: pool })).toEqual({
    __type: 'NotAuthorizedException',
    message: 'Unauthenticated access is not supported for this identity pool.',
  });
});

it('is unknown once the pool is gone', async () => {
  await deploy();
  const IdentityId = await guest();
  await sandbox.stacks.delete('app', ACCOUNT, REGION);
  expect((await call('GetCredentialsForIdentity', { IdentityId })).__type).toBe('ResourceNotFoundException');
  expect((await call('GetId', { IdentityPoolId: pool })).__type).toBe('ResourceNotFoundException');
});
