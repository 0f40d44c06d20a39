import { authorize } from '../../../sandbox/iam/authorization';
import { Credentials } from '../../../sandbox/iam/credentials';
import { Iam } from '../../../sandbox/iam/iam';
import type { PolicyDocument, Principal, ResourcePolicy } from '../../../sandbox/iam/principal';
import { Clock } from '../../../sandbox/kernel/clock';
import { Random } from '../../../sandbox/kernel/random';
import { ACCOUNT, OTHER_ACCOUNT, policyOf, trustOf } from '../endpoint/testbed';

const ALLOW = { Effect: 'Allow', Action: 'kms:Sign', Resource: '*' };
const DENY = { Effect: 'Deny', Action: 'kms:Sign', Resource: '*' };
const OTHER = { ...ALLOW, Action: 'kms:Verify' };
const OTHER_DENY = { ...DENY, Action: 'kms:Verify' };
const ROLE = `arn:aws:iam::${ACCOUNT}:role/Handler`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Handler/s`;

function decide(options: {
  identity?: object[];
  boundary?: object[];
  session?: object[];
  organization?: object[];
  resource?: unknown;
  mandatory?: boolean;
  owner?: string;
}) {
  const random = new Random(1);
  const iam = new Iam('aws', random);
  if (options.organization) iam.serviceControlPolicies.set(ACCOUNT, [policyOf(...options.organization)]);
  const role = iam.createRole({
    accountId: ACCOUNT,
    name: 'Handler',
    trust: trustOf({ Service: 'lambda.amazonaws.com' }),
    ...(options.boundary && { permissionsBoundary: boundary(iam, options.boundary) }),
    ...(options.identity && { inlinePolicies: { p: policyOf(...options.identity) as PolicyDocument } }),
  });
  const credentials = new Credentials(new Clock(), random);
  const { accessKeyId } = credentials.forRole(role, 's', {
    ...(options.session && { sessionPolicy: policyOf(...options.session) }),
  });
  const resourcePolicy: ResourcePolicy | undefined = options.resource
    ? { document: policyOf({ ...ALLOW, Principal: options.resource }), mandatory: options.mandatory }
    : undefined;
  return authorize(iam, credentials.find(accessKeyId)?.principal as Principal, {
    action: 'kms:Sign',
    resource: `arn:aws:kms:eu-central-1:${options.owner ?? ACCOUNT}:key/k`,
    ...(resourcePolicy && { resourcePolicy }),
  });
}

function boundary(iam: Iam, statements: object[]): string {
  return iam.createManagedPolicy({ accountId: ACCOUNT, name: 'Boundary', document: policyOf(...statements) }).arn;
}

it.each<[string, Parameters<typeof decide>[0], string]>([
  ['no policy', {}, 'implicit-deny'],
  ['an identity policy', { identity: [ALLOW] }, 'allowed'],
  ['an identity policy and its opposite', { identity: [ALLOW, DENY] }, 'explicit-deny'],
  ['a boundary alone', { boundary: [ALLOW] }, 'implicit-deny'],
  ['a boundary that says the same', { identity: [ALLOW], boundary: [ALLOW] }, 'allowed'],
  ['a boundary that is silent', { identity: [ALLOW], boundary: [OTHER] }, 'implicit-deny'],
  ['a boundary that denies', { identity: [ALLOW], boundary: [ALLOW, DENY] }, 'explicit-deny'],
  ['boundary and session policy', { identity: [ALLOW], boundary: [ALLOW], session: [OTHER] }, 'implicit-deny'],
  ['a resource that names the role, and a boundary', { resource: { AWS: ROLE }, boundary: [OTHER] }, 'implicit-deny'],
  ['a resource that names the session, and a boundary', { resource: { AWS: SESSION }, boundary: [OTHER] }, 'allowed'],
  ['that, and a boundary that denies', { resource: { AWS: SESSION }, boundary: [DENY] }, 'explicit-deny'],
  ['an organization that denies it', { identity: [ALLOW], organization: [DENY] }, 'explicit-deny'],
  ['an organization that denies something else', { identity: [ALLOW], organization: [OTHER_DENY] }, 'allowed'],
  ['an organization alone', { organization: [ALLOW] }, 'implicit-deny'],
  ['a session policy that says the same', { identity: [ALLOW], session: [ALLOW] }, 'allowed'],
  ['a session policy that is silent', { identity: [ALLOW], session: [{ ...ALLOW, Action: 'a:B' }] }, 'implicit-deny'],
  ['a session policy alone', { session: [ALLOW] }, 'implicit-deny'],
  ['a session policy that denies', { identity: [ALLOW], session: [DENY] }, 'explicit-deny'],
  ['a resource policy that names the role', { resource: { AWS: ROLE } }, 'allowed'],
  ['a resource policy that names the session', { resource: { AWS: SESSION } }, 'allowed'],
  ['a resource policy that names the account', { resource: { AWS: ACCOUNT } }, 'implicit-deny'],
  ['that and an identity policy', { resource: { AWS: ACCOUNT }, identity: [ALLOW] }, 'allowed'],
  ['a resource policy that names another', { resource: { AWS: OTHER_ACCOUNT }, identity: [ALLOW] }, 'allowed'],
  [
    'the same where it must allow',
    { resource: { AWS: '3'.repeat(12) }, identity: [ALLOW], mandatory: true },
    'implicit-deny',
  ],
  ['a resource policy against an explicit deny', { resource: { AWS: SESSION }, identity: [DENY] }, 'explicit-deny'],
  [
    'a resource policy that names the role, narrowed by a session policy',
    { resource: { AWS: ROLE }, session: [{ ...ALLOW, Action: 'a:B' }] },
    'implicit-deny',
  ],
  ['a foreign resource policy alone', { resource: { AWS: ROLE }, owner: OTHER_ACCOUNT }, 'implicit-deny'],
  [
    'a foreign resource policy and ours',
    { resource: { AWS: ROLE }, owner: OTHER_ACCOUNT, identity: [ALLOW] },
    'allowed',
  ],
  [
    'ours without the foreign one',
    { resource: { AWS: '3'.repeat(12) }, owner: OTHER_ACCOUNT, identity: [ALLOW] },
    'implicit-deny',
  ],
])('%s: %s', (_, options, expected) => {
  expect(decide(options).decision).toBe(expected);
});

it('a refusal says who, what and why', () => {
  const resource = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/k`;
  const fact = `User: ${SESSION} is not authorized to perform: kms:Sign on resource: ${resource}`;
  expect(decide({}).message).toBe(`${fact} because no identity-based policy allows the kms:Sign action`);
  expect(decide({ identity: [DENY] }).message).toBe(`${fact} with an explicit deny in an identity-based policy`);
  expect(decide({ identity: [ALLOW], session: [DENY] }).message).toBe(
    `${fact} with an explicit deny in a session policy`,
  );
  expect(decide({ identity: [ALLOW], session: [OTHER] }).message).toBe(
    `${fact} because no session policy allows the kms:Sign action`,
  );
  expect(decide({ identity: [ALLOW], boundary: [OTHER] }).message).toBe(
    `${fact} because no permissions boundary allows the kms:Sign action`,
  );
  expect(decide({ identity: [ALLOW], boundary: [DENY] }).message).toBe(
    `${fact} with an explicit deny in a permissions boundary`,
  );
  expect(decide({ identity: [ALLOW], organization: [DENY] }).message).toBe(
    `${fact} with an explicit deny in a service control policy`,
  );
  expect(decide({ owner: OTHER_ACCOUNT, resource: { AWS: ROLE } }).message).toBe(
    fact.replace(`:${ACCOUNT}:key`, `:${OTHER_ACCOUNT}:key`),
  );
});
