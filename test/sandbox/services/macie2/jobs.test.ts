import { ACCOUNT, BUCKETS, DAILY, DAY, errorOf, Macie2Bed, ONCE, REGION, START } from './bed';

afterEach(() => Macie2Bed.stopAll());

const at = (seconds: number) => new Date(START + seconds * 1000);
const weekly = { ...DAILY, scheduleFrequency: { weeklySchedule: { dayOfWeek: 'SUNDAY' } } };
const monthly = { ...DAILY, scheduleFrequency: { monthlySchedule: { dayOfMonth: 31 } } };

test('a one-time job runs, is complete, and shows the settings that it was made with', async () => {
  const aws = await Macie2Bed.start({ runSeconds: 600 });
  const jobId = await aws.create({ ...ONCE, description: 'all of it', tags: { team: 'a' } });
  expect(jobId).toMatch(/^[0-9a-f]{32}$/);
  expect(await aws.describe(jobId)).toMatchObject({
    ...ONCE,
    jobId,
    jobArn: `arn:aws:macie2:${REGION}:${ACCOUNT}:classification-job/${jobId}`,
    description: 'all of it',
    initialRun: false,
    samplingPercentage: 100,
    tags: { team: 'a' },
    jobStatus: 'RUNNING',
    statistics: { numberOfRuns: 1 },
  });
  expect(aws.macie.inventory(aws.state)).toEqual(['macie session', `macie job ${jobId} RUNNING`]);
  await aws.clock.sleep(600_000);
  expect(await aws.describe(jobId)).toMatchObject({ jobStatus: 'COMPLETE', lastRunErrorStatus: { code: 'NONE' } });
  expect(aws.macie.inventory(aws.state)).toEqual(['macie session']);
});

test.each([
  ['with an initial run', { initialRun: true }, 'IDLE', 'RUNNING'],
  ['without one', { initialRun: false }, 'IDLE', 'IDLE'],
  ['without one, where that is a run', {}, 'RUNNING', 'RUNNING'],
] as const)('a scheduled job %s', async (_what, more, withoutInitialRun, first) => {
  const aws = await Macie2Bed.start({ withoutInitialRun, runSeconds: 600 });
  const jobId = await aws.create({ ...DAILY, ...more });
  expect(await aws.status(jobId)).toBe(first);
  await aws.passUntil(1_000);
  expect(await aws.status(jobId)).toBe('IDLE');
  await aws.passUntil(3 * DAY);
  const runs = first === 'RUNNING' ? 4 : 3;
  expect(await aws.describe(jobId)).toMatchObject({
    jobStatus: 'RUNNING',
    lastRunTime: at(3 * DAY),
    statistics: { numberOfRuns: runs },
  });
});

test.each([
  ['weekly', weekly, [5, 12]],
  ['monthly, only in months that have the day', monthly, [30, 30 + 28 + 31]],
])('a job runs %s', async (_what, input, days) => {
  const aws = await Macie2Bed.start();
  const jobId = await aws.create(input);
  for (const [index, day] of days.entries()) {
    await aws.passUntil(day * DAY);
    expect(await aws.describe(jobId)).toMatchObject({
      lastRunTime: at(day * DAY),
      statistics: { numberOfRuns: index + 1 },
    });
  }
});

describe('a client token', () => {
  test('means one job, whatever has become of it', async () => {
    const aws = await Macie2Bed.start();
    const jobId = await aws.create(ONCE);
    await aws.update(jobId, 'CANCELLED');
    expect(await aws.create(ONCE)).toBe(jobId);
    expect(aws.macie.jobs(aws.state, aws.world)).toHaveLength(1);
  });

  test.each(['ConflictException', 'ValidationException'] as const)('with other settings: %s', async (name) => {
    const aws = await Macie2Bed.start({ otherSettingsError: name });
    await aws.create(ONCE);
    expect((await errorOf(aws.create({ ...ONCE, name: 'another' }))).name).toBe(name);
  });
});

test('creation is throttled to one in ten seconds', async () => {
  const aws = await Macie2Bed.start({ quotas: { createIntervalSeconds: 10 } });
  await aws.create(ONCE);
  const second = { ...ONCE, clientToken: 'other' };
  expect(await errorOf(aws.create(second))).toMatchObject({
    name: 'ThrottlingException',
    $metadata: { httpStatusCode: 429 },
  });
  await aws.clock.sleep(10_000);
  await aws.create(second);
});

const scoping = (term: object) => ({ s3JobDefinition: { ...BUCKETS, scoping: { includes: { and: [term] } } } });
const simple = (key: string, comparator: string, ...values: string[]) =>
  scoping({ simpleScopeTerm: { key, comparator, values } });
const buckets = (count: number) => ({
  s3JobDefinition: {
    bucketDefinitions: [{ accountId: ACCOUNT, buckets: Array.from({ length: count }, (_, i) => `b${i}`) }],
  },
});

test.each([
  ['a name of 501 characters', { name: 'n'.repeat(501) }],
  ['a description of 201 characters', { description: 'd'.repeat(201) }],
  ['a one-time job with a schedule', { scheduleFrequency: { dailySchedule: {} } }],
  ['a one-time job with an initial run', { initialRun: true }],
  ['a scheduled job without a schedule', { jobType: 'SCHEDULED' }],
  ['two schedules', { ...DAILY, scheduleFrequency: { dailySchedule: {}, weeklySchedule: { dayOfWeek: 'MONDAY' } } }],
  ['day 32', { ...DAILY, scheduleFrequency: { monthlySchedule: { dayOfMonth: 32 } } }],
  ['a depth of 0', { samplingPercentage: 0 }],
  ['a depth of 101', { samplingPercentage: 101 }],
  ['identifiers beside ALL', { managedDataIdentifierSelector: 'ALL', managedDataIdentifierIds: ['A'] }],
  ['INCLUDE of nothing', { managedDataIdentifierSelector: 'INCLUDE' }],
  ['no identifiers at all', { managedDataIdentifierSelector: 'NONE' }],
  ['no buckets', { s3JobDefinition: {} }],
  ['an empty list of buckets', buckets(0)],
  ['both ways to name buckets', { s3JobDefinition: { ...BUCKETS, bucketCriteria: {} } }],
  ['an account that is none', { s3JobDefinition: { bucketDefinitions: [{ accountId: '1', buckets: ['a'] }] } }],
  ['a prefix by equality', simple('OBJECT_KEY', 'EQ', 'logs')],
  ['an extension by prefix', simple('OBJECT_EXTENSION', 'STARTS_WITH', 'pdf')],
  ['two sizes', simple('OBJECT_SIZE', 'GT', '1', '2')],
  ['a size that is none', simple('OBJECT_SIZE', 'GT', '1 KB')],
  ['a term without values', simple('OBJECT_KEY', 'STARTS_WITH')],
  ['an empty term', scoping({})],
  [
    'a tag term without a target',
    scoping({ tagScopeTerm: { key: 'TAG', comparator: 'EQ', tagValues: [{ key: 'a' }] } }),
  ],
  ['a reserved tag', { tags: { 'aws:mine': '1' } }],
  ['51 tags', { tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, '1'])) }],
])('refuses %s', async (_what, more) => {
  const aws = await Macie2Bed.start();
  expect((await errorOf(aws.create({ ...ONCE, ...more }))).name).toBe('ValidationException');
  expect(aws.state.jobs.size).toBe(0);
});

test.each([
  ['a prefix', simple('OBJECT_KEY', 'STARTS_WITH', 'logs/', 'more/')],
  ['a date', simple('OBJECT_LAST_MODIFIED_DATE', 'GTE', '2029-09-24T14:31:13Z')],
  [
    'bucket criteria',
    {
      s3JobDefinition: {
        bucketCriteria: {
          includes: { and: [{ tagCriterion: { comparator: 'EQ', tagValues: [{ key: 'a', value: 'b' }] } }] },
        },
      },
    },
  ],
  ['a thousand buckets', buckets(1_000)],
  ['the longest tag', { tags: { ['k'.repeat(128)]: 'v'.repeat(256) } }],
])('takes %s', async (_what, more) => {
  const aws = await Macie2Bed.start();
  await expect(aws.create({ ...ONCE, ...more })).resolves.toBeDefined();
});

test.each([
  ['buckets', buckets(1_001)],
  ['custom identifiers', { customDataIdentifierIds: Array(31).fill('id') }],
  ['allow lists', { allowListIds: Array(11).fill('id') }],
])('the quota of %s', async (_what, more) => {
  const aws = await Macie2Bed.start();
  expect(await errorOf(aws.create({ ...ONCE, ...more }))).toMatchObject({
    name: 'ServiceQuotaExceededException',
    $metadata: { httpStatusCode: 402 },
  });
});

test('a job that nobody made is not found', async () => {
  const aws = await Macie2Bed.start();
  const expected = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } };
  expect(await errorOf(aws.describe('none'))).toMatchObject(expected);
  expect(await errorOf(aws.update('none', 'CANCELLED'))).toMatchObject(expected);
});
