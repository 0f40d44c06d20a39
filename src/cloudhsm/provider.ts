import { ArnFormat, type Resource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Requirement } from '../core/delegation';
import { keepingParameters, OWN_PARAMETERS } from '../core/parameters';
import { changingOwned, creatingOwned, narrowed } from '../core/permissions';
import type { Realm } from '../core/realm';
import type { LastingPermissions, SettledService } from '../core/settled-provider';
import type { ActivationProjectAttributes } from './activation-project';
import type { CertificateAuthority } from './certificate-authority';
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

/** The standing permissions, by what takes them. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  [CLUSTER_TYPE]: [
    'cloudhsm:CreateCluster',
    'cloudhsm:DeleteCluster',
    'cloudhsm:DeleteHsm',
    'cloudhsm:DescribeBackups',
    'cloudhsm:DescribeClusters',
    'cloudhsm:ListTags',
    'cloudhsm:ModifyCluster',
    'cloudhsm:TagResource',
    'cloudhsm:UntagResource',
    'ec2:AuthorizeSecurityGroupEgress',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateSecurityGroup',
    'ec2:CreateTags',
    'ec2:DeleteNetworkInterface',
    'ec2:DeleteSecurityGroup',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DescribeVpcs',
    'ec2:DetachNetworkInterface',
    'ec2:RevokeSecurityGroupEgress',
    'iam:CreateServiceLinkedRole',
  ],
  [HSM_TYPE]: [
    'cloudhsm:CreateHsm',
    'cloudhsm:DeleteHsm',
    'cloudhsm:DescribeClusters',
    'cloudhsm:ListTags',
    // HSMs are claimed in tags of their cluster.
    'cloudhsm:TagResource',
    'cloudhsm:UntagResource',
    'ec2:AuthorizeSecurityGroupEgress',
    'ec2:AuthorizeSecurityGroupIngress',
    'ec2:CreateNetworkInterface',
    'ec2:CreateSecurityGroup',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaceAttribute',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSecurityGroups',
    'ec2:DescribeSubnets',
    'ec2:DetachNetworkInterface',
    'ec2:RevokeSecurityGroupEgress',
    'iam:CreateServiceLinkedRole',
  ],
  [INITIALIZATION_TYPE]: ['cloudhsm:DescribeClusters', 'cloudhsm:InitializeCluster', 'cloudhsm:ListTags'],
  [ACTIVATION_TYPE]: ['cloudhsm:DescribeClusters', 'cloudhsm:ListTags'],
  [BACKUP_COPY_TYPE]: ['cloudhsm:DescribeBackups'],
};

function standingPermissions(
  realm: Realm,
  types: ReadonlySet<string> = new Set(Object.keys(ACTIONS)),
): iam.PolicyStatement[] {
  const clusters = [arn(realm, 'cloudhsm', 'cluster/*')];
  const taken = new Set([...types].flatMap((type) => ACTIONS[type] ?? []));
  return [
    // Where no cluster is made, no owner tag is put on one either.
    ...(types.has(CLUSTER_TYPE) ? creatingClusters(realm, clusters) : []),
    ...narrowed(onClusters(realm, clusters), taken),
  ];
}

function creatingClusters(realm: Realm, clusters: string[]): iam.PolicyStatement[] {
  return [
    // "*": CreateCluster names no cluster (only the backup to restore, which may be another account's).
    creatingOwned(realm, ['cloudhsm:CreateCluster'], ['*']),
    creatingOwned(realm, ['cloudhsm:TagResource'], clusters),
  ];
}

function onClusters(realm: Realm, clusters: string[]): iam.PolicyStatement[] {
  return [
    changingOwned(
      realm,
      [
        'cloudhsm:CreateHsm',
        'cloudhsm:DeleteCluster',
        'cloudhsm:InitializeCluster',
        'cloudhsm:ModifyCluster',
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
        realm.arn({
          service: 'iam',
          region: '',
          resource: 'role',
          resourceName: 'aws-service-role/cloudhsm.amazonaws.com/AWSServiceRoleForCloudHSM',
        }),
      ],
      conditions: { StringEquals: { 'iam:AWSServiceName': 'cloudhsm.amazonaws.com' } },
    }),
    ...ec2Rights((kind) => arn(realm, 'ec2', `${kind}/*`)).map((rights) => new iam.PolicyStatement(rights)),
  ];
}

interface Rights {
  readonly actions: string[];
  readonly resources: string[];
}

/** The rights on EC2 that CloudHSM uses on behalf of who changes the HSMs of a cluster. */
export function actingThroughEc2(cluster: Resource): Rights[] {
  const { account, region } = cluster.env;
  const all = (kind: string) => Stack.of(cluster).formatArn({ service: 'ec2', resource: `${kind}/*`, account, region });
  return ec2Rights(all).map(({ actions, resources }) => ({
    actions: actions.filter((action) => action !== 'ec2:DeleteSecurityGroup'),
    resources,
  }));
}

/**
 * CloudHSM makes a security group for a cluster and network interfaces for its HSMs with the rights of its caller:
 * https://docs.aws.amazon.com/cloudhsm/latest/userguide/identity-access-management.html
 */
function ec2Rights(all: (kind: string) => string): Rights[] {
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

function arn(realm: Realm, service: string, resource: string, region: string = realm.region): string {
  return realm.arn({ service, resource, region });
}

export function clusterRequirement({ deletesBackups }: { readonly deletesBackups: boolean }) {
  return {
    service: CLOUDHSM_SERVICE,
    resourceType: CLUSTER_TYPE,
    lastingPermissions: deletesBackups ? BACKUP_REMOVAL : undefined,
  } satisfies Requirement;
}

/** For a cluster that takes its backups along. They carry no tag that is certain to be ours. */
const BACKUP_REMOVAL: LastingPermissions = {
  id: 'BackupRemoval',
  statements: (realm) => [
    new iam.PolicyStatement({
      actions: ['cloudhsm:DeleteBackup'],
      resources: [arn(realm, 'cloudhsm', 'backup/*')],
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

export const HSM_REQUIREMENT = { service: CLOUDHSM_SERVICE, resourceType: HSM_TYPE } satisfies Requirement;

/**
 * For a copy of a backup: made from a backup that may be anybody's, changed only where the copy is ours. The key is the
 * same for the same region.
 */
export function backupCopyRequirement(destinationRegion: string, key = destinationRegion) {
  return {
    service: CLOUDHSM_SERVICE,
    resourceType: BACKUP_COPY_TYPE,
    lastingPermissions: {
      id: `BackupCopy${key}`,
      statements: (realm: Realm) => copying(realm, arn(realm, 'cloudhsm', 'backup/*', destinationRegion)),
      explainedFindings: [
        {
          rule: 'AwsSolutions-IAM5',
          reason: 'CloudHSM makes the ids of backups; each statement on them needs the owner tag of this stack.',
          finding: /^Resource::arn:.+:cloudhsm:.+:backup\/\*$/,
        },
      ],
    },
  } satisfies Requirement;
}

function copying(realm: Realm, copies: string): iam.PolicyStatement[] {
  return [
    creatingOwned(realm, ['cloudhsm:CopyBackupToRegion'], [arn(realm, 'cloudhsm', 'backup/*')]),
    creatingOwned(realm, ['cloudhsm:TagResource'], [copies]),
    changingOwned(
      realm,
      ['cloudhsm:DeleteBackup', 'cloudhsm:RestoreBackup', 'cloudhsm:TagResource', 'cloudhsm:UntagResource'],
      [copies],
    ),
  ];
}

/** To write what an initialization leaves behind, and to use its certificate authority. */
export function initializationRequirement(authority: (realm: Realm) => iam.PolicyStatement[], key = '') {
  return {
    service: CLOUDHSM_SERVICE,
    resourceType: INITIALIZATION_TYPE,
    lastingPermissions: {
      id: `Initialization${key}`,
      statements: (realm: Realm) => [keepingParameters(realm), ...authority(realm)],
      explainedFindings: [
        OWN_PARAMETERS,
        {
          rule: 'AwsSolutions-IAM5',
          reason: 'A secret that is imported by its name has six further characters in its ARN.',
          finding: /^Resource::.+:secretsmanager:.+-\?{6}$/,
        },
      ],
    },
  } satisfies Requirement;
}

/** The same for an authority for which nothing can be made: what it uses must be there, where the cluster is. */
export function initializationElsewhere(authority: CertificateAuthority): Requirement {
  const bound = authority._bindGiven();
  if (bound !== undefined) return initializationRequirement(bound.permissions);
  throw new Error(
    'cloudhsm.CertificateAuthority: kms() must have a key, which stands where the cluster is, got none; pass CertificateAuthority.kms(key), or another authority',
  );
}

/** Of the project whose builds activate a cluster. */
export interface ActivationArns {
  readonly project: string;
  /** The streams are the builds of the project. */
  readonly logGroup: string;
}

/** The ARNs of a project that is known by its names. */
export function namedProject(attributes: ActivationProjectAttributes): (realm: Realm) => ActivationArns {
  const { projectName } = attributes;
  return (realm) => ({
    project: realm.arn({ service: 'codebuild', resource: 'project', resourceName: projectName }),
    logGroup: realm.arn({
      service: 'logs',
      resource: 'log-group',
      resourceName: `${buildLogGroupName(attributes)}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    }),
  });
}

/** Where CodeBuild writes unless it is told otherwise. */
export function buildLogGroupName({ projectName, logGroupName }: ActivationProjectAttributes): string {
  return logGroupName ?? `/aws/codebuild/${projectName}`;
}

/** To run a build that activates a cluster, and to tell what it said. */
export function activationRequirement(arns: (realm: Realm) => ActivationArns, key = '') {
  return {
    service: CLOUDHSM_SERVICE,
    resourceType: ACTIVATION_TYPE,
    lastingPermissions: {
      id: `Activation${key}`,
      statements: (realm: Realm) => building(arns(realm)),
    },
  } satisfies Requirement;
}

function building({ project, logGroup }: ActivationArns): iam.PolicyStatement[] {
  return [
    new iam.PolicyStatement({
      actions: [
        'codebuild:BatchGetBuilds',
        'codebuild:ListBuildsForProject',
        'codebuild:StartBuild',
        'codebuild:StopBuild',
      ],
      resources: [project],
    }),
    new iam.PolicyStatement({ actions: ['logs:GetLogEvents'], resources: [logGroup] }),
  ];
}
