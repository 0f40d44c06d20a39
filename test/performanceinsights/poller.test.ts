import type { PolledSource } from '../../src/performanceinsights/poll-request.runtime';
import { PollServices } from '../../src/performanceinsights/poll-services.runtime';
import { Poller } from '../../src/performanceinsights/poller.runtime';
import { captureOutput } from '../support/captured-output';
import { FakeAws, type FakeOperation } from '../support/fake-aws';
import { FakeClock } from '../support/fake-clock';
import { aRequest, expectedValues, MINUTE, NAMESPACE, PollingWorld, START, waitEvent } from '../support/polling-world';
import { awsError, REGION } from '../support/runs';

const written = captureOutput();
/** The period that the run at START owns. */
const OWN = START - 2 * MINUTE;

describe('a run', () => {
  test('publishes its minute, with the instance as dimension, and a heartbeat beside it', async () => {
    const world = new PollingWorld();
    await world.deliver(world.environment(), START);
    expect(world.valuesOf(OWN)).toEqual(expectedValues(OWN));
    expect(world.heartbeatsOf(OWN)).toEqual([1]);
    expect(world.puts).toHaveLength(1);
    expect(world.puts[0]).toMatchObject({ Namespace: NAMESPACE });
    expect(world.pointsOf(OWN)[1]).toMatchObject({
      Dimensions: [
        { Name: 'DBInstanceIdentifier', Value: 'orders' },
        { Name: 'db.wait_event.name', Value: 'CPU' },
      ],
    });
  });

  test('asks for exactly its minute', async () => {
    const world = new PollingWorld();
    await world.deliver(world.environment(), START);
    expect(world.asked).toMatchObject([
      { StartTime: new Date(OWN), EndTime: new Date(OWN + MINUTE), PeriodInSeconds: 60, PeriodAlignment: 'START_TIME' },
    ]);
  });

  test('takes two calls where the same environment had the minute before', async () => {
    const world = new PollingWorld();
    const poller = world.environment();
    await world.deliver(poller, START);
    world.takeCalls();
    for (let minute = 1; minute <= 10; minute++) {
      await world.deliver(poller, START + minute * MINUTE);
      expect(world.takeCalls()).toEqual(['GetResourceMetrics', 'PutMetricData']);
    }
  });

  test('takes one call more in another environment', async () => {
    const world = new PollingWorld();
    for (let minute = 0; minute < 70; minute++) await world.deliver(world.environment(), START + minute * MINUTE);
    world.takeCalls();
    await world.deliver(world.environment(), START + 70 * MINUTE);
    expect(world.takeCalls()).toEqual(['GetResourceMetrics', 'GetMetricStatistics', 'PutMetricData']);
  });

  test('takes ten calls for 150 questions, and follows their pages', async () => {
    const world = new PollingWorld();
    const questions = Array.from({ length: 150 }, (_, index) => waitEvent(index === 0 ? 'CPU' : `event ${index}`));
    await world.deliver(world.environment(), START, 2_000, { questions });
    expect(world.asked.filter(({ NextToken }) => NextToken === undefined)).toHaveLength(10);
    expect(world.pointsOf(OWN)).toHaveLength(150);
    expect(world.puts).toHaveLength(1);
  });

  test('publishes nothing of a minute of which one call was refused', async () => {
    const world = new PollingWorld();
    let calls = 0;
    world.conduct = { ...world.conduct, asking: () => (++calls === 3 ? 'throttled' : 'answered') };
    const questions = Array.from({ length: 40 }, (_, index) => waitEvent(`event ${index}`));
    await world.deliver(world.environment(), START, 2_000, { questions });
    expect(world.publishedPeriods).toEqual([]);
  });

  test('does not publish what it has published when it is delivered again', async () => {
    const world = new PollingWorld();
    const poller = world.environment();
    await world.deliver(poller, START);
    await world.deliver(poller, START);
    expect(world.heartbeatsOf(OWN)).toEqual([1]);
  });

  test('that comes when its turn is nearly over leaves its minute to a later one', async () => {
    const world = new PollingWorld();
    const poller = world.environment();
    await world.deliver(poller, START - MINUTE);
    world.takeCalls();
    await world.deliver(poller, START, 111_000);
    expect(world.takeCalls()).toEqual([]);
    for (let minute = 1; minute <= 4; minute++) await world.deliver(poller, START + minute * MINUTE);
    expect(world.heartbeatsOf(OWN)).toEqual([1]);
  });

  test('that comes before its time publishes nothing', async () => {
    const world = new PollingWorld();
    await world.environment().run(aRequest(START + 5 * MINUTE), () => 60_000);
    expect(world.takeCalls()).toEqual([]);
  });

  test('that is not one of ours is a defect', async () => {
    const world = new PollingWorld();
    await expect(world.environment().run({}, () => 60_000)).rejects.toThrow('property scheduledTime is required');
  });

  test('says in one line what it did, without the keys that it asked for', async () => {
    const world = new PollingWorld();
    const questions = [waitEvent('select secret')];
    await world.deliver(world.environment(), START, 2_000, { questions });
    expect(written()).toContain('"message":"polled"');
    expect(written()).not.toContain('select secret');
  });
});

describe('catching up', () => {
  /** Minutes that were published, after the given ones were missed, until so many later. */
  async function missed(minutes: readonly number[], until: number, remaining = 60_000, options: object = {}) {
    const world = new PollingWorld();
    const poller = world.environment();
    for (let minute = 0; minute <= until; minute++) {
      if (minutes.includes(minute)) continue;
      world.advanceTo(START + minute * MINUTE + 2_000);
      await poller.run(aRequest(START + minute * MINUTE, options), () => remaining);
    }
    return world;
  }

  test('a missed minute is published four minutes later', async () => {
    expect((await missed([5], 8)).heartbeatsOf(OWN + 5 * MINUTE)).toEqual([]);
    const world = await missed([5], 9);
    expect(world.valuesOf(OWN + 5 * MINUTE)).toEqual(expectedValues(OWN + 5 * MINUTE));
  });

  test('what was missed for longer than is caught up stays missing', async () => {
    const minutes = Array.from({ length: 20 }, (_, index) => index + 5);
    const world = await missed(minutes, 60, 60_000, { catchUpMinutes: 12 });
    const there = minutes.filter((minute) => world.heartbeatsOf(OWN + minute * MINUTE).length > 0);
    expect(there).toEqual([13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
  });

  test('an outage longer than what is caught up is told from a new source', async () => {
    const minutes = Array.from({ length: 30 }, (_, index) => index + 5);
    const world = await missed(minutes, 60, 60_000, { catchUpMinutes: 10 });
    expect(world.heartbeatsOf(OWN + 30 * MINUTE)).toEqual([1]);
    expect(world.heartbeatsOf(OWN + 20 * MINUTE)).toEqual([]);
  });

  test('a run with little time left publishes its own minute alone', async () => {
    const world = await missed([5, 6], 20, 15_000);
    expect(world.heartbeatsOf(OWN + 5 * MINUTE)).toEqual([]);
    expect(world.heartbeatsOf(OWN + 9 * MINUTE)).toEqual([1]);
  });

  test('without catching up, a minute without data is a gap at once', async () => {
    const world = new PollingWorld({ dataLag: () => undefined });
    await world.deliver(world.environment(), START, 2_000, { catchUpMinutes: 0 });
    expect(world.heartbeatsOf(OWN)).toEqual([0]);
  });

  test('a minute without data is asked for again, and is a gap when it still has none', async () => {
    const world = new PollingWorld({ dataLag: (period) => (period === OWN + 5 * MINUTE ? undefined : 10_000) });
    const poller = world.environment();
    for (let minute = 0; minute <= 8; minute++) await world.deliver(poller, START + minute * MINUTE);
    expect(world.heartbeatsOf(OWN + 5 * MINUTE)).toEqual([]);
    await world.deliver(poller, START + 9 * MINUTE);
    expect(world.heartbeatsOf(OWN + 5 * MINUTE)).toEqual([0]);
    expect(world.pointsOf(OWN + 5 * MINUTE)).toEqual([]);
  });

  test('nothing is read or published while Performance Insights refuses', async () => {
    const world = new PollingWorld({ asking: () => 'failed' });
    await world.deliver(world.environment(), START);
    expect(world.takeCalls()).toEqual(['GetResourceMetrics']);
  });

  test('a run that cannot read what is published still publishes its own minute', async () => {
    const world = new PollingWorld({ reading: () => 'throttled' });
    await world.deliver(world.environment(), START);
    expect(world.heartbeatsOf(OWN)).toEqual([1]);
  });
});

describe('the instance', () => {
  const dimensions = { DBInstanceIdentifier: 'orders' };
  const BY_NAME: PolledSource = { serviceType: 'RDS', instanceIdentifier: 'orders', dimensions };
  const WRITER: PolledSource = { serviceType: 'RDS', writerOf: 'shop', dimensions };

  function pollerWith(operations: Record<string, FakeOperation>) {
    const aws = new FakeAws({ GetMetricStatistics: () => ({}), PutMetricData: () => ({}), ...operations });
    const clock = new FakeClock(new Date(START).toISOString());
    const poller = new Poller(REGION, clock, (request) => new PollServices(request, REGION, aws.clients, aws.clients));
    const run = async (minute: number, source: PolledSource) => {
      clock.advance(START + minute * MINUTE + 2_000 - clock.now().getTime());
      await poller.run(aRequest(START + minute * MINUTE, { source, questions: [] }), () => 60_000);
      return aws.calls.splice(0);
    };
    return { run };
  }
  const instance = (id: string) => ({ DBInstances: [{ DbiResourceId: id }] });
  const metrics = (input: { StartTime: Date }) => ({
    MetricList: [{ Key: { Metric: 'db.load.avg' }, DataPoints: [{ Timestamp: input.StartTime, Value: 1 }] }],
  });

  test('is looked up once by its identifier', async () => {
    const { run } = pollerWith({ DescribeDBInstances: () => instance('db-1'), GetResourceMetrics: metrics });
    expect(await run(0, BY_NAME)).toContain('DescribeDBInstances');
    expect(await run(1, BY_NAME)).toEqual(['GetResourceMetrics', 'PutMetricData']);
  });

  test.each<[string, FakeOperation]>([
    [
      'refuses',
      () => {
        throw awsError('NotAuthorizedException');
      },
    ],
    ['has nothing for', () => ({ MetricList: [] })],
  ])('is looked up again when Performance Insights %s the one that it was', async (_what, asking) => {
    const asked: string[] = [];
    let current = 'db-1';
    const { run } = pollerWith({
      DescribeDBInstances: () => instance(current),
      GetResourceMetrics: (input) => {
        asked.push(input.Identifier);
        return input.Identifier === 'db-1' ? asking(input, REGION) : metrics(input);
      },
    });
    await run(0, BY_NAME);
    current = 'db-2';
    await run(1, BY_NAME);
    expect(asked.at(-1)).toBe('db-2');
  });

  test('is the writer of the moment', async () => {
    const asked: string[] = [];
    let writer = 'one';
    const { run } = pollerWith({
      DescribeDBClusters: () => ({
        DBClusters: [
          {
            DBClusterMembers: ['one', 'two'].map((name) => ({
              DBInstanceIdentifier: name,
              IsClusterWriter: name === writer,
            })),
          },
        ],
      }),
      DescribeDBInstances: ({ DBInstanceIdentifier }) => instance(`db-${DBInstanceIdentifier}`),
      GetResourceMetrics: (input) => {
        asked.push(input.Identifier);
        return metrics(input);
      },
    });
    await run(0, WRITER);
    writer = 'two';
    await run(1, WRITER);
    expect(asked).toEqual(['db-one', 'db-two']);
  });

  test('that is not there is told in the log, and does not throw', async () => {
    const { run } = pollerWith({ DescribeDBInstances: () => ({ DBInstances: [] }) });
    expect(await run(0, BY_NAME)).toEqual(['DescribeDBInstances']);
    expect(written()).toContain('instance orders does not exist');
  });
});
