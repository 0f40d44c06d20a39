import {
  AssumeRoleWithSAMLCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { SamlIssuer } from '../../sandbox/issuers/saml-issuer';
import { WebIdentityIssuer } from '../../sandbox/issuers/web-identity-issuer';
import { Sandbox } from '../../sandbox/sandbox';
import { expectNoSecrets } from '../support/no-secrets';
import { errorOf } from './endpoint/testbed';

const ACCOUNT = '111111111111';
const place = { stackName: 'app', accountId: ACCOUNT, region: 'eu-central-1', assets: { directory: () => undefined } };

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.start();
});

afterEach(async () => {
  expectNoSecrets(sandbox);
  await sandbox.stop();
});

async function deploy(Resources: object, outputs: Readonly<Record<string, unknown>> = {}) {
  const Outputs = Object.fromEntries(Object.entries(outputs).map(([name, Value]) => [name, { Value }]));
  const result = await sandbox.stacks.deploy({ Resources, Outputs }, place);
  expect(result.status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
  return result.outputs;
}

const role = (provider: string, action: string, condition: object) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: 'Federated',
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { Federated: { Ref: provider } },
        Action: action,
        Condition: { StringEquals: condition },
      },
    },
  },
});

const RoleArn = `arn:aws:iam::${ACCOUNT}:role/Federated`;
const stranger = () => new STSClient({ region: place.region, endpoint: sandbox.endpoint.url, maxAttempts: 1 });

function keysOf({ Id = '', Secret = '' }: Readonly<Record<string, string>>): STSClient {
  const credentials = { accessKeyId: Id, secretAccessKey: Secret };
  return new STSClient({ region: place.region, endpoint: sandbox.endpoint.url, maxAttempts: 1, credentials });
}

test('a provider of a stack lets in whom its issuer vouches for, once the issuer shows its keys', async () => {
  const issuer = new WebIdentityIssuer('https://token.example.com');
  await deploy({
    Issuer: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: issuer.url, ClientIdList: ['app'] } },
    Role: role('Issuer', 'sts:AssumeRoleWithWebIdentity', { 'token.example.com:sub': 'repo:shop' }),
  });
  const now = Math.floor(sandbox.clock.now() / 1000);
  const assume = (sub: string) => {
    const WebIdentityToken = issuer.token({ aud: 'app', sub, iat: now, exp: now + 600 });
    return stranger().send(new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'ci', WebIdentityToken }));
  };
  expect((await errorOf(assume('repo:shop'))).message).toContain("Couldn't retrieve verification key");
  sandbox.iam.identityProviders.publishKeys(issuer.url, issuer.jwks);
  expect((await assume('repo:shop')).SubjectFromWebIdentityToken).toBe('repo:shop');
  expect((await errorOf(assume('repo:other'))).name).toBe('AccessDenied');

  const rotated = new WebIdentityIssuer(issuer.url, 'rotated');
  sandbox.iam.identityProviders.publishKeys(issuer.url, rotated.jwks);
  expect((await errorOf(assume('repo:shop'))).name).toBe('InvalidIdentityTokenException');
});

test('a SAML provider of a stack lets in whom its metadata vouches for', async () => {
  const issuer = new SamlIssuer();
  const SamlMetadataDocument = await issuer.metadata();
  const { Provider: PrincipalArn } = await deploy(
    {
      Corp: { Type: 'AWS::IAM::SAMLProvider', Properties: { SamlMetadataDocument } },
      Role: role('Corp', 'sts:AssumeRoleWithSAML', { 'saml:aud': 'https://signin.aws.amazon.com/saml' }),
    },
    { Provider: { Ref: 'Corp' } },
  );
  const attributes = { Role: [`${RoleArn},${PrincipalArn}`], RoleSessionName: ['ann'] };
  const SAMLAssertion = issuer.response({ now: sandbox.clock.now(), attributes });
  const { AssumedRoleUser } = await stranger().send(
    new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn, SAMLAssertion }),
  );
  expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/Federated/ann`);
});

describe('a user of a stack', () => {
  const statement = { Effect: 'Allow', Action: 'sts:GetFederationToken', Resource: '*' };
  const broker = (status: string) => ({
    Group: {
      Type: 'AWS::IAM::Group',
      Properties: { Policies: [{ PolicyName: 'Broker', PolicyDocument: { Statement: [statement] } }] },
    },
    User: { Type: 'AWS::IAM::User', Properties: { UserName: 'broker', Groups: [{ Ref: 'Group' }] } },
    Key: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'User' }, Status: status } },
  });
  const outputs = { Id: { Ref: 'Key' }, Secret: { 'Fn::GetAtt': 'Key.SecretAccessKey' } };

  it('calls with its key what its group may, until the key is switched off', async () => {
    const sts = keysOf(await deploy(broker('Active'), outputs));
    const { FederatedUser } = await sts.send(new GetFederationTokenCommand({ Name: 'ann' }));
    expect(FederatedUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:federated-user/ann`);
    await deploy(broker('Inactive'), outputs);
    expect((await errorOf(sts.send(new GetCallerIdentityCommand({})))).name).toBe('InvalidClientTokenId');
  });

  it('has the device of its stack, with the code that somebody sets', async () => {
    const { Serial, ...keys } = await deploy(
      {
        ...broker('Active'),
        Device: {
          Type: 'AWS::IAM::VirtualMFADevice',
          Properties: { VirtualMfaDeviceName: 'phone', Users: [{ Ref: 'User' }] },
        },
      },
      { ...outputs, Serial: { 'Fn::GetAtt': 'Device.SerialNumber' } },
    );
    expect(Serial).toBe(`arn:aws:iam::${ACCOUNT}:mfa/phone`);
    const session = (TokenCode: string) =>
      keysOf(keys).send(new GetSessionTokenCommand({ SerialNumber: Serial, TokenCode }));
    expect((await errorOf(session('123456'))).name).toBe('AccessDenied');
    sandbox.iam.users.setMfaCode(Serial!, '123456');
    expect((await session('123456')).Credentials).toBeDefined();
    await deploy(broker('Active'), outputs);
    expect((await errorOf(session('123456'))).name).toBe('AccessDenied');
  });
});
