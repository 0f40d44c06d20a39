import { SamlIssuer } from '../../../../sandbox/issuers/saml-issuer';
import { ACCOUNT, Lab } from '../lab';

const allow = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
const trust = (Principal: object) => ({ Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] });
const role = (properties: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }), ...properties },
});
const user = (properties: object = {}) => ({ Type: 'AWS::IAM::User', Properties: { UserName: 'ann', ...properties } });
const outputs = (values: Record<string, unknown>) => ({
  template: { Outputs: Object.fromEntries(Object.entries(values).map(([key, Value]) => [key, { Value }])) },
});
const attribute = (...path: string[]) => ({ 'Fn::GetAtt': path });

let lab: Lab;
beforeEach(() => {
  lab = new Lab();
});

const ann = () => lab.iam.users.byName(ACCOUNT, 'ann')!;
const reasons = ({ events }: { events: ReadonlyArray<{ reason?: string }> }) => events.map(({ reason }) => reason);

test('a user has its policies, its boundary and its tags, and loses them with the template', async () => {
  const boundary = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('rum:*') } };
  await lab.deploy(
    {
      B: boundary,
      U: user({
        PermissionsBoundary: { Ref: 'B' },
        Policies: [{ PolicyName: 'one', PolicyDocument: allow('rum:GetAppMonitor') }],
        Tags: [{ Key: 'team', Value: 'a' }],
      }),
    },
    outputs({ Name: { Ref: 'U' }, Arn: attribute('U', 'Arn') }),
  );
  const { userId, arn } = ann();
  expect(ann()).toMatchObject({
    permissionsBoundary: expect.stringContaining('policy/app-B-'),
    tags: { team: 'a' },
    inlinePolicies: new Map([['one', allow('rum:GetAppMonitor')]]),
  });
  expect(Object.fromEntries(lab.stack().outputs.map(({ key, value }) => [key, value]))).toEqual({
    Name: 'ann',
    Arn: arn,
  });

  await lab.deploy({ B: boundary, U: user() });
  expect(ann()).toMatchObject({ userId, permissionsBoundary: undefined, tags: {}, inlinePolicies: new Map() });
  await lab.delete();
  expect(lab.inventory()).toEqual([]);
});

test('a user with another name is another one', async () => {
  await lab.deploy({ U: user() });
  const before = ann().userId;
  await lab.deploy({ U: user({ UserName: 'bob' }) });
  expect(lab.iam.users.byName(ACCOUNT, 'bob')?.userId).not.toBe(before);
  expect(ann()).toBeUndefined();
});

test('what the sandbox has no console for is refused', async () => {
  const result = await lab.deploy({ U: user({ LoginProfile: { Password: 'p' } }) });
  expect(reasons(result)).toContain(
    'the sandbox has no console to sign in to: leave out LoginProfile, and use access keys',
  );
});

test('policies are put on users and groups as on roles, and follow the template', async () => {
  const template = (holders: object) => ({
    R: role({ RoleName: 'r' }),
    U: user(),
    G: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'g' } },
    P: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'P', PolicyDocument: allow('a:b'), ...holders } },
    M: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('a:b'), ...holders } },
  });
  const [ofRole, ofUser, ofGroup] = [{ Roles: [{ Ref: 'R' }] }, { Users: [{ Ref: 'U' }] }, { Groups: [{ Ref: 'G' }] }];
  const counts = () =>
    [lab.iam.roleByName(ACCOUNT, 'r')!, ann(), lab.iam.groups.byName(ACCOUNT, 'g')!].map(
      ({ inlinePolicies, managedPolicyArns }) => inlinePolicies.size + managedPolicyArns.size,
    );
  await lab.deploy(template({ ...ofUser, ...ofGroup }));
  expect(counts()).toEqual([0, 2, 2]);
  await lab.deploy(template({ ...ofRole, ...ofGroup }));
  expect(counts()).toEqual([2, 0, 2]);
  await lab.delete();
  expect(lab.inventory()).toEqual([]);
});

test('a policy for nobody is refused', async () => {
  const P = { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'P', PolicyDocument: allow('a:b') } };
  expect(reasons(await lab.deploy({ P }))).toContain('At least one of [Groups,Roles,Users] must be non-empty.');
});

test('users are in the groups that they, or the groups, name', async () => {
  const template = (Groups: unknown[], Users: unknown[]) => ({
    U: user({ Groups }),
    One: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'one' } },
    Two: { Type: 'AWS::IAM::Group', Properties: { GroupName: 'two' } },
    A: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: { Ref: 'Two' }, Users } },
  });
  const groups = () => lab.iam.groups.of(ann().userId).map(({ name }) => name);
  await lab.deploy(template([{ Ref: 'One' }], [{ Ref: 'U' }]));
  expect(groups()).toEqual(['one', 'two']);
  await lab.deploy(template([], [{ Ref: 'U' }]));
  expect(groups()).toEqual(['two']);
  await lab.delete();
  expect(lab.inventory()).toEqual([]);
});

test('an access key is an id and a secret, can be switched off, and dies with the stack', async () => {
  const key = (properties: object = {}) => ({
    U: user(),
    K: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: { Ref: 'U' }, ...properties } },
  });
  const { outputs: first } = await lab.deploy(
    key(),
    outputs({ Id: { Ref: 'K' }, Secret: attribute('K', 'SecretAccessKey') }),
  );
  const session = () => lab.credentials.find(first.Id!);
  expect(session()).toMatchObject({ secretAccessKey: first.Secret, principal: { user: { name: 'ann' } } });
  await lab.deploy(key({ Status: 'Inactive' }));
  expect(session()?.inactive).toBe(true);
  await lab.deploy(key({ Serial: 2 }));
  expect(session()).toBeUndefined();
  await lab.delete();
  expect(lab.inventory()).toEqual([]);
});

test('an issuer has its audiences, and is replaced with its address', async () => {
  const template = (Url: string, ClientIdList: string[]) => ({
    P: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url, ClientIdList, ThumbprintList: ['a'.repeat(40)] } },
  });
  const found = (host: string) => lab.iam.identityProviders.openIdConnectProvider(ACCOUNT, `https://${host}`);
  await lab.deploy(template('https://one.example.com', ['app']));
  await lab.deploy(template('https://one.example.com', ['app', 'other']));
  expect(found('one.example.com')).toMatchObject({
    principal: `arn:aws:iam::${ACCOUNT}:oidc-provider/one.example.com`,
    clientIds: new Set(['app', 'other']),
  });
  await lab.deploy(template('https://two.example.com', ['app']));
  expect([found('one.example.com'), found('two.example.com')?.clientIds]).toEqual([undefined, new Set(['app'])]);
  await lab.delete();
  expect([found('two.example.com'), lab.inventory()]).toEqual([undefined, []]);
});

test('thumbprints that are none are refused', async () => {
  const Properties = { Url: 'https://one.example.com', ThumbprintList: ['short'] };
  const result = await lab.deploy({ P: { Type: 'AWS::IAM::OIDCProvider', Properties } });
  expect(reasons(result)).toContain("Thumbprint must be 40 characters long, not 'short'");
});

describe('a SAML provider', () => {
  const [issuer, other] = [new SamlIssuer(), new SamlIssuer('saml-stranger')];
  const template = (SamlMetadataDocument: string) => ({
    P: { Type: 'AWS::IAM::SAMLProvider', Properties: { Name: 'Corp', SamlMetadataDocument } },
  });
  const arn = `arn:aws:iam::${ACCOUNT}:saml-provider/Corp`;

  it('is what its metadata says, also after an update', async () => {
    await lab.deploy(template(await issuer.metadata()));
    const before = lab.iam.identityProviders.samlProvider(arn)!;
    expect([before.entityId, before.keys.length]).toEqual([issuer.entityId, 1]);
    await lab.deploy(template(await other.metadata()));
    const after = lab.iam.identityProviders.samlProvider(arn)!;
    expect(after.keys[0]!.equals(before.keys[0]!)).toBe(false);
    await lab.delete();
    expect([lab.iam.identityProviders.samlProvider(arn), lab.inventory()]).toEqual([undefined, []]);
  });

  it.each<[string, (text: string) => string, RegExp]>([
    ['too short', () => '<a/>', /length from 1000/],
    ['no XML', (text) => text.replace('>', ''), /Could not parse metadata/],
    ['of something else', (text) => text.replaceAll('EntityDescriptor', 'Thing'), /no EntityDescriptor/],
    ['without a name', (text) => text.replace('entityID', 'ID'), /no entityID/],
    ['for encryption only', (text) => text.replace('"signing"', '"encryption"'), /no IDPSSODescriptor/],
    ['with a certificate that is none', (text) => text.replace('Certificate>MII', 'Certificate>AAA'), /is none/],
  ])('is refused when its metadata is %s', async (_, spoil, reason) => {
    const result = await lab.deploy(template(spoil(await issuer.metadata())));
    expect(reasons(result)).toContainEqual(expect.stringMatching(reason));
  });
});

test('a role loses its boundary with the template, and a boundary must be there', async () => {
  const B = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow('rum:*') } };
  const boundary = () => lab.iam.roleByName(ACCOUNT, 'r')?.permissionsBoundary;
  await lab.deploy({ B, R: role({ RoleName: 'r', PermissionsBoundary: { Ref: 'B' } }) });
  expect(boundary()).toContain('policy/app-B-');
  await lab.deploy({ B, R: role({ RoleName: 'r' }) });
  expect(boundary()).toBeUndefined();
  const missing = `arn:aws:iam::${ACCOUNT}:policy/missing`;
  const result = await lab.deploy({ B, R: role({ RoleName: 'r', PermissionsBoundary: missing }) });
  expect(reasons(result)).toContain(`Scope ARN: ${missing} does not exist or is not attachable.`);
});

test.each<[string, object, RegExp]>([
  ['name', { RoleName: 'r'.repeat(65) }, /less than or equal to 64/],
  ['trust policy', { AssumeRolePolicyDocument: trust({ Service: 'x'.repeat(2_048) }) }, /ACLSizePerRole: 2048/],
  ['list of tags', { Tags: Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: '' })) }, /TagsPerRole: 50/],
  ['tag', { Tags: [{ Key: 'k', Value: 'v'.repeat(257) }] }, /is too long/],
])('a role with too long a %s is refused', async (_, properties, reason) => {
  expect(reasons(await lab.deploy({ R: role(properties) }))).toContainEqual(expect.stringMatching(reason));
});
