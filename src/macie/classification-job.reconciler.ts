import {
  CreateClassificationJobCommand,
  DescribeClassificationJobCommand,
  type JobSummary,
  ListClassificationJobsCommand,
  type ListClassificationJobsCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClassificationJobCommand,
} from '@aws-sdk/client-macie2';
import { digest } from '../runtime/digest';
import { classify, describeFailure, ifPresent } from '../runtime/errors';
import { idPrefix, OWNER_TAG, ownerOf } from '../runtime/identity';
import { logger } from '../runtime/logger';
import { everyPage } from '../runtime/pages';
import type { Properties } from '../runtime/properties';
import { isOwn, type PlanContext, type Reconciler, type Run, type Step, settledTags } from '../runtime/reconciler';
import { type Tags, tagChanges } from '../runtime/tags';
import { decodeJob, type JobGoal, type JobSettings, settingsDifferences } from './classification-job-settings.runtime';
import { isNotEnabled, macie, notEnabledIn } from './macie.runtime';

/** A job that carries our tag. */
export interface OwnJob {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly status: string;
  readonly settings: JobSettings;
  readonly tags: Tags;
  /** Made since the run began. */
  readonly isNew: boolean;
}

export interface JobObservation {
  readonly own?: OwnJob;
  /** All that are ours, the oldest first. Those that are over stay in Macie's list. */
  readonly jobs: readonly OwnJob[];
  /** Why a job could not be looked at that has a name which only we give. */
  readonly denial?: { readonly reason: string; readonly lasting: boolean };
  readonly notEnabled?: boolean;
}

export type JobAction =
  | {
      readonly call: 'CreateClassificationJob';
      readonly name: string;
      readonly goal: JobGoal;
      readonly clientToken: string;
    }
  | { readonly call: 'UpdateClassificationJob'; readonly jobId: string }
  | { readonly call: 'TagResource'; readonly arn: string; readonly tags: Tags }
  | { readonly call: 'UntagResource'; readonly arn: string; readonly keys: readonly string[] };

/** A job that is over cannot be deleted: it is history. */
const OVER: ReadonlySet<string> = new Set(['CANCELLED', 'COMPLETE']);
/** Tags of a job that was just made may not be known to IAM yet. */
const TAG_PROPAGATION_MS = 60_000;

export const classificationJobReconciler: Reconciler<JobGoal, JobObservation, JobAction> = {
  decode: decodeJob,
  replacementReasons,
  observe,
  plan,
  act,
};

/** Nothing of a job can be changed but its status and its tags. */
function replacementReasons(goal: JobGoal, own: OwnJob): string[] {
  const reasons = settingsDifferences(goal.settings, own.settings).map((aspect) => `${aspect} changes`);
  // Of a generated name no more is known than that it is nobody else's.
  return goal.name === undefined || goal.name === own.name ? reasons : ['the name changes', ...reasons];
}

async function observe(run: Run<JobGoal>): Promise<JobObservation> {
  try {
    return await look(run);
  } catch (error) {
    if (isNotEnabled(error)) return { jobs: [], notEnabled: true };
    throw error;
  }
}

async function look(run: Run<JobGoal>): Promise<JobObservation> {
  const jobs: OwnJob[] = [];
  let denial: JobObservation['denial'];
  for (const summary of await listJobs(run)) {
    try {
      const job = await describeJob(run, summary.jobId ?? '');
      if (job !== undefined) jobs.push(job);
    } catch (error) {
      // Only what carries our tag may be looked at: another job of the same name may not.
      if (classify(error) !== 'denied' || isNotEnabled(error)) throw error;
      if (summary.name === run.id) denial = denialOf(error, summary, run);
    }
  }
  const [complete, cancelled] = [inStatus(jobs, 'COMPLETE'), inStatus(jobs, 'CANCELLED')];
  // A job of every day that was cancelled is no job; one that runs once has had its time.
  const spent = cancelled?.settings.jobType === 'ONE_TIME' ? cancelled : undefined;
  return { own: jobs.find(isAlive) ?? complete ?? spent, jobs, denial };
}

function inStatus(jobs: readonly OwnJob[], status: string): OwnJob | undefined {
  return jobs.filter((job) => job.status === status).at(-1);
}

function denialOf(error: unknown, { jobId }: JobSummary, { now, note }: Run<JobGoal>): JobObservation['denial'] {
  const lasting = now.getTime() - Date.parse(note.startedAt) > TAG_PROPAGATION_MS;
  return { reason: describeFailure(`looking at classification job ${jobId} failed`, error), lasting };
}

/** The jobs with the names that ours can have, the oldest first. */
async function listJobs(run: Run<JobGoal>): Promise<JobSummary[]> {
  const pages = await everyPage((nextToken) =>
    macie(run).send(
      new ListClassificationJobsCommand({
        filterCriteria: { includes: [nameFilter(run)] },
        sortCriteria: { attributeName: 'createdAt', orderBy: 'ASC' },
        nextToken,
      }),
    ),
  );
  const jobs = pages.flatMap(({ items = [] }) => items);
  // To be deleted is only what is not over.
  return run.requestType === 'Delete' ? jobs.filter(({ jobStatus = '' }) => !OVER.has(jobStatus)) : jobs;
}

type Term = NonNullable<NonNullable<ListClassificationJobsCommandInput['filterCriteria']>['includes']>[number];

function nameFilter({ properties, previousProperties, id, unknownId, address }: Run<JobGoal>): Term {
  // The id of a cancelled creation is unknown, but its name begins like all names of this logical resource.
  if (unknownId && nameIn(properties) === undefined) {
    return { key: 'name', comparator: 'STARTS_WITH', values: [idPrefix(address)] };
  }
  const names = [properties, previousProperties].flatMap((each) => (each === undefined ? [] : (nameIn(each) ?? id)));
  return { key: 'name', comparator: 'EQ', values: [...new Set(names)] };
}

function nameIn(properties: Properties): string | undefined {
  return properties.optionalString('Name');
}

async function describeJob(run: Run<JobGoal>, jobId: string): Promise<OwnJob | undefined> {
  const job = await ifPresent(() => macie(run).send(new DescribeClassificationJobCommand({ jobId })));
  const { tags = {}, createdAt, jobArn = '', name = '', jobStatus = '' } = job ?? {};
  if (job === undefined || !isOwn(run, tags, createdAt)) return undefined;
  const isNew = (createdAt?.getTime() ?? 0) >= Date.parse(run.note.startedAt);
  return { id: jobId, arn: jobArn, name, status: jobStatus, settings: job as JobSettings, tags, isNew };
}

function isAlive({ status }: OwnJob): boolean {
  return !OVER.has(status);
}

function plan(goal: JobGoal | undefined, observed: JobObservation, run: PlanContext<JobGoal>): Step<JobAction> {
  const alive = observed.jobs.filter(isAlive);
  if (goal === undefined) return planAbsence(alive, observed.denial);
  if (observed.notEnabled === true) return { kind: 'fail', reason: notEnabledIn(run.place) };
  const unfit = alive.filter((job) => replacementReasons(goal, job).length > 0);
  if (unfit.length > 0) return planUnfit(goal, unfit, run);
  const keeper = alive[0] ?? finished(goal, observed.jobs, run);
  if (keeper === undefined) return planCreation(goal, observed, run);
  return planTags(goal, keeper, run) ?? { kind: 'done', attributes: attributesOf(keeper) };
}

/** Without Macie there are no jobs; but one that could not be looked at goes on, and costs. */
function planAbsence([job]: readonly OwnJob[], denial?: JobObservation['denial']): Step<JobAction> {
  if (job !== undefined) return { kind: 'act', action: { call: 'UpdateClassificationJob', jobId: job.id } };
  return denial === undefined ? { kind: 'done', attributes: {} } : planUnseen(denial);
}

function planUnseen({ reason, lasting }: NonNullable<JobObservation['denial']>): Step<JobAction> {
  return { kind: lasting ? 'fail' : 'wait', reason };
}

/** Under a fresh id stands what an earlier try of this replacement made for another goal. */
function planUnfit(goal: JobGoal, [job, ...rest]: readonly OwnJob[], { fresh }: PlanContext<JobGoal>): Step<JobAction> {
  if (fresh || job === undefined) return planAbsence(job === undefined ? rest : [job]);
  const reasons = replacementReasons(goal, job).join('; ');
  return {
    kind: 'fail',
    reason: `classification job ${job.id} changed during the update (${reasons}); deploy again`,
  };
}

/** A job that runs once may be over already. Under a fresh id only one counts that was made in this run. */
function finished(goal: JobGoal, jobs: readonly OwnJob[], { fresh }: PlanContext<JobGoal>): OwnJob | undefined {
  const ended = jobs.filter(
    (job) => !isAlive(job) && job.settings.jobType === 'ONE_TIME' && replacementReasons(goal, job).length === 0,
  );
  return inStatus(fresh ? ended.filter(({ isNew }) => isNew) : ended, 'COMPLETE') ?? (fresh ? undefined : ended.at(-1));
}

function planCreation(goal: JobGoal, { jobs, denial }: JobObservation, run: PlanContext<JobGoal>): Step<JobAction> {
  if (denial !== undefined) return planUnseen(denial);
  const cancelled = jobs.find((job) => job.isNew && replacementReasons(goal, job).length === 0);
  if (cancelled !== undefined) {
    const reason = `classification job ${cancelled.id} was cancelled as soon as it was made, by somebody else or because Macie is suspended; look into that and deploy again`;
    return { kind: 'fail', reason };
  }
  const clientToken = tokenFor(run.id, jobs);
  return { kind: 'act', action: { call: 'CreateClassificationJob', name: goal.name ?? run.id, goal, clientToken } };
}

/** However often it is asked for, one job is made; but one that is over would be answered for its own token for ever. */
function tokenFor(id: string, spent: readonly OwnJob[]): string {
  const parts = [id, ...spent.map((job) => job.id)];
  return digest(parts.join(' '), 32);
}

function planTags(goal: JobGoal, { arn, tags }: OwnJob, run: PlanContext<JobGoal>): Step<JobAction> | undefined {
  const { changed, removed } = tagChanges(goal.tags, run.previous?.tags, tags);
  if (changed !== undefined) {
    // The owner tag in the request is what allows this role to tag, see the provider's permissions.
    return {
      kind: 'act',
      action: { call: 'TagResource', arn, tags: { ...changed, [OWNER_TAG]: ownerOf(run.address) } },
    };
  }
  return removed && { kind: 'act', action: { call: 'UntagResource', arn, keys: removed } };
}

function attributesOf({ id, arn, status }: OwnJob): Record<string, string> {
  return { JobId: id, JobArn: arn, JobStatus: status };
}

async function act(action: JobAction, run: Run<JobGoal>): Promise<void> {
  const client = macie(run);
  switch (action.call) {
    case 'CreateClassificationJob': {
      const { name, goal, clientToken } = action;
      const tags = { ...goal.tags, ...settledTags(run) };
      await client.send(new CreateClassificationJobCommand({ ...goal.settings, name, clientToken, tags }));
      return;
    }
    case 'UpdateClassificationJob':
      await cancel(run, action.jobId);
      return;
    case 'TagResource':
      await client.send(new TagResourceCommand({ resourceArn: action.arn, tags: { ...action.tags } }));
      return;
    case 'UntagResource':
      await client.send(new UntagResourceCommand({ resourceArn: action.arn, tagKeys: [...action.keys] }));
      return;
  }
}

/** A job that has ended since the look cannot be cancelled any more: the next look tells. */
async function cancel(run: Run<JobGoal>, jobId: string): Promise<void> {
  try {
    await macie(run).send(new UpdateClassificationJobCommand({ jobId, jobStatus: 'CANCELLED' }));
  } catch (error) {
    const mayBeOver = error instanceof Error && error.name === 'ValidationException';
    if (!mayBeOver && !isNotEnabled(error)) throw error;
    logger.warn('not cancelled', { reason: describeFailure(`cancelling ${jobId} failed`, error) });
  }
}
