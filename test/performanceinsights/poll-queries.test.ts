import type { MetricKeyDataPoints } from '@aws-sdk/client-pi';
import { PeriodAnswers, planQueries } from '../../src/performanceinsights/poll-queries.runtime';
import type { PolledQuestion } from '../../src/performanceinsights/poll-request.runtime';

const PERIOD = Date.parse('2030-01-01T00:00:00Z');
const LOAD = { Metric: 'db.load.avg' };

function aQuestion(changes: Partial<PolledQuestion> = {}): PolledQuestion {
  return { metricName: 'DBLoad', dimensions: {}, unit: 'None', metric: 'db.load.avg', perVcpu: false, ...changes };
}
const event = (value?: string) =>
  aQuestion({ slice: { group: 'db.wait_event', dimension: 'db.wait_event.name', value } });
const share = event();
const counter = aQuestion({ metric: 'os.cpuUtilization.user.avg' });
const events = (count: number) => Array.from({ length: count }, (_, index) => event(`event ${index}`));

function series(metric: string, value: unknown, key?: string, timestamp = PERIOD): MetricKeyDataPoints {
  const dimensions = key === undefined ? {} : { Dimensions: { 'db.wait_event.name': key } };
  return {
    Key: { Metric: metric, ...dimensions },
    DataPoints: [{ Timestamp: new Date(timestamp), Value: value as number }],
  };
}
const load = (value: unknown, key?: string) => series('db.load.avg', value, key);
const answer = (question: PolledQuestion, ...list: MetricKeyDataPoints[]) =>
  new PeriodAnswers(list, PERIOD).answerOf(question);

describe('the queries', () => {
  const group = { Group: 'db.wait_event', Dimensions: ['db.wait_event.name'] };

  test.each<[string, PolledQuestion[], object[]]>([
    ['the load alone', [aQuestion()], [LOAD]],
    [
      'a key is filtered for, and the total asked for beside it',
      [event('CPU')],
      [{ ...LOAD, GroupBy: { ...group, Limit: 1 }, Filter: { 'db.wait_event.name': 'CPU' } }, LOAD],
    ],
    ['a share needs no query for the total', [share], [{ ...LOAD, GroupBy: { ...group, Limit: 1 } }]],
    ['a counter', [counter], [{ Metric: 'os.cpuUtilization.user.avg' }, LOAD]],
    [
      'vCPUs are asked for once',
      [aQuestion({ perVcpu: true }), aQuestion({ perVcpu: true, metricName: 'B' })],
      [LOAD, { Metric: 'os.general.numVCPUs.avg' }],
    ],
    ['nothing asked for still has a heartbeat', [], [LOAD]],
  ])('%s', (_what, questions, expected) => {
    expect(planQueries(questions)).toEqual({ calls: [expected] });
  });

  test.each([
    [1, [2], false],
    [14, [15], false],
    [15, [15], true],
    [16, [15, 2], false],
    [150, Array(10).fill(15), true],
  ])('%d keys take calls of %j queries, the total as a last resort: %s', (count, sizes, lastResort) => {
    const plan = planQueries(events(count));
    expect(plan.calls.map((queries) => queries.length)).toEqual(sizes);
    expect(plan.lastResort).toEqual(lastResort ? LOAD : undefined);
  });
});

describe('the answers', () => {
  test.each<[string, PolledQuestion, MetricKeyDataPoints[], number | undefined]>([
    ['the load', aQuestion(), [load(2.5)], 2.5],
    ['the load of an idle instance', aQuestion(), [load(0)], 0],
    ['the load, where filters have reduced other totals', aQuestion(), [load(0.5), load(2.5), load(1)], 2.5],
    ['no load', aQuestion(), [load(undefined)], undefined],
    ['NaN', aQuestion(), [load(Number.NaN)], undefined],
    ['a key', event('CPU'), [load(2), load(1.5, 'CPU'), load(0.5, 'io')], 1.5],
    ['a key that is absent, where there is data', event('CPU'), [load(2), load(0.5, 'io')], 0],
    ['a key without a value, where there is data', event('CPU'), [load(2), load(undefined, 'CPU')], 0],
    ['a key that is absent, where there is no data', event('CPU'), [load(undefined)], undefined],
    ['a key that is absent, where only a counter has data', event('CPU'), [series('os.x.avg', 1)], undefined],
    ['a share', share, [load(2), load(1.5, 'CPU'), load(0.5, 'io')], 75],
    ['a share of nothing', share, [load(0)], 0],
    ['a share without keys', share, [load(1)], 0],
    ['a share that rounding takes beyond everything', share, [load(1), load(1.0000001, 'CPU')], 100],
    ['a share without data', share, [load(undefined)], undefined],
    ['a counter', counter, [load(1), series('os.cpuUtilization.user.avg', 12)], 12],
    ['a counter that is absent', counter, [load(1)], undefined],
    ['a counter beyond what CloudWatch takes', counter, [series('os.cpuUtilization.user.avg', 1e200)], undefined],
    ['per vCPU', aQuestion({ perVcpu: true }), [load(2), series('os.general.numVCPUs.avg', 8)], 0.25],
    ['per vCPU, of which nothing is known', aQuestion({ perVcpu: true }), [load(2)], undefined],
    ['per vCPU of none', aQuestion({ perVcpu: true }), [load(2), series('os.general.numVCPUs.avg', 0)], undefined],
    ['a point of another minute', aQuestion(), [series('db.load.avg', 2, undefined, PERIOD + 60_000)], undefined],
  ])('%s', (_what, question, list, expected) => {
    expect(answer(question, ...list)).toBe(expected);
  });

  test.each<[string, MetricKeyDataPoints[], boolean]>([
    ['zero', [load(0)], true],
    ['a key', [load(1, 'CPU')], true],
    ['nothing', [], false],
    ['null', [load(undefined), load(undefined, 'CPU')], false],
    ['a counter alone', [series('os.general.numVCPUs.avg', 4)], false],
  ])('whether there is data: %s', (_what, list, expected) => {
    expect(new PeriodAnswers(list, PERIOD).hasData).toBe(expected);
  });
});
