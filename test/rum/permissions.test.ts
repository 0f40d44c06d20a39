import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { IdentityPool } from 'aws-cdk-lib/aws-cognito-identitypool';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AppMonitor, type AppMonitorProps, Authorization } from '../../src/rum';
import { RoleAssumption } from '../../src/sts';
import { delegated, delegatedActions } from '../support/delegation';
import {
  actionsOf,
  filledIn,
  HANDLER_ROLE,
  type Json,
  MONITOR,
  onlyResource,
  resourcesOf,
  statementsOf,
  synthesize,
  testStack,
} from '../support/synthesis';

const none = Authorization.none();
const ALL_MONITORS = 'arn:aws:rum:eu-west-1:111111111111:appmonitor/*';
const GENERATED_MONITORS = 'arn:aws:rum:eu-west-1:111111111111:appmonitor/Stack-*';

/** What the handler may do when a stack has monitors with these props, with references filled in. */
function granted(...monitors: Array<Partial<AppMonitorProps>>): Json[] {
  const template = synthesize((stack) => {
    for (const [index, props] of monitors.entries()) {
      new AppMonitor(stack, `Monitor${index}`, { domain: 'example.com', authorization: none, ...props });
    }
  });
  return statementsOf(template, HANDLER_ROLE).map((statement) => filledIn(statement));
}

/** The statements with an action. */
function allowing(action: string, statements: Json[]): Json[] {
  return statements.filter((statement) => actionsOf([statement]).includes(action));
}

/** The names of the calls in a source file. */
function callsIn(path: string): string[] {
  const source = readFileSync(join(__dirname, '../../src', path), 'utf8');
  return [...new Set([...source.matchAll(/new (\w+)Command\(/g)].map(([, name]) => name))].sort();
}

const RUM_CALLS = [
  'CreateAppMonitor',
  'DeleteAppMonitor',
  'GetAppMonitor',
  'ListAppMonitors',
  'ListTagsForResource',
  'TagResource',
  'UntagResource',
  'UpdateAppMonitor',
];
const CLOUDFORMATION_CALLS = ['DescribeStackResource', 'DescribeStacks'];
/** What every function does, and RUM on behalf of its caller for the first monitor of an account. */
const STANDING = ['iam:CreateServiceLinkedRole', 'logs:CreateLogStream', 'logs:PutLogEvents'];
const LOG_DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:CreateLogGroup',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:PutResourcePolicy',
  'logs:PutRetentionPolicy',
  'logs:UpdateLogDelivery',
];

/** What a monitor needs whatever its props. */
const OWN = [
  ...CLOUDFORMATION_CALLS.map((call) => `cloudformation:${call}`),
  ...RUM_CALLS.map((call) => `rum:${call}`),
  ...STANDING,
];

describe('the actions that are granted to the handler', () => {
  test('are listed here as the calls that its code can make', () => {
    expect(callsIn('rum/app-monitor.reconciler.ts')).toEqual(RUM_CALLS);
    expect(callsIn('runtime/operation.ts')).toEqual(CLOUDFORMATION_CALLS);
  });

  const cases: Array<[string, Partial<AppMonitorProps>, string[]]> = [
    ['exactly these calls', {}, []],
    ['the same for a name that is given', { appMonitorName: 'shop' }, ['rum:CreateAppMonitor', 'rum:TagResource']],
    [
      'with an identity pool also to look at it',
      { authorization: Authorization.cognito() },
      ['cognito-identity:DescribeIdentityPool'],
    ],
    [
      'in the classic flow also to pass the role',
      { authorization: Authorization.cognito({ classicFlow: true }) },
      ['cognito-identity:DescribeIdentityPool', 'iam:GetRole', 'iam:PassRole'],
    ],
    ['with logs also to set up their delivery', { cwLogEnabled: true }, LOG_DELIVERY],
  ];
  test.each(cases)('are %s', (_, props, further) => {
    expect(actionsOf(granted(props))).toEqual([...OWN, ...further].sort());
  });

  test('are all named in full', () => {
    const all = granted({ cwLogEnabled: true, authorization: Authorization.cognito({ classicFlow: true }) });
    expect(actionsOf(all).filter((action) => action.includes('*'))).toEqual([]);
  });
});

describe('the resources', () => {
  test('are "*" only for listing monitors and for the delivery of logs', () => {
    const all = granted(
      { cwLogEnabled: true, authorization: Authorization.cognito({ classicFlow: true }) },
      { appMonitorName: 'shop' },
    );
    const anywhere = all.filter(({ Resource }) => [Resource].flat().includes('*'));
    expect(actionsOf(anywhere)).toEqual([...LOG_DELIVERY, 'rum:ListAppMonitors']);
  });

  test('of creating and tagging are generated names, with the owner tag of this stack in the request', () => {
    expect(allowing('rum:CreateAppMonitor', granted({}))).toEqual([
      {
        Effect: 'Allow',
        Action: ['rum:CreateAppMonitor', 'rum:TagResource'],
        Resource: GENERATED_MONITORS,
        Condition: { StringLike: { 'aws:RequestTag/cdk-settled:owner': 'Stack/*' } },
      },
    ]);
  });

  test('of creating are also the names that are given', () => {
    const [generated, given] = allowing('rum:CreateAppMonitor', granted({ appMonitorName: 'shop' }));
    expect(generated.Resource).toBe(GENERATED_MONITORS);
    expect(given).toEqual({ ...generated, Resource: 'arn:aws:rum:eu-west-1:111111111111:appmonitor/shop' });
  });

  test('of changes are monitors with the owner tag of this stack', () => {
    expect(allowing('rum:DeleteAppMonitor', granted({}))).toEqual([
      {
        Effect: 'Allow',
        Action: ['rum:UpdateAppMonitor', 'rum:DeleteAppMonitor', 'rum:UntagResource'],
        Resource: ALL_MONITORS,
        Condition: { StringLike: { 'aws:ResourceTag/cdk-settled:owner': 'Stack/*' } },
      },
    ]);
  });

  test('of reading are all monitors, by which those of others are told', () => {
    expect(allowing('rum:GetAppMonitor', granted({}))).toEqual([
      { Effect: 'Allow', Action: ['rum:GetAppMonitor', 'rum:ListTagsForResource'], Resource: ALL_MONITORS },
    ]);
  });

  test('of the service-linked role is the one of RUM', () => {
    expect(allowing('iam:CreateServiceLinkedRole', granted({}))[0].Resource).toBe(
      'arn:aws:iam::111111111111:role/aws-service-role/rum.amazonaws.com/AWSServiceRoleForCloudWatchRUM',
    );
  });
});

test('the delivery of logs may be set up until the last monitor with logs is deleted', () => {
  const template = synthesize((stack) => {
    for (const [id, cwLogEnabled] of Object.entries({ A: true, B: true, C: false })) {
      new AppMonitor(stack, id, { domain: 'example.com', authorization: none, cwLogEnabled });
    }
  });
  const [policyId, ...others] = Object.keys(template.findResources('AWS::IAM::Policy')).filter((id) =>
    /LogDelivery/.test(id),
  );
  expect(others).toEqual([]);
  expect(resourcesOf(template, MONITOR).map(({ DependsOn = [] }) => DependsOn)).toEqual([[policyId], [policyId], []]);
});

describe('with a role to assume', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/monitoring');

  test('the handler has in its own account the standing permissions alone, whatever the props', () => {
    const statements = granted({ assumeRole, cwLogEnabled: true, appMonitorName: 'shop' }, { assumeRole });
    expect(actionsOf(statements)).toEqual([...OWN, 'sts:AssumeRole'].sort());
    expect(allowing('rum:CreateAppMonitor', statements).map(({ Resource }) => Resource)).toEqual([GENERATED_MONITORS]);
  });

  test('the handler may assume exactly that role', () => {
    expect(allowing('sts:AssumeRole', granted({ assumeRole }))).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: assumeRole.roleArn },
    ]);
  });

  test('monitors of the own account beside it have what their props need', () => {
    expect(actionsOf(granted({ assumeRole }, { cwLogEnabled: true }))).toEqual(
      [...OWN, ...LOG_DELIVERY, 'sts:AssumeRole'].sort(),
    );
  });
});

describe('grants', () => {
  const grants = {
    grantPutEvents: 'rum:PutRumEvents',
    grantRead: ['rum:GetAppMonitor', 'rum:GetAppMonitorData', 'rum:ListTagsForResource'],
  } as const;

  test.each(['grantPutEvents', 'grantRead'] as const)('%s allows exactly that, on this monitor', (grant) => {
    const template = synthesize((stack) => {
      const monitor = new AppMonitor(stack, 'Monitor', { domain: 'example.com', authorization: none });
      monitor[grant](new iam.User(stack, 'User'));
    });
    const [monitorId] = Object.keys(template.findResources(MONITOR));
    const [policy] = resourcesOf(template, 'AWS::IAM::Policy').filter(({ Properties }) => Properties.Users);
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: grants[grant], Resource: { 'Fn::GetAtt': [monitorId, 'Arn'] } },
    ]);
  });

  test('can be asked whether they succeeded', () => {
    const stack = testStack();
    const monitor = new AppMonitor(stack, 'Monitor', { domain: 'example.com', authorization: none });
    expect(monitor.grantPutEvents(new iam.User(stack, 'User')).success).toBe(true);
    expect(monitor.grantPutEvents(new iam.ServicePrincipal('rum.amazonaws.com')).success).toBe(false);
  });
});

describe('a role in another account', () => {
  function monitor(props: Partial<AppMonitorProps> = {}, region?: string): AppMonitor {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/rum', { region });
    return new AppMonitor(testStack(), 'Monitor', { domain: 'example.com', assumeRole, ...props });
  }

  const calls = RUM_CALLS.map((call) => `rum:${call}`);
  test('may make exactly the calls of the reconciler, and what RUM does on behalf of its caller', () => {
    expect(delegatedActions(monitor())).toEqual(['iam:CreateServiceLinkedRole', ...calls]);
    expect(delegatedActions(monitor({ cwLogEnabled: true }))).toEqual([
      'iam:CreateServiceLinkedRole',
      ...LOG_DELIVERY,
      ...calls,
    ]);
  });

  test('may make monitors of generated names with the owner tag of the stack that manages them', () => {
    expect(allowing('rum:CreateAppMonitor', delegated(monitor({}, 'us-east-1')))).toEqual([
      {
        Effect: 'Allow',
        Action: ['rum:CreateAppMonitor', 'rum:TagResource'],
        Resource: 'arn:aws:rum:us-east-1:222222222222:appmonitor/Stack-*',
        Condition: { StringLike: { 'aws:RequestTag/cdk-settled:owner': 'Stack/*' } },
      },
    ]);
  });
});

describe('450 app monitors in one stack, with logs, an identity pool and the guest role of the classic flow', () => {
  /** The longest names that a stack and a region can have. */
  const REFERENCES = {
    'AWS::Partition': 'aws-us-gov',
    'AWS::Region': 'ap-southeast-2',
    'AWS::AccountId': '111111111111',
    'AWS::StackName': 'S'.repeat(128),
    'AWS::StackId': `arn:aws:cloudformation:ap-southeast-2:111111111111:stack/${'S'.repeat(128)}/01234567-89ab-cdef-0123-456789abcdef`,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const template = synthesizeMany();

  function synthesizeMany(): Template {
    const stack = testStack();
    const authorization = Authorization.cognito({
      classicFlow: true,
      identityPool: IdentityPool.fromIdentityPoolId(
        stack,
        'Pool',
        'ap-southeast-2:01234567-89ab-cdef-0123-456789abcdef',
      ),
      guestRole: new iam.Role(stack, 'Guests', { assumedBy: new iam.AccountRootPrincipal() }),
    });
    for (let index = 0; index < 450; index++) {
      new AppMonitor(stack, `Monitor${index}`, { domain: 'example.com', cwLogEnabled: true, authorization });
    }
    return Template.fromStack(stack);
  }

  /** Characters of all inline policies of a role, as IAM counts them. */
  function policySize(rolePrefix: string): number {
    const documents = resourcesOf(template, 'AWS::IAM::Policy')
      .filter(({ Properties }) => Properties.Roles.some((role: Json) => role.Ref.startsWith(rolePrefix)))
      .map(({ Properties }) => JSON.stringify(filledIn(Properties.PolicyDocument, REFERENCES)).replace(/\s/g, ''));
    expect(documents).not.toEqual([]);
    return documents.join('').length;
  }

  test('are at most 500 resources with one provider', () => {
    expect(resourcesOf(template, MONITOR)).toHaveLength(450);
    expect(onlyResource(template, 'AWS::StepFunctions::StateMachine')).toBeDefined();
    expect(Object.keys(template.toJSON().Resources).length).toBeLessThanOrEqual(500);
  });

  test('need at most 10,240 characters in the policies of the handler and of the guests', () => {
    expect(policySize(HANDLER_ROLE)).toBeLessThanOrEqual(10_240);
    expect(policySize('Guests')).toBeLessThanOrEqual(10_240);
  });

  test('need no managed policies for what does not fit', () => {
    expect(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).toEqual([]);
  });

  test('fit into a template of 1 MB', () => {
    expect(JSON.stringify(template.toJSON()).length).toBeLessThanOrEqual(1024 * 1024);
  });
});
