import { AssumeRoleWithSAMLCommand, type AssumeRoleWithSAMLCommandInput, type STSClient } from '@aws-sdk/client-sts';
import { type AssertionOptions, SamlIssuer, SIGN_IN } from '../../../../sandbox/issuers/saml-issuer';
import { ACCOUNT, errorOf, OTHER_ACCOUNT, StsLab, trustOf } from './lab';

const issuer = new SamlIssuer();
const stranger = new SamlIssuer('saml-stranger');
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Saml`;
const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/Corp`;

let certificate: string;
let lab: StsLab;
let sts: STSClient;

beforeAll(async () => {
  certificate = await issuer.certificate();
});

beforeEach(async () => {
  lab = await StsLab.start();
  sts = lab.stranger();
  const { entityId } = issuer;
  lab.iam.identityProviders.createSaml({ accountId: ACCOUNT, name: 'Corp', entityId, certificates: [certificate] });
});

afterEach(() => StsLab.stopAll());

function role(
  conditions: object = { StringEquals: { 'saml:aud': SIGN_IN } },
  more: object = {},
  maxSessionSeconds = 3600,
) {
  return lab.iam.createRole({
    accountId: ACCOUNT,
    name: 'Saml',
    maxSessionSeconds,
    trust: trustOf({ Federated: PROVIDER }, { Action: 'sts:AssumeRoleWithSAML', Condition: conditions, ...more }),
  });
}

type Said = Partial<Omit<AssertionOptions, 'attributes'>> & {
  attributes?: Record<string, readonly string[] | undefined>;
};

function response({ attributes, ...said }: Said = {}, from = issuer): string {
  const all = { Role: [`${ROLE},${PROVIDER}`], RoleSessionName: ['ann@example.com'], ...attributes };
  const given = Object.fromEntries(Object.entries(all).filter(([, values]) => values !== undefined));
  return from.response({ now: lab.clock.now(), ...said, attributes: given as AssertionOptions['attributes'] });
}

function assume(SAMLAssertion: string, more: Partial<AssumeRoleWithSAMLCommandInput> = {}) {
  return sts.send(new AssumeRoleWithSAMLCommand({ RoleArn: ROLE, PrincipalArn: PROVIDER, SAMLAssertion, ...more }));
}

it('a signed assertion is worth a session, without a signed call', async () => {
  role();
  const answer = await assume(response());
  expect(answer).toMatchObject({
    AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Saml/ann@example.com` },
    Subject: 'ann',
    SubjectType: 'persistent',
    Issuer: issuer.entityId,
    Audience: SIGN_IN,
    // printf 'https://idp.example.com/saml111111111111/Corp' | openssl sha1 -binary | base64
    NameQualifier: 'wFGPyAmsZjSVXtmEdLuFbCtvNao=',
  });
  expect((await lab.identity(lab.taken(answer))).Account).toBe(ACCOUNT);
  expect(lab.credentials.find(answer.Credentials!.AccessKeyId!)?.principal.identity).toMatchObject({
    'saml:sub': 'ann',
    'saml:sub_type': 'persistent',
    'aws:FederatedProvider': PROVIDER,
  });
});

describe('the same assertion', () => {
  const SAML = ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
  it.each<[string, (document: string) => string]>([
    ['with empty elements in short form', (text) => text.replace(/<([\w:]+)( [^<>]*)?><\/\1>/g, '<$1$2/>')],
    [
      'with its attributes in another order',
      (text) => text.replace(/(ID="_assertion") (IssueInstant="[^"]+")/, '$2  $1'),
    ],
    ['with single quotes', (text) => text.replace(/URI="#_assertion"/, "URI='#_assertion'")],
    [
      'with the namespace declared further out',
      (text) => text.replace(SAML, '').replace('<samlp:Response', `<samlp:Response${SAML}`),
    ],
    ['with a namespace that nothing uses', (text) => text.replace('<saml:Subject>', '<saml:Subject xmlns:x="urn:x">')],
  ])('%s is the same', async (_, forge) => {
    role();
    expect((await assume(response({ forge }))).Subject).toBe('ann');
  });

  it('with a character escaped that need not be is the same', async () => {
    role();
    const forge = (text: string) => text.replace('>a"n"n', '>a&quot;n"n');
    expect((await assume(response({ subject: 'a"n"n &lt;&amp;lt;&gt;', forge }))).Subject).toBe('a"n"n <&lt;>');
  });
});

describe('a response is refused', () => {
  const INVALID = 'InvalidIdentityTokenException';
  const twice = (document: string) => {
    const [assertion = ''] = /<saml:Assertion.*<\/saml:Assertion>/s.exec(document) ?? [];
    const evil = assertion.replace(/<ds:Signature.*<\/ds:Signature>/s, '').replace('_assertion', '_evil');
    return document.replace('<saml:Assertion', `${evil.replace('>ann<', '>eve<')}<saml:Assertion`);
  };

  it.each<[string, Said, string, string]>([
    ['that is changed', { forge: (text) => text.replace('>ann<', '>eve<') }, INVALID, 'signature invalid'],
    ['with another session name', { forge: (text) => text.replace('ann@', 'eve@') }, INVALID, 'signature invalid'],
    [
      'without a signature',
      { forge: (text) => text.replace(/<ds:Signature .*<\/ds:Signature>/, '') },
      INVALID,
      'signature invalid',
    ],
    [
      'with another digest',
      { forge: (text) => text.replace(/<ds:DigestValue>../, '<ds:DigestValue>AA') },
      INVALID,
      'signature invalid',
    ],
    ['with a second assertion', { forge: twice }, INVALID, 'invalid SAML response'],
    [
      'with a signature over something else',
      { algorithms: (text) => text.replace('#_assertion', '#_response') },
      INVALID,
      'does not refer',
    ],
    ['with an id twice', { forge: (text) => text.replace('_response', '_assertion') }, INVALID, 'does not refer'],
    ['with a comment in the name', { forge: (text) => text.replace('>ann<', '>an<!-- -->n<') }, INVALID, "reads no '"],
    [
      'with a document type',
      { forge: (text) => text.replace('<samlp:R', '<!DOCTYPE x><samlp:R') },
      INVALID,
      "reads no '",
    ],
    ['with characters by number', { forge: (text) => text.replace('>ann<', '>a&#110;n<') }, INVALID, "reads no '"],
    [
      'signed with SHA-1',
      { algorithms: (text) => text.replace('xmldsig-more#rsa-sha256', 'xmldsig#rsa-sha1') },
      INVALID,
      'SignatureMethod',
    ],
    [
      'in another canonical form',
      { algorithms: (text) => text.replace('xml-exc-c14n#"></ds:Can', 'xml-c14n11"></ds:Can') },
      INVALID,
      'CanonicalizationMethod',
    ],
    ['that is no XML', { forge: () => 'hello' }, INVALID, 'invalid SAML response'],
    ['of a failure', { status: 'Responder' }, 'IDPRejectedClaimException', 'Responder'],
    ['of another issuer', { issuer: 'https://other.example' }, INVALID, 'Issuer not present'],
    ['for another audience', { audience: 'https://example.com' }, INVALID, 'required audience'],
    [
      'for another recipient',
      { recipient: 'https://signin.aws.amazon.com.evil.example/saml' },
      INVALID,
      'required recipient',
    ],
    ['that has expired', { notOnOrAfterMs: -1 }, 'ExpiredTokenException', 'has expired'],
    ['that was issued six minutes ago', { issuedMs: -360_000 }, 'ExpiredTokenException', 'within 5 minutes'],
    ['that is not valid yet', { notBeforeMs: 60_000 }, INVALID, 'not valid yet'],
    ['of a session that has ended', { sessionMs: 0 }, 'ExpiredTokenException', 'has ended'],
    ['without a session name', { attributes: { RoleSessionName: undefined } }, INVALID, 'RoleSessionName is required'],
    ['with a bad session name', { attributes: { RoleSessionName: ['a b'] } }, INVALID, 'must match'],
    ['with a short session', { attributes: { SessionDuration: ['899'] } }, INVALID, 'SessionDuration'],
    ['for another role', { attributes: { Role: [`${ROLE}2,${PROVIDER}`] } }, 'AccessDenied', 'Not authorized'],
    ['without roles', { attributes: { Role: undefined } }, 'AccessDenied', 'Not authorized'],
  ])('%s', async (_, said, name, message) => {
    role();
    expect(await errorOf(assume(response(said)))).toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it('that another provider has signed', async () => {
    role();
    expect((await errorOf(assume(response({}, stranger)))).message).toBe('Response signature invalid');
  });

  it('where the provider does not exist', async () => {
    role();
    const PrincipalArn = `arn:aws:iam::${OTHER_ACCOUNT}:saml-provider/Corp`;
    expect((await errorOf(assume(response(), { PrincipalArn }))).message).toBe("Specified provider doesn't exist");
  });
});

it.each<[string, object, boolean]>([
  ['the subject', { StringEquals: { 'saml:sub': 'ann', 'saml:sub_type': 'persistent' } }, true],
  ['another subject', { StringEquals: { 'saml:sub': 'bob' } }, false],
  ['the issuer', { StringEquals: { 'saml:iss': issuer.entityId } }, true],
  ['the provider', { StringEquals: { 'saml:doc': `${ACCOUNT}/Corp` } }, true],
  ['another audience', { StringEquals: { 'saml:aud': 'https://signin.amazonaws.cn/saml' } }, false],
])('a trust policy decides by %s', async (_, conditions, trusted) => {
  role(conditions);
  if (trusted) await assume(response());
  else expect((await errorOf(assume(response()))).message).toBe('Not authorized to perform sts:AssumeRoleWithSAML');
});

it.each<[string, Said, Partial<AssumeRoleWithSAMLCommandInput>, number]>([
  ['one hour', {}, {}, 3600],
  ['what the assertion says', { attributes: { SessionDuration: ['7200'] } }, {}, 7200],
  ['what the call says', { attributes: { SessionDuration: ['7200'] } }, { DurationSeconds: 900 }, 900],
  ['no longer than at the provider', { sessionMs: 1_800_500 }, { DurationSeconds: 7200 }, 1800],
])('a session lasts %s', async (_, said, more, seconds) => {
  role(undefined, {}, 7200);
  const before = lab.clock.now();
  const { Credentials } = await assume(response(said), more);
  const lasts = (Credentials!.Expiration!.getTime() - before) / 1000;
  expect(Math.abs(lasts - seconds)).toBeLessThan(2);
});

it('a session longer than the role allows is refused', async () => {
  role();
  const said = { attributes: { SessionDuration: ['3601'] } };
  expect((await errorOf(assume(response(said)))).message).toContain('MaxSessionDuration set for this role');
});

it('tags and a source identity need the trust to allow them', async () => {
  const { arn } = role();
  const said = { attributes: { 'PrincipalTag:team': ['a'], TransitiveTagKeys: ['team'], SourceIdentity: ['ann'] } };
  expect((await errorOf(assume(response(said)))).message).toBe('Not authorized to perform sts:TagSession');
  const Action = ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'];
  lab.iam.updateRole(arn, { trust: trustOf({ Federated: PROVIDER }, { Action }) });
  const answer = await assume(response(said));
  expect(answer.SourceIdentity).toBe('ann');
  expect(lab.credentials.find(answer.Credentials!.AccessKeyId!)?.principal.sessionTags).toEqual({ team: 'a' });
});
