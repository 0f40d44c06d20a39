import { classificationJobReconciler, type JobAction } from '../../src/macie/classification-job.reconciler';
import { ID_TAG, idPrefix, OWNER_TAG, ownerOf } from '../../src/runtime/identity';
import { Properties } from '../../src/runtime/properties';
import type { Run } from '../../src/runtime/reconciler';
import { captureOutput } from '../support/captured-output';
import { FakeAws, type FakeOperation } from '../support/fake-aws';
import { ACCOUNT, ADDRESS, aRun, awsError, ID, MADE_UP_ID } from '../support/runs';

captureOutput();

const OUR_TAGS = { [ID_TAG]: ID, [OWNER_TAG]: ownerOf(ADDRESS) };
const S3Job = { bucketDefinitions: [{ accountId: ACCOUNT, buckets: ['a'] }] };
const GIVEN = { JobType: 'SCHEDULED', S3Job };
const NOW = new Date('2026-01-01T00:00:10Z');

interface Job {
  readonly jobId: string;
  readonly name?: string;
  readonly jobStatus?: string;
  readonly tags?: Record<string, string>;
  readonly createdAt?: Date;
  readonly jobType?: string;
}

/** Jobs in pages of two; others' cannot be looked at. */
function awsWith(jobs: readonly Job[], operations: Record<string, FakeOperation> = {}) {
  const filters: unknown[] = [];
  const all = jobs.map((job) => ({
    name: ID,
    jobStatus: 'IDLE',
    tags: OUR_TAGS,
    createdAt: NOW,
    jobType: 'SCHEDULED',
    ...job,
  }));
  const aws = new FakeAws({
    ListClassificationJobs: ({ filterCriteria, nextToken = '0' }) => {
      filters.push(filterCriteria.includes[0]);
      const start = Number(nextToken);
      return { items: all.slice(start, start + 2), nextToken: start + 2 < all.length ? `${start + 2}` : undefined };
    },
    DescribeClassificationJob: ({ jobId }) => {
      const job = all.find((each) => each.jobId === jobId);
      if (job?.tags[OWNER_TAG] === undefined) throw awsError('AccessDeniedException', 'not yours', 403);
      return { ...job, jobArn: `arn:job/${jobId}`, s3JobDefinition: S3Job };
    },
    ...operations,
  });
  return { aws, filters };
}

function observe(aws: FakeAws, changes: Partial<Run<never>> = {}) {
  const run = aRun({ properties: new Properties(GIVEN), aws: aws.clients, now: NOW, ...changes });
  return classificationJobReconciler.observe(run as never);
}

describe('looking', () => {
  test('our jobs are found by their name and tags, on all pages', async () => {
    const { aws, filters } = awsWith([
      { jobId: 'cancelled', jobStatus: 'CANCELLED' },
      { jobId: 'of-another', tags: { ...OUR_TAGS, [ID_TAG]: 'other' } },
      { jobId: 'ours' },
    ]);
    const { jobs, own } = await observe(aws);
    expect(jobs.map(({ id }) => id)).toEqual(['cancelled', 'ours']);
    expect(own).toMatchObject({ id: 'ours', arn: 'arn:job/ours', status: 'IDLE', isNew: true });
    expect(filters[0]).toEqual({ key: 'name', comparator: 'EQ', values: [ID] });
  });

  test('a job of every day that was cancelled is no resource any more; one that runs once is', async () => {
    const cancelled = { jobId: 'cancelled', jobStatus: 'CANCELLED' };
    expect((await observe(awsWith([cancelled]).aws)).own).toBeUndefined();
    expect((await observe(awsWith([{ ...cancelled, jobType: 'ONE_TIME' }]).aws)).own).toMatchObject({
      id: 'cancelled',
    });
  });

  test('in an update the name before counts, too', async () => {
    const { aws, filters } = awsWith([]);
    const properties = new Properties({ ...GIVEN, Name: 'new' });
    await observe(aws, { properties, previousProperties: new Properties({ ...GIVEN, Name: 'old' }) });
    expect(filters[0]).toEqual({ key: 'name', comparator: 'EQ', values: ['new', 'old'] });
  });

  test('what a cancelled creation made is found by the beginning of its name, if it is not over', async () => {
    const { aws, filters } = awsWith([{ jobId: 'over', jobStatus: 'CANCELLED' }, { jobId: 'ours' }]);
    const deletion = { requestType: 'Delete', id: MADE_UP_ID, unknownId: true } as const;
    expect((await observe(aws, deletion)).jobs.map(({ id }) => id)).toEqual(['ours']);
    expect(filters[0]).toEqual({ key: 'name', comparator: 'STARTS_WITH', values: [idPrefix(ADDRESS)] });
    expect(aws.calls).toEqual(['ListClassificationJobs', 'DescribeClassificationJob']);
  });

  test.each([
    ['a generated name is told', ID, { lasting: false, reason: expect.stringContaining('not yours') }],
    ['a name that others may give is not', 'shared', undefined],
  ])('that a job of %s cannot be looked at', async (_what, name, denial) => {
    const { aws } = awsWith([{ jobId: 'x', name, tags: {} }]);
    expect(await observe(aws)).toEqual({ jobs: [], own: undefined, denial });
  });

  test('that Macie is not enabled is no failure yet', async () => {
    const ListClassificationJobs = () => {
      throw awsError('AccessDeniedException', 'Macie is not enabled.', 403);
    };
    expect(await observe(awsWith([], { ListClassificationJobs }).aws)).toEqual({ jobs: [], notEnabled: true });
  });
});

describe('acting', () => {
  const acting = async (action: JobAction, answer: () => unknown = () => ({})) => {
    const seen: unknown[] = [];
    const aws = new FakeAws({
      [action.call]: (input) => {
        seen.push(input);
        return answer();
      },
    });
    await classificationJobReconciler.act(action, aRun({ aws: aws.clients }) as never);
    return seen;
  };

  test('a job is asked for with all that was decoded, and all tags', async () => {
    const goal = classificationJobReconciler.decode(
      new Properties({
        ...GIVEN,
        InitialRun: 'true',
        Schedule: { Monthly: '3' },
        SamplingPercentage: '50',
        CustomDataIdentifierIds: ['c'],
        Tags: [{ Key: 'team', Value: 'a' }],
      }),
    );
    const action = { call: 'CreateClassificationJob', name: 'nightly', goal, clientToken: 't' } as const;
    expect(await acting(action)).toEqual([
      {
        name: 'nightly',
        clientToken: 't',
        jobType: 'SCHEDULED',
        initialRun: true,
        scheduleFrequency: { monthlySchedule: { dayOfMonth: 3 } },
        s3JobDefinition: S3Job,
        samplingPercentage: 50,
        customDataIdentifierIds: ['c'],
        tags: { team: 'a', ...OUR_TAGS },
      },
    ]);
  });

  test.each([
    [{ Daily: 'true' }, { dailySchedule: {} }],
    [{ Weekly: 'MONDAY' }, { weeklySchedule: { dayOfWeek: 'MONDAY' } }],
  ])('the schedule %j is said in the words of Macie', (Schedule, expected) => {
    const { settings } = classificationJobReconciler.decode(new Properties({ ...GIVEN, Schedule }));
    expect(settings.scheduleFrequency).toEqual(expected);
  });

  test('a job that runs once is asked for without what belongs to others', () => {
    const { settings } = classificationJobReconciler.decode(new Properties({ JobType: 'ONE_TIME', S3Job }));
    expect(settings).not.toHaveProperty('initialRun');
    expect(settings).not.toHaveProperty('scheduleFrequency');
  });

  test('a job is cancelled, and one that has ended since is none to cancel', async () => {
    const action = { call: 'UpdateClassificationJob', jobId: 'j1' } as const;
    expect(await acting(action)).toEqual([{ jobId: 'j1', jobStatus: 'CANCELLED' }]);
    const ended = () => {
      throw awsError('ValidationException', 'The status cannot change from COMPLETE');
    };
    await expect(acting(action, ended)).resolves.toHaveLength(1);
    const denied = () => {
      throw awsError('AccessDeniedException', 'no', 403);
    };
    await expect(acting(action, denied)).rejects.toThrow('no');
  });

  test('tags are set and removed', async () => {
    expect(await acting({ call: 'TagResource', arn: 'arn:x', tags: { a: 'b' } })).toEqual([
      { resourceArn: 'arn:x', tags: { a: 'b' } },
    ]);
    expect(await acting({ call: 'UntagResource', arn: 'arn:x', keys: ['a'] })).toEqual([
      { resourceArn: 'arn:x', tagKeys: ['a'] },
    ]);
  });
});

test.each([
  [{ JobType: 'SOMETIMES', S3Job }, 'property JobType must be ONE_TIME or SCHEDULED, got "SOMETIMES"'],
  [{ JobType: 'ONE_TIME' }, 'property S3Job is required but missing or empty'],
  [{ JobType: 'ONE_TIME', S3Job: 'x' }, 'property S3Job must be an object, got "x"'],
])('the properties %j are an error', (values, message) => {
  expect(() => classificationJobReconciler.decode(new Properties(values))).toThrow(message);
});
