import { Aws, type Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { changingOwned, creatingOwned } from '../core/permissions';
import type { LastingPermissions, SettledService } from '../core/settled-provider';
import { RumFunction } from './rum-function';

export const APP_MONITOR_TYPE = 'Custom::SettledRumAppMonitor';

/** The provider of all app monitors of a stack. */
export const RUM_SERVICE: SettledService = {
  id: 'Rum',
  handlerClass: RumFunction,
  permissions: standingPermissions,
  explainedFindings: [
    {
      rule: 'AwsSolutions-IAM5',
      reason:
        'Names are generated, and gone from the template before a monitor is deleted; changes need the owner tag.',
      finding: /^Resource::arn:.+:rum:.+:appmonitor\/.*\*$/,
    },
    {
      rule: 'AwsSolutions-IAM5',
      reason: 'rum:ListAppMonitors has no resource-level permissions.',
      finding: /^Resource::\*$/,
    },
    {
      rule: 'AwsSolutions-IAM5',
      reason: 'Reading only: RUM looks at identity pools, whose ids Cognito makes without a common beginning.',
      finding: /^Resource::arn:.+:cognito-identity:.+:identitypool\/\*$/,
    },
  ],
};

/**
 * Names generated in a stack begin with the stack's name: one statement serves them all. Pass the name for a policy in
 * another stack, where the pseudo parameter means that one.
 */
export function generatedMonitorArns(stack: Stack, stackName: string = Aws.STACK_NAME): string {
  return monitorArn(stack, `${stackName}-*`);
}

function monitorArn(stack: Stack, name: string): string {
  return stack.formatArn({ service: 'rum', resource: 'appmonitor', resourceName: name });
}

function standingPermissions(stack: Stack): iam.PolicyStatement[] {
  // Not by name: a monitor is deleted after its name has gone from the template, and so from the policy. What may be
  // changed is limited by the owner tag; reading is how a monitor of someone else is told from ours.
  const all = monitorArn(stack, '*');
  return [
    creating(generatedMonitorArns(stack)),
    changingOwned(['rum:UpdateAppMonitor', 'rum:DeleteAppMonitor', 'rum:UntagResource'], [all]),
    new iam.PolicyStatement({ actions: ['rum:GetAppMonitor', 'rum:ListTagsForResource'], resources: [all] }),
    // "*": this action has no resource-level permissions. It finds what a cancelled creation has made.
    new iam.PolicyStatement({ actions: ['rum:ListAppMonitors'], resources: ['*'] }),
    new iam.PolicyStatement({
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [
        stack.formatArn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName: 'aws-service-role/rum.amazonaws.com/AWSServiceRoleForCloudWatchRUM',
        }),
      ],
    }),
  ];
}

/** Makes monitors and sets their tags. */
function creating(arn: string): iam.PolicyStatement {
  return creatingOwned(['rum:CreateAppMonitor', 'rum:TagResource'], [arn]);
}

/** For a monitor whose name is given. */
export function namedMonitorPermissions(stack: Stack, name: string): iam.PolicyStatement[] {
  return [creating(monitorArn(stack, name))];
}

/** RUM looks at the pool on behalf of its caller. */
export function identityPoolPermissions(stack: Stack): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['cognito-identity:DescribeIdentityPool'],
      // Reading only. Cognito makes the ids, without a common beginning, and a policy has no room for hundreds of them.
      resources: [stack.formatArn({ service: 'cognito-identity', resource: 'identitypool', resourceName: '*' })],
    }),
  ];
}

/** RUM is handed the guest role of the classic flow. */
export function guestRolePermissions(guestRole: iam.IRole): iam.PolicyStatement[] {
  return [new iam.PolicyStatement({ actions: ['iam:GetRole', 'iam:PassRole'], resources: [guestRole.roleArn] })];
}

/** RUM sets up the delivery to CloudWatch Logs on behalf of its caller. */
export function logDeliveryPermissions(): LastingPermissions {
  return {
    id: 'LogDelivery',
    statements: [
      new iam.PolicyStatement({
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:CreateLogGroup',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
          'logs:PutRetentionPolicy',
        ],
        // "*": log deliveries and resource policies of CloudWatch Logs have no resource-level permissions, and the name
        // of the log group contains an id that RUM makes.
        resources: ['*'],
      }),
    ],
    explainedFindings: [
      {
        rule: 'AwsSolutions-IAM5',
        reason: 'Log deliveries have no resource-level permissions, and RUM makes the name of the log group.',
        finding: /^Resource::\*$/,
      },
    ],
  };
}
