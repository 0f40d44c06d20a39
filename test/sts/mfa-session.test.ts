import { GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { Duration, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { MfaSession } from '../../src/sts';
import { ACCOUNT, allow, StsLab } from '../sandbox/services/sts/lab';
import { findings } from '../support/nag';
import { filledIn, type Json, messageOf, onlyResource, testStack } from '../support/synthesis';
import { sessionOf, trusts } from '../support/trust';

const DEVICE = { serialNumber: `arn:aws:iam::${ACCOUNT}:mfa/ann`, code: '123456' };
const OWN_USER = `arn:aws:iam::${ACCOUNT}:user/ann`;

function demanding(maxAge = Duration.hours(1)): Stack {
  const stack = testStack({ env: { account: ACCOUNT, region: 'eu-central-1' } });
  const group = iam.Group.fromGroupName(stack, 'Group', 'people');
  new MfaSession(stack, 'Mfa', { maxAge, users: [new iam.User(stack, 'Ann')], groups: [group] });
  return stack;
}

function statements(stack: Stack): Json[] {
  return filledIn(
    onlyResource(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy').Properties.PolicyDocument.Statement,
  );
}

describe('in the sandbox', () => {
  let lab: StsLab;

  beforeEach(async () => {
    lab = await StsLab.start();
  });

  afterEach(() => StsLab.stopAll());

  /** Ann may do everything, as soon as she has shown a code. */
  function ann() {
    return lab.user('ann', [allow(['a:*', 'iam:DeactivateMFADevice']), ...statements(demanding())], {
      mfaDevices: [DEVICE],
    });
  }

  const withMfa = new GetSessionTokenCommand({ SerialNumber: DEVICE.serialNumber, TokenCode: DEVICE.code });

  test('a session with MFA may do what its user may', async () => {
    const session = await ann().sts.send(withMfa);
    expect(lab.may(session, 'a:B')).toBe(true);
    expect(lab.may(session, 'iam:DeactivateMFADevice', { resource: OWN_USER })).toBe(true);
  });

  test('a session without MFA may do nothing', async () => {
    const session = await ann().sts.send(new GetSessionTokenCommand({}));
    expect(lab.may(session, 'a:B')).toBe(false);
  });

  test('the access key of a user may set the own device up, and nothing else', () => {
    const { keys } = ann();
    const key = { Credentials: keysOf(keys) };
    expect(lab.may(key, 'a:B')).toBe(false);
    expect(lab.may(key, 'iam:DeactivateMFADevice', { resource: OWN_USER })).toBe(false);
    expect(lab.may(key, 'iam:EnableMFADevice', { resource: OWN_USER })).toBe(true);
    expect(lab.may(key, 'iam:EnableMFADevice', { resource: OWN_USER.replace('/ann', '/staff/ann') })).toBe(true);
    expect(lab.may(key, 'iam:CreateVirtualMFADevice', { resource: DEVICE.serialNumber })).toBe(true);
    expect(lab.may(key, 'iam:EnableMFADevice', { resource: OWN_USER.replace('ann', 'bob') })).toBe(false);
  });

  test('a session may do nothing more when its MFA is too old', async () => {
    const session = await ann().sts.send(withMfa);
    const aged = (seconds: number) => ({ context: { 'aws:MultiFactorAuthAge': `${seconds}` } });
    expect(lab.may(session, 'a:B', aged(3599))).toBe(true);
    expect(lab.may(session, 'a:B', aged(3600))).toBe(false);
  });
});

function keysOf({ accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string }) {
  return { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: '', Expiration: undefined };
}

test('it is demanded of the users and groups that are given', () => {
  const { Properties } = onlyResource(Template.fromStack(demanding()), 'AWS::IAM::ManagedPolicy');
  expect(Properties).toMatchObject({ Users: [{ Ref: expect.stringMatching(/^Ann/) }], Groups: ['people'] });
});

describe('conditions', () => {
  test('demand MFA that is not too old, in a trust policy as well', () => {
    const stack = testStack();
    new iam.Role(stack, 'Role', {
      assumedBy: new iam.AccountRootPrincipal().withConditions(MfaSession.conditions(Duration.minutes(10))),
    });
    const template = Template.fromStack(stack);
    const may = (present: string, age: string) =>
      trusts(template, { ...sessionOf(ACCOUNT), accountId: '111111111111' }, 'sts:AssumeRole', {
        'aws:MultiFactorAuthPresent': present,
        'aws:MultiFactorAuthAge': age,
      });
    expect([may('true', '599'), may('true', '600'), may('false', '0')]).toEqual([true, false, false]);
    expect(trusts(template, sessionOf('111111111111'), 'sts:AssumeRole')).toBe(false);
  });

  test('stand beside those that a statement has', () => {
    const statement = new iam.PolicyStatement({
      actions: ['s3:DeleteObject'],
      resources: ['arn:aws:s3:::reports/*'],
      conditions: { Bool: { 'aws:SecureTransport': 'true' } },
    });
    expect(MfaSession.demand(statement, Duration.hours(1))).toBe(statement);
    expect(statement.toStatementJson().Condition).toEqual({
      Bool: { 'aws:SecureTransport': 'true', 'aws:MultiFactorAuthPresent': 'true' },
      NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
    });
  });

  test('cannot be demanded of what is denied', () => {
    const statement = new iam.PolicyStatement({ effect: iam.Effect.DENY, actions: ['s3:*'], resources: ['*'] });
    expect(messageOf(() => MfaSession.demand(statement, Duration.hours(1)))).toBe(
      'sts.MfaSession: statement must allow something (to deny without MFA, make an MfaSession), got "Deny"',
    );
  });
});

test.each([0, 129_601])('an age of %d seconds is an error', (seconds) => {
  expect(messageOf(() => demanding(Duration.seconds(seconds)))).toBe(
    `Stack/Mfa: maxAge must be from 1 to 129600 seconds, got ${seconds}`,
  );
  expect(messageOf(() => MfaSession.conditions(Duration.seconds(seconds)))).toContain('sts.MfaSession: maxAge must be');
});

test('cdk-nag finds nothing that is not explained', () => {
  expect(findings(demanding())).toEqual([]);
});
