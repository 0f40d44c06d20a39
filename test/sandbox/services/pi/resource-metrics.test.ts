import { GetResourceMetricsCommand, type GetResourceMetricsCommandInput, type PIClient } from '@aws-sdk/client-pi';
import type { DbInstance } from '../../../../sandbox/services/rds/state';
import { errorOf } from '../../endpoint/testbed';
import { DatabaseBed, HOUR, MINUTE, PLACE } from './bed';

afterEach(() => DatabaseBed.stopAll());

const LOAD = { Metric: 'db.load.avg' };
const BY_WAIT = { ...LOAD, GroupBy: { Group: 'db.wait_event', Dimensions: ['db.wait_event.name'], Limit: 25 } };

function ask(bed: DatabaseBed, { resourceId }: DbInstance, more: Partial<GetResourceMetricsCommandInput> = {}) {
  return new GetResourceMetricsCommand({
    ServiceType: 'RDS',
    Identifier: resourceId,
    MetricQueries: [LOAD],
    StartTime: bed.ago(10 * MINUTE),
    EndTime: bed.ago(5 * MINUTE),
    PeriodInSeconds: 60,
    PeriodAlignment: 'START_TIME',
    ...more,
  });
}

async function valuesOf(client: PIClient, command: GetResourceMetricsCommand) {
  const { MetricList } = await client.send(command);
  return MetricList!.map(({ DataPoints }) => DataPoints!.map(({ Value }) => Value));
}

const sum = (values: ReadonlyArray<number | undefined>) =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0);

describe('periods', () => {
  test.each([
    ['START_TIME', 0],
    ['END_TIME', 60_000],
    [undefined, 60_000],
  ] as const)(
    'with alignment %s have timestamps at their start or end; both ends move outward',
    async (PeriodAlignment, shift) => {
      const bed = await DatabaseBed.start();
      const instance = await bed.measured();
      const [StartTime, EndTime] = [bed.ago(10 * MINUTE - 20_000), bed.ago(5 * MINUTE - 20_000)];
      const answer = await bed.admin().send(ask(bed, instance, { StartTime, EndTime, PeriodAlignment }));
      const start = bed.ago(10 * MINUTE).getTime();
      expect(answer.AlignedStartTime!.getTime()).toBe(start);
      expect(answer.AlignedEndTime!.getTime()).toBe(start + 6 * MINUTE);
      expect(answer.MetricList![0]!.DataPoints!.map(({ Timestamp }) => Timestamp!.getTime() - start - shift)).toEqual(
        [0, 1, 2, 3, 4, 5].map((index) => index * MINUTE),
      );
    },
  );

  test('that end at a boundary do not take in the next one', async () => {
    const bed = await DatabaseBed.start();
    const [total] = await valuesOf(bed.admin(), ask(bed, await bed.measured()));
    expect(total).toHaveLength(5);
  });

  test('that are longer have the mean of the shorter ones', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const window = { StartTime: bed.ago(10 * MINUTE), EndTime: bed.ago(5 * MINUTE) };
    const mean = async (PeriodInSeconds: number) => {
      const [total] = await valuesOf(bed.admin(), ask(bed, instance, { ...window, PeriodInSeconds }));
      return sum(total!) / total!.length;
    };
    const five = await mean(300);
    expect(five).toBeGreaterThan(0);
    expect(await mean(60)).toBeCloseTo(five, 9);
    expect(await mean(1)).toBeCloseTo(five, 9);
  });

  test.each([
    [2 * MINUTE, 1_000],
    [60 * MINUTE, 60_000],
    [2 * 60 * MINUTE, 60_000],
  ])('of %d ms in all are chosen for about 100 to 200 points', async (length, period) => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    await bed.pass(2 * HOUR);
    const window = { StartTime: bed.ago(length), EndTime: bed.ago(0), PeriodInSeconds: undefined };
    const [total] = await valuesOf(bed.admin(), ask(bed, instance, window));
    expect(total).toHaveLength(length / period);
  });

  test('that are not over yet hold what has been measured, and later ones nothing', async () => {
    const bed = await DatabaseBed.start({ agentLagSeconds: 30 });
    const instance = await bed.measured();
    bed.controls.gap({ resourceId: instance.resourceId, from: bed.ago(0), to: bed.ago(-15_000) });
    const window = { StartTime: bed.ago(MINUTE), EndTime: bed.ago(-3 * MINUTE) };
    await bed.pass(40_000);
    const [early] = await valuesOf(bed.admin(), ask(bed, instance, window));
    expect(early!.map((value) => value !== undefined)).toEqual([true, false, false, false]);
    await bed.pass(10_000);
    const [later] = await valuesOf(bed.admin(), ask(bed, instance, window));
    expect(later!.map((value) => value !== undefined)).toEqual([true, true, false, false]);
  });
});

describe('refused is', () => {
  test.each<[string, (bed: DatabaseBed) => Partial<GetResourceMetricsCommandInput>, string, string]>([
    ['another period', () => ({ PeriodInSeconds: 120 }), 'InvalidArgumentException', '1, 60, 300, 3600, 86400'],
    ['an empty window', (bed) => ({ EndTime: bed.ago(10 * MINUTE) }), 'InvalidArgumentException', 'earlier'],
    [
      'a start before the retention',
      (bed) => ({ StartTime: bed.ago(169 * HOUR) }),
      'InvalidArgumentException',
      '7 days',
    ],
    [
      'an unknown group',
      () => ({ MetricQueries: [LOAD, { ...LOAD, GroupBy: { Group: 'db.plan' } }] }),
      'InvalidArgumentException',
      'This group is not a known group: db.plan is not valid for current resource',
    ],
    [
      'a group of another engine',
      () => ({ MetricQueries: [{ ...LOAD, GroupBy: { Group: 'db.wait_state' } }] }),
      'InvalidArgumentException',
      'db.wait_state',
    ],
    [
      'a dimension of another group',
      () => ({ MetricQueries: [{ ...LOAD, GroupBy: { Group: 'db.user', Dimensions: ['db.host.id'] } }] }),
      'InvalidArgumentException',
      'db.host.id',
    ],
    [
      'an unknown filter',
      () => ({ MetricQueries: [{ ...LOAD, Filter: { 'db.color': 'red' } }] }),
      'InvalidArgumentException',
      'db.color',
    ],
    [
      'an unknown metric',
      () => ({ MetricQueries: [{ Metric: 'os.nothing.avg' }] }),
      'InvalidArgumentException',
      'os.nothing.avg',
    ],
    [
      'a metric without its statistic',
      () => ({ MetricQueries: [{ Metric: 'db.load' }] }),
      'InvalidArgumentException',
      'db.load',
    ],
    [
      'a grouped counter',
      () => ({ MetricQueries: [{ Metric: 'os.general.numVCPUs.avg', GroupBy: { Group: 'db.user' } }] }),
      'InvalidArgumentException',
      'no dimensions',
    ],
    [
      'a 16th query',
      () => ({ MetricQueries: Array(16).fill(LOAD) }),
      'ValidationException',
      'less than or equal to 15',
    ],
    ['a page of 26', () => ({ MaxResults: 26 }), 'ValidationException', 'less than or equal to 25'],
    [
      'a limit of 26',
      () => ({ MetricQueries: [{ ...LOAD, GroupBy: { Group: 'db.user', Limit: 26 } }] }),
      'ValidationException',
      '25',
    ],
    [
      'a filter of 257 characters',
      () => ({ MetricQueries: [{ ...LOAD, Filter: { 'db.sql.statement': 'x'.repeat(257) } }] }),
      'ValidationException',
      'less than or equal to 256',
    ],
    ['another token', () => ({ NextToken: 'bm90aGluZw' }), 'InvalidArgumentException', 'NextToken'],
    ['an unknown resource', () => ({ Identifier: 'db-NONE' }), 'NotAuthorizedException', 'db-NONE'],
    ['the other service type', () => ({ ServiceType: 'DOCDB' }), 'NotAuthorizedException', 'DOCDB'],
  ])('%s', async (_, more, name, message) => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    expect(await errorOf(bed.admin().send(ask(bed, instance, more(bed))))).toMatchObject({
      name,
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('a grouped query', () => {
  test('answers the total, then each key, largest first, which add up to it', async () => {
    const bed = await DatabaseBed.start();
    const { MetricList } = await bed.admin().send(ask(bed, await bed.measured(), { MetricQueries: [BY_WAIT] }));
    const [total, ...keys] = MetricList!.map(({ Key, DataPoints }) => ({
      name: Key?.Dimensions?.['db.wait_event.name'],
      sum: sum(DataPoints!.map(({ Value }) => Value)),
    }));
    expect([total!.name, keys.length]).toEqual([undefined, 5]);
    expect(sum(keys.map((key) => key.sum))).toBeCloseTo(total!.sum, 9);
    expect([...keys].sort((a, b) => b.sum - a.sum)).toEqual(keys);
  });

  test('answers no more keys than its limit, and the total of all', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const limited = { ...BY_WAIT, GroupBy: { ...BY_WAIT.GroupBy, Limit: 2 } };
    const all = await valuesOf(bed.admin(), ask(bed, instance, { MetricQueries: [BY_WAIT] }));
    const some = await valuesOf(bed.admin(), ask(bed, instance, { MetricQueries: [limited] }));
    expect(some).toEqual(all.slice(0, 3));
  });

  test('has all dimensions of its group, cut at 500 bytes', async () => {
    const bed = await DatabaseBed.start();
    const query = { ...LOAD, GroupBy: { Group: 'db.sql', Limit: 25 } };
    const { MetricList } = await bed.admin().send(ask(bed, await bed.measured(), { MetricQueries: [query] }));
    const keys = MetricList!.slice(1).map(({ Key }) => Key!.Dimensions!);
    expect(Object.keys(keys[0]!).sort()).toEqual([
      'db.sql.db_id',
      'db.sql.id',
      'db.sql.statement',
      'db.sql.tokenized_id',
    ]);
    expect(Math.max(...keys.map((key) => Buffer.byteLength(key['db.sql.statement']!)))).toBe(500);
  });

  test('comes in pages whose tokens belong to the request', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const client = bed.admin();
    const request = { MetricQueries: [BY_WAIT, LOAD], StartTime: bed.ago(10 * MINUTE), EndTime: bed.ago(5 * MINUTE) };
    const whole = await valuesOf(client, ask(bed, instance, request));
    const pages: Array<Array<number | undefined>> = [];
    let NextToken: string | undefined;
    do {
      const page = await client.send(ask(bed, instance, { ...request, MaxResults: 3, NextToken }));
      expect(page.MetricList!.length).toBeLessThanOrEqual(3);
      pages.push(...page.MetricList!.map(({ DataPoints }) => DataPoints!.map(({ Value }) => Value)));
      NextToken = page.NextToken;
      if (NextToken !== undefined) {
        const other = ask(bed, instance, { ...request, PeriodInSeconds: 300, NextToken });
        expect((await errorOf(client.send(other))).name).toBe('InvalidArgumentException');
      }
    } while (NextToken !== undefined);
    expect([pages, whole.length]).toEqual([whole, 7]);
  });
});

describe('a filter', () => {
  const filtered = { ...LOAD, Filter: { 'db.wait_event.name': 'CPU' } };
  const nobody = { ...LOAD, Filter: { 'db.user.name': 'nobody' } };

  test('by one key gives what grouping gives, in the total too', async () => {
    const bed = await DatabaseBed.start();
    const { MetricList } = await bed.admin().send(
      ask(bed, await bed.measured(), {
        MetricQueries: [filtered, { ...filtered, GroupBy: BY_WAIT.GroupBy }, BY_WAIT],
      }),
    );
    const key = MetricList!.filter(({ Key }) => Key?.Dimensions?.['db.wait_event.name'] === 'CPU');
    const points = MetricList!.map(({ DataPoints }) => DataPoints);
    expect(points[0]).toEqual(key[1]!.DataPoints);
    expect([points[1], points[2]]).toEqual([points[0], points[0]]);
  });

  test('does not reduce the total where that is chosen', async () => {
    const bed = await DatabaseBed.start({ filteredTotals: false });
    const [all, some] = await valuesOf(
      bed.admin(),
      ask(bed, await bed.measured(), { MetricQueries: [LOAD, filtered] }),
    );
    expect(some).toEqual(all);
  });

  test.each([
    ['null', undefined],
    ['zero', 0],
  ] as const)('that nothing passes gives %s where that is chosen', async (absentValue, value) => {
    const bed = await DatabaseBed.start({ absentValue });
    const instance = await bed.measured();
    const grouped = { ...nobody, GroupBy: { Group: 'db.host' } };
    const answer = await valuesOf(bed.admin(), ask(bed, instance, { MetricQueries: [nobody, grouped] }));
    expect(answer).toEqual([Array(5).fill(value), Array(5).fill(value)]);
  });
});

describe('data', () => {
  test('shows an incident in the total and under its key only', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const { resourceId } = instance;
    const before = await valuesOf(bed.admin(), ask(bed, instance));
    const [from, to] = [bed.ago(9 * MINUTE), bed.ago(7 * MINUTE + 30_000)];
    bed.controls.incident({ resourceId, from, to, sessions: 20, waitEvent: 'WALSync', user: 'intruder' });
    const byUser = { ...LOAD, GroupBy: { Group: 'db.user', Dimensions: ['db.user.name'] } };
    const { MetricList } = await bed.admin().send(ask(bed, instance, { MetricQueries: [byUser, BY_WAIT] }));
    const values = (name?: string, dimension = 'db.user.name') =>
      MetricList!.find(({ Key }) => Key?.Dimensions?.[dimension] === name)!.DataPoints!.map(({ Value }) => Value);
    expect(values('intruder')).toEqual([undefined, 20, 10, undefined, undefined]);
    expect(values('WALSync', 'db.wait_event.name')).toEqual(values('intruder'));
    const grown = values().map((value, index) => value! - before[0]![index]!);
    expect(grown.map((value) => Math.round(value * 1e6) / 1e6)).toEqual([0, 20, 10, 0, 0]);
  });

  test('is null in a gap, NaN where measured badly, 0 where idle', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const { resourceId } = instance;
    bed.controls.gap({ resourceId, from: bed.ago(10 * MINUTE), to: bed.ago(9 * MINUTE) });
    bed.controls.nan({ resourceId, from: bed.ago(9 * MINUTE), to: bed.ago(8 * MINUTE) });
    bed.controls.idle({ resourceId, from: bed.ago(8 * MINUTE), to: bed.ago(7 * MINUTE) });
    const [total, first] = await valuesOf(bed.admin(), ask(bed, instance, { MetricQueries: [BY_WAIT] }));
    expect(total).toEqual([undefined, Number.NaN, 0, expect.any(Number), expect.any(Number)]);
    expect(first).toEqual([undefined, Number.NaN, undefined, expect.any(Number), expect.any(Number)]);
  });

  test('follows from the seed and the resource id', async () => {
    const answers = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const bed = await DatabaseBed.start({ seed });
        return valuesOf(bed.admin(), ask(bed, await bed.measured()));
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).not.toEqual(answers[2]);
  });

  test('of a stopped instance is null', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    bed.databases.instances.stop(PLACE, 'db-1');
    await bed.pass(HOUR);
    expect(await valuesOf(bed.admin(), ask(bed, instance))).toEqual([Array(5).fill(undefined)]);
  });

  test('of counters comes once a minute', async () => {
    const bed = await DatabaseBed.start();
    const instance = await bed.measured();
    const MetricQueries = ['os.general.numVCPUs.avg', 'os.cpuUtilization.idle.avg', 'os.cpuUtilization.total.avg'].map(
      (Metric) => ({ Metric }),
    );
    const [vcpus, idle, total] = await valuesOf(bed.admin(), ask(bed, instance, { MetricQueries }));
    expect(vcpus).toEqual([4, 4, 4, 4, 4]);
    expect(idle!.map((value, index) => value! + total![index]!)).toEqual(
      [100, 100, 100, 100, 100].map((n) => expect.closeTo(n)),
    );
    const [counts] = await valuesOf(
      bed.admin(),
      ask(bed, instance, { MetricQueries: [{ Metric: 'os.memory.free.sample_count' }], PeriodInSeconds: 300 }),
    );
    expect(counts).toEqual([5]);
  });

  test('of many sessions is sampled', async () => {
    const bed = await DatabaseBed.start({ samplingThreshold: 10 });
    const instance = await bed.measured();
    bed.controls.baseline(instance.resourceId, 50);
    const [scaled, sampled] = await valuesOf(
      bed.admin(),
      ask(bed, instance, { MetricQueries: [LOAD, { Metric: 'db.sampledload.avg' }] }),
    );
    expect(Math.min(...(scaled as number[]))).toBeGreaterThan(15);
    expect(sampled).toEqual(Array(5).fill(expect.closeTo(10)));
  });
});
