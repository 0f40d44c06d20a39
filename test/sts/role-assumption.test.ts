import { CfnParameter, Duration, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { decodeAssumedRole } from '../../src/runtime/assumed-role';
import { Properties } from '../../src/runtime/properties';
import { RoleAssumption, type RoleAssumptionProps } from '../../src/sts';
import { messageOf, testApp, testStack } from '../support/synthesis';

const ROLE = 'arn:aws:iam::222222222222:role/monitoring';
const TOKEN = Lazy.string({ produce: () => 'known later, with spaces!' });

function assume(props: RoleAssumptionProps = {}, roleArn = ROLE): RoleAssumption {
  return RoleAssumption.fromRoleArn(roleArn, props);
}

function tags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));
}

/** A session policy whose JSON has so many characters. */
function policyOfLength(length: number): iam.PolicyDocument {
  const withResource = (resource: string) =>
    new iam.PolicyDocument({ statements: [new iam.PolicyStatement({ actions: ['rum:*'], resources: [resource] })] });
  const frame = JSON.stringify(withResource('').toJSON()).length;
  return withResource('x'.repeat(length - frame));
}

const managedPolicy = iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess');

describe('limits', () => {
  const valid: Array<[string, RoleAssumptionProps]> = [
    ['an externalId of 2 characters', { externalId: 'ab' }],
    ['an externalId of 1,224 characters', { externalId: 'x'.repeat(1224) }],
    ['all characters of an externalId', { externalId: 'aZ09_+=,.@:/-' }],
    ['a sessionName of 2 characters', { sessionName: 'ab' }],
    ['a sessionName of 64 characters', { sessionName: 'x'.repeat(64) }],
    ['all characters of a sessionName', { sessionName: 'aZ09_+=,.@-' }],
    ['a sourceIdentity of 2 characters', { sourceIdentity: 'ab' }],
    ['a sourceIdentity of 64 characters', { sourceIdentity: 'x'.repeat(64) }],
    ['a duration of 15 minutes', { duration: Duration.seconds(900) }],
    ['a duration of 12 hours', { duration: Duration.seconds(43_200) }],
    ['10 managed policies', { sessionManagedPolicies: new Array(10).fill(managedPolicy) }],
    ['a session policy of 2,048 characters', { sessionPolicy: policyOfLength(2048) }],
    ['50 tags', { tags: tags(50) }],
    ['a tag key of 128 characters', { tags: { ['k'.repeat(128)]: 'v' } }],
    ['a tag value of 256 characters', { tags: { key: 'v'.repeat(256) } }],
    ['an empty tag value', { tags: { key: '' } }],
    ['all kinds of characters in tags', { tags: { 'Clé 1_.:/=+-@': 'Wert ß_.:/=+-@' } }],
    ['a transitive key that is among the tags', { tags: { team: 'web' }, transitiveTagKeys: ['team'] }],
  ];
  test.each(valid)('accept %s', (_, props) => {
    expect(() => assume(props)).not.toThrow();
  });

  const invalid: Array<[string, RoleAssumptionProps, string]> = [
    [
      'an externalId of 1 character',
      { externalId: 'a' },
      'externalId must have 2 to 1224 characters (it has 1), got "a"',
    ],
    ['an externalId of 1,225 characters', { externalId: 'x'.repeat(1225) }, 'it has 1225'],
    [
      'a space in an externalId',
      { externalId: 'a b' },
      'externalId must consist of letters, digits and _+=,.@:/-, got "a b"',
    ],
    ['a sessionName of 1 character', { sessionName: 'a' }, 'sessionName must have 2 to 64 characters (it has 1)'],
    ['a sessionName of 65 characters', { sessionName: 'x'.repeat(65) }, '(it has 65)'],
    [
      'a slash in a sessionName',
      { sessionName: 'a/b' },
      'sessionName must consist of letters, digits and _+=,.@-, got "a/b"',
    ],
    ['a line break at the end of a sessionName', { sessionName: 'ab\n' }, 'sessionName must consist of'],
    ['a sourceIdentity of 1 character', { sourceIdentity: 'a' }, 'sourceIdentity must have 2 to 64 characters'],
    ['a sourceIdentity of 65 characters', { sourceIdentity: 'x'.repeat(65) }, '(it has 65)'],
    ['a colon in a sourceIdentity', { sourceIdentity: 'a:b' }, 'sourceIdentity must consist of'],
    [
      'a duration below 15 minutes',
      { duration: Duration.seconds(899) },
      'duration must be from 900 to 43200 seconds, got 899',
    ],
    ['a duration above 12 hours', { duration: Duration.seconds(43_201) }, 'got 43201'],
    [
      '11 managed policies',
      { sessionManagedPolicies: new Array(11).fill(managedPolicy) },
      'sessionManagedPolicies must have 0 to 10 entries, got "11 entries"',
    ],
    [
      'a session policy of 2,049 characters',
      { sessionPolicy: policyOfLength(2049) },
      'sessionPolicy must have 0 to 2048 characters (it has 2049)',
    ],
    ['51 tags', { tags: tags(51) }, 'tags must have 0 to 50 entries, got "51 entries"'],
    ['an empty tag key', { tags: { '': 'v' } }, 'tags key "" must have 1 to 128 characters'],
    ['a tag key of 129 characters', { tags: { ['k'.repeat(129)]: 'v' } }, 'must have 1 to 128 characters (it has 129)'],
    ['a tag value of 257 characters', { tags: { key: 'v'.repeat(257) } }, 'tags value of "key" must have 0 to 256'],
    ['a tag key with #', { tags: { 'a#b': 'v' } }, 'tags key must consist of letters, digits, spaces and _.:/=+-@'],
    ['a tag value with #', { tags: { key: 'a#b' } }, 'tags value of "key" must consist of letters, digits, spaces'],
    [
      'a transitive key that is not among the tags',
      { tags: { team: 'web' }, transitiveTagKeys: ['cost'] },
      'transitiveTagKeys names "cost", which is not among tags; add the tag or leave the key out',
    ],
    ['a transitive key without tags', { transitiveTagKeys: ['cost'] }, 'transitiveTagKeys names "cost"'],
  ];
  test.each(invalid)('reject %s', (_, props, message) => {
    expect(messageOf(() => assume(props))).toContain(message);
  });

  test.each([
    ROLE,
    'arn:aws-cn:iam::222222222222:role/x',
    'arn:aws-us-gov:iam::222222222222:role/path/to/x',
    `arn:aws:iam::222222222222:role/${'x'.repeat(2048 - 'arn:aws:iam::222222222222:role/'.length)}`,
  ])('accept the role %s', (arn) => {
    expect(() => assume({}, arn)).not.toThrow();
  });

  test.each([
    'monitoring',
    'arn:aws:iam::222222222222:user/x',
    'arn:aws:iam::2222:role/x',
    'arn:aws:iam::222222222222:role/',
    'arn:aws:sts::222222222222:assumed-role/x/y',
    ` ${ROLE}`,
  ])('reject the role %p', (arn) => {
    expect(messageOf(() => assume({}, arn))).toContain(
      `sts.RoleAssumption: roleArn must be the ARN of an IAM role, got "${arn}"`,
    );
  });

  test('reject a role ARN of more than 2,048 characters', () => {
    expect(messageOf(() => assume({}, ROLE.padEnd(2049, 'x')))).toContain('roleArn must have 20 to 2048 characters');
  });

  test('are all said at once', () => {
    expect(messageOf(() => assume({ externalId: '!', sessionName: '?' }).roleArn)).toMatch(
      /externalId .*; externalId .*; sessionName .*; sessionName /,
    );
  });

  test('do not touch tokens', () => {
    expect(() =>
      assume(
        {
          externalId: TOKEN,
          sessionName: TOKEN,
          sourceIdentity: TOKEN,
          duration: Duration.seconds(Lazy.number({ produce: () => 1 })),
          tags: { key: TOKEN },
          transitiveTagKeys: Lazy.list({ produce: () => ['#'] }),
          sessionPolicy: new iam.PolicyDocument({
            statements: [new iam.PolicyStatement({ actions: ['rum:*'], resources: [TOKEN, 'x'.repeat(3000)] })],
          }),
        },
        TOKEN,
      ),
    ).not.toThrow();
  });
});

/** What the construct renders, resolved, with a construct at `path` as the one that assumes. */
function rendered(assumption: RoleAssumption, path = 'Monitor') {
  const stack = testStack();
  return stack.resolve(assumption._render(new Construct(stack, path)));
}

describe('the property', () => {
  test('has the role, a duration of 15 minutes and a session name by default, and nothing else', () => {
    expect(rendered(assume())).toEqual({
      RoleArn: ROLE,
      SessionName: expect.any(String),
      DurationSeconds: 900,
    });
  });

  test('has all that was given', () => {
    const sessionPolicy = new iam.PolicyDocument({
      statements: [new iam.PolicyStatement({ actions: ['rum:*'], resources: ['*'] })],
    });
    const assumption = assume({
      externalId: 'customer-1',
      sessionName: 'cdk',
      duration: Duration.hours(1),
      sessionPolicy,
      sessionManagedPolicies: [iam.ManagedPolicy.fromManagedPolicyArn(testStack(), 'P', 'arn:aws:iam::aws:policy/p')],
      tags: { team: 'web', cost: '1' },
      transitiveTagKeys: ['team'],
      sourceIdentity: 'pipeline',
      region: 'us-east-1',
      stsRegion: 'us-west-2',
    });
    expect(rendered(assumption)).toEqual({
      RoleArn: ROLE,
      ExternalId: 'customer-1',
      SessionName: 'cdk',
      DurationSeconds: 3600,
      Policy: JSON.stringify(sessionPolicy.toJSON()),
      PolicyArns: ['arn:aws:iam::aws:policy/p'],
      Tags: [
        { Key: 'team', Value: 'web' },
        { Key: 'cost', Value: '1' },
      ],
      TransitiveTagKeys: ['team'],
      SourceIdentity: 'pipeline',
      Region: 'us-east-1',
      StsRegion: 'us-west-2',
    });
  });

  test('is what the handler reads', () => {
    const assumption = assume({
      externalId: 'customer-1',
      sessionName: 'cdk',
      duration: Duration.hours(1),
      sessionPolicy: policyOfLength(200),
      sessionManagedPolicies: [iam.ManagedPolicy.fromManagedPolicyArn(testStack(), 'P', 'arn:aws:iam::aws:policy/p')],
      tags: { team: 'web' },
      transitiveTagKeys: ['team'],
      sourceIdentity: 'pipeline',
      region: 'us-east-1',
      stsRegion: 'us-west-2',
    });
    expect(decodeAssumedRole(new Properties({ AssumeRole: rendered(assumption) }), 'eu-west-1')).toEqual({
      request: {
        RoleArn: ROLE,
        RoleSessionName: 'cdk',
        ExternalId: 'customer-1',
        DurationSeconds: 3600,
        Policy: JSON.stringify(policyOfLength(200).toJSON()),
        PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/p' }],
        Tags: [{ Key: 'team', Value: 'web' }],
        TransitiveTagKeys: ['team'],
        SourceIdentity: 'pipeline',
      },
      region: 'us-east-1',
      stsRegion: 'us-west-2',
      accountId: '222222222222',
    });
  });

  test('names the session after the construct', () => {
    expect(rendered(assume(), 'Shop').SessionName).toMatch(/^Stack-Shop-/);
  });

  test.each(['M', 'Über uns/#', 'x'.repeat(200)])('has a valid session name for the construct id %p', (id) => {
    const { SessionName } = rendered(assume(), id);
    expect(SessionName).toMatch(/^[\w+=,.@-]{2,64}$/);
  });

  test('has different session names for different constructs', () => {
    expect(rendered(assume(), `${'x'.repeat(200)}1`).SessionName).not.toBe(
      rendered(assume(), `${'x'.repeat(200)}2`).SessionName,
    );
  });

  test('keeps tokens', () => {
    const stack = testStack();
    const parameter = new CfnParameter(stack, 'ExternalId');
    const assumption = assume({ externalId: parameter.valueAsString });
    expect(stack.resolve(assumption._render(stack))).toMatchObject({ ExternalId: { Ref: 'ExternalId' } });
  });
});

describe('a role as an object', () => {
  test('is assumed by its ARN', () => {
    const role = iam.Role.fromRoleArn(testStack(), 'Role', ROLE);
    expect(RoleAssumption.fromRole(role, { region: 'us-east-1' })).toMatchObject({
      roleArn: ROLE,
      region: 'us-east-1',
    });
  });

  test('is not changed', () => {
    const stack = new Stack(testApp(), 'Stack');
    const role = new iam.Role(stack, 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const before = JSON.stringify(stack.resolve(role.assumeRolePolicy?.toJSON()));
    RoleAssumption.fromRole(role)._render(stack);
    expect(JSON.stringify(stack.resolve(role.assumeRolePolicy?.toJSON()))).toBe(before);
    Template.fromStack(stack).resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('the permission', () => {
  const cases: Array<[string, RoleAssumptionProps, string | string[]]> = [
    ['sts:AssumeRole alone by default', {}, 'sts:AssumeRole'],
    ['sts:TagSession with tags', { tags: { a: 'b' } }, ['sts:AssumeRole', 'sts:TagSession']],
    [
      'sts:SetSourceIdentity with a source identity',
      { sourceIdentity: 'me' },
      ['sts:AssumeRole', 'sts:SetSourceIdentity'],
    ],
    [
      'all three with both',
      { tags: { a: 'b' }, sourceIdentity: 'me' },
      ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    ],
    ['sts:AssumeRole alone with anything else', { externalId: 'id', sessionName: 'name' }, 'sts:AssumeRole'],
  ];
  test.each(cases)('is %s, on this role only', (_, props, Action) => {
    expect(assume(props)._permission().toStatementJson()).toEqual({ Effect: 'Allow', Action, Resource: ROLE });
  });
});
