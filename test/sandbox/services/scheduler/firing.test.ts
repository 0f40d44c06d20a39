import { PLACE, SchedulerBed } from './bed';

test('a schedule fires at each of its times, with the context of the invocation', async () => {
  const bed = new SchedulerBed();
  const { arn } = bed.create('s');
  await bed.pass(2.5);
  expect(bed.lines()).toEqual(['00:01:00 at 60', '00:02:00 at 120']);
  expect(bed.seen[0]).toMatchObject({ attempt: '1', arn, scheduled: '2030-01-01T00:01:00Z' });
  expect(new Set(bed.seen.map(({ id }) => id)).size).toBe(2);
  expect(bed.seen[0]?.id).toMatch(/^[a-z0-9]{16}$/);
});

test('an invocation is late by a chance that the seed decides, within its minute', async () => {
  const run = async () => {
    const bed = new SchedulerBed({ jitterMs: { min: 0, max: 59_000 } });
    bed.create('s');
    await bed.pass(60);
    return bed.seen;
  };
  const [first, second] = [await run(), await run()];
  expect(first).toEqual(second);
  const late = first.map(({ at, scheduled }) => at - (Date.parse(scheduled) - Date.parse('2030-01-01')) / 1000);
  expect(late.every((seconds) => seconds >= 0 && seconds <= 59)).toBe(true);
  expect(new Set(late).size).toBeGreaterThan(40);
});

test('a rate begins at once, or at its start, and ends at its end', async () => {
  const bed = new SchedulerBed();
  bed.create('now', { expression: 'rate(2 minutes)' });
  bed.create('later', {
    expression: 'rate(1 minute)',
    startDate: Date.parse('2030-01-01T00:01:30Z'),
    endDate: Date.parse('2030-01-01T00:02:30Z'),
  });
  await bed.pass(5);
  expect(bed.lines()).toEqual([
    '00:00:00 at 0',
    '00:01:30 at 90',
    '00:02:00 at 120',
    '00:02:30 at 150',
    '00:04:00 at 240',
  ]);
});

test('a single time fires once', async () => {
  const bed = new SchedulerBed();
  bed.create('once', { expression: 'at(2030-01-01T00:03:20)' });
  await bed.pass(60);
  expect(bed.lines()).toEqual(['00:03:20 at 200']);
});

test('a flexible window spreads invocations over its minutes', async () => {
  const bed = new SchedulerBed();
  bed.create('s', { expression: 'rate(1 hour)', windowMinutes: 30 });
  await bed.pass(24 * 60);
  const late = bed.seen.map(({ at }) => at % 3600);
  expect(Math.max(...late)).toBeLessThanOrEqual(1800);
  expect(Math.max(...late)).toBeGreaterThan(900);
});

test('a schedule moves no time', async () => {
  const bed = new SchedulerBed();
  bed.create('s');
  await bed.pass(3.1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([bed.lab.elapsed, bed.seen.length]).toEqual([186_000, 3]);
});

test('what is disabled, deleted, or in a deleted group does not fire, nor what it had still to deliver', async () => {
  const bed = new SchedulerBed({ jitterMs: { min: 30_000, max: 30_000 } });
  const { schedules } = bed.scheduler;
  bed.create('off', { state: 'DISABLED' });
  bed.create('s');
  schedules.createGroup(PLACE, 'g');
  schedules.create({ ...PLACE, group: 'g', name: 's' }, bed.definition());
  await bed.pass(1.1);
  schedules.delete({ ...PLACE, name: 's' });
  schedules.deleteGroup(PLACE, 'g');
  await bed.pass(10);
  expect(bed.seen).toEqual([]);
  expect(schedules.list(PLACE).map(({ name }) => name)).toEqual(['off']);
});

test('an update counts from the next time on', async () => {
  const bed = new SchedulerBed();
  bed.create('s');
  await bed.pass(1.5);
  bed.scheduler.schedules.update({ ...PLACE, name: 's' }, bed.definition({ expression: 'cron(0/5 * * * ? *)' }));
  await bed.pass(10);
  expect(bed.lines()).toEqual(['00:01:00 at 60', '00:05:00 at 300', '00:10:00 at 600']);
});

describe('incidents', () => {
  test.each([
    [{ kind: 'skip', nth: 2 } as const, ['00:01:00 at 60', '00:03:00 at 180']],
    [{ kind: 'skip', from: 2 } as const, ['00:01:00 at 60']],
    [{ kind: 'delay', afterMs: 90_000 } as const, ['00:02:00 at 120', '00:01:00 at 150', '00:03:00 at 180']],
    [
      { kind: 'duplicate', nth: 2 } as const,
      ['00:01:00 at 60', '00:02:00 at 120', '00:02:00 at 121', '00:03:00 at 180'],
    ],
    [
      {
        kind: 'skip',
        between: { from: new Date('2030-01-01T00:01:00Z'), to: new Date('2030-01-01T00:03:00Z') },
      } as const,
      ['00:03:00 at 180'],
    ],
    [{ kind: 'skip', schedule: 'other' } as const, ['00:01:00 at 60', '00:02:00 at 120', '00:03:00 at 180']],
  ])('%j', async (incident, expected) => {
    const bed = new SchedulerBed();
    bed.create('s');
    bed.scheduler.incidents.add(incident);
    await bed.pass(3.2);
    expect(bed.lines()).toEqual(expected);
    expect(bed.scheduler.incidents.unused()).toHaveLength('schedule' in incident ? 1 : 0);
  });

  test('a share of the invocations can be delivered twice', async () => {
    const bed = new SchedulerBed({ jitterMs: { min: 0, max: 0 }, duplicates: 0.5 });
    bed.create('s');
    await bed.pass(100.1);
    expect(bed.seen.length).toBeGreaterThan(120);
    expect(new Set(bed.seen.map(({ scheduled }) => scheduled)).size).toBe(100);
  });
});

describe('an invocation that fails', () => {
  const once = { expression: 'at(2030-01-01T00:01:00)' };

  test('is repeated with growing distance', async () => {
    const bed = new SchedulerBed();
    for (const n of [1, 2, 3]) bed.refused.add(n);
    bed.create('s', once);
    await bed.pass(5);
    expect(bed.seen).toEqual([expect.objectContaining({ at: 67, attempt: '4', scheduled: '2030-01-01T00:01:00Z' })]);
  });

  test('is not repeated when the policy says so, and goes to the queue', async () => {
    const bed = new SchedulerBed();
    bed.refused.add(1);
    const deadLetterArn = 'arn:aws:sqs:eu-west-1:111111111111:dead';
    const { arn } = bed.create('s', { ...once, target: { retries: { maximumRetryAttempts: 0 }, deadLetterArn } });
    await bed.pass(5);
    expect(bed.seen).toEqual([]);
    expect(bed.scheduler.failures).toEqual([
      expect.objectContaining({ scheduleArn: arn, attempts: 1, code: 'ServiceException', message: 'not now' }),
    ]);
    expect(bed.scheduler.deadLetters).toEqual([
      expect.objectContaining({
        queueArn: deadLetterArn,
        attributes: expect.objectContaining({
          ERROR_CODE: 'ServiceException',
          EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
          RETRY_ATTEMPTS: '0',
          SCHEDULED_TIME: '2030-01-01T00:01:00Z',
        }),
      }),
    ]);
  });

  test('is given up when it is too old', async () => {
    const bed = new SchedulerBed();
    for (let n = 1; n <= 20; n++) bed.refused.add(n);
    bed.create('s', { ...once, target: { retries: { maximumEventAgeSeconds: 60 } } });
    await bed.pass(60);
    expect(bed.scheduler.failures).toEqual([expect.objectContaining({ attempts: 6 })]);
  });

  test.each([
    ['lambda:GetFunction', 'AccessDeniedException', 'lambda:InvokeFunction'],
    ['lambda:InvokeFunction', 'ResourceNotFoundException', 'Function not found'],
  ])('because of its role or its target tells why (%s)', async (Action, code, message) => {
    const bed = new SchedulerBed(undefined, { Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });
    bed.create('s', { ...once, target: { retries: { maximumRetryAttempts: 0 } } });
    if (code === 'ResourceNotFoundException') bed.lab.functions.delete(bed.functionArn);
    await bed.pass(5);
    expect(bed.scheduler.failures).toEqual([
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    ]);
  });
});
