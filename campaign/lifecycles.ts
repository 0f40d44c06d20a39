import { Duration } from 'aws-cdk-lib';
import type { SandboxOptions } from '../sandbox/sandbox';
import { macie, macieclassic, rum } from '../src';
import {
  associations,
  type Build,
  cluster,
  database,
  job,
  makeJob,
  monitor,
  QUICK_DATABASES,
  quickly,
  watched,
  watchedMore,
} from './builds';
import {
  activating,
  associating,
  classifying,
  clusterElsewhere,
  databaseElsewhere,
  keeping,
  monitoring,
  THERE,
  watching,
} from './delegated';

/** What a stack goes through: builds that are deployed one after the other, and then the destruction. */
export interface Lifecycle {
  readonly builds: readonly Build[];
  /** What is deployed to another account before a phase, undisturbed, and stays until the stack is destroyed: by phase. */
  readonly elsewhere?: Readonly<Record<string, Build>>;
  /** Of the sandbox it runs in, without the seed. */
  readonly sandbox: SandboxOptions;
  /** More of these at any one time are more than anybody asked for, and each costs money by the hour. */
  readonly atMost: { readonly clusters: number; readonly hsms: number };
}

const NONE = { clusters: 0, hsms: 0 };
const PAIR = { clusters: 1, hsms: 2 };

const createAndUpdate: readonly Build[] = [
  cluster({ hsmCount: 2 }),
  cluster({ hsmCount: 2, backupRetention: Duration.days(30), tags: { team: 'vault' } }),
];
const scale: readonly Build[] = [cluster({ hsmCount: 1 }), cluster({ hsmCount: 2 })];

const FULL = { oneTime: macieclassic.OneTimeClassification.FULL };
const WEB = { allowCookies: true, tags: { team: 'web' } };
const DATA = { tags: { team: 'data' } };
const DAILY = { ...DATA, schedule: macie.JobSchedule.daily(), initialRun: true };
const FEW = [{ bucketName: 'logs' }, { bucketName: 'mail', classificationType: FULL }];
const MORE = [{ bucketName: 'logs', prefix: 'a/' }, { bucketName: 'mail' }, { bucketName: 'shop' }];

/** By name. Where no source says how AWS behaves, a lifecycle runs once under each truth. */
export const LIFECYCLES: Readonly<Record<string, Lifecycle>> = {
  // Created, updated in place, replaced.
  rum: {
    builds: [monitor(), monitor(WEB), monitor({ ...WEB, platform: rum.Platform.IOS })],
    sandbox: {},
    atMost: NONE,
  },
  // Created, updated in place by difference.
  'macie-classic': {
    builds: [associations(MORE, 'x/'), associations(FEW, 'y/')],
    sandbox: { macieClassic: { handshake: 'none' } },
    atMost: NONE,
  },
  // Created, updated in place, replaced.
  macie: { builds: [job(), job(DATA), job(DAILY)], sandbox: {}, atMost: NONE },
  // Created, and with one question more. The poller runs all the while, and meets the same faults.
  performanceinsights: { builds: [database(watched), database(watchedMore)], sandbox: QUICK_DATABASES, atMost: NONE },
  cloudhsm: { builds: createAndUpdate, sandbox: quickly('refuse'), atMost: PAIR },
  'cloudhsm-accept': { builds: createAndUpdate, sandbox: quickly('accept'), atMost: PAIR },
  'cloudhsm-scale': { builds: scale, sandbox: quickly('refuse'), atMost: PAIR },
  'cloudhsm-scale-accept': { builds: scale, sandbox: quickly('accept'), atMost: PAIR },
  // The same through a role of another account.
  'rum-delegated': {
    builds: [{}, WEB, { ...WEB, platform: rum.Platform.IOS }].map((props) => monitor({ ...props, assumeRole: THERE })),
    elsewhere: { 'deploy-1': monitoring },
    sandbox: {},
    atMost: NONE,
  },
  'macie-classic-delegated': {
    builds: [associations(MORE, 'x/', { assumeRole: THERE }), associations(FEW, 'y/', { assumeRole: THERE })],
    elsewhere: { 'deploy-1': associating },
    sandbox: { macieClassic: { handshake: 'none' } },
    atMost: NONE,
  },
  'macie-delegated': {
    builds: [{}, DATA, DAILY].map((props) => (stack) => makeJob(stack, { ...props, assumeRole: THERE })),
    elsewhere: { 'deploy-1': classifying },
    sandbox: {},
    atMost: NONE,
  },
  'performanceinsights-delegated': {
    builds: [databaseElsewhere(watched), databaseElsewhere(watchedMore)],
    elsewhere: { 'deploy-1': watching },
    sandbox: QUICK_DATABASES,
    atMost: NONE,
  },
  // Initialized by a key of that account, then activated by a project there, and with a second HSM.
  'cloudhsm-delegated': {
    builds: [clusterElsewhere('none'), clusterElsewhere('project')],
    elsewhere: { 'deploy-1': keeping, 'deploy-2': activating },
    sandbox: quickly('refuse'),
    atMost: PAIR,
  },
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
