import { type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IdentityPool, type IIdentityPool } from 'aws-cdk-lib/aws-cognito-identitypool';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AppMonitor, Authorization, type CognitoAuthorizationOptions } from '../../src/rum';
import { RoleAssumption } from '../../src/sts';
import {
  actionsOf,
  HANDLER_ROLE,
  type Json,
  MONITOR,
  messageOf,
  monitorProperties,
  onlyResource,
  resourcesOf,
  statementsOf,
  synthesize,
  testApp,
  testStack,
} from '../support/synthesis';

const POOL = 'AWS::Cognito::IdentityPool';
const ATTACHMENT = 'AWS::Cognito::IdentityPoolRoleAttachment';
const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/monitoring');

function addMonitor(stack: Stack, authorization?: Authorization, appMonitorName?: string): AppMonitor {
  return new AppMonitor(stack, 'Monitor', { domain: 'example.com', authorization, appMonitorName });
}

function givenPool(stack: Stack): IIdentityPool {
  return IdentityPool.fromIdentityPoolId(stack, 'Pool', 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef');
}

function givenRole(stack: Stack): iam.Role {
  return new iam.Role(stack, 'Guests', { assumedBy: new iam.AccountRootPrincipal() });
}

/** Logical ids that begin so, of which there must be one. */
function idOf(template: Template, type: string, prefix = ''): string {
  const ids = Object.keys(template.findResources(type)).filter((id) => id.startsWith(prefix));
  expect(ids).toHaveLength(1);
  return ids[0];
}

function putEventsStatements(template: Template, rolePrefix: string): Json[] {
  return statementsOf(template, rolePrefix).filter(({ Action }) => Action === 'rum:PutRumEvents');
}

describe('by default', () => {
  const template = synthesize((stack) => addMonitor(stack));
  const poolId = idOf(template, POOL);
  const roleId = idOf(template, 'AWS::IAM::Role', 'MonitorGuestRole');

  test('an identity pool for guests in the enhanced flow is made', () => {
    expect(onlyResource(template, POOL).Properties).toEqual({ AllowUnauthenticatedIdentities: true });
    expect(monitorProperties(template)).toMatchObject({ IdentityPoolId: { Ref: poolId } });
    expect(monitorProperties(template)).not.toHaveProperty('GuestRoleArn');
  });

  test('guests of exactly this pool may assume the guest role', () => {
    expect(template.findResources('AWS::IAM::Role')[roleId].Properties.AssumeRolePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRoleWithWebIdentity',
          Principal: { Federated: 'cognito-identity.amazonaws.com' },
          Condition: {
            StringEquals: { 'cognito-identity.amazonaws.com:aud': { Ref: poolId } },
            'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
          },
        },
      ],
    });
  });

  test('the pool hands the role out to guests', () => {
    expect(onlyResource(template, ATTACHMENT).Properties).toEqual({
      IdentityPoolId: { Ref: poolId },
      Roles: { unauthenticated: { 'Fn::GetAtt': [roleId, 'Arn'] } },
    });
  });

  test('the role may send events to this monitor and do nothing else', () => {
    expect(statementsOf(template, roleId)).toEqual([
      {
        Effect: 'Allow',
        Action: 'rum:PutRumEvents',
        Resource: { 'Fn::GetAtt': [idOf(template, MONITOR), 'Arn'] },
      },
    ]);
  });

  test('the handler may not look at roles or pass them', () => {
    const actions = actionsOf(statementsOf(template, HANDLER_ROLE));
    expect(actions.filter((action) => /^iam:(Get|Pass)Role$/.test(action))).toEqual([]);
  });

  test('pool and role are attributes of the monitor', () => {
    const stack = testStack();
    const monitor = addMonitor(stack);
    expect(stack.resolve(monitor.identityPoolId)).toEqual({ Ref: poolId });
    expect(stack.resolve(monitor.guestRole?.roleArn)).toEqual({ 'Fn::GetAtt': [roleId, 'Arn'] });
  });
});

describe('the identity provider of the trust policy', () => {
  function federatedIn(env?: Environment): Json {
    const template = synthesize((stack) => addMonitor(stack), { env });
    const roles = template.findResources('AWS::IAM::Role');
    return roles[idOf(template, 'AWS::IAM::Role', 'MonitorGuestRole')].Properties.AssumeRolePolicyDocument.Statement[0];
  }

  test.each(['us-gov-west-1', 'us-gov-east-1'])('is GovCloud’s own in %s', (region) => {
    const { Principal, Condition } = federatedIn({ region, account: '111111111111' });
    expect(Principal).toEqual({ Federated: 'cognito-identity-us-gov.amazonaws.com' });
    expect(Object.keys(Condition.StringEquals)).toEqual(['cognito-identity-us-gov.amazonaws.com:aud']);
    expect(Object.keys(Condition['ForAnyValue:StringLike'])).toEqual(['cognito-identity-us-gov.amazonaws.com:amr']);
  });

  test('is the common one in other regions', () => {
    expect(federatedIn({ region: 'us-east-1', account: '111111111111' }).Principal).toEqual({
      Federated: 'cognito-identity.amazonaws.com',
    });
  });
});

describe('the classic flow', () => {
  const template = synthesize((stack) => addMonitor(stack, Authorization.cognito({ classicFlow: true })));
  const role = { 'Fn::GetAtt': [idOf(template, 'AWS::IAM::Role', 'MonitorGuestRole'), 'Arn'] };

  test('is allowed in the pool that is made', () => {
    expect(onlyResource(template, POOL).Properties).toEqual({
      AllowUnauthenticatedIdentities: true,
      AllowClassicFlow: true,
    });
  });

  test('tells RUM the guest role', () => {
    expect(monitorProperties(template)).toMatchObject({ GuestRoleArn: role });
  });

  test('lets the handler look at this role and pass it, and no other', () => {
    const [statement, ...others] = statementsOf(template, HANDLER_ROLE).filter(({ Action }) =>
      /PassRole/.test(`${Action}`),
    );
    expect(others).toEqual([]);
    expect(statement).toEqual({ Effect: 'Allow', Action: ['iam:GetRole', 'iam:PassRole'], Resource: role });
  });

  test('with a pool that is given needs the role', () => {
    const stack = testStack();
    const authorization = Authorization.cognito({ identityPool: givenPool(stack), classicFlow: true });
    expect(messageOf(() => addMonitor(stack, authorization))).toBe(
      'Stack/Monitor: authorization with classicFlow and an identityPool needs the guestRole that browsers assume; pass it, or leave classicFlow out',
    );
  });

  test('takes a pool and a role that are given', () => {
    const both = synthesize((stack) =>
      addMonitor(
        stack,
        Authorization.cognito({ identityPool: givenPool(stack), guestRole: givenRole(stack), classicFlow: true }),
      ),
    );
    both.resourceCountIs(POOL, 0);
    expect(monitorProperties(both)).toMatchObject({
      IdentityPoolId: 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef',
      GuestRoleArn: { 'Fn::GetAtt': [idOf(both, 'AWS::IAM::Role', 'Guests'), 'Arn'] },
    });
  });
});

describe('an identity pool that is given', () => {
  const withPool = (options: (stack: Stack) => CognitoAuthorizationOptions = () => ({})) =>
    synthesize((stack) =>
      addMonitor(stack, Authorization.cognito({ identityPool: givenPool(stack), ...options(stack) })),
    );

  test('is used, and nothing is made beside it', () => {
    const template = withPool();
    template.resourceCountIs(POOL, 0);
    template.resourceCountIs(ATTACHMENT, 0);
    expect(Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => /Guest/.test(id))).toEqual([]);
    expect(monitorProperties(template)).toMatchObject({
      IdentityPoolId: 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef',
    });
  });

  test('leaves the guest role unknown', () => {
    const stack = testStack();
    const monitor = addMonitor(stack, Authorization.cognito({ identityPool: givenPool(stack) }));
    expect(monitor.guestRole).toBeUndefined();
    expect(monitor.identityPoolId).toBe('eu-west-1:01234567-89ab-cdef-0123-456789abcdef');
  });

  test('with its role: the role may send events, and RUM is not told of it', () => {
    const template = withPool((stack) => ({ guestRole: givenRole(stack) }));
    expect(putEventsStatements(template, 'Guests')).toHaveLength(1);
    expect(monitorProperties(template)).not.toHaveProperty('GuestRoleArn');
  });

  test('may be one of the CDK’s own constructs', () => {
    const template = synthesize((stack) => {
      const identityPool = new IdentityPool(stack, 'Pool', { allowUnauthenticatedIdentities: true });
      addMonitor(stack, Authorization.cognito({ identityPool, guestRole: identityPool.unauthenticatedRole }));
    });
    expect(monitorProperties(template)).toMatchObject({ IdentityPoolId: { Ref: idOf(template, POOL) } });
    expect(putEventsStatements(template, 'PoolUnauthenticatedRole')).toHaveLength(1);
  });
});

describe('a guest role that is given', () => {
  const GENERATED = {
    'Fn::Join': [
      '',
      [
        'arn:',
        { Ref: 'AWS::Partition' },
        ':rum:',
        { Ref: 'AWS::Region' },
        ':',
        { Ref: 'AWS::AccountId' },
        ':appmonitor/',
        { Ref: 'AWS::StackName' },
        '-*',
      ],
    ],
  };

  test('becomes the role of the pool that is made', () => {
    const template = synthesize((stack) => addMonitor(stack, Authorization.cognito({ guestRole: givenRole(stack) })));
    const Roles = { unauthenticated: { 'Fn::GetAtt': [idOf(template, 'AWS::IAM::Role', 'Guests'), 'Arn'] } };
    template.hasResourceProperties(ATTACHMENT, { Roles, IdentityPoolId: { Ref: idOf(template, POOL) } });
  });

  test('gets one statement for all generated names of the stack', () => {
    const template = synthesize((stack) => {
      const authorization = Authorization.cognito({ identityPool: givenPool(stack), guestRole: givenRole(stack) });
      for (const id of ['A', 'B', 'C']) new AppMonitor(stack, id, { domain: 'example.com', authorization });
    });
    expect(putEventsStatements(template, 'Guests').map(({ Resource }) => Resource)).toEqual([GENERATED]);
  });

  test('gets the very ARN of a monitor whose name is given', () => {
    const template = synthesize((stack) =>
      addMonitor(stack, Authorization.cognito({ identityPool: givenPool(stack), guestRole: givenRole(stack) }), 'shop'),
    );
    expect(putEventsStatements(template, 'Guests').map(({ Resource }) => Resource)).toEqual([
      { 'Fn::GetAtt': [idOf(template, MONITOR), 'Arn'] },
    ]);
  });

  test('of another stack gets a statement for the stack of the monitor', () => {
    const app = testApp();
    const roleStack = new Stack(app, 'Roles');
    const guestRole = givenRole(roleStack);
    const stack = new Stack(app, 'Web');
    addMonitor(stack, Authorization.cognito({ identityPool: givenPool(stack), guestRole }));
    const [statement, ...others] = putEventsStatements(Template.fromStack(roleStack), 'Guests');
    expect(others).toEqual([]);
    expect(statement.Resource['Fn::Join'][1].at(-1)).toBe(':appmonitor/Web-*');
  });
});

describe('Authorization.none()', () => {
  const template = synthesize((stack) => addMonitor(stack, Authorization.none()));

  test('makes neither a pool nor a role', () => {
    template.resourceCountIs(POOL, 0);
    template.resourceCountIs(ATTACHMENT, 0);
    expect(Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => /Guest/.test(id))).toEqual([]);
  });

  test('leaves pool and role out of the properties', () => {
    const properties = monitorProperties(template);
    expect(properties).not.toHaveProperty('IdentityPoolId');
    expect(properties).not.toHaveProperty('GuestRoleArn');
  });

  test('lets the handler look at no identity pool', () => {
    expect(actionsOf(statementsOf(template, HANDLER_ROLE))).not.toContain('cognito-identity:DescribeIdentityPool');
  });
});

describe('with a role to assume', () => {
  const elsewhere = (stack: Stack, authorization?: Authorization) =>
    new AppMonitor(stack, 'Monitor', { domain: 'example.com', assumeRole, authorization });

  test('nothing is made by default, since the pool belongs into the other account', () => {
    const template = synthesize((stack) => elsewhere(stack));
    template.resourceCountIs(POOL, 0);
    expect(monitorProperties(template)).not.toHaveProperty('IdentityPoolId');
  });

  test('a pool cannot be made', () => {
    expect(messageOf(() => elsewhere(testStack(), Authorization.cognito()))).toBe(
      'Stack/Monitor: authorization cannot make an identity pool in the account or region of assumeRole; pass an identityPool of that place, or use Authorization.none()',
    );
  });

  test('a pool and a role of the other account can be given', () => {
    const template = synthesize(
      (stack) => {
        const guestRole = iam.Role.fromRoleArn(stack, 'Guests', 'arn:aws:iam::222222222222:role/guests');
        elsewhere(stack, Authorization.cognito({ identityPool: givenPool(stack), guestRole, classicFlow: true }));
      },
      { env: { account: '111111111111', region: 'eu-west-1' } },
    );
    template.hasResourceProperties(MONITOR, {
      IdentityPoolId: 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef',
      GuestRoleArn: 'arn:aws:iam::222222222222:role/guests',
    });
    expect(resourcesOf(template, 'AWS::IAM::Policy').flatMap(({ Properties }) => Properties.Roles)).not.toContain(
      'guests',
    );
  });
});
