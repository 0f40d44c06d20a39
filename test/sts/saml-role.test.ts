import { Lazy, type Stack, type StackProps } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SamlRole, type SamlRoleProps } from '../../src/sts';
import { findings } from '../support/nag';
import { messageOf, onlyResource, synthesize, testStack } from '../support/synthesis';
import { trustPolicy, trusts } from '../support/trust';

const ARN = 'arn:aws:iam::111111111111:saml-provider/acme';
const ACTION = 'sts:AssumeRoleWithSAML';
const SIGN_IN = 'https://signin.aws.amazon.com/saml';

function provider(stack: Stack, name = 'acme'): iam.ISAMLProviderRef {
  return iam.SamlProvider.fromSamlProviderArn(stack, name, ARN.replace('acme', name));
}

function users(
  props: Partial<SamlRoleProps> = {},
  stackProps: StackProps = { env: { region: 'eu-west-1' } },
): Template {
  return synthesize((stack) => new SamlRole(stack, 'Users', { providers: [provider(stack)], ...props }), stackProps);
}

const party = { federated: ARN };

describe('who may assume the role', () => {
  test('has an assertion of the provider that is addressed to AWS', () => {
    const template = users();
    expect(trusts(template, party, ACTION, { 'saml:aud': SIGN_IN })).toBe(true);
    expect(trusts(template, party, ACTION, { 'saml:aud': 'https://example.com/saml' })).toBe(false);
    expect(trusts(template, party, ACTION)).toBe(false);
    expect(trusts(template, { federated: `${ARN}2` }, ACTION, { 'saml:aud': SIGN_IN })).toBe(false);
  });

  test('comes from any of several providers', () => {
    const template = synthesize(
      (stack) => new SamlRole(stack, 'Users', { providers: [provider(stack), provider(stack, 'other')] }),
      { env: { region: 'eu-west-1' } },
    );
    for (const name of ['acme', 'other']) {
      expect(trusts(template, { federated: ARN.replace('acme', name) }, ACTION, { 'saml:aud': SIGN_IN })).toBe(true);
    }
  });

  test('is narrowed by further conditions, of which none is lost', () => {
    const conditions = {
      StringEquals: { 'SAML:iss': 'https://idp.acme.example' },
      'ForAnyValue:StringEquals': { 'SAML:edupersonaffiliation': ['staff'] },
    };
    const template = users({ conditions });
    expect(trustPolicy(template).Statement[0].Condition).toEqual({
      StringEquals: { 'SAML:aud': SIGN_IN, 'SAML:iss': 'https://idp.acme.example' },
      'ForAnyValue:StringEquals': { 'SAML:edupersonaffiliation': ['staff'] },
    });
    const said = { 'saml:aud': SIGN_IN, 'saml:iss': 'https://idp.acme.example' };
    expect(trusts(template, party, ACTION, { ...said, 'saml:edupersonaffiliation': ['guest', 'staff'] })).toBe(true);
    expect(trusts(template, party, ACTION, said)).toBe(false);
  });

  test('may set tags and a source identity only where that is said', () => {
    const template = users({ sessionTags: true, sourceIdentity: true });
    const said = { 'saml:aud': SIGN_IN };
    expect(trusts(template, party, [ACTION, 'sts:TagSession', 'sts:SetSourceIdentity'], said)).toBe(true);
    expect(trusts(users(), party, 'sts:TagSession', said)).toBe(false);
    expect(trusts(users({ sourceIdentity: true }), party, 'sts:TagSession', said)).toBe(false);
  });
});

describe('the audience', () => {
  function audienceOf(template: Template) {
    return trustPolicy(template).Statement[0].Condition.StringEquals['SAML:aud'];
  }

  test.each([
    ['eu-west-1', SIGN_IN],
    ['cn-north-1', 'https://signin.amazonaws.cn/saml'],
    ['us-gov-east-1', 'https://signin.amazonaws-us-gov.com/saml'],
    ['xx-future-1', SIGN_IN],
  ])('in %s is %s', (region, url) => {
    expect(audienceOf(users({}, { env: { region } }))).toBe(url);
  });

  test('without a region of the stack is looked up at deployment', () => {
    const template = users({}, {});
    const { Statement } = onlyResource(template, 'AWS::IAM::Role').Properties.AssumeRolePolicyDocument;
    expect(Statement[0].Condition.StringEquals['SAML:aud']).toEqual({
      'Fn::FindInMap': [expect.any(String), { Ref: 'AWS::Region' }, 'value'],
    });
    const [map] = Object.values(template.toJSON().Mappings) as Array<Record<string, Record<string, string>>>;
    expect(map?.['eu-west-1']).toEqual({ value: SIGN_IN });
    expect(map?.['cn-north-1']).toEqual({ value: 'https://signin.amazonaws.cn/saml' });
  });

  test('can be that of further regions', () => {
    expect(audienceOf(users({ signInRegions: ['us-east-1', 'us-west-2', 'eu-west-1'] }))).toEqual([
      SIGN_IN,
      'https://us-west-2.signin.aws.amazon.com/saml',
      'https://eu-west-1.signin.aws.amazon.com/saml',
    ]);
    const inGovCloud = { env: { region: 'us-gov-west-1' } };
    expect(audienceOf(users({ signInRegions: ['us-gov-west-1', 'us-gov-east-1'] }, inGovCloud))).toEqual([
      'https://signin.amazonaws-us-gov.com/saml',
      'https://us-gov-east-1.signin.amazonaws-us-gov.com/saml',
    ]);
  });

  test('can be given', () => {
    const own = 'https://eu-west-1.signin.aws.amazon.com/saml/acs/SAMLSPABC';
    expect(audienceOf(users({ audiences: [own] }))).toBe(own);
  });
});

describe('an error says', () => {
  const invalid: Array<[string, Partial<SamlRoleProps>, string]> = [
    ['that a provider is missing', { providers: [] }, 'Stack/Users: providers must have at least one entry'],
    ['that an audience is missing', { audiences: [] }, 'audiences must have at least one entry'],
    [
      'that an audience is no URL',
      { audiences: ['*'] },
      'audiences must be the URL of a sign-in endpoint, without wildcards',
    ],
    ['that audiences are given twice', { audiences: [SIGN_IN], signInRegions: ['us-east-1'] }, 'exclude each other'],
    [
      'that a condition would take the place of the audience',
      { conditions: { StringEquals: { 'saml:aud': 'x' } } },
      'conditions must not have "saml:aud" under StringEquals',
    ],
  ];
  test.each(invalid)('%s', (_, props, message) => {
    expect(messageOf(() => users(props))).toContain(message);
  });
});

test('an audience may be a token', () => {
  expect(() => users({ audiences: [Lazy.string({ produce: () => 'x' })] })).not.toThrow();
});

test('cdk-nag finds nothing', () => {
  const stack = testStack();
  new SamlRole(stack, 'Users', { providers: [provider(stack)], sessionTags: true });
  expect(findings(stack)).toEqual([]);
});
