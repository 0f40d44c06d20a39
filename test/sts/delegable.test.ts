import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as acmpca from 'aws-cdk-lib/aws-acmpca';
import { IdentityPool } from 'aws-cdk-lib/aws-cognito-identitypool';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  Activation,
  ActivationProject,
  BackupCopy,
  BackupSource,
  CertificateAuthority,
  Cluster,
  ClusterActivation,
  ClusterInitialization,
  type ClusterProps,
  Hsm,
} from '../../src/cloudhsm';
import { ClassificationExportConfiguration, ClassificationJob } from '../../src/macie';
import { MemberAccountAssociation, S3ResourceAssociation, S3ResourceAssociations } from '../../src/macieclassic';
import {
  Alarm,
  DataSource,
  Metric,
  Readiness,
  ReadinessCheck,
  TopKeysNotification,
} from '../../src/performanceinsights';
import { AppMonitor, type AppMonitorProps, Authorization } from '../../src/rum';
import type { DelegatedPermissions, IDelegable, RoleAssumption } from '../../src/sts';
import { irishStack, vpcWithZones } from '../support/clusters';
import { importedCluster, ordersSource, RESOURCE_ID } from '../support/databases';
import { delegated, MANAGER, rightsOf, THERE } from '../support/delegation';
import { filledIn, type Json, statementsOf } from '../support/synthesis';

type Made = (stack: Stack, assumeRole?: RoleAssumption) => IDelegable;
type Named = () => DelegatedPermissions;

const ARN = 'arn:aws:acm-pca:eu-west-1:222222222222:certificate-authority/1';
const GUESTS = 'arn:aws:iam::222222222222:role/guests';
const KEY = 'arn:aws:kms:eu-west-1:222222222222:key/1';

const key = (stack: Stack, id = 'Key') => kms.Key.fromKeyArn(stack, id, KEY);
const foreignCluster = (stack: Stack) => Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk');

function privateCa(stack: Stack): CertificateAuthority {
  return CertificateAuthority.privateCa(
    acmpca.CertificateAuthority.fromCertificateAuthorityArn(stack, 'Authority', ARN),
  );
}

function secretAuthority(stack: Stack): CertificateAuthority {
  const secretCompleteArn = 'arn:aws:secretsmanager:eu-west-1:222222222222:secret:pki-abcdef';
  return CertificateAuthority.secret(
    secretsmanager.Secret.fromSecretAttributes(stack, 'Pki', { secretCompleteArn, encryptionKey: key(stack) }),
  );
}

function monitor(props: (stack: Stack) => Partial<AppMonitorProps> = () => ({})): Made {
  return (stack, assumeRole) =>
    new AppMonitor(stack, 'It', {
      domain: 'example.com',
      authorization: Authorization.none(),
      assumeRole,
      ...props(stack),
    });
}

function cluster(props: (stack: Stack) => Partial<ClusterProps>): Made {
  return (stack, assumeRole) => new Cluster(stack, 'It', { vpc: vpcWithZones(stack, 2), assumeRole, ...props(stack) });
}

const pool = (stack: Stack) => IdentityPool.fromIdentityPoolId(stack, 'Pool', 'eu-west-1:1234');
const elsewhere = irishStack();
const guestRole = iam.Role.fromRoleArn(elsewhere, 'Guests', GUESTS);

const APP_MONITORS: Array<[string, Made, Named]> = [
  ['an app monitor', monitor(), () => AppMonitor.requiredPermissionsFor(MANAGER)],
  [
    'an app monitor with a name and logs',
    monitor(() => ({ appMonitorName: 'shop', cwLogEnabled: true })),
    () => AppMonitor.requiredPermissionsFor(MANAGER, { appMonitorName: 'shop', cwLogEnabled: true }),
  ],
  [
    'an app monitor with a pool',
    monitor((stack) => ({ authorization: Authorization.cognito({ identityPool: pool(stack) }) })),
    () => AppMonitor.requiredPermissionsFor(MANAGER, { identityPool: true }),
  ],
  [
    'an app monitor with the classic flow',
    monitor((stack) => ({
      authorization: Authorization.cognito({ identityPool: pool(stack), classicFlow: true, guestRole }),
    })),
    () => AppMonitor.requiredPermissionsFor(MANAGER, { identityPool: true, guestRole }),
  ],
];

const CLOUD_HSM: Array<[string, Made, Named]> = [
  [
    'a cluster',
    cluster((stack) => ({ initialization: privateCa(stack), activation: Activation.none() })),
    () => Cluster.requiredPermissionsFor(MANAGER, { initialization: privateCa(irishStack()) }),
  ],
  [
    'a cluster with all that belongs to one',
    cluster((stack) => ({
      initialization: secretAuthority(stack),
      activation: Activation.project(ActivationProject.fromProjectName(stack, 'Project', 'activation')),
      hsmCount: 2,
      deleteBackups: true,
      removalPolicy: RemovalPolicy.DESTROY,
    })),
    () =>
      Cluster.requiredPermissionsFor(MANAGER, {
        initialization: secretAuthority(irishStack()),
        activationProject: { projectName: 'activation' },
        deleteBackups: true,
      }),
  ],
  [
    'a cluster without HSMs',
    cluster((stack) => ({ hsmCount: 0, initialization: privateCa(stack), activation: Activation.none() })),
    () => Cluster.requiredPermissionsFor(MANAGER, { hsmCount: 0 }),
  ],
  [
    'an HSM',
    (stack, assumeRole) =>
      new Hsm(stack, 'It', { cluster: foreignCluster(stack), availabilityZone: 'eu-west-1a', assumeRole }),
    () => Hsm.requiredPermissionsFor(MANAGER),
  ],
  [
    'an initialization',
    (stack, assumeRole) =>
      new ClusterInitialization(stack, 'It', {
        cluster: foreignCluster(stack),
        certificateAuthority: CertificateAuthority.kms(key(stack)),
        assumeRole,
      }),
    () =>
      ClusterInitialization.requiredPermissionsFor(MANAGER, {
        certificateAuthority: CertificateAuthority.kms(key(irishStack())),
      }),
  ],
  [
    'an activation',
    (stack, assumeRole) =>
      new ClusterActivation(stack, 'It', {
        cluster: foreignCluster(stack),
        project: ActivationProject.fromProjectAttributes(stack, 'Project', {
          projectName: 'activation',
          logGroupName: 'builds',
        }),
        assumeRole,
      }),
    () => ClusterActivation.requiredPermissionsFor(MANAGER, { projectName: 'activation', logGroupName: 'builds' }),
  ],
  [
    'a copy of a backup',
    (stack, assumeRole) =>
      new BackupCopy(stack, 'It', {
        source: BackupSource.id('backup-abcdefghijk'),
        destinationRegion: 'us-east-1',
        assumeRole,
      }),
    () => BackupCopy.requiredPermissionsFor(MANAGER, { destinationRegion: 'us-east-1' }),
  ],
];

const MACIE: Array<[string, Made, Named]> = [
  [
    'a member account',
    (stack, assumeRole) => new MemberAccountAssociation(stack, 'It', { memberAccountId: '333333333333', assumeRole }),
    () => MemberAccountAssociation.requiredPermissionsFor(MANAGER),
  ],
  [
    'an S3 resource',
    (stack, assumeRole) => new S3ResourceAssociation(stack, 'It', { bucketName: 'logs', assumeRole }),
    () => S3ResourceAssociation.requiredPermissionsFor(MANAGER),
  ],
  [
    'S3 resources',
    (stack, assumeRole) => new S3ResourceAssociations(stack, 'It', { resources: [{ bucketName: 'logs' }], assumeRole }),
    () => S3ResourceAssociations.requiredPermissionsFor(MANAGER),
  ],
  [
    'a classification job',
    (stack, assumeRole) => new ClassificationJob(stack, 'It', { buckets: [{ bucketNames: ['logs'] }], assumeRole }),
    () => ClassificationJob.requiredPermissionsFor(MANAGER),
  ],
  [
    'the configuration of results',
    (stack, assumeRole) =>
      new ClassificationExportConfiguration(stack, 'It', {
        bucket: new s3.Bucket(stack, 'Bucket'),
        encryptionKey: new kms.Key(stack, 'Key'),
        assumeRole,
      }),
    () => ClassificationExportConfiguration.requiredPermissionsFor(MANAGER),
  ],
];

const orders = { resourceId: RESOURCE_ID, instanceIdentifier: 'orders' };
const topic = (stack: Stack) => new sns.Topic(stack, 'Topic');

const DATABASES: Array<[string, Made, Named]> = [
  [
    'a readiness check',
    (stack, assumeRole) => new Readiness(stack, 'It', { dataSource: ordersSource({ assumeRole }) }),
    () => Readiness.requiredPermissionsFor(MANAGER, orders),
  ],
  [
    'a readiness check of a writer with a key',
    (stack, assumeRole) =>
      new Readiness(stack, 'It', {
        dataSource: DataSource.fromClusterWriter(importedCluster(stack), { encryptionKey: key(stack), assumeRole }),
      }),
    () => Readiness.requiredPermissionsFor(MANAGER, { clusterIdentifier: 'Shop', encryptionKey: key(irishStack()) }),
  ],
  [
    'a notification',
    (stack, assumeRole) =>
      new TopKeysNotification(stack, 'It', { dataSource: ordersSource({ assumeRole }), topic: topic(stack) }),
    () => TopKeysNotification.requiredPermissionsFor(MANAGER, orders),
  ],
  [
    'an alarm',
    (stack, assumeRole) =>
      new Alarm(stack, 'It', { dataSource: ordersSource({ assumeRole }), metric: Metric.user('app'), threshold: 1 }),
    () => Alarm.requiredPermissionsFor(MANAGER, orders),
  ],
  [
    'an alarm without a check',
    (stack, assumeRole) =>
      new Alarm(stack, 'It', {
        dataSource: DataSource.fromClusterMembers(importedCluster(stack), { assumeRole })[0]!,
        metric: Metric.user('app'),
        threshold: 1,
        readiness: ReadinessCheck.NONE,
      }),
    () => Alarm.requiredPermissionsFor(MANAGER, { instanceIdentifier: 'shop-1', readiness: ReadinessCheck.NONE }),
  ],
];

describe.each([...APP_MONITORS, ...CLOUD_HSM, ...MACIE, ...DATABASES])('%s', (_, make, named) => {
  test('needs by names the same as by construct', () => {
    expect(delegated(make(irishStack(), THERE))).toEqual(delegated(named()));
  });

  test('names who assumes the role in both ways alike', () => {
    const { _provider } = make(irishStack(), THERE).requiredPermissions();
    expect(_provider).toEqual(named()._provider);
    expect(_provider).toMatchObject({ account: '111111111111', stackName: 'Stack' });
  });

  test('needs there nothing but what it needs in its own account', () => {
    const stack = irishStack();
    const made = make(stack);
    const there = rightsOf(delegated(made, { 'AWS::AccountId': '111111111111' }));
    expect(there).not.toEqual([]);
    expect(rightsOf(ownRights(stack))).toEqual(expect.arrayContaining(there));
  });

  test('needs nothing of the stack that manages it', () => {
    const actions = rightsOf(delegated(make(irishStack(), THERE))).map((right) => right.split(':')[0]);
    expect(actions).not.toContain('cloudformation');
    expect(actions).not.toContain('sts');
  });
});

/** All that the functions of the library may do in a stack. */
function ownRights(stack: Stack): Json[] {
  const template = Template.fromStack(stack);
  const roles = Object.keys(template.findResources('AWS::IAM::Role')).filter((id) => /^(CdkSettled|It)/.test(id));
  return roles.flatMap((role) => statementsOf(template, role)).map((statement) => filledIn(statement));
}
