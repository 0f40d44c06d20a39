import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as enabled from 'aws-cdk-lib/aws-macie';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { SandboxOptions } from '../sandbox/sandbox';
import { cloudhsm, macie, macieclassic, performanceinsights, rum, type sts } from '../src';

/** The outputs of all stacks that were deployed before, by name. */
export type Outputs = Readonly<Record<string, string>>;

export type Build = (stack: Stack, known: Outputs) => void;

export const monitor =
  (props: Partial<rum.AppMonitorProps> = {}): Build =>
  (stack) => {
    new rum.AppMonitor(stack, 'Monitor', {
      domain: 'example.com',
      authorization: rum.Authorization.none(),
      cwLogEnabled: true,
      ...props,
    });
  };

/** In a VPC of its own. */
export const cluster =
  (props: Partial<cloudhsm.ClusterProps>): Build =>
  (stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
    makeCluster(stack, { vpc, ...props });
  };

/** A cluster that takes everything along when it goes. */
export function makeCluster(stack: Stack, props: cloudhsm.ClusterProps): cloudhsm.Cluster {
  return new cloudhsm.Cluster(stack, 'Hsm', { removalPolicy: RemovalPolicy.DESTROY, deleteBackups: true, ...props });
}

/** A member account, a set of S3 resources, and one more of the member account. */
export const associations =
  (
    resources: macieclassic.MonitoredResource[],
    memberPrefix: string,
    options: { readonly assumeRole?: sts.RoleAssumption } = {},
  ): Build =>
  (stack) => {
    const memberAccountId = '333333333333';
    const member = new macieclassic.MemberAccountAssociation(stack, 'Member', { memberAccountId, ...options });
    new macieclassic.S3ResourceAssociations(stack, 'Set', { resources, ...options });
    new macieclassic.S3ResourceAssociation(stack, 'OfMember', {
      memberAccountId: member.memberAccountId,
      bucketName: 'theirs',
      prefix: memberPrefix,
      ...options,
    });
  };

/** Where the same stack enables Macie. */
export const job =
  (props: Partial<macie.ClassificationJobProps> = {}): Build =>
  (stack) => {
    const session = enableMacie(stack);
    makeJob(stack, props).node.addDependency(session);
  };

export function makeJob(stack: Stack, props: Partial<macie.ClassificationJobProps> = {}): macie.ClassificationJob {
  return new macie.ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }], ...props });
}

export function enableMacie(stack: Stack): enabled.CfnSession {
  return new enabled.CfnSession(stack, 'Session');
}

/**
 * CloudHSM as fast as the waiter's interval lets one see it, so that a trial is over soon. Each state still lasts longer
 * than one look, so that each is seen.
 */
export function quickly(deleteWhileCreating: 'refuse' | 'accept'): SandboxOptions {
  const durations = {
    clusterCreate: 8,
    clusterDelete: 8,
    hsmCreate: 12,
    hsmDelete: 7,
    hsmReplace: 12,
    initialize: 7,
    activationSeen: 8,
    backupCreate: 6,
  };
  return {
    cloudHsm: { durations, deleteWhileCreating },
    supporting: { codeBuild: { buildSeconds: 12, provisioningSeconds: 4 } },
  };
}

/** A database with what watches it. */
export const database =
  (watch: Watch): Build =>
  (stack) => {
    const instance = makeDatabase(stack);
    watch(
      stack,
      performanceinsights.DataSource.fromResourceId(instance.attrDbiResourceId, { instanceIdentifier: instance.ref }),
    );
  };

export function makeDatabase(stack: Stack): rds.CfnDBInstance {
  const instance = new rds.CfnDBInstance(stack, 'Database', {
    dbInstanceIdentifier: 'orders',
    dbInstanceClass: 'db.r6g.large',
    engine: 'postgres',
    enablePerformanceInsights: true,
  });
  instance.applyRemovalPolicy(RemovalPolicy.DESTROY);
  return instance;
}

export type Watch = (stack: Stack, source: performanceinsights.DataSource) => void;

/** An alarm that is polled, with its check and its notification. */
export const watched: Watch = (stack, source) => {
  const topic = new sns.Topic(stack, 'Topic');
  const topKeys = new performanceinsights.TopKeysNotification(stack, 'TopKeys', { dataSource: source, topic });
  // Below what the database does, so that the alarm goes off.
  source.alarmOnUser(stack, 'User', { user: 'app', threshold: -1, evaluationPeriods: 1, alarmActions: [topKeys] });
};

/** One question more. */
export const watchedMore: Watch = (stack, source) => {
  watched(stack, source);
  source.alarmOnWaitEvent(stack, 'Wait', { waitEvent: 'DataFileRead', threshold: 5 });
};

/** Databases that are there at once: a trial is about what follows. */
export const QUICK_DATABASES: SandboxOptions = {
  supporting: {
    rds: { durations: { instanceCreate: 5, instanceConfigure: 5, instanceDelete: 5 } },
    performanceInsights: { warmUpSeconds: 1, agentLagSeconds: 1 },
  },
};
