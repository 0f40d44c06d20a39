import * as iam from 'aws-cdk-lib/aws-iam';
import type { Requirement } from '../core/delegation';
import { changingOwned, creatingOwned } from '../core/permissions';
import type { Realm } from '../core/realm';
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

/** What the permissions on an app monitor depend on. */
export interface MonitorNeeds {
  /** Undefined where it is generated. */
  readonly name?: string;
  readonly logs: boolean;
  readonly identityPool: boolean;
  /** Of the classic flow. */
  readonly guestRole?: iam.IRole;
}

export function monitorRequirement({ name, logs, identityPool, guestRole }: MonitorNeeds) {
  return {
    service: RUM_SERVICE,
    resourceType: APP_MONITOR_TYPE,
    permissions: (realm: Realm) => [
      ...(name === undefined ? [] : namedMonitorPermissions(realm, name)),
      ...(identityPool ? identityPoolPermissions(realm) : []),
      ...(guestRole === undefined ? [] : guestRolePermissions(guestRole)),
    ],
    lastingPermissions: logs ? logDeliveryPermissions() : undefined,
  } satisfies Requirement;
}

/** Names generated in a stack begin with the stack's name: one statement serves them all. */
export function generatedMonitorArns(realm: Realm): string {
  return monitorArn(realm, `${realm.stackName}-*`);
}

function monitorArn(realm: Realm, name: string): string {
  return realm.arn({ service: 'rum', resource: 'appmonitor', resourceName: name });
}

function standingPermissions(realm: Realm): iam.PolicyStatement[] {
  // Not by name: a monitor is deleted after its name has gone from the template, and so from the policy. What may be
  // changed is limited by the owner tag; reading is how a monitor of someone else is told from ours.
  const all = monitorArn(realm, '*');
  return [
    creating(realm, generatedMonitorArns(realm)),
    changingOwned(realm, ['rum:UpdateAppMonitor', 'rum:DeleteAppMonitor', 'rum:UntagResource'], [all]),
    new iam.PolicyStatement({ actions: ['rum:GetAppMonitor', 'rum:ListTagsForResource'], resources: [all] }),
    // "*": this action has no resource-level permissions. It finds what a cancelled creation has made.
    new iam.PolicyStatement({ actions: ['rum:ListAppMonitors'], resources: ['*'] }),
    new iam.PolicyStatement({
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [
        realm.arn({
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
function creating(realm: Realm, arn: string): iam.PolicyStatement {
  return creatingOwned(realm, ['rum:CreateAppMonitor', 'rum:TagResource'], [arn]);
}

/** For a monitor whose name is given. */
function namedMonitorPermissions(realm: Realm, name: string): iam.PolicyStatement[] {
  return [creating(realm, monitorArn(realm, name))];
}

/** RUM looks at the pool on behalf of its caller. */
function identityPoolPermissions(realm: Realm): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: ['cognito-identity:DescribeIdentityPool'],
      // Reading only. Cognito makes the ids, without a common beginning, and a policy has no room for hundreds of them.
      resources: [realm.arn({ service: 'cognito-identity', resource: 'identitypool', resourceName: '*' })],
    }),
  ];
}

/** RUM is handed the guest role of the classic flow. */
function guestRolePermissions(guestRole: iam.IRole): iam.PolicyStatement[] {
  return [new iam.PolicyStatement({ actions: ['iam:GetRole', 'iam:PassRole'], resources: [guestRole.roleArn] })];
}

/** RUM sets up the delivery to CloudWatch Logs on behalf of its caller. */
function logDeliveryPermissions(): LastingPermissions {
  return {
    id: 'LogDelivery',
    statements: () => [
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
