import { DAILY, DAY, errorOf, Macie2Bed, ONCE } from './bed';

afterEach(() => Macie2Bed.stopAll());

const INITIAL = { ...DAILY, initialRun: true };

/** Jobs in every state, by the state. */
const MAKE: Readonly<Record<string, (aws: Macie2Bed) => Promise<string>>> = {
  RUNNING: (aws) => aws.create(ONCE),
  IDLE: (aws) => aws.create(DAILY),
  PAUSED: async (aws) => {
    const id = await aws.create(ONCE);
    aws.macie.exceedQuota(aws.state, id, aws.world);
    return id;
  },
  USER_PAUSED: (aws) => changed(aws, 'USER_PAUSED'),
  CANCELLED: (aws) => changed(aws, 'CANCELLED'),
  COMPLETE: async (aws) => {
    const id = await aws.create(ONCE);
    aws.macie.finish(aws.state, id, aws.world);
    return id;
  },
};

async function changed(aws: Macie2Bed, status: string): Promise<string> {
  const id = await aws.create(ONCE);
  await aws.update(id, status);
  return id;
}

const ALLOWED = new Set([
  'RUNNING CANCELLED',
  'RUNNING USER_PAUSED',
  'IDLE CANCELLED',
  'IDLE USER_PAUSED',
  'PAUSED CANCELLED',
  'PAUSED USER_PAUSED',
  'USER_PAUSED CANCELLED',
  'USER_PAUSED RUNNING',
]);

describe.each(Object.keys(MAKE))('a job that is %s', (from) => {
  test.each(['CANCELLED', 'USER_PAUSED', 'RUNNING', 'COMPLETE'])('and is to be %s', async (to) => {
    const aws = await Macie2Bed.start();
    const id = await MAKE[from]!(aws);
    expect(await aws.status(id)).toBe(from);
    if (ALLOWED.has(`${from} ${to}`)) {
      await aws.update(id, to);
      expect(await aws.status(id)).toBe(to);
    } else {
      const { name, message } = await errorOf(aws.update(id, to));
      expect(name).toBe('ValidationException');
      if (from === 'CANCELLED') expect(message).toContain('cannot update cancelled job for job');
      expect(await aws.status(id)).toBe(from);
    }
  });
});

test('a paused run goes on from where it was', async () => {
  const aws = await Macie2Bed.start({ runSeconds: 1_000 });
  const id = await aws.create(ONCE);
  await aws.passUntil(400);
  await aws.update(id, 'USER_PAUSED');
  const { userPausedDetails, createdAt } = await aws.describe(id);
  expect(userPausedDetails.jobPausedAt.getTime()).toBeGreaterThan(createdAt.getTime());
  expect(userPausedDetails.jobExpiresAt.getTime() - userPausedDetails.jobPausedAt.getTime()).toBe(30 * DAY * 1000);
  expect(userPausedDetails.jobImminentExpirationHealthEventArn).toBeUndefined();
  await aws.passUntil(5_000);
  await aws.update(id, 'RUNNING');
  expect(await aws.describe(id)).toMatchObject({ jobStatus: 'RUNNING' });
  await aws.passUntil(5_500);
  expect(await aws.status(id)).toBe('RUNNING');
  await aws.passUntil(5_700);
  expect(await aws.status(id)).toBe('COMPLETE');
});

test('a one-time job that is paused for 30 days is cancelled, and was announced to be', async () => {
  const aws = await Macie2Bed.start();
  const id = await MAKE.USER_PAUSED!(aws);
  await aws.passUntil(24 * DAY);
  const { userPausedDetails } = await aws.describe(id);
  expect(userPausedDetails.jobImminentExpirationHealthEventArn).toMatch(/^arn:aws:health:/);
  await aws.passUntil(30 * DAY + 10);
  expect(await aws.status(id)).toBe('CANCELLED');
});

test('of a scheduled job only the run expires', async () => {
  const aws = await Macie2Bed.start();
  const id = await aws.create(INITIAL);
  await aws.update(id, 'USER_PAUSED');
  await aws.passUntil(31 * DAY);
  const { jobStatus, userPausedDetails } = await aws.describe(id);
  expect([jobStatus, userPausedDetails.jobExpiresAt]).toEqual(['USER_PAUSED', undefined]);
  await aws.update(id, 'RUNNING');
  expect(await aws.status(id)).toBe('IDLE');
  await aws.passUntil(32 * DAY);
  expect(await aws.status(id)).toBe('RUNNING');
});

test('an idle job that is paused does not expire and keeps to its schedule afterwards', async () => {
  const aws = await Macie2Bed.start();
  const id = await aws.create(DAILY);
  await aws.update(id, 'USER_PAUSED');
  await aws.passUntil(40 * DAY);
  expect(await aws.status(id)).toBe('USER_PAUSED');
  await aws.update(id, 'RUNNING');
  expect(await aws.describe(id)).toMatchObject({ jobStatus: 'IDLE', statistics: { numberOfRuns: 0 } });
});

test('a run that waits for quota goes on when there is some', async () => {
  const aws = await Macie2Bed.start();
  const id = await MAKE.PAUSED!(aws);
  await aws.passUntil(40 * DAY);
  expect(await aws.status(id)).toBe('PAUSED');
  aws.macie.freeQuota(aws.state, id, aws.world);
  expect(await aws.status(id)).toBe('RUNNING');
});

test('a run can end with errors', async () => {
  const aws = await Macie2Bed.start();
  const id = await aws.create(ONCE);
  aws.macie.finish(aws.state, id, aws.world, 'ERROR');
  expect(await aws.describe(id)).toMatchObject({ jobStatus: 'COMPLETE', lastRunErrorStatus: { code: 'ERROR' } });
});
