import { Iam } from '../../../sandbox/iam/iam';
import { evaluateTrust } from '../../../sandbox/iam/trust';
import { Random } from '../../../sandbox/kernel/random';
import { ACCOUNT, policyOf, trustOf } from '../endpoint/testbed';

const LAMBDA = trustOf({ Service: 'lambda.amazonaws.com' });
const BASIC = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';

function sized(bytes: number) {
  const empty = policyOf({ Effect: 'Allow', Action: 'a:B', Resource: '' });
  return policyOf({ Effect: 'Allow', Action: 'a:B', Resource: 'r'.repeat(bytes - JSON.stringify(empty).length) });
}

function setUp() {
  const iam = new Iam('aws', new Random(1));
  const role = iam.createRole({ accountId: ACCOUNT, name: 'Handler', trust: LAMBDA });
  return { iam, role };
}

it('a role is found by its ARN and by its name in any case', () => {
  const { iam } = setUp();
  const role = iam.createRole({ accountId: ACCOUNT, name: 'Deep', path: '/a/b/', trust: LAMBDA });
  expect(role.arn).toBe(`arn:aws:iam::${ACCOUNT}:role/a/b/Deep`);
  expect(iam.role(role.arn)).toBe(role);
  expect(iam.roleByName(ACCOUNT, 'deep')).toBe(role);
  expect(iam.roles(ACCOUNT).map(({ name }) => name)).toEqual(['Handler', 'Deep']);
  expect(iam.roles('222222222222')).toEqual([]);
});

it('a second role of the same name is refused', () => {
  const { iam } = setUp();
  const again = () => iam.createRole({ accountId: ACCOUNT, name: 'handler', path: '/p/', trust: LAMBDA });
  expect(again).toThrow(expect.objectContaining({ code: 'EntityAlreadyExists', statusCode: 409 }));
});

it('the inline policies of a role share 10,240 bytes', () => {
  const { iam, role } = setUp();
  iam.policies.put(role.arn, 'a', sized(6000));
  iam.policies.put(role.arn, 'b', sized(4240));
  const more = () => iam.policies.put(role.arn, 'b', sized(4241));
  expect(more).toThrow(expect.objectContaining({ code: 'LimitExceeded', statusCode: 409 }));
  expect([...role.inlinePolicies.keys()]).toEqual(['a', 'b']);
  iam.policies.put(role.arn, 'a', sized(100));
  iam.policies.remove(role.arn, 'b');
  expect([...role.inlinePolicies.keys()]).toEqual(['a']);
});

it('an update that is refused changes nothing', () => {
  const { iam, role } = setUp();
  const patch = { managedPolicyArns: [BASIC], inlinePolicies: { p: sized(10_241) } };
  expect(() => iam.updateRole(role.arn, patch)).toThrow('10240');
  expect(role.managedPolicyArns.size).toBe(0);
});

it('managed policies count once attached, as they are now, and only those that exist can be', () => {
  const { iam, role } = setUp();
  iam.policies.attach(role.arn, BASIC);
  const { arn } = iam.createManagedPolicy({ accountId: ACCOUNT, name: 'p', document: sized(100) });
  iam.policies.attach(role.arn, arn);
  const changed = sized(120);
  iam.updateManagedPolicy(arn, changed);
  expect(iam.policiesOf(role.arn)).toEqual([iam.managedPolicy(BASIC), changed]);
  expect(() => iam.deleteManagedPolicy(arn)).toThrow(expect.objectContaining({ code: 'DeleteConflict' }));
  iam.policies.detach(role.arn, arn);
  iam.deleteManagedPolicy(arn);
  const missing = () => iam.policies.attach(role.arn, 'arn:aws:iam::aws:policy/NoSuch');
  expect(missing).toThrow(expect.objectContaining({ code: 'NoSuchEntity', statusCode: 404 }));
});

it.each([
  ['no resource', { Effect: 'Allow', Action: 'a:B' }],
  ['no action', { Effect: 'Allow', Resource: '*' }],
  ['an action without a service', { Effect: 'Allow', Action: 'GetThing', Resource: '*' }],
  ['a wrong effect', { Effect: 'allow', Action: 'a:B', Resource: '*' }],
  ['a principal', { Effect: 'Allow', Action: 'a:B', Resource: '*', Principal: '*' }],
])('an inline policy with %s is malformed', (_, statement) => {
  const { iam, role } = setUp();
  const put = () => iam.policies.put(role.arn, 'p', policyOf(statement));
  expect(put).toThrow(expect.objectContaining({ code: 'MalformedPolicyDocument', statusCode: 400 }));
});

it('a trust policy must name roles that exist', () => {
  const { iam, role } = setUp();
  const trusting = (name: string, AWS: string) => iam.createRole({ accountId: ACCOUNT, name, trust: trustOf({ AWS }) });
  expect(() => trusting('T', `${role.arn}s`)).toThrow(`Invalid principal in policy: "AWS":"${role.arn}s"`);
  expect(() => trusting('T', 'arn:aws:iam::111111111111:role/*')).toThrow('Invalid principal');
  trusting('T', role.arn);
});

describe('evaluateTrust', () => {
  const session = {
    accountId: ACCOUNT,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/Handler/s`,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/Handler`,
    userId: 'AROAHANDLER:s',
    accessKeyId: 'ASIA',
  };
  const arn = 'arn:aws:iam::222222222222:role/Target';

  it.each([
    ['the role', { AWS: session.roleArn }, 'allowed'],
    ['the session', { AWS: ['x', session.arn] }, 'allowed'],
    ['the account by its id', { AWS: ACCOUNT }, 'allowed'],
    ['the account by its root', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, 'allowed'],
    ['everyone', '*', 'allowed'],
    ['everyone of AWS', { AWS: '*' }, 'allowed'],
    ['another session', { AWS: `${session.arn}s` }, 'implicit-deny'],
    ['another account', { AWS: '333333333333' }, 'implicit-deny'],
    ['a service', { Service: 'lambda.amazonaws.com' }, 'implicit-deny'],
  ])('of a policy that names %s', (_, principal, expected) => {
    expect(evaluateTrust({ arn, trust: trustOf(principal) }, session, 'sts:AssumeRole')).toBe(expected);
  });

  it('knows services and identity providers', () => {
    const trust = trustOf({ Service: ['lambda.amazonaws.com'], Federated: 'cognito-identity.amazonaws.com' });
    const ask = (party: Parameters<typeof evaluateTrust>[1]) => evaluateTrust({ arn, trust }, party, 'sts:AssumeRole');
    expect(ask({ service: 'lambda.amazonaws.com' })).toBe('allowed');
    expect(ask({ service: 'ec2.amazonaws.com' })).toBe('implicit-deny');
    expect(ask({ federated: 'cognito-identity.amazonaws.com' })).toBe('allowed');
  });

  it('does not take a role that was made anew for the one that was trusted', () => {
    const role = { arn, trust: trustOf({ AWS: session.roleArn }), trustedIds: new Map([[session.roleArn, 'AROAOLD']]) };
    expect(evaluateTrust(role, session, 'sts:AssumeRole')).toBe('implicit-deny');
    expect(evaluateTrust(role, { ...session, userId: 'AROAOLD:s' }, 'sts:AssumeRole')).toBe('allowed');
  });

  it('knows the principal in conditions', () => {
    const trust = trustOf(
      { AWS: '*' },
      { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/Hand*' } } },
    );
    expect(evaluateTrust({ arn, trust }, session, 'sts:AssumeRole')).toBe('allowed');
    const other = { ...session, roleArn: `arn:aws:iam::${ACCOUNT}:role/Other` };
    expect(evaluateTrust({ arn, trust }, other, 'sts:AssumeRole')).toBe('implicit-deny');
  });
});
