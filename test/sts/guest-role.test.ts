import { CfnParameter, type StackProps } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GuestRole, type GuestRoleProps } from '../../src/sts';
import { findings } from '../support/nag';
import { messageOf, onlyResource, synthesize, testStack } from '../support/synthesis';
import { trustPolicy, trusts } from '../support/trust';

const POOL = 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef';
const COGNITO = 'cognito-identity.amazonaws.com';
const ACTION = 'sts:AssumeRoleWithWebIdentity';

function guests(props: Partial<GuestRoleProps> = {}, stackProps?: StackProps): Template {
  return synthesize((stack) => new GuestRole(stack, 'Guests', { identityPoolId: POOL, ...props }), stackProps);
}

function claims(amr: string, aud = POOL, provider = COGNITO) {
  return { [`${provider}:aud`]: aud, [`${provider}:amr`]: [amr, provider] };
}

test('guests of exactly this pool may assume the role', () => {
  const template = guests();
  const federated = COGNITO;
  expect(trusts(template, { federated }, ACTION, claims('unauthenticated'))).toBe(true);
  expect(trusts(template, { federated }, ACTION, claims('authenticated'))).toBe(false);
  expect(trusts(template, { federated }, ACTION, claims('unauthenticated', POOL.replace('0', '1')))).toBe(false);
  expect(trusts(template, { federated: 'accounts.google.com' }, ACTION, claims('unauthenticated'))).toBe(false);
  expect(trusts(template, { federated }, 'sts:TagSession', claims('unauthenticated'))).toBe(false);
});

test('so may users who have signed in, where the role is for them', () => {
  const template = guests({ authenticated: true });
  expect(trusts(template, { federated: COGNITO }, ACTION, claims('authenticated'))).toBe(true);
  expect(trusts(template, { federated: COGNITO }, ACTION, claims('unauthenticated'))).toBe(false);
});

test.each([
  ['eu-west-1', COGNITO],
  ['us-gov-west-1', 'cognito-identity-us-gov.amazonaws.com'],
  ['us-gov-east-1', 'cognito-identity-us-gov.amazonaws.com'],
  ['cn-north-1', 'cognito-identity.cn-north-1.amazonaws.com.cn'],
  ['cn-northwest-1', 'cognito-identity.cn-north-1.amazonaws.com.cn'],
  ['xx-future-1', COGNITO],
  [undefined, COGNITO],
])('in %s the provider is %s', (region, provider) => {
  const template = guests({}, { env: { region } });
  expect(trustPolicy(template).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ACTION,
      Principal: { Federated: provider },
      Condition: {
        StringEquals: { [`${provider}:aud`]: POOL },
        'ForAnyValue:StringLike': { [`${provider}:amr`]: 'unauthenticated' },
      },
    },
  ]);
});

test('the provider can be given, where the region of the stack does not tell', () => {
  const provider = 'cognito-identity-us-gov.amazonaws.com';
  expect(trusts(guests({ provider }), { federated: provider }, ACTION, claims('unauthenticated', POOL, provider))).toBe(
    true,
  );
});

test('the pool may be known at deployment only', () => {
  const template = synthesize((stack) => {
    new GuestRole(stack, 'Guests', { identityPoolId: new CfnParameter(stack, 'Pool').valueAsString });
  });
  expect(
    onlyResource(template, 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument.Statement[0].Condition,
  ).toMatchObject({
    StringEquals: { [`${COGNITO}:aud`]: { Ref: 'Pool' } },
  });
});

test.each(['pool', 'eu-west-1:XYZ', `eu-west-1:${'0'.repeat(46)}`])('the pool must be one: %p', (identityPoolId) => {
  expect(messageOf(() => guests({ identityPoolId }))).toContain('Stack/Guests: identityPoolId must');
});

test('the provider must be a host', () => {
  expect(messageOf(() => guests({ provider: 'https://x' }))).toBe(
    'Stack/Guests: provider must be the name of a host, got "https://x"',
  );
});

test('it is a role as any other', () => {
  const stack = testStack();
  const role = new GuestRole(stack, 'Guests', { identityPoolId: POOL, description: 'Visitors', roleName: 'visitors' });
  role.addToPolicy(new iam.PolicyStatement({ actions: ['rum:PutRumEvents'], resources: ['arn:aws:rum:::x'] }));
  expect(findings(stack)).toEqual([]);
});
