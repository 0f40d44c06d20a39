import { type App, Aws, Stack, type StackProps } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { PROVIDER_TAG } from '../../src/core/provider-identity';
import { AppMonitor } from '../../src/rum';
import {
  DelegatedPermissions,
  DelegatedRole,
  type DelegatedRoleProps,
  type IDelegable,
  RoleAssumption,
  TrustedCaller,
} from '../../src/sts';
import { findings } from '../support/nag';
import { filledIn, type Json, MONITOR, messageOf, onlyResource, resourcesOf, testApp } from '../support/synthesis';
import { sessionOf, trustPolicy, trusts } from '../support/trust';

const OWN = '222222222222';
const MANAGING = '111111111111';
const HUB = 'arn:aws:iam::333333333333:role/hub';
const EXTERNAL_ID = 'shop-monitoring';
const ASSUME = 'sts:AssumeRole';

function monitors(stackName = 'Shop', account: string | undefined = MANAGING): DelegatedPermissions {
  return DelegatedPermissions._of({ account, stackName, service: 'Rum' }, [
    new iam.PolicyStatement({
      actions: ['rum:CreateAppMonitor'],
      resources: [`arn:${Aws.PARTITION}:rum:eu-west-1:${Aws.ACCOUNT_ID}:appmonitor/${stackName}-*`],
    }),
    new iam.PolicyStatement({ actions: ['rum:ListAppMonitors'], resources: ['*'] }),
  ]);
}

function inStack(
  build: (stack: Stack) => void,
  props: StackProps = { env: { account: OWN, region: 'eu-west-1' } },
): Stack {
  const stack = new Stack(testApp(), 'Member', props);
  build(stack);
  return stack;
}

function delegated(props: DelegatedRoleProps, stackProps?: StackProps): Template {
  return Template.fromStack(inStack((stack) => new DelegatedRole(stack, 'Role', props), stackProps));
}

function tagged(value: string, account = MANAGING) {
  return sessionOf(account, { [PROVIDER_TAG]: value });
}

describe('the trust policy', () => {
  const template = delegated({ externalId: EXTERNAL_ID, manages: [monitors()] });

  test('names the account, the stack, the service and the external id', () => {
    expect(trustPolicy(template).Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ASSUME,
        Principal: { AWS: 'arn:aws:iam::111111111111:root' },
        Condition: {
          StringEquals: { 'aws:PrincipalTag/cdk-settled:provider': 'Shop/Rum', 'sts:ExternalId': EXTERNAL_ID },
        },
      },
    ]);
  });

  test('lets in exactly that', () => {
    const said = { 'sts:ExternalId': EXTERNAL_ID };
    expect(trusts(template, tagged('Shop/Rum'), ASSUME, said)).toBe(true);
    expect(trusts(template, tagged('Shop/Rum'), ASSUME, { 'sts:ExternalId': 'shop' })).toBe(false);
    expect(trusts(template, tagged('Shop/Rum'), ASSUME)).toBe(false);
    expect(trusts(template, tagged('Shop/CloudHsm'), ASSUME, said)).toBe(false);
    expect(trusts(template, tagged('Shop/Rum', '333333333333'), ASSUME, said)).toBe(false);
    expect(trusts(template, sessionOf(MANAGING), ASSUME, said)).toBe(false);
    expect(trusts(template, tagged('Shop/Rum'), 'sts:TagSession', said)).toBe(false);
    expect(trusts(template, tagged('Shop/Rum'), 'sts:SetSourceIdentity', said)).toBe(false);
  });

  test('has one statement for all stacks and services of an account', () => {
    const many = Array.from({ length: 20 }, (_, index) => monitors(`Stack${index + 10}`)).reverse();
    const [statement, ...others] = trustPolicy(
      delegated({ externalId: EXTERNAL_ID, manages: [...many, ...many] }),
    ).Statement;
    expect(others).toEqual([]);
    expect(statement.Condition.StringEquals['aws:PrincipalTag/cdk-settled:provider']).toEqual(
      Array.from({ length: 20 }, (_, index) => `Stack${index + 10}/Rum`),
    );
  });

  test('has a pattern for nested stacks, and only for those', () => {
    const nested = delegated({ externalId: EXTERNAL_ID, manages: [monitors(), monitors('Mall-*')] });
    expect(trustPolicy(nested).Statement.map(({ Condition }: Json) => Condition)).toEqual([
      { StringEquals: { 'aws:PrincipalTag/cdk-settled:provider': 'Shop/Rum', 'sts:ExternalId': EXTERNAL_ID } },
      {
        StringLike: { 'aws:PrincipalTag/cdk-settled:provider': 'Mall-*/Rum' },
        StringEquals: { 'sts:ExternalId': EXTERNAL_ID },
      },
    ]);
    const said = { 'sts:ExternalId': EXTERNAL_ID };
    expect(trusts(nested, tagged('Mall-Nested-1ABC/Rum'), ASSUME, said)).toBe(true);
    expect(trusts(nested, tagged('Shop-Nested-1ABC/Rum'), ASSUME, said)).toBe(false);
  });

  test('has a statement for each account', () => {
    const two = delegated({ externalId: EXTERNAL_ID, manages: [monitors(), monitors('Shop', '333333333333')] });
    expect(trustPolicy(two).Statement.map(({ Principal }: Json) => Principal.AWS)).toEqual([
      'arn:aws:iam::111111111111:root',
      'arn:aws:iam::333333333333:root',
    ]);
  });

  test('can let in whole accounts and roles', () => {
    const template = delegated({
      externalId: EXTERNAL_ID,
      trusts: [TrustedCaller.account('444444444444'), TrustedCaller.role(HUB)],
    });
    const said = { 'sts:ExternalId': EXTERNAL_ID };
    expect(trusts(template, sessionOf('444444444444'), ASSUME, said)).toBe(true);
    expect(trusts(template, sessionOf('333333333333', {}, 'hub'), ASSUME, said)).toBe(true);
    expect(trusts(template, sessionOf('333333333333', {}, 'other'), ASSUME, said)).toBe(false);
    expect(trusts(template, sessionOf('333333333333', {}, 'hub'), ASSUME)).toBe(false);
  });

  test('lets in the hub of a chain instead of the functions behind it', () => {
    const template = delegated({ externalId: EXTERNAL_ID, hub: TrustedCaller.role(HUB), manages: [monitors()] });
    const said = { 'sts:ExternalId': EXTERNAL_ID };
    expect(trusts(template, sessionOf('333333333333', {}, 'hub'), ASSUME, said)).toBe(true);
    expect(trusts(template, tagged('Shop/Rum'), ASSUME, said)).toBe(false);
    template.resourceCountIs('AWS::IAM::Policy', 1);
  });

  test('lets in those tags and source identities that are given, without the external id, which need not be there', () => {
    const template = delegated({
      externalId: EXTERNAL_ID,
      manages: [monitors()],
      sessionTagKeys: ['team', 'cost'],
      sourceIdentities: ['pipeline-*'],
    });
    const caller = tagged('Shop/Rum');
    expect(trusts(template, caller, 'sts:TagSession', { 'aws:TagKeys': ['team'] })).toBe(true);
    expect(trusts(template, caller, 'sts:TagSession', { 'aws:TagKeys': ['team', 'owner'] })).toBe(false);
    expect(trusts(template, caller, 'sts:SetSourceIdentity', { 'sts:SourceIdentity': 'pipeline-7' })).toBe(true);
    expect(trusts(template, caller, 'sts:SetSourceIdentity', { 'sts:SourceIdentity': 'me' })).toBe(false);
    expect(trusts(template, sessionOf(MANAGING), 'sts:TagSession', { 'aws:TagKeys': ['team'] })).toBe(false);
  });

  test('warns where it needs a higher quota than accounts have by default, and fails where there is none', () => {
    const managing = (count: number) =>
      inStack((stack) => {
        const manages = Array.from({ length: count }, (_, index) => monitors(`AStackWithALongName${index}`));
        new DelegatedRole(stack, 'Role', { externalId: EXTERNAL_ID, manages });
      });
    Annotations.fromStack(managing(40)).hasNoWarning('*', Match.anyValue());
    Annotations.fromStack(managing(80)).hasWarning(
      '/Member/Role',
      Match.stringLikeRegexp('got \\d+ or more; let another DelegatedRole'),
    );
    expect(messageOf(() => Template.fromStack(managing(200)))).toMatch(
      /the trust policy must have at most 4096 characters, .*, got \d+ or more; let another DelegatedRole/,
    );
  });

  test('cannot be empty', () => {
    expect(messageOf(() => delegated({}))).toContain(
      'nobody is trusted to assume the role; give manages or trusts, or call allowManaging',
    );
  });
});

describe('the external id', () => {
  const REMEDY = 'externalId must be given where account 111111111111 is trusted';

  test('is needed for another account', () => {
    expect(messageOf(() => delegated({ manages: [monitors()] }))).toMatch(
      /^Member\/Role: externalId must be given where account 111111111111 is trusted, which may not be the role's own \(222222222222\): .*confused-deputy/,
    );
    expect(messageOf(() => delegated({ trusts: [TrustedCaller.account(MANAGING)] }))).toContain(REMEDY);
    expect(messageOf(() => delegated({ trusts: [TrustedCaller.role(HUB)] }))).toContain('externalId must be given');
  });

  test('is needed where the own account is not known', () => {
    expect(messageOf(() => delegated({ manages: [monitors()] }, {}))).toContain('(not known before deployment)');
  });

  test('is not needed in the own account', () => {
    const template = delegated({ manages: [monitors('Shop', OWN)] });
    expect(trustPolicy(template).Statement[0].Condition).toEqual({
      StringEquals: { 'aws:PrincipalTag/cdk-settled:provider': 'Shop/Rum' },
    });
  });

  test.each(['a', 'x'.repeat(1225), 'a b'])('is checked: %p', (externalId) => {
    expect(messageOf(() => delegated({ externalId, manages: [monitors()] }))).toContain('Member/Role: externalId must');
  });
});

describe('the account of the managing stack', () => {
  const unknown = DelegatedPermissions._of({ stackName: 'Shop', service: 'Rum' }, []);

  test('must be known where that of the role is', () => {
    expect(messageOf(() => delegated({ externalId: EXTERNAL_ID, manages: [unknown] }))).toContain(
      'manages needs the account of stack "Shop" to trust it, which is not known; give that stack an env with an account',
    );
  });

  test('is the own one where both are not known, as everywhere in the CDK', () => {
    expect(trustPolicy(delegated({ manages: [unknown] }, {})).Statement[0].Principal).toEqual({
      AWS: 'arn:aws:iam::111111111111:root',
    });
  });
});

describe('permissions', () => {
  function statements(template: Template): Json[] {
    return resourcesOf(template, 'AWS::IAM::Policy').flatMap(({ Properties }) =>
      filledIn(Properties.PolicyDocument.Statement),
    );
  }

  test('are those of what is managed, each once', () => {
    const template = delegated({ externalId: EXTERNAL_ID, manages: [monitors(), monitors(), monitors('Mall')] });
    expect(statements(template)).toEqual([
      {
        Effect: 'Allow',
        Action: 'rum:CreateAppMonitor',
        Resource: 'arn:aws:rum:eu-west-1:111111111111:appmonitor/Shop-*',
      },
      { Effect: 'Allow', Action: 'rum:ListAppMonitors', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'rum:CreateAppMonitor',
        Resource: 'arn:aws:rum:eu-west-1:111111111111:appmonitor/Mall-*',
      },
    ]);
  });

  test('can be added, and are read when they are complete', () => {
    const late: iam.PolicyStatement[] = [];
    const growing = monitors();
    Object.defineProperty(growing, 'statements', { get: () => late });
    const stack = inStack((scope) => {
      const role = new DelegatedRole(scope, 'Role', { externalId: EXTERNAL_ID });
      role.allowManaging({ requiredPermissions: () => growing } as IDelegable, monitors('Mall'));
    });
    late.push(new iam.PolicyStatement({ actions: ['rum:GetAppMonitor'], resources: ['*'] }));
    expect(statements(Template.fromStack(stack)).map(({ Action }) => Action)).toEqual([
      'rum:GetAppMonitor',
      'rum:CreateAppMonitor',
      'rum:ListAppMonitors',
    ]);
  });

  test('are as many policies as they take', () => {
    const of = (index: number) =>
      new iam.PolicyStatement({
        actions: ['rum:CreateAppMonitor'],
        resources: [`arn:${Aws.PARTITION}:rum:eu-west-1:${OWN}:appmonitor/some-monitor-with-a-long-name-${index}-*`],
      });
    const provider = { account: OWN, stackName: 'Shop', service: 'Rum' };
    const manages = Array.from({ length: 150 }, (_, index) => DelegatedPermissions._of(provider, [of(index)]));
    const stack = inStack((scope) => new DelegatedRole(scope, 'Role', { manages }));
    const found = findings(stack);
    const template = Template.fromStack(stack);
    expect(resourcesOf(template, 'AWS::IAM::ManagedPolicy').length).toBeGreaterThan(0);
    const all = [...resourcesOf(template, 'AWS::IAM::Policy'), ...resourcesOf(template, 'AWS::IAM::ManagedPolicy')];
    const creating = all
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'rum:CreateAppMonitor');
    expect(creating.flatMap(({ Resource }) => Resource)).toHaveLength(150);
    expect(found).toEqual([]);
  });

  test('decode authorization messages only where denials are to be explained', () => {
    const decoding = { Effect: 'Allow', Action: 'sts:DecodeAuthorizationMessage', Resource: '*' };
    const props = { externalId: EXTERNAL_ID, manages: [monitors()] };
    expect(statements(delegated(props))).not.toContainEqual(decoding);
    expect(statements(delegated({ ...props, explainDenials: true }))).toContainEqual(decoding);
  });

  test('end at the boundary that is given', () => {
    const template = Template.fromStack(
      inStack((stack) => {
        const permissionsBoundary = iam.ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'boundary');
        new DelegatedRole(stack, 'Role', { externalId: EXTERNAL_ID, manages: [monitors()], permissionsBoundary });
      }),
    );
    expect(filledIn(onlyResource(template, 'AWS::IAM::Role').Properties.PermissionsBoundary)).toBe(
      'arn:aws:iam::222222222222:policy/boundary',
    );
  });
});

test('cdk-nag finds nothing that is not explained, but what users add themselves', () => {
  const stack = inStack((scope) => {
    const role = new DelegatedRole(scope, 'Role', {
      externalId: EXTERNAL_ID,
      manages: [monitors()],
      explainDenials: true,
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::bucket/*'] }));
  });
  expect(findings(stack)).toEqual([
    '/Member/Role/DefaultPolicy/Resource AwsSolutions-IAM5[Resource::arn:aws:s3:::bucket/*]',
  ]);
});

describe('what is managed in the same app', () => {
  function managing(assumeRole?: (other: iam.Role, role: DelegatedRole) => RoleAssumption): () => void {
    const app = testApp();
    const member = new Stack(app, 'Member', { env: { account: OWN, region: 'eu-west-1' } });
    const shop = new Stack(app, 'Shop', { env: { account: MANAGING, region: 'eu-west-1' } });
    const role = new DelegatedRole(member, 'Role', { roleName: 'shop', externalId: EXTERNAL_ID });
    const other = new DelegatedRole(member, 'Other', { roleName: 'other', externalId: EXTERNAL_ID });
    const monitor = new AppMonitor(shop, 'Monitor', { domain: 'example.com', assumeRole: assumeRole?.(other, role) });
    return () => role.allowManaging(monitor);
  }

  test('must be managed with the role', () => {
    const remedy = 'give it the assumption() of this role as assumeRole';
    const message = (how: string) =>
      `Member/Role: manages must be what is managed with this role, got Shop/Monitor, which is managed ${how}; ${remedy}`;
    expect(managing()).toThrow(message('without a role'));
    expect(managing((other) => RoleAssumption.fromRole(other))).toThrow(message('with another role'));
    for (const arn of [`arn:aws:iam::${OWN}:role/other`, `arn:aws:iam::${MANAGING}:role/shop`]) {
      expect(managing(() => RoleAssumption.fromRoleArn(arn))).toThrow(message('with another role'));
    }
  });

  test('may name the role by its ARN', () => {
    expect(managing((_, role) => role.assumption())).not.toThrow();
    expect(managing(() => RoleAssumption.fromRoleArn(`arn:aws:iam::${OWN}:role/shop`))).not.toThrow();
  });
});

describe('other properties', () => {
  test('reach the role', () => {
    const template = delegated({
      externalId: EXTERNAL_ID,
      manages: [monitors()],
      roleName: 'shop-monitoring',
      path: '/cdk/',
      description: 'For the shop',
    });
    expect(onlyResource(template, 'AWS::IAM::Role').Properties).toMatchObject({
      RoleName: 'shop-monitoring',
      Path: '/cdk/',
      Description: 'For the shop',
    });
  });

  const invalid: Array<[DelegatedRoleProps, string]> = [
    [{ sessionTagKeys: ['cdk-settled:provider'] }, 'sessionTagKeys key "cdk-settled:provider" is reserved'],
    [{ sessionTagKeys: ['aws:x'] }, 'sessionTagKeys key "aws:x" is reserved by AWS'],
    [{ sessionTagKeys: ['te*m'] }, 'sessionTagKeys key must consist of'],
    [
      { sessionTagKeys: Array.from({ length: 51 }, (_, index) => `key${index}`) },
      'sessionTagKeys must have 0 to 50 entries, got "51 entries"',
    ],
    [{ sourceIdentities: [''] }, 'sourceIdentities must have 1 to 64 characters'],
    [{ sourceIdentities: ['aws:me'] }, 'sourceIdentities must consist of letters, digits and _+=,.@-, with * and ?'],
  ];
  test.each(invalid)('are checked: %p', (props, message) => {
    expect(messageOf(() => delegated({ externalId: EXTERNAL_ID, ...props }))).toContain(`Member/Role: ${message}`);
  });

  test.each(['2222', '22222222222x'])('a trusted account has 12 digits, not %p', (accountId) => {
    expect(messageOf(() => TrustedCaller.account(accountId))).toBe(
      `sts.TrustedCaller: accountId must be the 12 digits of an account, got "${accountId}"`,
    );
  });

  test.each(['hub', 'arn:aws:iam::333333333333:role/*', 'arn:aws:iam::333333333333:user/hub'])(
    'a trusted role has an ARN, not %p',
    (roleArn) => {
      expect(messageOf(() => TrustedCaller.role(roleArn))).toBe(
        `sts.TrustedCaller: roleArn must be the ARN of an IAM role, without wildcards, got "${roleArn}"`,
      );
    },
  );

  test('may be tokens', () => {
    const trusted = [
      TrustedCaller.account(Aws.ACCOUNT_ID),
      TrustedCaller.role(
        Stack.of(inStack(() => {})).formatArn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName: Aws.STACK_NAME,
        }),
      ),
    ];
    expect(() =>
      delegated({ externalId: Aws.STACK_NAME, sessionTagKeys: [Aws.REGION], trusts: trusted }),
    ).not.toThrow();
  });
});

describe('the name', () => {
  const nameOf = (props: StackProps, stackName = 'Member', id = 'Role') => {
    const stack = new Stack(testApp(), stackName, props);
    new DelegatedRole(stack, id, { externalId: EXTERNAL_ID, manages: [monitors()] });
    return onlyResource(Template.fromStack(stack), 'AWS::IAM::Role').Properties.RoleName;
  };
  const env = { account: OWN, region: 'eu-west-1' };

  test('stays the same whether or not a stack elsewhere refers to the role, which it would replace', () => {
    const app = testApp();
    const member = new Stack(app, 'Member', { env });
    const role = new DelegatedRole(member, 'Role', { externalId: EXTERNAL_ID });
    const shop = new Stack(app, 'Shop', { env: { account: MANAGING, region: 'eu-west-1' } });
    role.allowManaging(new AppMonitor(shop, 'Monitor', { domain: 'example.com', assumeRole: role.assumption() }));
    app.synth();
    expect(onlyResource(Template.fromStack(member), 'AWS::IAM::Role').Properties.RoleName).toBe(nameOf({ env }));
  });

  test('is another one in each region, stack and place, and fits', () => {
    const names = [
      nameOf({ env }),
      nameOf({ env: { ...env, region: 'eu-north-1' } }),
      nameOf({ env }, 'Other'),
      nameOf({ env }, 'Member', 'R'.repeat(200)),
      nameOf({ env }, 'Member', `${'R'.repeat(200)}2`),
      nameOf({ env }, 'Member', 'with spaces & signs'),
    ];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[\w+=,.@-]{1,64}$/);
  });

  test('is left to CloudFormation where the stack has no account and region', () => {
    const stack = new Stack(testApp(), 'Member');
    new DelegatedRole(stack, 'Role', { externalId: EXTERNAL_ID, manages: [monitors()] });
    expect(onlyResource(Template.fromStack(stack), 'AWS::IAM::Role').Properties.RoleName).toBeUndefined();
  });
});

describe('the assumption', () => {
  function twoStacks() {
    const app: App = testApp();
    const member = new Stack(app, 'Member', { env: { account: OWN, region: 'eu-west-1' } });
    const shop = new Stack(app, 'Shop', { env: { account: MANAGING, region: 'eu-west-1' } });
    return { app, member, shop };
  }

  test('is one line in the same app: the role is made first, in its account, and nothing goes round in circles', () => {
    const { app, member, shop } = twoStacks();
    const role = new DelegatedRole(member, 'Role', { externalId: EXTERNAL_ID, path: '/cdk/' });
    new AppMonitor(shop, 'Monitor', { domain: 'example.com', assumeRole: role.assumption() });
    role.allowManaging(monitors());
    const assembly = app.synth();
    expect(assembly.getStackByName('Shop').dependencies.map(({ id }) => id)).toContain('Member');
    expect(assembly.getStackByName('Member').dependencies.map(({ id }) => id)).not.toContain('Shop');
    const { RoleName } = onlyResource(Template.fromStack(member), 'AWS::IAM::Role').Properties;
    expect(filledIn(onlyResource(Template.fromStack(shop), MONITOR).Properties.AssumeRole)).toMatchObject({
      RoleArn: `arn:aws:iam::222222222222:role/cdk/${RoleName}`,
      ExternalId: EXTERNAL_ID,
    });
  });

  test('names the account, so that what is managed with it is known to be there', () => {
    const { member, shop } = twoStacks();
    const role = new DelegatedRole(member, 'Role', { externalId: EXTERNAL_ID });
    const monitor = new AppMonitor(shop, 'Monitor', { domain: 'example.com', assumeRole: role.assumption() });
    expect([monitor.env.account, monitor.metricSessionCount().account]).toEqual([OWN, OWN]);
  });

  test('in the same stack, lets the role and all of its permissions stay until the resource is deleted', () => {
    const { member } = twoStacks();
    const role = new DelegatedRole(member, 'Role', { manages: [monitors('Member', OWN)] });
    new AppMonitor(member, 'Monitor', { domain: 'example.com', assumeRole: role.assumption() });
    expect(onlyResource(Template.fromStack(member), MONITOR).DependsOn).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Role[0-9A-F]{8}$/), expect.stringMatching(/^RoleDefaultPolicy/)]),
    );
  });

  test('takes tags and a source identity that the role lets in', () => {
    const { member } = twoStacks();
    const role = new DelegatedRole(member, 'Role', {
      externalId: EXTERNAL_ID,
      sessionTagKeys: ['team'],
      sourceIdentities: ['*'],
    });
    const assumption = role.assumption({ tags: { team: 'web' }, sourceIdentity: 'me', region: 'us-east-1' });
    expect(assumption._render(member)).toMatchObject({ SourceIdentity: 'me', Region: 'us-east-1' });
  });

  test('takes no others, and no other external id', () => {
    const role = new DelegatedRole(twoStacks().member, 'Role', { externalId: EXTERNAL_ID });
    expect(messageOf(() => role.assumption({ externalId: 'other', tags: { team: 'web' }, sourceIdentity: 'me' }))).toBe(
      'Member/Role: externalId of the assumption must be left out or be that of the role, got "other"; ' +
        'tags of the assumption must be among sessionTagKeys of the role, got ["team"]; ' +
        'sourceIdentity of the assumption needs sourceIdentities of the role, got "me"; add it there',
    );
  });
});
