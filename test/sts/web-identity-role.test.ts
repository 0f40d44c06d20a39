import { Lazy, type Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { WebIdentityRole, type WebIdentityRoleProps } from '../../src/sts';
import { findings } from '../support/nag';
import { messageOf, synthesize, testStack } from '../support/synthesis';
import { trustPolicy, trusts } from '../support/trust';

const GITHUB = 'token.actions.githubusercontent.com';
const ARN = `arn:aws:iam::111111111111:oidc-provider/${GITHUB}`;
const ACTION = 'sts:AssumeRoleWithWebIdentity';
const MAIN = 'repo:acme/shop:ref:refs/heads/main';

function provider(stack: Stack, arn = ARN): iam.IOIDCProviderRef {
  return iam.OidcProviderNative.fromOidcProviderArn(stack, 'Provider', arn);
}

function builds(props: Partial<WebIdentityRoleProps> = {}, arn?: string): Template {
  return synthesize((stack) => {
    new WebIdentityRole(stack, 'Builds', {
      provider: provider(stack, arn),
      audiences: ['sts.amazonaws.com'],
      subjects: [MAIN],
      ...props,
    });
  });
}

function claims(sub: string, aud = 'sts.amazonaws.com', more: Record<string, string> = {}) {
  return { [`${GITHUB}:sub`]: sub, [`${GITHUB}:aud`]: aud, ...more };
}

const party = { federated: ARN };

describe('who may assume the role', () => {
  test('is named by provider, audience and subject', () => {
    const template = builds();
    expect(trusts(template, party, ACTION, claims(MAIN))).toBe(true);
    expect(trusts(template, party, ACTION, claims('repo:acme/shop:ref:refs/heads/fix'))).toBe(false);
    expect(trusts(template, party, ACTION, claims(MAIN, 'other'))).toBe(false);
    expect(trusts(template, { federated: `${ARN}/x` }, ACTION, claims(MAIN))).toBe(false);
    expect(trusts(template, party, ACTION)).toBe(false);
    expect(trustPolicy(template).Statement[0].Condition).toEqual({
      StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com', [`${GITHUB}:sub`]: MAIN },
    });
  });

  test('may be a pattern beside full names: either is enough', () => {
    const template = builds({ subjects: [MAIN, 'repo:acme/*:environment:production'] });
    expect(trusts(template, party, ACTION, claims(MAIN))).toBe(true);
    expect(trusts(template, party, ACTION, claims('repo:acme/mall:environment:production'))).toBe(true);
    expect(trusts(template, party, ACTION, claims('repo:acme/mall:environment:test'))).toBe(false);
    expect(trusts(template, party, ACTION, claims(MAIN, 'other'))).toBe(false);
  });

  test('has one of several audiences', () => {
    const template = builds({ audiences: ['one', 'two'] });
    expect(trusts(template, party, ACTION, claims(MAIN, 'two'))).toBe(true);
    expect(trusts(template, party, ACTION, claims(MAIN, 'three'))).toBe(false);
  });

  test('is narrowed by further conditions, of which none is lost', () => {
    const conditions = {
      StringEquals: { [`${GITHUB}:actor`]: 'alice' },
      StringLike: { [`${GITHUB}:sub`]: '*:main' },
      Bool: { 'aws:SecureTransport': 'true' },
    };
    expect(trustPolicy(builds({ conditions })).Statement[0].Condition).toEqual({
      StringEquals: {
        [`${GITHUB}:actor`]: 'alice',
        [`${GITHUB}:aud`]: 'sts.amazonaws.com',
        [`${GITHUB}:sub`]: MAIN,
      },
      StringLike: { [`${GITHUB}:sub`]: '*:main' },
      Bool: { 'aws:SecureTransport': 'true' },
    });
  });

  test('may set tags and a source identity only where that is said', () => {
    const template = builds({ sessionTags: true, sourceIdentity: true });
    const all = [ACTION, 'sts:TagSession', 'sts:SetSourceIdentity'];
    expect(trusts(template, party, all, claims(MAIN))).toBe(true);
    expect(trusts(builds(), party, 'sts:TagSession', claims(MAIN))).toBe(false);
    expect(trusts(builds({ sessionTags: true }), party, 'sts:SetSourceIdentity', claims(MAIN))).toBe(false);
  });
});

describe('the issuer', () => {
  test('is that of an imported provider, with its path', () => {
    const eks = 'oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF';
    const template = builds(
      { subjects: ['system:serviceaccount:shop:web'] },
      `arn:aws:iam::111111111111:oidc-provider/${eks}`,
    );
    expect(trustPolicy(template).Statement[0].Condition.StringEquals).toHaveProperty([`${eks}:sub`]);
  });

  test.each([`https://${GITHUB}`, GITHUB, `https://${GITHUB}/`])('can be given as %p', (issuer) => {
    const template = synthesize((stack) => {
      const made = new iam.OidcProviderNative(stack, 'Provider', { url: `https://${GITHUB}` });
      new WebIdentityRole(stack, 'Builds', { provider: made, issuer, audiences: ['a'], subjects: [MAIN] });
    });
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(role.Properties.AssumeRolePolicyDocument.Statement[0]).toMatchObject({
      Principal: { Federated: { Ref: expect.stringMatching(/^Provider/) } },
      Condition: { StringEquals: { [`${GITHUB}:sub`]: MAIN } },
    });
  });

  test('must be given for a provider of this app', () => {
    const stack = testStack();
    const made = new iam.OidcProviderNative(stack, 'Provider', { url: `https://${GITHUB}` });
    expect(
      messageOf(() => new WebIdentityRole(stack, 'Builds', { provider: made, audiences: ['a'], subjects: [MAIN] })),
    ).toBe(
      'Stack/Builds: issuer must be given, since the ARN of the provider is not known before deployment; pass the URL that it was made with',
    );
  });
});

describe('an error says', () => {
  const invalid: Array<[string, Partial<WebIdentityRoleProps>, string]> = [
    [
      'that a subject is missing, and why',
      { subjects: [] },
      'subjects must have at least one entry: without one, everybody to whom the provider gives tokens could assume the role',
    ],
    ['that a subject is everybody', { subjects: [MAIN, '*'] }, 'subjects must name somebody (otherwise everybody'],
    ['that a subject is everybody in other words', { subjects: ['?*'] }, 'subjects must name somebody'],
    ['that a subject is empty', { subjects: [''] }, 'subjects must name somebody'],
    [
      'that a subject is everybody at GitHub',
      { subjects: ['repo:*'] },
      'subjects must name the owner of the repository in full',
    ],
    ['that others can choose a fitting name', { subjects: ['repo:acme*/shop:*'] }, 'got "repo:acme*/shop:*"'],
    ['that an audience is missing', { audiences: [] }, 'audiences must have at least one entry'],
    [
      'that an audience is everybody',
      { audiences: ['*'] },
      'audiences must be named in full, without wildcards, got "*"',
    ],
    ['that the issuer is none', { issuer: 'a b' }, 'issuer must be the URL of the provider, got "a b"'],
    [
      'that a condition would take the place of the subject',
      { conditions: { StringEquals: { [`${GITHUB}:SUB`]: 'x' } } },
      `conditions must not have "${GITHUB}:SUB" under StringEquals, which the role sets itself; use its own property, or another operator`,
    ],
  ];
  test.each(invalid)('%s', (_, props, message) => {
    expect(messageOf(() => builds(props))).toContain(message);
  });
});

test('tokens are left alone', () => {
  const token = Lazy.string({ produce: () => '*' });
  expect(() => builds({ subjects: [token], audiences: [token] })).not.toThrow();
  expect(() =>
    builds({ subjects: Lazy.list({ produce: () => ['x'] }), audiences: Lazy.list({ produce: () => ['x'] }) }),
  ).not.toThrow();
});

test('cdk-nag finds nothing', () => {
  const stack = testStack();
  new WebIdentityRole(stack, 'Builds', { provider: provider(stack), audiences: ['a'], subjects: [MAIN] });
  expect(findings(stack)).toEqual([]);
});
