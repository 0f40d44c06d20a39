import type { ServiceModel } from '../../model/model';
import type { Call, Document, Operation, Service, World } from '../service';
import { accessDenied } from './errors';
import { exportConfigurationOperations } from './export-configuration';
import { endRun, goOn, holdForQuota, settle } from './job-lifecycle';
import { jobListOperations } from './job-list';
import { jobOperations } from './jobs';
import model from './model.json';
import { type Macie2Options, settingsOf } from './options';
import { onEverything } from './permissions';
import { MacieSessions } from './sessions';
import { existingJob, type Job, type Macie2Context, type Macie2Operations, type Macie2State } from './state';
import { tagOperations } from './tags';

/** Amazon Macie (version 2): jobs and where their results go. What is modelled and what is not: README.md beside this file. */
export class Macie2Service implements Service<Macie2State> {
  readonly name = 'macie2';
  readonly model = model as unknown as ServiceModel;
  readonly operations: Macie2Operations;
  private readonly context: Macie2Context;

  constructor(options: Macie2Options = {}) {
    this.context = { service: this, settings: settingsOf(options) };
    const operations = {
      ...jobOperations(this.context),
      ...jobListOperations(),
      ...exportConfigurationOperations(this.context),
      ...tagOperations(),
      GetMacieSession: { permissions: () => [onEverything('GetMacieSession')], handle: describeSession },
    };
    this.operations = Object.fromEntries(
      Object.entries(operations).map(([name, operation]) => [name, this.opened(name, operation)]),
    );
  }

  newState(): Macie2State {
    return { jobs: new Map() };
  }

  /** Jobs that are over cannot be deleted; they are history, and not listed. States are as of the last look at them. */
  inventory(state: Macie2State): readonly string[] {
    const { session, exportConfiguration } = state;
    const jobs = [...state.jobs.values()].filter(({ status }) => status !== 'CANCELLED' && status !== 'COMPLETE');
    return [
      ...(session === undefined ? [] : ['macie session']),
      ...(exportConfiguration === undefined ? [] : [`macie export to ${exportConfiguration.s3Destination.bucketName}`]),
      ...jobs.map(({ id, status }) => `macie job ${id} ${status}`),
    ];
  }

  /** To enable Macie without a call. */
  sessions(world: World): MacieSessions {
    return new MacieSessions(world, this);
  }

  /** The jobs of an account and region, up to date. */
  jobs(state: Macie2State, { clock }: World): readonly Job[] {
    const jobs = [...state.jobs.values()];
    for (const job of jobs) settle(job, clock.now(), this.context.settings);
    return jobs;
  }

  /** Ends the run of a job now, with errors if need be. */
  finish(state: Macie2State, jobId: string, world: World, error: 'NONE' | 'ERROR' = 'NONE'): void {
    const job = this.running(state, jobId, world);
    endRun(job, world.clock.now());
    job.lastRunError = error;
  }

  /** The account's monthly quota is used up: the run of a job is PAUSED, until {@link freeQuota}. */
  exceedQuota(state: Macie2State, jobId: string, world: World): void {
    holdForQuota(this.running(state, jobId, world), world.clock.now());
  }

  freeQuota(state: Macie2State, jobId: string, world: World): void {
    const job = existingJob(state, jobId);
    if (job.status === 'PAUSED') goOn(job, world.clock.now());
  }

  private running(state: Macie2State, jobId: string, world: World): Job {
    this.jobs(state, world);
    const job = existingJob(state, jobId);
    if (job.status !== 'RUNNING') throw new Error(`job ${jobId} is ${job.status}, not RUNNING`);
    return job;
  }

  /** Operations on a state that is up to date, and only while Macie is enabled. */
  private opened(name: string, operation: Operation<Macie2State>): Operation<Macie2State> {
    return {
      permissions: operation.permissions,
      handle: (input, state, call) => {
        if (state.session === undefined) throw accessDenied('Macie is not enabled');
        if (state.session.status === 'PAUSED' && !WHILE_SUSPENDED.has(name)) throw accessDenied('Macie is suspended');
        this.jobs(state, call.world);
        return operation.handle(input, state, call);
      },
    };
  }
}

/** What works while Macie is suspended is not documented; these read only. */
const WHILE_SUSPENDED: ReadonlySet<string> = new Set([
  'GetMacieSession',
  'DescribeClassificationJob',
  'ListClassificationJobs',
  'GetClassificationExportConfiguration',
  'ListTagsForResource',
]);

function describeSession(_input: Document, { session }: Macie2State, { world, accountId }: Call): Document {
  const { createdAt, updatedAt, status, findingPublishingFrequency } = session!;
  return {
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    status,
    findingPublishingFrequency,
    serviceRole: serviceRoleArn(world, accountId),
  };
}

/** https://docs.aws.amazon.com/macie/latest/user/service-linked-roles.html */
export function serviceRoleArn({ partition }: World, accountId: string): string {
  return `arn:${partition}:iam::${accountId}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie`;
}
