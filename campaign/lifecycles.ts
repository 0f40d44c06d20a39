import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as enabled from 'aws-cdk-lib/aws-macie';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { SandboxOptions } from '../sandbox/sandbox';
import { cloudhsm, macie, macieclassic, performanceinsights, rum } from '../src';

export type Build = (stack: Stack) => void;

/** What a stack goes through: builds that are deployed one after the other, and then the destruction. */
export interface Lifecycle {
  readonly builds: readonly Build[];
  /** Of the sandbox it runs in, without the seed. */
  readonly sandbox: SandboxOptions;
  /** More of these at any one time are more than anybody asked for, and each costs money by the hour. */
  readonly atMost: { readonly clusters: number; readonly hsms: number };
}

const monitor =
  (props: Partial<rum.AppMonitorProps> = {}): Build =>
  (stack) => {
    new rum.AppMonitor(stack, 'Monitor', {
      domain: 'example.com',
      authorization: rum.Authorization.none(),
      cwLogEnabled: true,
      ...props,
    });
  };

const cluster =
  (props: Partial<cloudhsm.ClusterProps>): Build =>
  (stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1, restrictDefaultSecurityGroup: false });
    new cloudhsm.Cluster(stack, 'Hsm', {
      vpc,
      removalPolicy: RemovalPolicy.DESTROY,
      deleteBackups: true,
      ...props,
    });
  };

const FULL = { oneTime: macieclassic.OneTimeClassification.FULL };
const MEMBER = '222222222222';

/** A member account, a set of S3 resources, and one more of the member account. */
const associations =
  (resources: macieclassic.MonitoredResource[], memberPrefix: string): Build =>
  (stack) => {
    const member = new macieclassic.MemberAccountAssociation(stack, 'Member', { memberAccountId: MEMBER });
    new macieclassic.S3ResourceAssociations(stack, 'Set', { resources });
    new macieclassic.S3ResourceAssociation(stack, 'OfMember', {
      memberAccountId: member.memberAccountId,
      bucketName: 'theirs',
      prefix: memberPrefix,
    });
  };

const job =
  (props: Partial<macie.ClassificationJobProps> = {}): Build =>
  (stack) => {
    const session = new enabled.CfnSession(stack, 'Session');
    const made = new macie.ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }], ...props });
    made.node.addDependency(session);
  };

/**
 * CloudHSM as fast as the waiter's interval lets one see it, so that a trial is over soon. Each state still lasts longer
 * than one look, so that each is seen.
 */
function quickly(deleteWhileCreating: 'refuse' | 'accept'): SandboxOptions {
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

/** A database with what watches it: an alarm that is polled, with its check and its notification. */
const database =
  (watch: (stack: Stack, source: performanceinsights.DataSource) => void = () => undefined): Build =>
  (stack) => {
    const instance = new rds.CfnDBInstance(stack, 'Database', {
      dbInstanceIdentifier: 'orders',
      dbInstanceClass: 'db.r6g.large',
      engine: 'postgres',
      enablePerformanceInsights: true,
    });
    instance.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const source = performanceinsights.DataSource.fromResourceId(instance.attrDbiResourceId, {
      instanceIdentifier: instance.ref,
    });
    const topic = new sns.Topic(stack, 'Topic');
    const topKeys = new performanceinsights.TopKeysNotification(stack, 'TopKeys', { dataSource: source, topic });
    // Below what the database does, so that the alarm goes off.
    source.alarmOnUser(stack, 'User', { user: 'app', threshold: -1, evaluationPeriods: 1, alarmActions: [topKeys] });
    watch(stack, source);
  };

const withOneQuestionMore = database((stack, source) =>
  source.alarmOnWaitEvent(stack, 'Wait', { waitEvent: 'DataFileRead', threshold: 5 }),
);

/** Databases that are there at once: a trial is about what follows. */
const QUICK_DATABASES: SandboxOptions = {
  supporting: {
    rds: { durations: { instanceCreate: 5, instanceConfigure: 5, instanceDelete: 5 } },
    performanceInsights: { warmUpSeconds: 1, agentLagSeconds: 1 },
  },
};

const NONE = { clusters: 0, hsms: 0 };
const PAIR = { clusters: 1, hsms: 2 };

const createAndUpdate: readonly Build[] = [
  cluster({ hsmCount: 2 }),
  cluster({ hsmCount: 2, backupRetention: Duration.days(30), tags: { team: 'vault' } }),
];
const scale: readonly Build[] = [cluster({ hsmCount: 1 }), cluster({ hsmCount: 2 })];

/** By name. Where no source says how AWS behaves, a lifecycle runs once under each truth. */
export const LIFECYCLES: Readonly<Record<string, Lifecycle>> = {
  // Created, updated in place, replaced.
  rum: {
    builds: [
      monitor(),
      monitor({ allowCookies: true, tags: { team: 'web' } }),
      monitor({ allowCookies: true, tags: { team: 'web' }, platform: rum.Platform.IOS }),
    ],
    sandbox: {},
    atMost: NONE,
  },
  // Created, updated in place by difference.
  'macie-classic': {
    builds: [
      associations([{ bucketName: 'logs', prefix: 'a/' }, { bucketName: 'mail' }, { bucketName: 'shop' }], 'x/'),
      associations([{ bucketName: 'logs' }, { bucketName: 'mail', classificationType: FULL }], 'y/'),
    ],
    sandbox: { macieClassic: { handshake: 'none' } },
    atMost: NONE,
  },
  // Created, updated in place, replaced.
  macie: {
    builds: [
      job(),
      job({ tags: { team: 'data' } }),
      job({ tags: { team: 'data' }, schedule: macie.JobSchedule.daily(), initialRun: true }),
    ],
    sandbox: {},
    atMost: NONE,
  },
  // Created, and with one question more. The poller runs all the while, and meets the same faults.
  performanceinsights: { builds: [database(), withOneQuestionMore], sandbox: QUICK_DATABASES, atMost: NONE },
  cloudhsm: { builds: createAndUpdate, sandbox: quickly('refuse'), atMost: PAIR },
  'cloudhsm-accept': { builds: createAndUpdate, sandbox: quickly('accept'), atMost: PAIR },
  'cloudhsm-scale': { builds: scale, sandbox: quickly('refuse'), atMost: PAIR },
  'cloudhsm-scale-accept': { builds: scale, sandbox: quickly('accept'), atMost: PAIR },
};

/** The phases in which a fault can happen: `deploy-1`, `deploy-2`, …, `destroy`. */
export function phasesOf({ builds }: Lifecycle): string[] {
  return [...builds.map((_, index) => `deploy-${index + 1}`), 'destroy'];
}

export function lifecycleNamed(name: string): Lifecycle {
  const lifecycle = LIFECYCLES[name];
  if (lifecycle === undefined) {
    throw new Error(`no lifecycle ${name}; there are ${Object.keys(LIFECYCLES).join(', ')}`);
  }
  return lifecycle;
}
