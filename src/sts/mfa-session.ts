import { type Duration, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { explainFindings } from '../core/nag';
import { Validation } from '../core/validation';

/** Properties of a demand for sessions with MFA. */
export interface MfaSessionProps {
  /**
   * How long ago the device may have been used: at most 36 hours, which is the longest session. Updated in place.
   */
  readonly maxAge: Duration;

  /**
   * The users of whom it is demanded. Updated in place.
   *
   * @default - none
   */
  readonly users?: iam.IUser[];

  /**
   * The groups of whose users it is demanded. Updated in place.
   *
   * @default - none
   */
  readonly groups?: iam.IGroup[];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-multifactorauthage */
const PRESENT = 'aws:MultiFactorAuthPresent';
const AGE = 'aws:MultiFactorAuthAge';

/** What leads to a session with MFA: the device can be set up and used without one. */
const WITHOUT_MFA = [
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:ListVirtualMFADevices',
  'iam:ResyncMFADevice',
  'sts:GetSessionToken',
];

/**
 * Demands that IAM users show a code of their MFA device before they do anything else (GetSessionToken), and again after a
 * while. Attaches a policy that denies everything else without, and lets users manage their own device.
 *
 * Anybody may call GetSessionToken with the access key of a user, for 15 minutes to 36 hours: no permission is needed, and
 * no policy can forbid it. So MFA is demanded where the session is used.
 *
 * Use it for people with access keys or a password of an IAM user. Do not use it for roles: their sessions do not say whether
 * there was MFA when another role or a service assumed them, so that everything would be denied; demand it in the trust policy,
 * with `conditions`. It is lost when a role is assumed from the session. Programs have no device: give them roles.
 */
export class MfaSession extends Construct {
  /**
   * Conditions of a statement, or of a role's principal, that demand MFA not longer ago than this:
   * `new iam.AccountRootPrincipal().withConditions(sts.MfaSession.conditions(Duration.hours(1)))`.
   *
   * @param maxAge more than 0 seconds, at most 36 hours
   */
  static conditions(maxAge: Duration): { [operator: string]: unknown } {
    return { Bool: { [PRESENT]: 'true' }, NumericLessThan: { [AGE]: `${secondsOf('sts.MfaSession', maxAge)}` } };
  }

  /**
   * Adds these conditions to a statement that allows something, beside those that it has, and returns it.
   *
   * @param maxAge more than 0 seconds, at most 36 hours
   */
  static demand(statement: iam.PolicyStatement, maxAge: Duration): iam.PolicyStatement {
    new Validation('sts.MfaSession')
      .check(
        'statement',
        statement.effect,
        statement.effect === iam.Effect.ALLOW,
        'allow something (to deny without MFA, make an MfaSession)',
      )
      .throwIfInvalid();
    statement.addConditions(MfaSession.conditions(maxAge));
    return statement;
  }

  /** The policy, which can be attached to further users and groups. */
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: MfaSessionProps) {
    super(scope, id);
    const seconds = secondsOf(this.node.path, props.maxAge);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      description: `Demands a session with MFA that is not older than ${seconds} seconds`,
      users: props.users,
      groups: props.groups,
      statements: [
        ...this.managingOwnDevice(),
        // A key that is not there counts as well: that is so with access keys of users.
        denyingAllElse('DenyWithoutMfa', { BoolIfExists: { [PRESENT]: 'false' } }),
        denyingAllElse('DenyAfterMaxAge', { NumericGreaterThanEquals: { [AGE]: `${seconds}` } }),
      ],
    });
    explainFindings(this.policy, 'AWS::IAM::ManagedPolicy', [
      {
        rule: 'AwsSolutions-IAM5',
        reason: 'Listing virtual devices has no resource-level permissions; users may stand below any path.',
        finding: /^Resource::(\*|arn:.+:iam::.+:user\/\*\/.+)$/,
      },
    ]);
  }

  /**
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_iam_mfa-selfmanage.html; a device is named
   * after its user here.
   */
  private managingOwnDevice(): iam.PolicyStatement[] {
    const own = (resource: string, resourceName: string): string =>
      Stack.of(this).formatArn({ service: 'iam', region: '', resource, resourceName });
    const device = own('mfa', OWN_NAME);
    return [
      // "*": it has no resource-level permissions.
      new iam.PolicyStatement({ actions: ['iam:ListVirtualMFADevices'], resources: ['*'] }),
      new iam.PolicyStatement({
        actions: ['iam:CreateVirtualMFADevice', 'iam:DeleteVirtualMFADevice'],
        resources: [device],
      }),
      new iam.PolicyStatement({
        actions: [
          'iam:DeactivateMFADevice',
          'iam:EnableMFADevice',
          'iam:GetUser',
          'iam:ListMFADevices',
          'iam:ResyncMFADevice',
        ],
        // "*": the path, if the user has one. Names are unique in an account whatever the path.
        resources: [own('user', OWN_NAME), own('user', `*/${OWN_NAME}`)],
      }),
    ];
  }
}

/** Filled in by IAM. */
const OWN_NAME = '${aws:username}';

function denyingAllElse(sid: string, conditions: { [operator: string]: unknown }): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid,
    effect: iam.Effect.DENY,
    notActions: WITHOUT_MFA,
    resources: ['*'],
    conditions,
  });
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
function secondsOf(subject: string, maxAge: Duration): number {
  const seconds = maxAge.toSeconds();
  new Validation(subject).range('maxAge', seconds, 1, 129_600, ' seconds').throwIfInvalid();
  return seconds;
}
