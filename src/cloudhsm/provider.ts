import { type Resource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { keepingParameters, OWN_PARAMETERS } from '../core/parameters';
import { changingOwned, creatingOwned } from '../core/permissions';
import type { LastingPermissions, SettledService } from '../core/settled-provider';
import { CloudhsmFunction } from './cloudhsm-function';

export const CLUSTER_TYPE = 'Custom::SettledCloudHsmCluster';
export const HSM_TYPE = 'Custom::SettledCloudHsmHsm';
export const INITIALIZATION_TYPE = 'Custom::SettledCloudHsmInitialization';
export const ACTIVATION_TYPE = 'Custom::SettledCloudHsmActivation';
export const BACKUP_COPY_TYPE = 'Custom::SettledCloudHsmBackupCopy';

/** The provider of all clusters of a stack and of what belongs to them. */
export const CLOUDHSM_SERVICE: SettledService = {
  id: 'CloudHsm',
  handlerClass: CloudhsmFunction,
  permissions: standingPermissions,
  explainedFindings: [
    {
      rule: 'AwsSolutions-IAM5',
      reason: 'CloudHSM makes the ids of clusters; each statement on them needs the owner tag of this stack.',
      finding: /^Resource::arn:.+:cloudhsm:.+:cluster\/\*$/,
    },
    {
      rule: 'AwsSolutions-IAM5',
      reason:
        'CreateCluster, DeleteHsm and the describing actions of CloudHSM and EC2 have no resource-level permissions.',
      finding: /^Resource::\*$/,
    },
    {
      rule: 'AwsSolutions-IAM5',
      reason: 'CloudHSM makes security groups and network interfaces on behalf of its caller; their ids are its own.',
      finding: /^Resource::arn:.+:ec2:.+:(vpc|subnet|security-group|network-interface|instance)\/\*$/,
    },
  ],
};

interface Place {
  readonly account: string;
  readonly region: string;
}

function standingPermissions(stack: Stack): iam.PolicyStatement[] {
  const clusters = [arn(stack, 'cloudhsm', 'cluster/*')];
  return [
    // "*": CreateCluster names no cluster (only the backup to restore, which may be another account's).
    creatingOwned(['cloudhsm:CreateCluster'], ['*']),
    creatingOwned(['cloudhsm:TagResource'], clusters),
    changingOwned(
      [
        'cloudhsm:CreateHsm',
        'cloudhsm:DeleteCluster',
        'cloudhsm:InitializeCluster',
        'cloudhsm:ModifyCluster',
        // HSMs are claimed in tags of their cluster.
        'cloudhsm:TagResource',
        'cloudhsm:UntagResource',
      ],
      clusters,
    ),
    // Reading, of all clusters: by the tags, ours are told from those of others.
    new iam.PolicyStatement({ actions: ['cloudhsm:ListTags'], resources: clusters }),
    new iam.PolicyStatement({
      actions: ['cloudhsm:DescribeClusters', 'cloudhsm:DescribeBackups', 'cloudhsm:DeleteHsm'],
      // "*": these actions have no resource-level permissions and no tag conditions.
      resources: ['*'],
    }),
    new iam.PolicyStatement({
      actions: ['iam:CreateServiceLinkedRole'],
      resources: [
        stack.formatArn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName: 'aws-service-role/cloudhsm.amazonaws.com/AWSServiceRoleForCloudHSM',
        }),
      ],
      conditions: { StringEquals: { 'iam:AWSServiceName': 'cloudhsm.amazonaws.com' } },
    }),
    ...ec2Rights(stack, { account: stack.account, region: stack.region }).map(
      (rights) => new iam.PolicyStatement(rights),
    ),
  ];
}

interface Rights {
  readonly actions: string[];
  readonly resources: string[];
}

/** The rights on EC2 that CloudHSM uses on behalf of who changes the HSMs of a cluster. */
export function actingThroughEc2(cluster: Resource): Rights[] {
  return ec2Rights(Stack.of(cluster), cluster.env).map(({ actions, resources }) => ({
    actions: actions.filter((action) => action !== 'ec2:DeleteSecurityGroup'),
    resources,
  }));
}

/**
 * CloudHSM makes a security group for a cluster and network interfaces for its HSMs with the rights of its caller:
 * https://docs.aws.amazon.com/cloudhsm/latest/userguide/identity-access-management.html
 */
function ec2Rights(stack: Stack, { account, region }: Place): Rights[] {
  const all = (kind: string) => arn(stack, 'ec2', `${kind}/*`, { account, region });
  const groups = all('security-group');
  const interfaces = all('network-interface');
  return [
    { actions: ['ec2:CreateSecurityGroup'], resources: [groups, all('vpc')] },
    {
      actions: [
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:DeleteSecurityGroup',
      ],
      resources: [groups],
    },
    { actions: ['ec2:CreateNetworkInterface'], resources: [interfaces, all('subnet'), groups] },
    { actions: ['ec2:DeleteNetworkInterface', 'ec2:DescribeNetworkInterfaceAttribute'], resources: [interfaces] },
    { actions: ['ec2:DetachNetworkInterface'], resources: [interfaces, all('instance')] },
    { actions: ['ec2:CreateTags'], resources: [groups, interfaces] },
    {
      actions: [
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
      // "*": the describing actions of EC2 have no resource-level permissions.
      resources: ['*'],
    },
  ];
}

function arn(stack: Stack, service: string, resource: string, place: Partial<Place> = {}): string {
  return stack.formatArn({ service, resource, ...place });
}

/** For a cluster that takes its backups along. They carry no tag that is certain to be ours. */
export function backupRemovalPermissions(stack: Stack): LastingPermissions {
  return {
    id: 'BackupRemoval',
    statements: [
      new iam.PolicyStatement({
        actions: ['cloudhsm:DeleteBackup'],
        resources: [arn(stack, 'cloudhsm', 'backup/*')],
      }),
    ],
    explainedFindings: [
      {
        rule: 'AwsSolutions-IAM5',
        reason: 'CloudHSM makes the ids of the backups of the cluster; the user asked to delete them with it.',
        finding: /^Resource::arn:.+:cloudhsm:.+:backup\/\*$/,
      },
    ],
  };
}

/** For a copy of a backup: made from a backup that may be anybody's, changed only where the copy is ours. */
export function backupCopyPermissions(stack: Stack, destinationRegion: string, key: string): LastingPermissions {
  const copies = [arn(stack, 'cloudhsm', 'backup/*', { region: destinationRegion })];
  return {
    id: `BackupCopy${key}`,
    statements: [
      creatingOwned(['cloudhsm:CopyBackupToRegion'], [arn(stack, 'cloudhsm', 'backup/*')]),
      creatingOwned(['cloudhsm:TagResource'], copies),
      changingOwned(
        ['cloudhsm:DeleteBackup', 'cloudhsm:RestoreBackup', 'cloudhsm:TagResource', 'cloudhsm:UntagResource'],
        copies,
      ),
    ],
    explainedFindings: [
      {
        rule: 'AwsSolutions-IAM5',
        reason: 'CloudHSM makes the ids of backups; each statement on them needs the owner tag of this stack.',
        finding: /^Resource::arn:.+:cloudhsm:.+:backup\/\*$/,
      },
    ],
  };
}

/** To write what an initialization leaves behind, and to use its certificate authority. */
export function initializationPermissions(
  stack: Stack,
  key: string,
  authority: readonly iam.PolicyStatement[],
): LastingPermissions {
  return {
    id: `Initialization${key}`,
    statements: [keepingParameters(stack), ...authority],
    explainedFindings: [
      OWN_PARAMETERS,
      {
        rule: 'AwsSolutions-IAM5',
        reason: 'A secret that is imported by its name has six further characters in its ARN.',
        finding: /^Resource::.+:secretsmanager:.+-\?{6}$/,
      },
    ],
  };
}

/** To run a build that activates a cluster, and to tell what it said. */
export function activationPermissions(key: string, projectArn: string, logGroupArn: string): LastingPermissions {
  return {
    id: `Activation${key}`,
    statements: [
      new iam.PolicyStatement({
        actions: [
          'codebuild:BatchGetBuilds',
          'codebuild:ListBuildsForProject',
          'codebuild:StartBuild',
          'codebuild:StopBuild',
        ],
        resources: [projectArn],
      }),
      new iam.PolicyStatement({
        actions: ['logs:GetLogEvents'],
        // The streams are the builds of the project.
        resources: [logGroupArn],
      }),
    ],
  };
}
