import { DeleteAppMonitorCommand, PutRumEventsCommand, RUMClient } from '@aws-sdk/client-rum';
import {
  AssumeRoleCommand,
  AssumeRoleWithSAMLCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  type GetFederationTokenCommandInput,
  GetSessionTokenCommand,
  type GetSessionTokenCommandInput,
} from '@aws-sdk/client-sts';
import { CfnOutput, Duration, type Stack } from 'aws-cdk-lib';
import { CfnIdentityPool, CfnIdentityPoolRoleAttachment } from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import { type AssertionOptions, SamlIssuer, SIGN_IN } from '../../sandbox/issuers/saml-issuer';
import { WebIdentityIssuer } from '../../sandbox/issuers/web-identity-issuer';
import { rum, sts } from '../../src';
import { errorOf } from '../sandbox/endpoint/testbed';
import {
  accessKeyOf,
  clientWith,
  type Keys,
  keysOf,
  LEDGER,
  outcomeOf,
  reading,
  readingOf,
  reports,
  stsWith,
} from './federation-bed';
import { Testbed } from './testbed';

jest.setTimeout(60_000);

let bed: Testbed;

beforeEach(async () => {
  bed = await Testbed.start();
});

afterEach(() => Testbed.stopAll());

/** Deploys; the outputs. */
async function deploy(build: (stack: Stack) => void): Promise<Readonly<Record<string, string>>> {
  const { status, outputs } = await bed.deploy(build);
  expect(status).toMatch(/^(CREATE|UPDATE)_COMPLETE$/);
  return outputs;
}

describe('a guest of an identity pool', () => {
  const ID = '2a4dd1b2-5c43-4a3b-9c5e-6a3c0f2f6f02';

  /** Two monitors, of which guests may send to the first. */
  function shop(stack: Stack): void {
    const pool = new CfnIdentityPool(stack, 'Pool', { allowUnauthenticatedIdentities: true, allowClassicFlow: true });
    const guests = new sts.GuestRole(stack, 'Guests', { identityPoolId: pool.ref });
    const roles = { unauthenticated: guests.roleArn };
    new CfnIdentityPoolRoleAttachment(stack, 'Roles', { identityPoolId: pool.ref, roles });
    const users = new sts.GuestRole(stack, 'Users', { identityPoolId: pool.ref, authenticated: true });
    for (const id of ['Shop', 'Mall']) {
      const authorization = rum.Authorization.none();
      const monitor = new rum.AppMonitor(stack, id, { domain: 'shop.example.com', authorization });
      if (id === 'Shop') monitor.grantPutEvents(guests);
      monitor.grantPutEvents(users);
      new CfnOutput(stack, `${id}Id`, { value: monitor.appMonitorId });
    }
    new CfnOutput(stack, 'PoolId', { value: pool.ref });
    new CfnOutput(stack, 'GuestsArn', { value: guests.roleArn });
    new CfnOutput(stack, 'UsersArn', { value: users.roleArn });
  }

  /** An unsigned call of Cognito, as a browser makes it. */
  async function cognito(operation: string, input: object) {
    const target = `AWSCognitoIdentityService.${operation}`;
    const response = await fetch(bed.sandbox.endpoint.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      body: JSON.stringify(input),
    });
    expect(response.status).toBe(200);
    // biome-ignore lint/suspicious/noExplicitAny: there is no client of Cognito here
    return (await response.json()) as any;
  }

  function rumWith(keys: Keys): RUMClient {
    return new RUMClient({ ...clientWith(bed, keys), disableHostPrefix: true });
  }

  async function sendingTo(monitorId: string | undefined, keys: Keys): Promise<string> {
    const event = { id: ID, timestamp: new Date(), type: 'load', details: '{}' };
    const batch = { BatchId: ID, AppMonitorDetails: {}, UserDetails: {}, RumEvents: [event] };
    return outcomeOf(rumWith(keys).send(new PutRumEventsCommand({ Id: monitorId, ...batch })));
  }

  async function expectShopOnly(keys: Keys, outputs: Readonly<Record<string, string>>): Promise<void> {
    expect(await sendingTo(outputs.ShopId, keys)).toBe('ok');
    expect(await sendingTo(outputs.MallId, keys)).toBe('AccessDeniedException');
    expect(await outcomeOf(rumWith(keys).send(new DeleteAppMonitorCommand({ Name: 'shop' })))).toBe(
      'AccessDeniedException',
    );
  }

  test('sends to the monitor of the role, and may do nothing else, whichever flow its browser takes', async () => {
    const outputs = await deploy(shop);
    const { IdentityId } = await cognito('GetId', { IdentityPoolId: outputs.PoolId });
    const { Credentials } = await cognito('GetCredentialsForIdentity', { IdentityId });
    await expectShopOnly(keysOf({ Credentials: { ...Credentials, SecretAccessKey: Credentials.SecretKey } }), outputs);

    const { Token: WebIdentityToken } = await cognito('GetOpenIdToken', { IdentityId });
    const assume = (RoleArn: string | undefined) =>
      stsWith(bed).send(
        new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'browser', WebIdentityToken }),
      );
    await expectShopOnly(keysOf(await assume(outputs.GuestsArn)), outputs);
    expect(await outcomeOf(assume(outputs.UsersArn))).toBe('AccessDenied');
  });

  test('of another pool is turned away', async () => {
    const outputs = await deploy((stack) => {
      const options = { allowUnauthenticatedIdentities: true, allowClassicFlow: true };
      const [one, other] = ['One', 'Other'].map((id) => new CfnIdentityPool(stack, id, options));
      const guests = new sts.GuestRole(stack, 'Guests', { identityPoolId: one!.ref });
      new CfnOutput(stack, 'OtherId', { value: other!.ref });
      new CfnOutput(stack, 'GuestsArn', { value: guests.roleArn });
    });
    const { IdentityId } = await cognito('GetId', { IdentityPoolId: outputs.OtherId });
    const { Token: WebIdentityToken } = await cognito('GetOpenIdToken', { IdentityId });
    const input = { RoleArn: outputs.GuestsArn, RoleSessionName: 'browser', WebIdentityToken };
    expect(await outcomeOf(stsWith(bed).send(new AssumeRoleWithWebIdentityCommand(input)))).toBe('AccessDenied');
  });
});

describe('a build with a token', () => {
  const MAIN = 'repo:acme/shop:ref:refs/heads/main';
  const AUDIENCE = 'sts.amazonaws.com';
  const issuer = new WebIdentityIssuer('https://ci.example.com/acme');

  async function builds(props: Partial<sts.WebIdentityRoleProps> = {}) {
    const { RoleArn } = await deploy((stack) => {
      const provider = new iam.OidcProviderNative(stack, 'Issuer', {
        url: issuer.url,
        clientIds: [AUDIENCE, 'npm'],
        thumbprints: ['0'.repeat(40)],
      });
      const subjects = [MAIN, 'repo:acme/mall:environment:*'];
      const given = { provider, issuer: issuer.url, audiences: [AUDIENCE], subjects, ...props };
      const role = new sts.WebIdentityRole(stack, 'Builds', given);
      role.addToPolicy(reports(stack));
      new CfnOutput(stack, 'RoleArn', { value: role.roleArn });
    });
    bed.sandbox.iam.identityProviders.publishKeys(issuer.url, issuer.jwks);
    return (claims: object, from = issuer) => {
      const now = Math.floor(bed.sandbox.clock.now() / 1000);
      const WebIdentityToken = from.token({ aud: AUDIENCE, sub: MAIN, iat: now, exp: now + 600, ...claims });
      const input = { RoleArn, RoleSessionName: 'build', WebIdentityToken };
      return stsWith(bed).send(new AssumeRoleWithWebIdentityCommand(input));
    };
  }

  test('of the right branch may do what the role may, and no more', async () => {
    const assume = await builds();
    const keys = keysOf(await assume({}));
    expect([await readingOf(bed, keys), await readingOf(bed, keys, LEDGER)]).toEqual(['ok', 'AccessDeniedException']);
    expect((await assume({ sub: 'repo:acme/mall:environment:production' })).AssumedRoleUser).toBeDefined();
  });

  test('of somebody else, for somebody else, too old, or of other keys, is turned away', async () => {
    const assume = await builds();
    const seconds = Math.floor(bed.sandbox.clock.now() / 1000);
    const forged = new WebIdentityIssuer(issuer.url, 'forged');
    const refused: Array<[object, WebIdentityIssuer?]> = [
      [{ sub: 'repo:acme/shop:ref:refs/heads/fix' }],
      [{ sub: 'repo:evil/shop:ref:refs/heads/main' }],
      [{ sub: `${MAIN}2` }],
      // Known to the provider, but not to the role.
      [{ aud: 'npm' }],
      [{ aud: 'elsewhere' }],
      [{ iat: seconds - 1200, exp: seconds - 600 }],
      [{}, forged],
    ];
    const outcomes = await Promise.all(refused.map(([claims, from]) => outcomeOf(assume(claims, from))));
    expect(outcomes).toEqual([
      'AccessDenied',
      'AccessDenied',
      'AccessDenied',
      'AccessDenied',
      'InvalidIdentityTokenException',
      'ExpiredTokenException',
      'InvalidIdentityTokenException',
    ]);
  });

  test('is held to the longest session of the role, which is expired after it', async () => {
    const assume = await builds({ maxSessionDuration: Duration.hours(1) });
    const keys = keysOf(await assume({}));
    await bed.sandbox.clock.sleep(3_601_000);
    expect(await readingOf(bed, keys)).toBe('ExpiredTokenException');
  });
});

describe('somebody of a SAML directory', () => {
  const directory = new SamlIssuer();
  const REGIONAL = 'https://eu-west-1.signin.aws.amazon.com/saml';

  async function staff(props: Partial<sts.SamlRoleProps> = {}) {
    const metadataDocument = iam.SamlMetadataDocument.fromXml(await directory.metadata());
    const { RoleArn, PrincipalArn } = await deploy((stack) => {
      const provider = new iam.SamlProvider(stack, 'Directory', { metadataDocument });
      const role = new sts.SamlRole(stack, 'Staff', {
        providers: [provider],
        signInRegions: ['eu-west-1'],
        conditions: { StringEquals: { 'SAML:iss': directory.entityId } },
        ...props,
      });
      role.addToPolicy(reports(stack));
      new CfnOutput(stack, 'RoleArn', { value: role.roleArn });
      new CfnOutput(stack, 'PrincipalArn', { value: provider.samlProviderArn });
    });
    return (
      options: Partial<AssertionOptions> = {},
      attributes: AssertionOptions['attributes'] = {},
      from = directory,
    ) => {
      const said = { Role: [`${RoleArn},${PrincipalArn}`], RoleSessionName: ['ann'], ...attributes };
      const SAMLAssertion = from.response({ now: bed.sandbox.clock.now(), attributes: said, ...options });
      return stsWith(bed).send(new AssumeRoleWithSAMLCommand({ RoleArn, PrincipalArn, SAMLAssertion }));
    };
  }

  test.each([
    ['the console', SIGN_IN],
    ['the console of a region', REGIONAL],
  ])('comes in with an assertion for %s, in a program as well', async (_, recipient) => {
    const assume = await staff();
    const answer = await assume({ recipient, audience: recipient });
    expect(answer.Audience).toBe(recipient);
    const keys = keysOf(answer);
    expect([await readingOf(bed, keys), await readingOf(bed, keys, LEDGER)]).toEqual(['ok', 'AccessDeniedException']);
  });

  test('is turned away without what the conditions demand, and with what is addressed elsewhere', async () => {
    const assume = await staff({ conditions: { StringEquals: { 'SAML:sub': 'ann' } } });
    expect(await outcomeOf(assume())).toBe('ok');
    expect(await outcomeOf(assume({ subject: 'bob' }))).toBe('AccessDenied');
    const frankfurt = REGIONAL.replace('eu-west-1', 'eu-central-1');
    expect(await outcomeOf(assume({ recipient: frankfurt, audience: frankfurt }))).toBe('AccessDenied');
  });

  test('is turned away with an assertion that is old or of another directory', async () => {
    const assume = await staff();
    expect(await outcomeOf(assume({ notOnOrAfterMs: -1, notBeforeMs: -600_000, issuedMs: -600_000 }))).toBe(
      'ExpiredTokenException',
    );
    expect(await outcomeOf(assume({}, {}, new SamlIssuer('other')))).toBe('InvalidIdentityTokenException');
  });

  test('brings tags where the role takes them', async () => {
    const tags = { 'PrincipalTag:team': ['shop'] };
    expect(await outcomeOf((await staff())({}, tags))).toBe('AccessDenied');
    expect(await outcomeOf((await staff({ sessionTags: true }))({}, tags))).toBe('ok');
  });
});

describe('a federation broker', () => {
  async function broker() {
    const { UserName = '', Policy } = await deploy((stack) => {
      const permissions = [reports(stack)];
      const made = new sts.FederationBroker(stack, 'Broker', { federatedUserNames: ['guest-*'], permissions });
      // What the broker itself may do beside that is not passed on.
      made.user.addToPrincipalPolicy(reading(stack, LEDGER));
      new CfnOutput(stack, 'UserName', { value: made.user.userName });
      new CfnOutput(stack, 'Policy', { value: made.sessionPolicy });
    });
    const own = accessKeyOf(bed, UserName);
    const get = (input: Partial<GetFederationTokenCommandInput>) =>
      stsWith(bed, own).send(new GetFederationTokenCommand({ Name: 'guest-7', ...input }));
    return { own, get, Policy };
  }

  test('gives its users what the session policy says, and no more', async () => {
    const { own, get, Policy } = await broker();
    const answer = await get({ Policy });
    const keys = keysOf(answer);
    expect(answer.FederatedUser?.Arn).toBe(`arn:aws:sts::${bed.sandbox.accountId}:federated-user/guest-7`);
    expect([await readingOf(bed, keys), await readingOf(bed, keys, LEDGER)]).toEqual(['ok', 'AccessDeniedException']);
    expect(await readingOf(bed, own, LEDGER)).toBe('ok');
    const further = new GetFederationTokenCommand({ Name: 'guest-8', Policy });
    expect(await outcomeOf(stsWith(bed, keys).send(further))).toBe('AccessDenied');
  });

  test('gives nothing without the session policy, and nothing that it has not got itself', async () => {
    const { get } = await broker();
    expect(await readingOf(bed, keysOf(await get({})))).toBe('AccessDeniedException');
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: ['ssm:*'], Resource: '*' },
    });
    const keys = keysOf(await get({ Policy }));
    expect(await readingOf(bed, keys)).toBe('ok');
    await deploy((stack) => {
      reports(stack);
      new sts.FederationBroker(stack, 'Broker', {
        federatedUserNames: ['guest-*'],
        permissions: [reading(stack, LEDGER)],
      });
    });
    expect(await readingOf(bed, keys)).toBe('AccessDeniedException');
  });

  test('gets no token for another name, nor for more than 36 hours', async () => {
    const { get, Policy } = await broker();
    expect((await errorOf(get({ Policy, Name: 'admin' }))).message).toMatch(
      /sts:GetFederationToken on resource: .*federated-user\/admin/,
    );
    expect(await outcomeOf(get({ Policy, DurationSeconds: 129_601 }))).toBe('ValidationError');
    const keys = keysOf(await get({ Policy, DurationSeconds: 129_600 }));
    await bed.sandbox.clock.sleep(129_590_000);
    expect(await readingOf(bed, keys)).toBe('ok');
    await bed.sandbox.clock.sleep(11_000);
    expect(await readingOf(bed, keys)).toBe('ExpiredTokenException');
  });
});

describe('a user of whom MFA is demanded', () => {
  const CODE = '123456';

  async function ann() {
    const { Serial = '', OperatorArn } = await deploy((stack) => {
      const group = new iam.Group(stack, 'Staff');
      const user = new iam.User(stack, 'Ann', { userName: 'ann', groups: [group] });
      new iam.CfnVirtualMFADevice(stack, 'Device', { virtualMfaDeviceName: 'ann', users: [user.userName] });
      new sts.MfaSession(stack, 'Mfa', { maxAge: Duration.hours(8), groups: [group] });
      group.addToPolicy(reports(stack));
      const demand = sts.MfaSession.conditions(Duration.hours(1));
      const assumedBy = new iam.AccountRootPrincipal().withConditions(demand);
      const operator = new iam.Role(stack, 'Operator', { assumedBy });
      operator.addToPolicy(reading(stack, LEDGER));
      operator.grantAssumeRole(group);
      new CfnOutput(stack, 'Serial', { value: stack.formatArn({ service: 'iam', region: '', resource: 'mfa/ann' }) });
      new CfnOutput(stack, 'OperatorArn', { value: operator.roleArn });
    });
    bed.sandbox.iam.users.setMfaCode(Serial, CODE);
    const own = accessKeyOf(bed, 'ann');
    const get = (input: GetSessionTokenCommandInput = {}) => stsWith(bed, own).send(new GetSessionTokenCommand(input));
    const operate = (keys: Keys) =>
      stsWith(bed, keys).send(new AssumeRoleCommand({ RoleArn: OperatorArn, RoleSessionName: 'ann' }));
    return { own, get, operate, mfa: { SerialNumber: Serial, TokenCode: CODE } };
  }

  test('does nothing with the access key alone, nor with a session without a code, and everything with one', async () => {
    const { own, get, mfa } = await ann();
    expect(await readingOf(bed, own)).toBe('AccessDeniedException');
    expect(await readingOf(bed, keysOf(await get()))).toBe('AccessDeniedException');
    expect(await outcomeOf(get({ ...mfa, TokenCode: '654321' }))).toBe('AccessDenied');
    const keys = keysOf(await get(mfa));
    expect([await readingOf(bed, keys), await readingOf(bed, keys, LEDGER)]).toEqual(['ok', 'AccessDeniedException']);
  });

  test('must show a code again when the last one is too long ago, for a role sooner', async () => {
    const { get, operate, mfa } = await ann();
    const keys = keysOf(await get({ ...mfa, DurationSeconds: 129_600 }));
    expect(await readingOf(bed, keysOf(await operate(keys)), LEDGER)).toBe('ok');
    await bed.sandbox.clock.sleep(3_601_000);
    expect([await outcomeOf(operate(keys)), await readingOf(bed, keys)]).toEqual(['AccessDenied', 'ok']);
    await bed.sandbox.clock.sleep(7 * 3_600_000);
    expect(await readingOf(bed, keys)).toBe('AccessDeniedException');
    expect(await readingOf(bed, keysOf(await get(mfa)))).toBe('ok');
  });

  test('assumes no role without a code', async () => {
    const { own, get, operate } = await ann();
    expect(await outcomeOf(operate(own))).toBe('AccessDenied');
    const session = keysOf(await get());
    expect(await outcomeOf(operate(session))).toBe('AccessDenied');
    const { Arn } = await stsWith(bed, own).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(`arn:aws:iam::${bed.sandbox.accountId}:user/ann`);
  });
});
