import { Lazy } from 'aws-cdk-lib';
import { HandshakeRole, type HandshakeRoleProps } from '../../src/macieclassic';
import { filledIn, type Json, messageOf, onlyResource, synthesize, testStack } from '../support/synthesis';

const administratorAccountId = '222222222222';

function role(props: Partial<HandshakeRoleProps> = {}): Json {
  const template = synthesize((stack) => {
    new HandshakeRole(stack, 'Role', { administratorAccountId, ...props });
  });
  return filledIn(onlyResource(template, 'AWS::IAM::Role').Properties);
}

test('a handshake role trusts Macie in the name of the administrator account', () => {
  expect(role().AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'macie.amazonaws.com' },
      Condition: { StringEquals: { 'sts:ExternalId': administratorAccountId } },
    },
  ]);
});

test("a handshake role may make Macie's service-linked role, and nothing else", () => {
  const { Policies, ManagedPolicyArns } = role();
  expect(ManagedPolicyArns).toBeUndefined();
  expect(Policies.map(({ PolicyDocument }: Json) => PolicyDocument.Statement)).toEqual([
    [
      {
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: 'arn:aws:iam::111111111111:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie',
        Condition: { StringEquals: { 'iam:AWSServiceName': 'macie.amazonaws.com' } },
      },
    ],
  ]);
});

test.each([
  [undefined, 'AWSMacieServiceCustomerHandshakeRole'],
  ['AmazonMacieHandshakeRole', 'AmazonMacieHandshakeRole'],
])('given the name %s, a handshake role is called %s', (roleName, expected) => {
  expect(role({ roleName }).RoleName).toBe(expected);
});

test.each([
  [{ administratorAccountId: 'admin' }, 'administratorAccountId must be the 12 digits of an account, got "admin"'],
  [
    { roleName: 'Handshake' },
    'roleName must be AWSMacieServiceCustomerHandshakeRole or AmazonMacieHandshakeRole, got "Handshake"',
  ],
])('%j is rejected', (props, message) => {
  expect(messageOf(() => new HandshakeRole(testStack(), 'Role', { administratorAccountId, ...props }))).toBe(
    `Stack/Role: ${message}`,
  );
});

test('tokens are not checked', () => {
  const token = Lazy.string({ produce: () => 'anything' });
  expect(() => role({ administratorAccountId: token, roleName: token })).not.toThrow();
});
