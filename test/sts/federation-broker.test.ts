import { GetFederationTokenCommand, type GetFederationTokenCommandInput, type STSClient } from '@aws-sdk/client-sts';
import { Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { FederationBroker, type FederationBrokerProps } from '../../src/sts';
import { ACCOUNT, errorOf, StsLab } from '../sandbox/services/sts/lab';
import { findings } from '../support/nag';
import { filledIn, type Json, messageOf, resourcesOf, testStack } from '../support/synthesis';

const READING = new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::reports/a.csv'] });

function broker(props: Partial<FederationBrokerProps> = {}) {
  const stack = testStack({ env: { account: ACCOUNT, region: 'eu-central-1' } });
  const made = new FederationBroker(stack, 'Broker', {
    federatedUserNames: ['guest-*', 'bob'],
    permissions: [READING],
    ...props,
  });
  return { stack, made };
}

/** All statements of the user, as IAM gets them. */
function statementsOf(stack: Stack): Json[] {
  return resourcesOf(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy').flatMap(({ Properties }) =>
    filledIn(Properties.PolicyDocument.Statement),
  );
}

describe('in the sandbox', () => {
  let lab: StsLab;

  beforeEach(async () => {
    lab = await StsLab.start();
  });

  afterEach(() => StsLab.stopAll());

  function get(sts: STSClient, input: Partial<GetFederationTokenCommandInput>) {
    return sts.send(new GetFederationTokenCommand({ Name: 'bob', ...input }));
  }

  test('federated users may do what the session policy says, and nothing without it', async () => {
    const { stack, made } = broker();
    const { sts } = lab.user('broker', statementsOf(stack));
    const Policy: string = stack.resolve(made.sessionPolicy);
    const may = { resource: 'arn:aws:s3:::reports/a.csv' };
    const answer = await get(sts, { Policy, Name: 'guest-7' });
    expect(lab.may(answer, 's3:GetObject', may)).toBe(true);
    expect(lab.may(answer, 's3:PutObject', may)).toBe(false);
    expect(lab.may(await get(sts, {}), 's3:GetObject', may)).toBe(false);
  });

  test('tokens for other names are refused', async () => {
    const { sts } = lab.user('broker', statementsOf(broker().stack));
    expect((await errorOf(get(sts, { Name: 'alice' }))).name).toBe('AccessDenied');
  });

  test('tags are taken where their keys are given', async () => {
    const tagging = (key: string) => ({ Tags: [{ Key: key, Value: 'x' }] });
    const { sts } = lab.user('broker', statementsOf(broker({ sessionTagKeys: ['team'] }).stack));
    expect((await get(sts, tagging('team'))).FederatedUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:federated-user/bob`);
    expect((await errorOf(get(sts, tagging('cost')))).message).toContain('sts:TagSession');
    const without = lab.user('plain', statementsOf(broker().stack));
    expect((await errorOf(get(without.sts, tagging('team')))).message).toContain('sts:TagSession');
  });
});

describe('the user', () => {
  test('is a new one, without an access key', () => {
    const template = Template.fromStack(broker().stack);
    template.resourceCountIs('AWS::IAM::User', 1);
    template.resourceCountIs('AWS::IAM::AccessKey', 0);
  });

  test('can be given', () => {
    const stack = testStack();
    const user = iam.User.fromUserName(stack, 'Given', 'broker');
    const made = new FederationBroker(stack, 'Broker', { user, federatedUserNames: ['bob'], permissions: [READING] });
    const template = Template.fromStack(stack);
    expect(made.user).toBe(user);
    template.resourceCountIs('AWS::IAM::User', 0);
    for (const { Properties } of resourcesOf(template, 'AWS::IAM::ManagedPolicy')) {
      expect(Properties.Users).toEqual(['broker']);
    }
  });

  test('may get tokens for the names, and what its users may do', () => {
    expect(statementsOf(broker().stack)).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:GetFederationToken',
        Resource: [`arn:aws:sts::${ACCOUNT}:federated-user/guest-*`, `arn:aws:sts::${ACCOUNT}:federated-user/bob`],
      },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::reports/a.csv' },
    ]);
  });
});

test('the session policy keeps tokens', () => {
  const stack = new Stack();
  const resources = [Lazy.string({ produce: () => 'arn:aws:s3:::late' })];
  const permissions = [new iam.PolicyStatement({ actions: ['s3:GetObject'], resources })];
  const { sessionPolicy } = new FederationBroker(stack, 'Broker', { federatedUserNames: ['bob'], permissions });
  expect(JSON.parse(stack.resolve(sessionPolicy))).toMatchObject({ Statement: [{ Resource: 'arn:aws:s3:::late' }] });
});

describe('an error says', () => {
  const long = new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${'x'.repeat(2048)}`] });
  const invalid: Array<[string, Partial<FederationBrokerProps>, string]> = [
    ['that names are missing', { federatedUserNames: [] }, 'federatedUserNames must have at least one entry'],
    ['that a name is too short', { federatedUserNames: ['b'] }, 'federatedUserNames must have 2 to 32 characters'],
    [
      'that a name is too long',
      { federatedUserNames: ['b'.repeat(33)] },
      'federatedUserNames must have 2 to 32 characters',
    ],
    ['that a name has other characters', { federatedUserNames: ['b/b'] }, 'federatedUserNames must consist of letters'],
    ['that permissions are missing', { permissions: [] }, 'permissions must have at least one statement'],
    ['that permissions are too long', { permissions: [long] }, 'permissions must have 0 to 2048 characters (it has'],
    ['that a tag is reserved', { sessionTagKeys: ['aws:x'] }, 'sessionTagKeys key "aws:x" is reserved by AWS'],
  ];
  test.each(invalid)('%s', (_, props, message) => {
    expect(messageOf(() => broker(props))).toContain(message);
  });

  test.each(['*', 'bob', 'b'.repeat(32), '_+=,.@-'])('nothing against the name %p', (name) => {
    expect(() => broker({ federatedUserNames: [name] })).not.toThrow();
  });

  test('nothing against tokens', () => {
    const token = Lazy.string({ produce: () => '/' });
    expect(() => broker({ federatedUserNames: [token], sessionTagKeys: [token] })).not.toThrow();
  });
});

test('cdk-nag finds nothing that is not explained', () => {
  expect(findings(broker({ sessionTagKeys: ['team'] }).stack)).toEqual([]);
});
