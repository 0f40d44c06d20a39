import {
  classificationJobReconciler,
  type JobObservation,
  type OwnJob,
} from '../../src/macie/classification-job.reconciler';
import type { JobGoal, JobSettings } from '../../src/macie/classification-job-settings.runtime';
import { ID_TAG, OWNER_TAG, ownerOf } from '../../src/runtime/identity';
import type { PlanContext } from '../../src/runtime/reconciler';
import { ACCOUNT, ADDRESS, aRun, ID } from '../support/runs';

const OUR_TAGS = { [ID_TAG]: ID, [OWNER_TAG]: ownerOf(ADDRESS) };
const SCOPE = { bucketDefinitions: [{ accountId: ACCOUNT, buckets: ['a', 'b'] }] };
const ONCE: JobSettings = { jobType: 'ONE_TIME', s3JobDefinition: SCOPE };
const DAILY: JobSettings = {
  jobType: 'SCHEDULED',
  initialRun: false,
  scheduleFrequency: { dailySchedule: {} },
  s3JobDefinition: SCOPE,
};

function aGoal(settings: JobSettings = DAILY, changes: Partial<JobGoal> = {}): JobGoal {
  return { settings, tags: {}, ...changes };
}

function aJob(changes: Partial<OwnJob> = {}): OwnJob {
  return {
    id: 'j1',
    arn: 'arn:job/j1',
    name: ID,
    status: 'RUNNING',
    settings: DAILY,
    tags: OUR_TAGS,
    isNew: true,
    ...changes,
  };
}

function plan(
  goal: JobGoal | undefined,
  observed: Partial<JobObservation> = {},
  run: Partial<PlanContext<JobGoal>> = {},
) {
  return classificationJobReconciler.plan(goal, { jobs: [], ...observed }, aRun<JobGoal>(run));
}

const created = (clientToken: unknown = expect.stringMatching(/^[0-9a-f]{32}$/)) => ({
  kind: 'act',
  action: { call: 'CreateClassificationJob', name: ID, goal: aGoal(), clientToken },
});
const cancel = { kind: 'act', action: { call: 'UpdateClassificationJob', jobId: 'j1' } };
const done = (JobStatus: string) => ({
  kind: 'done',
  attributes: { JobId: 'j1', JobArn: 'arn:job/j1', JobStatus },
});
const token = (step: unknown) => (step as { action: { clientToken: string } }).action.clientToken;

describe('to have a job', () => {
  test('it is made where there is none, with the name that it is given', () => {
    expect(plan(aGoal())).toEqual(created());
    const named = aGoal(DAILY, { name: 'nightly' });
    expect(plan(named)).toMatchObject({ action: { name: 'nightly', goal: named } });
  });

  test('however often it is asked for it is the same, but for one that is over it is another', () => {
    const first = token(plan(aGoal()));
    expect(token(plan(aGoal(), {}, { invocation: 'another' }))).toBe(first);
    expect(token(plan(aGoal(), { jobs: [aJob({ status: 'CANCELLED', isNew: false })] }, { fresh: true }))).not.toBe(
      first,
    );
  });

  test.each(['RUNNING', 'IDLE', 'PAUSED', 'USER_PAUSED'])('it is done when the job is %s', (status) => {
    expect(plan(aGoal(), { jobs: [aJob({ status })] }, { fresh: true })).toEqual(done(status));
  });

  test('one that runs once may be complete', () => {
    const jobs = [aJob({ status: 'COMPLETE', settings: ONCE })];
    expect(plan(aGoal(ONCE), { jobs }, { fresh: true })).toEqual(done('COMPLETE'));
    expect(plan(aGoal(ONCE), { jobs: [{ ...jobs[0]!, isNew: false }] }, { fresh: false })).toEqual(done('COMPLETE'));
  });

  test('one that was complete before this run is made anew', () => {
    const jobs = [aJob({ status: 'COMPLETE', settings: ONCE, isNew: false })];
    expect(plan(aGoal(ONCE), { jobs }, { fresh: true })).toMatchObject({ action: { call: 'CreateClassificationJob' } });
  });

  test('one that runs once and was cancelled later is not run again for an update', () => {
    const jobs = [aJob({ status: 'CANCELLED', settings: ONCE, isNew: false })];
    expect(plan(aGoal(ONCE), { jobs })).toEqual(done('CANCELLED'));
  });

  test('one of every day that was cancelled later is made anew', () => {
    expect(plan(aGoal(), { jobs: [aJob({ status: 'CANCELLED', isNew: false })] })).toEqual(created());
  });

  test('one that is cancelled as soon as it is made is a failure', () => {
    expect(plan(aGoal(), { jobs: [aJob({ status: 'CANCELLED' })] }, { fresh: true })).toMatchObject({
      kind: 'fail',
      reason: expect.stringContaining('job j1 was cancelled as soon as it was made'),
    });
  });

  test('what an earlier try has made for another goal is cancelled', () => {
    expect(plan(aGoal(ONCE), { jobs: [aJob({ isNew: false })] }, { fresh: true })).toEqual(cancel);
  });

  test('a job that changed during the update is a failure', () => {
    expect(plan(aGoal(ONCE), { jobs: [aJob()] })).toMatchObject({
      kind: 'fail',
      reason: expect.stringContaining('the type changes; the schedule changes'),
    });
  });

  test('without Macie it fails and says how to enable it', () => {
    expect(plan(aGoal(), { notEnabled: true })).toMatchObject({
      kind: 'fail',
      reason: expect.stringMatching(/^Macie is not enabled in 111122223333\/eu-central-1; .*AWS::Macie::Session/),
    });
  });

  test.each([
    [false, 'wait'],
    [true, 'fail'],
  ])('a look that is denied (for long: %s) makes it %s, in a deletion as well', (lasting, kind) => {
    const denial = { reason: 'denied', lasting };
    expect(plan(aGoal(), { denial })).toEqual({ kind, reason: 'denied' });
    expect(plan(undefined, { denial })).toEqual({ kind, reason: 'denied' });
  });
});

describe('tags', () => {
  const job = aJob({ tags: { ...OUR_TAGS, team: 'a', old: '1', theirs: '1' } });

  test('change in place, by difference', () => {
    const goal = aGoal(DAILY, { tags: { team: 'b' } });
    const previous = aGoal(DAILY, { tags: { team: 'a', old: '1' } });
    expect(plan(goal, { jobs: [job] }, { previous })).toEqual({
      kind: 'act',
      action: { call: 'TagResource', arn: job.arn, tags: { team: 'b', [OWNER_TAG]: ownerOf(ADDRESS) } },
    });
    const tagged = { ...job, tags: { ...job.tags, team: 'b' } };
    expect(plan(goal, { jobs: [tagged] }, { previous })).toEqual({
      kind: 'act',
      action: { call: 'UntagResource', arn: job.arn, keys: ['old'] },
    });
  });
});

describe('all else replaces', () => {
  test.each<[string, Partial<JobSettings>, string]>([
    ['description', { description: 'new' }, 'the description changes'],
    ['initial run', { initialRun: true }, 'the initial run changes'],
    ['schedule', { scheduleFrequency: { weeklySchedule: { dayOfWeek: 'MONDAY' } } }, 'the schedule changes'],
    [
      'scope',
      { s3JobDefinition: { bucketDefinitions: [{ accountId: ACCOUNT, buckets: ['a'] }] } },
      'the scope changes',
    ],
    ['selector', { managedDataIdentifierSelector: 'ALL' }, 'the selection of managed data identifiers changes'],
    ['identifiers', { customDataIdentifierIds: ['c'] }, 'the custom data identifiers changes'],
    ['lists', { allowListIds: ['l'] }, 'the allow lists changes'],
    ['sampling', { samplingPercentage: 50 }, 'the sampling changes'],
  ])('a change of the %s', (_what, changes, reason) => {
    expect(classificationJobReconciler.replacementReasons(aGoal({ ...DAILY, ...changes }), aJob())).toEqual([reason]);
  });

  test('a change of the name', () => {
    const { replacementReasons } = classificationJobReconciler;
    expect(replacementReasons(aGoal(DAILY, { name: 'other' }), aJob())).toEqual(['the name changes']);
  });

  test('but not what Macie says in other words', () => {
    const settings = {
      ...DAILY,
      s3JobDefinition: { bucketDefinitions: [{ buckets: ['b', 'a'], accountId: ACCOUNT }], scoping: {} },
      samplingPercentage: 100,
      managedDataIdentifierSelector: 'RECOMMENDED' as const,
      allowListIds: [],
    };
    expect(classificationJobReconciler.replacementReasons(aGoal(), aJob({ settings }))).toEqual([]);
  });
});

describe('to delete', () => {
  const deletion = { requestType: 'Delete' } as const;

  test.each(['RUNNING', 'IDLE', 'PAUSED', 'USER_PAUSED'])('a job that is %s is cancelled', (status) => {
    expect(plan(undefined, { jobs: [aJob({ status })] }, deletion)).toEqual(cancel);
  });

  test.each(['COMPLETE', 'CANCELLED'])('one that is %s is history', (status) => {
    expect(plan(undefined, { jobs: [aJob({ status })] }, deletion)).toEqual({ kind: 'done', attributes: {} });
  });

  test('without Macie there are no jobs', () => {
    expect(plan(undefined, { notEnabled: true }, deletion)).toEqual({ kind: 'done', attributes: {} });
  });
});
