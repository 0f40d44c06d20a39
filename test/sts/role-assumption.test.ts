import { CfnParameter, Duration, Lazy, PhysicalName, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Metric, TopKeysNotification } from '../../src/performanceinsights';
import { AppMonitor } from '../../src/rum';
import { decodeAssumedRole } from '../../src/runtime/assumed-role';
import { Properties } from '../../src/runtime/properties';
import { RoleAssumption, type RoleAssumptionProps } from '../../src/sts';
import { ordersSource } from '../support/databases';
import { MONITOR, messageOf, onlyResource, testApp, testStack } from '../support/synthesis';

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

function givenPolicy(arn: string): iam.IManagedPolicy {
  return iam.ManagedPolicy.fromManagedPolicyArn(testStack(), 'Given', arn);
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
    ['a duration of one hour', { duration: Duration.seconds(3600) }],
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
      "duration must be from 900 to 3600 seconds (the provider's role is a role itself, and AWS ends sessions of chained roles after an hour), got 899",
    ],
    ['a duration above one hour', { duration: Duration.seconds(3601) }, 'got 3601'],
    [
      'a sourceIdentity that begins with aws:',
      { sourceIdentity: 'aws:me' },
      'sourceIdentity must consist of letters, digits and _+=,.@-, got "aws:me"',
    ],
    [
      'a region by its name',
      { region: 'Ireland' },
      'region must be the code of a region, such as eu-west-1, got "Ireland"',
    ],
    ['a zone as stsRegion', { stsRegion: 'eu-west-1a' }, 'stsRegion must be the code of a region'],
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
    [
      'a session policy that has no room beside the ARNs of managed policies',
      {
        sessionPolicy: policyOfLength(2020),
        sessionManagedPolicies: [givenPolicy('arn:aws:iam::222222222222:policy/p')],
      },
      'sessionPolicy and the ARNs of managed policies must have at most 2048 characters together, got 2020 and 34; move statements into a managed policy',
    ],
    [
      'a character above U+00FF in a session policy',
      {
        sessionPolicy: new iam.PolicyDocument({
          statements: [new iam.PolicyStatement({ actions: ['rum:*'], resources: ['arn:aws:rum:::\u0100'] })],
        }),
      },
      'sessionPolicy must consist of characters up to U+00FF',
    ],
    [
      'a session policy without statements',
      { sessionPolicy: new iam.PolicyDocument() },
      'sessionPolicy must have at least one statement; without one, leave it out',
    ],
    [
      'a managed policy of another account',
      { sessionManagedPolicies: [givenPolicy('arn:aws:iam::111111111111:policy/p')] },
      'sessionManagedPolicies must be of AWS or of account 222222222222, in which the role is, got "arn:aws:iam::111111111111:policy/p"; make the policy there',
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
    ['a tag key of AWS', { tags: { 'AWS:team': 'web' } }, 'tags key "AWS:team" is reserved by AWS'],
    ['a tag by which the library tells providers', { tags: { 'cdk-settled:provider': 'Shop/Rum' } }, 'is reserved'],
    [
      'tag keys that differ only in case',
      { tags: { team: 'web', Team: 'app' } },
      'tags keys "team" and "Team" differ only in upper and lower case, which AWS takes for the same; rename one',
    ],
    [
      '51 transitive keys',
      { tags: tags(50), transitiveTagKeys: [...Object.keys(tags(50)), 'key0'] },
      'transitiveTagKeys must have 0 to 50 entries, got "51 entries"',
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
    `arn:aws:iam::222222222222:role/${'x'.repeat(64)}`,
    `arn:aws:iam::222222222222:role/${'x'.repeat(2046 - 'arn:aws:iam::222222222222:role/'.length)}/x`,
  ])('accept the role %s', (arn) => {
    expect(() => assume({}, arn)).not.toThrow();
  });

  test.each([
    'monitoring',
    'arn:aws:iam::222222222222:user/x',
    'arn:aws:iam::2222:role/x',
    'arn:aws:iam::222222222222:role/',
    'arn:aws:iam::222222222222:role/path/',
    `arn:aws:iam::222222222222:role/${'x'.repeat(65)}`,
    'arn:aws:sts::222222222222:assumed-role/x/y',
    ` ${ROLE}`,
  ])('reject the role %p', (arn) => {
    expect(messageOf(() => assume({}, arn))).toContain(
      `sts.RoleAssumption: roleArn must be the ARN of an IAM role, got "${arn}"`,
    );
  });

  test('reject a role ARN of more than 2,048 characters', () => {
    expect(messageOf(() => assume({}, ROLE.replace('monitoring', `${'x'.repeat(2049)}/x`)))).toContain(
      'roleArn must have 20 to 2048 characters',
    );
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
          region: TOKEN,
          stsRegion: TOKEN,
          sessionManagedPolicies: [givenPolicy(TOKEN)],
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

describe('managed policies that narrow the session', () => {
  const inAccount = (account: string) => new Stack(testApp(), 'Policies', { env: { account, region: 'eu-west-1' } });

  test('may be made in the account of the role', () => {
    const policy = new iam.ManagedPolicy(inAccount('222222222222'), 'Policy');
    expect(() => assume({ sessionManagedPolicies: [policy] })).not.toThrow();
  });

  test('cannot be made in another account', () => {
    const policy = new iam.ManagedPolicy(inAccount('111111111111'), 'Policy');
    expect(messageOf(() => assume({ sessionManagedPolicies: [policy] }))).toContain('of account 222222222222');
  });

  test('are of the account of a role that is an object', () => {
    const role = new iam.Role(inAccount('222222222222'), 'Role', { assumedBy: new iam.AccountRootPrincipal() });
    const sessionManagedPolicies = [givenPolicy('arn:aws:iam::111111111111:policy/p')];
    expect(messageOf(() => RoleAssumption.fromRole(role, { sessionManagedPolicies }))).toContain(
      'of account 222222222222',
    );
  });
});

describe('a chain of roles', () => {
  const HUB = 'arn:aws:iam::333333333333:role/hub';
  const viaHub = (props: RoleAssumptionProps = {}, hub: RoleAssumptionProps = {}) =>
    assume({ ...props, via: assume(hub, HUB) });

  test('is rendered one in the other, without a region in between', () => {
    const assumption = viaHub(
      { region: 'us-east-1', sessionName: 'member' },
      {
        externalId: 'hub-id',
        tags: { team: 'web' },
        transitiveTagKeys: ['team'],
        stsRegion: 'us-west-2',
        sourceIdentity: 'me',
      },
    );
    expect(rendered(assumption)).toEqual({
      RoleArn: ROLE,
      SessionName: 'member',
      DurationSeconds: 900,
      Region: 'us-east-1',
      Via: {
        RoleArn: HUB,
        SessionName: expect.stringMatching(/^Stack-Monitor-/),
        DurationSeconds: 900,
        ExternalId: 'hub-id',
        Tags: [{ Key: 'team', Value: 'web' }],
        TransitiveTagKeys: ['team'],
        SourceIdentity: 'me',
        StsRegion: 'us-west-2',
      },
    });
  });

  test('has any number of links', () => {
    const first = 'arn:aws:iam::444444444444:role/first';
    const chain = assume({ via: assume({ via: assume({}, first) }, HUB) });
    expect(rendered(chain)).toMatchObject({ RoleArn: ROLE, Via: { RoleArn: HUB, Via: { RoleArn: first } } });
    expect(chain._permission().toStatementJson()).toMatchObject({ Resource: first });
  });

  test('needs the permission to assume its first role, with its tags, and no other', () => {
    expect(
      viaHub({ tags: { a: 'b' } })
        ._permission()
        .toStatementJson(),
    ).toEqual({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Resource: HUB,
    });
    expect(viaHub({}, { tags: { a: 'b' } })._permission().actions).toEqual(['sts:AssumeRole', 'sts:TagSession']);
  });

  test('shares that permission with another chain through the same role', () => {
    const stack = testStack();
    const another = assume({ via: assume({}, HUB) }, 'arn:aws:iam::444444444444:role/another');
    expect(viaHub()._permissionKey(stack)).toBe(another._permissionKey(stack));
    expect(viaHub()._permissionKey(stack)).not.toBe(assume()._permissionKey(stack));
  });

  test('cannot have a region in between', () => {
    expect(messageOf(() => viaHub({}, { region: 'eu-west-1' }))).toBe(
      'sts.RoleAssumption: via must have no region, got "eu-west-1": the resource is managed in that of the last role; give it there',
    );
  });

  test('keeps its source identity', () => {
    expect(() => viaHub({ sourceIdentity: 'me' }, { sourceIdentity: 'me' })).not.toThrow();
    expect(() => viaHub({ sourceIdentity: 'me' })).not.toThrow();
    expect(() => viaHub({ sourceIdentity: TOKEN }, { sourceIdentity: 'me' })).not.toThrow();
    expect(messageOf(() => viaHub({ sourceIdentity: 'you' }, { sourceIdentity: 'me' }))).toContain(
      'sourceIdentity must be "me" as in via, or be left out (it cannot change in a chain), got "you"',
    );
    const far = assume({ via: assume({ via: assume({ sourceIdentity: 'me' }, HUB) }, HUB) }, HUB);
    expect(messageOf(() => assume({ sourceIdentity: 'you', via: far }))).toContain('must be "me"');
  });

  test('cannot set a transitive tag again', () => {
    const hub = { tags: { team: 'web', cost: '1' }, transitiveTagKeys: ['team'] };
    expect(() => viaHub({ tags: { cost: '2' } }, hub)).not.toThrow();
    expect(messageOf(() => viaHub({ tags: { Team: 'app' } }, hub))).toContain(
      'tags key "Team" is transitive in via, so that its value cannot be set again; leave it out here or there',
    );
  });
});

describe('a role that is made in the app', () => {
  function stacks() {
    const app = testApp();
    const there = new Stack(app, 'There', { env: { account: '222222222222', region: 'eu-west-1' } });
    const here = new Stack(app, 'Here', { env: { account: '111111111111', region: 'eu-west-1' } });
    return { app, there, here };
  }

  function roleIn(stack: Stack): iam.Role {
    const role = new iam.Role(stack, 'Role', {
      assumedBy: new iam.AccountPrincipal('111111111111'),
      roleName: PhysicalName.GENERATE_IF_NEEDED,
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['rum:GetAppMonitor'], resources: ['*'] }));
    return role;
  }

  test('is made with its policies before the resource, and deleted after it', () => {
    const stack = testStack();
    new AppMonitor(stack, 'Monitor', { domain: 'example.com', assumeRole: RoleAssumption.fromRole(roleIn(stack)) });
    const { DependsOn } = onlyResource(Template.fromStack(stack), MONITOR);
    expect(DependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Role[0-9A-F]{8}$/), expect.stringMatching(/^RoleDefaultPolicy/)]),
    );
  });

  test('in another stack is deployed before, although its ARN is known', () => {
    const { app, there, here } = stacks();
    new AppMonitor(here, 'Monitor', { domain: 'example.com', assumeRole: RoleAssumption.fromRole(roleIn(there)) });
    expect(
      app
        .synth()
        .getStackByName('Here')
        .dependencies.map(({ id }) => id),
    ).toContain('There');
  });

  test('in another stack is deployed before, where it is the hub of a chain', () => {
    const { app, there, here } = stacks();
    const assumeRole = assume({ via: RoleAssumption.fromRole(roleIn(there)) });
    new AppMonitor(here, 'Monitor', { domain: 'example.com', assumeRole });
    expect(
      app
        .synth()
        .getStackByName('Here')
        .dependencies.map(({ id }) => id),
    ).toContain('There');
  });

  test('in another stack is deployed before what polls with it', () => {
    const { app, there, here } = stacks();
    const source = ordersSource({ assumeRole: RoleAssumption.fromRole(roleIn(there)) });
    source.metric(here, Metric.user('app'));
    expect(
      app
        .synth()
        .getStackByName('Here')
        .dependencies.map(({ id }) => id),
    ).toContain('There');
  });

  test('in another stack is deployed before what notifies with it', () => {
    const { app, there, here } = stacks();
    const dataSource = ordersSource({ assumeRole: RoleAssumption.fromRole(roleIn(there)) });
    new TopKeysNotification(here, 'Notification', { dataSource, topic: new sns.Topic(here, 'Topic') });
    expect(
      app
        .synth()
        .getStackByName('Here')
        .dependencies.map(({ id }) => id),
    ).toContain('There');
  });

  test('is no dependency where it is imported', () => {
    const stack = testStack();
    const role = iam.Role.fromRoleArn(stack, 'Role', ROLE);
    new AppMonitor(stack, 'Monitor', { domain: 'example.com', assumeRole: RoleAssumption.fromRole(role) });
    expect(onlyResource(Template.fromStack(stack), MONITOR).DependsOn).toHaveLength(1);
  });
});
