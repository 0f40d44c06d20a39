/**
 * States of jobs. Nothing is a timer: a job is brought up to date when somebody looks at it, so that a schedule does not
 * drag virtual time along.
 * Source: https://docs.aws.amazon.com/macie/latest/user/discovery-jobs-status-change.html
 */
import { validation } from './errors';
import type { Macie2Settings } from './options';
import { nextRun } from './schedule';
import type { Job, JobStatus } from './state';

/** After this time in a pause a one-time job is cancelled, and the run of a scheduled one. */
const EXPIRY = 30 * 86_400_000;

/** Carries out what has happened to a job by now. */
export function settle(job: Job, now: number, settings: Macie2Settings): void {
  while (step(job, now, settings)) {
    // Each step is one change of state; a job that nobody looked at may have had many.
  }
}

function step(job: Job, now: number, settings: Macie2Settings): boolean {
  const { runEndsAt, nextRunAt, expiresAt } = job;
  if (job.status === 'RUNNING' && runEndsAt !== undefined && runEndsAt <= now) return endRun(job, runEndsAt);
  if (job.status === 'IDLE' && nextRunAt !== undefined && nextRunAt <= now) return startRun(job, nextRunAt, settings);
  return job.status === 'USER_PAUSED' && expiresAt !== undefined && expiresAt <= now && expire(job);
}

export function startRun(job: Job, at: number, settings: Macie2Settings): true {
  job.numberOfRuns += 1;
  job.nextRunAt = undefined;
  job.lastRunTime = at;
  return run(job, at + settings.runSeconds * 1000);
}

/** Waits for the first scheduled run, or the next. */
export function rest(job: Job, since: number): true {
  job.status = 'IDLE';
  job.nextRunAt = nextRun(job.settings.scheduleFrequency, since);
  return true;
}

export function endRun(job: Job, at: number): true {
  job.runEndsAt = undefined;
  job.lastRunError = 'NONE';
  if (isScheduled(job)) return rest(job, at);
  job.status = 'COMPLETE';
  return true;
}

/** The monthly quota is used up in the middle of a run. */
export function holdForQuota(job: Job, now: number): void {
  if (job.status !== 'RUNNING') throw new Error(`job ${job.id} is ${job.status}: only a run can exceed the quota`);
  job.status = 'PAUSED';
  interrupt(job, now);
}

/** There is quota again. */
export function goOn(job: Job, now: number): void {
  run(job, now + (job.runLeft ?? 0));
}

/** What UpdateClassificationJob does. */
export function change(job: Job, to: JobStatus, now: number): void {
  if (job.status === 'CANCELLED') {
    // Seen by others: https://github.com/hashicorp/terraform-provider-aws/pull/19165
    throw validation(`The request failed because you cannot update cancelled job for job ${job.id}`);
  }
  const from = ALLOWED[to];
  if (from === undefined) {
    throw validation(`jobStatus can be set to ${Object.keys(ALLOWED).join(', ')}, got ${to}`);
  }
  if (!from.includes(job.status)) {
    throw validation(`The status of job ${job.id} cannot change from ${job.status} to ${to}`);
  }
  if (to === 'CANCELLED') cancel(job);
  else if (to === 'USER_PAUSED') pause(job, now);
  else resume(job, now);
}

/** What each status can follow: https://docs.aws.amazon.com/macie/latest/APIReference/jobs-jobid.html */
const ALLOWED: Readonly<Partial<Record<JobStatus, readonly JobStatus[]>>> = {
  CANCELLED: ['IDLE', 'PAUSED', 'RUNNING', 'USER_PAUSED'],
  RUNNING: ['USER_PAUSED'],
  USER_PAUSED: ['IDLE', 'PAUSED', 'RUNNING'],
};

export function cancel(job: Job): void {
  Object.assign(job, { status: 'CANCELLED', runEndsAt: undefined, nextRunAt: undefined, runLeft: undefined });
  leavePause(job);
}

function pause(job: Job, now: number): void {
  // Documented for a run that goes on; a run that waits for quota is not said to expire.
  const expires = job.status === 'RUNNING' || !isScheduled(job);
  interrupt(job, now);
  job.status = 'USER_PAUSED';
  job.nextRunAt = undefined;
  job.pausedAt = now;
  job.expiresAt = expires ? now + EXPIRY : undefined;
}

function resume(job: Job, now: number): void {
  leavePause(job);
  if (job.runLeft === undefined) rest(job, now);
  else run(job, now + job.runLeft);
}

function expire(job: Job): boolean {
  if (isScheduled(job)) Object.assign(job, { runLeft: undefined, expiresAt: undefined });
  else cancel(job);
  return true;
}

function run(job: Job, until: number): true {
  job.status = 'RUNNING';
  job.runLeft = undefined;
  job.runEndsAt = until;
  return true;
}

function interrupt(job: Job, now: number): void {
  if (job.runEndsAt !== undefined) job.runLeft = job.runEndsAt - now;
  job.runEndsAt = undefined;
}

function leavePause(job: Job): void {
  job.pausedAt = undefined;
  job.expiresAt = undefined;
}

function isScheduled(job: Job): boolean {
  return job.settings.jobType === 'SCHEDULED';
}
