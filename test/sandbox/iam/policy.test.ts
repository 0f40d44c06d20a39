import { ConditionContext } from '../../../sandbox/iam/pattern';
import { type Decision, evaluate } from '../../../sandbox/iam/policy';
import type { Context, PolicyStatement } from '../../../sandbox/iam/principal';

const ARN = 'arn:aws:rum:eu-central-1:111111111111:appmonitor/shop';

function decide(
  statements: ReadonlyArray<Partial<PolicyStatement>>,
  request: { action?: string; resource?: string; context?: Context } = {},
): Decision {
  const { action = 'rum:GetAppMonitor', resource = ARN, context } = request;
  const Statement = statements.map((statement): PolicyStatement => {
    return {
      Effect: 'Allow',
      ...('NotAction' in statement ? {} : { Action: '*' }),
      ...resourceOf(statement),
      ...statement,
    };
  });
  return evaluate([{ Version: '2012-10-17', Statement }], { action, resource, context: new ConditionContext(context) });
}

function resourceOf(statement: Partial<PolicyStatement>) {
  return 'NotResource' in statement ? {} : { Resource: '*' };
}

describe('statements', () => {
  it.each<[string, Partial<PolicyStatement>, Decision]>([
    ['the action itself', { Action: 'rum:GetAppMonitor' }, 'allowed'],
    ['the action in another case', { Action: ['RUM:getappmonitor'] }, 'allowed'],
    ['a wildcard', { Action: 'rum:Get*' }, 'allowed'],
    ['a question mark', { Action: 'rum:GetAppMonito?' }, 'allowed'],
    ['another action', { Action: ['rum:PutX', 'rum:Get'] }, 'implicit-deny'],
    ['another service', { Action: 'sts:*' }, 'implicit-deny'],
    ['NotAction of another', { NotAction: 'rum:Delete*' }, 'allowed'],
    ['NotAction of this', { NotAction: ['rum:Get*'] }, 'implicit-deny'],
    ['the resource itself', { Resource: ARN }, 'allowed'],
    ['the resource in another case', { Resource: ARN.toUpperCase() }, 'implicit-deny'],
    ['a resource wildcard', { Resource: ['arn:aws:rum:*:111111111111:appmonitor/sh?p'] }, 'allowed'],
    ['a resource wildcard elsewhere', { Resource: 'arn:aws:rum:*:*:appmonitor/x*' }, 'implicit-deny'],
    ['dots, which are no wildcards', { Resource: ARN.replace('shop', 's.op') }, 'implicit-deny'],
    ['NotResource of another', { NotResource: 'arn:aws:s3:::*' }, 'allowed'],
    ['NotResource of this', { NotResource: 'arn:aws:rum:*' }, 'implicit-deny'],
  ])('decide by %s', (_, statement, expected) => {
    expect(decide([statement])).toBe(expected);
  });

  it('of a specific resource do not cover actions without resource-level permission', () => {
    expect(decide([{ Resource: 'arn:aws:rum:*:*:*' }], { resource: '*' })).toBe('implicit-deny');
    expect(decide([{ Resource: '*' }], { resource: '*' })).toBe('allowed');
  });

  it('that deny win over those that allow, in any order', () => {
    expect(decide([{ Effect: 'Deny', Action: 'rum:Get*' }, {}])).toBe('explicit-deny');
    expect(decide([{}, { Effect: 'Deny', Action: 'rum:Get*' }])).toBe('explicit-deny');
    expect(decide([{}, { Effect: 'Deny', Action: 'rum:Delete*' }])).toBe('allowed');
  });
});

describe('policy variables', () => {
  const resource = ARN;

  it('stand for values of the request', () => {
    const Resource = 'arn:aws:rum:*:*:appmonitor/${aws:PrincipalTag/app}';
    expect(decide([{ Resource }], { context: { 'aws:principaltag/app': 'shop' } })).toBe('allowed');
    expect(decide([{ Resource }], { context: { 'aws:PrincipalTag/app': 'other' } })).toBe('implicit-deny');
  });

  it('match nothing without a value, unless they have a default', () => {
    expect(decide([{ Resource: '*${aws:PrincipalTag/app}' }])).toBe('implicit-deny');
    expect(decide([{ Resource: "*/${aws:PrincipalTag/app, 'shop'}" }])).toBe('allowed');
  });

  it('are literal where their values look like wildcards', () => {
    const Resource = 'arn:aws:rum:*:*:appmonitor/${aws:PrincipalTag/app}';
    expect(decide([{ Resource }], { context: { 'aws:PrincipalTag/app': '*' } })).toBe('implicit-deny');
    expect(decide([{ Resource: `${ARN}\${*}` }], { resource: `${ARN}*` })).toBe('allowed');
  });

  it('are plain text in policies of the old version', () => {
    const policy = {
      Version: '2008-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: '*/${a:b}' } as const,
    };
    const ask = (asked: string) =>
      evaluate([policy], { action: 'rum:X', resource: asked, context: new ConditionContext({ 'a:b': 'shop' }) });
    expect([ask(resource), ask('x/${a:b}')]).toEqual(['implicit-deny', 'allowed']);
  });
});

describe('conditions', () => {
  const context: Context = {
    'aws:RequestedRegion': 'eu-central-1',
    'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/deploy/Handler',
    'aws:TagKeys': ['owner', 'stage'],
    'sts:ExternalId': 'Secret*1',
    'aws:SecureTransport': 'true',
    'aws:CurrentTime': '2030-01-01T00:00:00Z',
    'aws:EpochTime': '1893456000',
    'x:Count': '7',
  };

  it.each<[string, Record<string, string | boolean | number | readonly string[]>, boolean]>([
    ['StringEquals', { 'aws:RequestedRegion': 'eu-central-1' }, true],
    ['StringEquals', { 'AWS:requestedregion': ['us-east-1', 'eu-central-1'] }, true],
    ['StringEquals', { 'aws:RequestedRegion': 'EU-central-1' }, false],
    ['StringEquals', { 'sts:ExternalId': 'Secret${*}1' }, true],
    ['StringEquals', { 'aws:RequestedRegion': 'eu-*' }, false],
    ['StringEquals', { 'x:Absent': 'a' }, false],
    ['StringEqualsIfExists', { 'x:Absent': 'a' }, true],
    ['StringNotEquals', { 'aws:RequestedRegion': ['us-east-1', 'eu-west-1'] }, true],
    ['StringNotEquals', { 'aws:RequestedRegion': ['us-east-1', 'eu-central-1'] }, false],
    ['StringNotEquals', { 'x:Absent': 'a' }, true],
    ['StringEqualsIgnoreCase', { 'aws:RequestedRegion': 'EU-CENTRAL-1' }, true],
    ['StringNotEqualsIgnoreCase', { 'aws:RequestedRegion': 'EU-CENTRAL-1' }, false],
    ['StringLike', { 'aws:RequestedRegion': 'eu-*-?' }, true],
    ['StringNotLike', { 'aws:RequestedRegion': 'eu-*' }, false],
    ['StringEquals', { 'aws:RequestedRegion': 'eu-central-1', 'x:Count': '8' }, false],
    ['ArnLike', { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*/Handler' }, true],
    ['ArnLike', { 'aws:PrincipalArn': 'arn:*:role/deploy/Handler' }, false],
    ['ArnEquals', { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/deploy/H*' }, true],
    ['ArnNotLike', { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:*' }, true],
    ['ArnNotEquals', { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:*' }, false],
    ['Bool', { 'aws:SecureTransport': true }, true],
    ['Bool', { 'aws:SecureTransport': 'false' }, false],
    ['BoolIfExists', { 'aws:MultiFactorAuthPresent': 'true' }, true],
    ['Null', { 'x:Absent': 'true' }, true],
    ['Null', { 'x:Absent': false }, false],
    ['Null', { 'x:Count': 'false' }, true],
    ['NumericEquals', { 'x:Count': 7 }, true],
    ['NumericNotEquals', { 'x:Count': '7' }, false],
    ['NumericLessThan', { 'x:Count': '7' }, false],
    ['NumericLessThanEquals', { 'x:Count': '7' }, true],
    ['NumericGreaterThan', { 'x:Count': '6.5' }, true],
    ['NumericGreaterThanEquals', { 'x:Count': '8' }, false],
    ['NumericEquals', { 'sts:ExternalId': '7' }, false],
    ['DateLessThan', { 'aws:CurrentTime': '2030-06-01T00:00:00Z' }, true],
    ['DateGreaterThan', { 'aws:EpochTime': '2029-12-31T23:59:59Z' }, true],
    ['DateEquals', { 'aws:CurrentTime': '1893456000' }, true],
    ['DateNotEquals', { 'aws:CurrentTime': '2030-01-01T00:00:00Z' }, false],
    ['DateLessThanEquals', { 'aws:CurrentTime': '2029-01-01T00:00:00Z' }, false],
    ['DateGreaterThanEquals', { 'aws:CurrentTime': '2030-01-01T00:00:00Z' }, true],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': ['owner', 'stage', 'more'] }, true],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': ['owner'] }, false],
    ['ForAllValues:StringEquals', { 'x:Absent': ['owner'] }, true],
    ['ForAllValues:StringNotLike', { 'aws:TagKeys': ['aws:*'] }, true],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': 'stage' }, true],
    ['ForAnyValue:StringLike', { 'aws:TagKeys': ['x*', 'y*'] }, false],
    ['ForAnyValue:StringEquals', { 'x:Absent': 'stage' }, false],
    ['ForAnyValue:StringNotEquals', { 'aws:TagKeys': 'owner' }, true],
    ['ForAnyValue:StringNotEquals', { 'x:Absent': 'owner' }, false],
  ])('%s of %j is %s', (operator, keys, expected) => {
    expect(decide([{ Condition: { [operator]: keys } }], { context }) === 'allowed').toBe(expected);
  });

  it('all have to hold', () => {
    const Condition = {
      StringEquals: { 'aws:RequestedRegion': 'eu-central-1' },
      Bool: { 'aws:SecureTransport': false },
    };
    expect(decide([{ Condition }], { context })).toBe('implicit-deny');
  });

  it('with an operator that the sandbox does not know are an error', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    expect(() => decide([{ Condition }], { context })).toThrow("does not know the condition operator 'IpAddress'");
  });

  it('on a key of several values without a quantifier are an error', () => {
    const Condition = { StringEquals: { 'aws:TagKeys': 'owner' } };
    expect(() => decide([{ Condition }], { context })).toThrow('use ForAllValues or ForAnyValue');
  });
});
