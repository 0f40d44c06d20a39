import { isDeepStrictEqual } from 'node:util';
import type { Call, Document } from '../service';
import { conflict, throttled, validation } from './errors';
import { change, rest, startRun } from './job-lifecycle';
import { checkJob } from './job-rules';
import { createPermissions, onJob } from './permissions';
import { existingJob, type Job, jobArn, type Macie2Context, type Macie2Operations, type Macie2State } from './state';

export function jobOperations(context: Macie2Context): Macie2Operations {
  return {
    CreateClassificationJob: {
      permissions: createPermissions,
      handle: (input, state, call) => create(input, state, call, context),
    },
    DescribeClassificationJob: {
      permissions: (input, call, state) => [onJob('DescribeClassificationJob', input.jobId, call, state)],
      handle: (input, state, call) => describe(existingJob(state, input.jobId), call),
    },
    UpdateClassificationJob: {
      permissions: (input, call, state) => [onJob('UpdateClassificationJob', input.jobId, call, state)],
      handle(input, state, call) {
        change(existingJob(state, input.jobId), input.jobStatus, call.world.clock.now());
        return {};
      },
    },
  };
}

function create(input: Document, state: Macie2State, call: Call, context: Macie2Context): Document {
  throttle(state, call, context);
  checkJob(input, context.settings.quotas);
  const made = [...state.jobs.values()].find(({ settings }) => settings.clientToken === input.clientToken);
  if (made !== undefined) return repeated(made, input, context);
  const job = newJob(input, call);
  const now = job.createdAt;
  const waits = input.jobType === 'SCHEDULED' && input.initialRun !== true;
  if (waits && context.settings.withoutInitialRun === 'IDLE') rest(job, now);
  else startRun(job, now, context.settings);
  state.jobs.set(job.id, job);
  return idsOf(job);
}

function throttle(state: Macie2State, { world }: Call, { settings }: Macie2Context): void {
  const now = world.clock.now();
  const allowedAt = (state.lastCreation ?? Number.NEGATIVE_INFINITY) + settings.quotas.createIntervalSeconds * 1000;
  if (now < allowedAt) throw throttled('Rate exceeded');
  state.lastCreation = now;
}

/** The same token and settings mean the same job, whatever has become of it. */
function repeated(job: Job, input: Document, { settings }: Macie2Context): Document {
  if (isDeepStrictEqual(job.settings, input)) return idsOf(job);
  const message = `clientToken '${input.clientToken}' was used for job ${job.id}, which has other settings`;
  throw settings.otherSettingsError === 'ConflictException' ? conflict(message) : validation(message);
}

function newJob(input: Document, call: Call): Job {
  const id = call.world.random.hex(32);
  const createdAt = call.world.clock.now();
  return {
    id,
    arn: jobArn(call, id),
    createdAt,
    settings: input,
    tags: new Map(Object.entries<string>(input.tags ?? {})),
    status: 'IDLE',
    lastRunTime: createdAt,
    numberOfRuns: 0,
  };
}

function idsOf({ id, arn }: Job): Document {
  return { jobId: id, jobArn: arn };
}

function describe(job: Job, call: Call): Document {
  const { jobId, jobArn } = idsOf(job);
  const { tags: _tags, ...settings } = job.settings;
  return {
    ...settings,
    jobId,
    jobArn,
    initialRun: settings.initialRun ?? false,
    samplingPercentage: settings.samplingPercentage ?? 100,
    lastRunTime: new Date(job.lastRunTime),
    // The objects themselves are not modelled.
    statistics: { numberOfRuns: job.numberOfRuns, approximateNumberOfObjectsToProcess: 0 },
    ...(job.tags.size > 0 && { tags: Object.fromEntries(job.tags) }),
    ...stateOf(job, call),
  };
}

/** What both descriptions and lists show of a job's state. */
export function stateOf(job: Job, call: Call): Document {
  return {
    createdAt: new Date(job.createdAt),
    jobStatus: job.status,
    ...(job.lastRunError !== undefined && { lastRunErrorStatus: { code: job.lastRunError } }),
    ...(job.pausedAt !== undefined && { userPausedDetails: pauseOf(job, job.pausedAt, call) }),
  };
}

/** From this time in a pause on, AWS has told the user by an event of AWS Health. */
const WARNING_AFTER = 23 * 86_400_000;

function pauseOf({ id, expiresAt }: Job, pausedAt: number, { world, region }: Call): Document {
  const warned = expiresAt !== undefined && world.clock.now() >= pausedAt + WARNING_AFTER;
  const event = `arn:${world.partition}:health:${region}::event/MACIE/AWS_MACIE_JOB_EXPIRATION/${id}`;
  return {
    jobPausedAt: new Date(pausedAt),
    ...(expiresAt !== undefined && { jobExpiresAt: new Date(expiresAt) }),
    ...(warned && { jobImminentExpirationHealthEventArn: event }),
  };
}
