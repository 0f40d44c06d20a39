import { Lazy } from 'aws-cdk-lib';
import { CounterStatistic, DimensionGroup, Metric } from '../../src/performanceinsights';
import { countersOf, polled, type SingleQuestion } from '../../src/performanceinsights/question';
import { messageOf } from '../support/synthesis';

const question = (metric: Metric) => polled(metric._question as SingleQuestion);

/** Load of one key. */
function slice(group: string, dimension: string, value: string) {
  const names = { metricName: 'DBLoad', dimensions: { [dimension]: value }, unit: 'None' };
  return { ...names, metric: 'db.load.avg', group, dimension, value };
}

const POLLED: Array<[string, Metric, object]> = [
  ['load', Metric.load(), { metricName: 'DBLoad', unit: 'None', metric: 'db.load.avg' }],
  [
    'load per vCPU',
    Metric.loadPerVcpu(),
    { metricName: 'DBLoadPerVCPU', unit: 'None', metric: 'db.load.avg', perVcpu: true },
  ],
  [
    'a counter',
    Metric.counter('db.SQL.Queries', CounterStatistic.SUM),
    { metricName: 'db.SQL.Queries.sum', unit: 'None', metric: 'db.SQL.Queries.sum' },
  ],
  [
    'a percentage',
    Metric.counter('os.cpuUtilization.user'),
    { metricName: 'os.cpuUtilization.user.avg', unit: 'Percent', metric: 'os.cpuUtilization.user.avg' },
  ],
  ['a wait event', Metric.waitEvent('CPU'), slice('db.wait_event', 'db.wait_event.name', 'CPU')],
  ['a wait event type', Metric.waitEventType('IO'), slice('db.wait_event_type', 'db.wait_event_type.name', 'IO')],
  ['a wait state', Metric.waitState('IO'), slice('db.wait_state', 'db.wait_state.name', 'IO')],
  ['a SQL digest', Metric.sqlDigest('AB12'), slice('db.sql_tokenized', 'db.sql_tokenized.id', 'AB12')],
  ['a user', Metric.user('app'), slice('db.user', 'db.user.name', 'app')],
  ['a host', Metric.host('10.0.0.1'), slice('db.host', 'db.host.name', '10.0.0.1')],
  ['a database', Metric.database('shop'), slice('db', 'db.name', 'shop')],
  ['an application', Metric.application('psql'), slice('db.application', 'db.application.name', 'psql')],
  [
    'any dimension',
    Metric.dimension(DimensionGroup.SQL, 'db.sql.db_id', '-12'),
    slice('db.sql', 'db.sql.db_id', '-12'),
  ],
  [
    'a part per vCPU',
    Metric.user('app').perVcpu(),
    { ...slice('db.user', 'db.user.name', 'app'), metricName: 'DBLoadPerVCPU', perVcpu: true },
  ],
  [
    'a key under another name',
    Metric.user('müller', { publishedAs: 'mueller' }),
    { ...slice('db.user', 'db.user.name', 'müller'), dimensions: { 'db.user.name': 'mueller' } },
  ],
  [
    'the share of the top key',
    Metric.topShare(DimensionGroup.SQL_TOKENIZED),
    {
      metricName: 'TopShare',
      dimensions: { Group: 'db.sql_tokenized' },
      unit: 'Percent',
      metric: 'db.load.avg',
      group: 'db.sql_tokenized',
      dimension: 'db.sql_tokenized.id',
      share: true,
    },
  ],
];
test.each(POLLED)('%s is polled and published so', (_, metric, expected) => {
  expect(question(metric)).toEqual(expected);
});

test.each([
  ['a counter', Metric.counter('os.memory.free'), ['os.memory.free']],
  ['what is divided by vCPUs', Metric.loadPerVcpu(), ['os.general.numVCPUs']],
  ['the sampled load, which is always there', Metric.counter('db.sampledload'), []],
  ['load', Metric.load(), []],
])('counters that %s needs', (_, metric, counters) => {
  expect(countersOf(metric._question)).toEqual(counters);
});

const ACCEPTED: Array<[string, () => Metric]> = [
  ['a key of 255 characters', () => Metric.user('a'.repeat(255))],
  ['a key of 256 characters under a shorter name', () => Metric.user('a'.repeat(256), { publishedAs: 'a' })],
  ['all printable ASCII in a key', () => Metric.waitEvent(' !"#$%&\'()*+,-./:;<=>?@[]^_`{|}~')],
  ['a token as a key', () => Metric.user(Lazy.string({ produce: () => 'ü'.repeat(300) }))],
  ['a counter with blanks and parentheses', () => Metric.counter('db.SQL.parse count (hard)')],
  ['a dimension of a group without a list', () => Metric.dimension(DimensionGroup.PLANS, 'db.plans.id', '1')],
  ['a breakdown by the 100 top keys', () => Metric.byDimension(DimensionGroup.USER, 100)],
];
test.each(ACCEPTED)('%s is accepted', (_, make) => {
  expect(make).not.toThrow();
});

const ASCII =
  'must consist of printable ASCII characters, as CloudWatch demands (filter by an id of the group, or give publishedAs)';
const REJECTED: Array<[string, () => Metric, string]> = [
  [
    'a key of 257 characters',
    () => Metric.waitEvent('a'.repeat(257)),
    'db.wait_event.name must have 1 to 256 characters (it has 257; filter by an id of the group instead), got',
  ],
  [
    'a key of 256 characters under its own name',
    () => Metric.user('a'.repeat(256)),
    'db.user.name must have 1 to 255 characters in CloudWatch (it has 256; give publishedAs), got',
  ],
  ['an empty key', () => Metric.user(''), 'db.user.name must have 1 to 256 characters (it has 0;'],
  ['a key that is not ASCII', () => Metric.user('müller'), `db.user.name ${ASCII}, got "müller"`],
  ['a blank key', () => Metric.user('  '), `db.user.name ${ASCII}, got "  "`],
  ['a line break in a key', () => Metric.user('a\nb'), `db.user.name ${ASCII}`],
  ['another name that is not ASCII', () => Metric.user('ü', { publishedAs: 'ü!' }), `publishedAs ${ASCII}, got "ü!"`],
  [
    'another name that is empty',
    () => Metric.user('ü', { publishedAs: '' }),
    'publishedAs must have 1 to 255 characters in CloudWatch (it has 0; give publishedAs), got ""',
  ],
  [
    'a dimension of another group',
    () => Metric.dimension(DimensionGroup.USER, 'db.host.name', 'a'),
    'dimension must be one of the group db.user (db.user.id, db.user.name), got "db.host.name"',
  ],
  [
    'a dimension of another group than one without a list',
    () => Metric.dimension(DimensionGroup.PLANS, 'db.plan.id', 'a'),
    'dimension must be one of the group db.plans (db.plans.…), got "db.plan.id"',
  ],
  [
    'a counter with its statistic',
    () => Metric.counter('os.cpuUtilization.user.avg'),
    'counter must be named without its statistic (give a CounterStatistic beside it), got "os.cpuUtilization.user.avg"',
  ],
  [
    'a counter of neither system nor database',
    () => Metric.counter('CPUUtilization'),
    'counter must be the name of a counter, such as os.cpuUtilization.user, got "CPUUtilization"',
  ],
  ['a quote in a counter', () => Metric.counter("os.a','b"), 'counter must be the name of a counter'],
  [
    'a statistic of SQL statements',
    () => Metric.counter('db.sql_tokenized.stats.calls_per_sec'),
    'counter must not be a statistic of SQL statements',
  ],
  ['a counter per vCPU', () => Metric.counter('os.memory.free').perVcpu(), 'perVcpu must be of load or one key'],
  [
    'a share per vCPU',
    () => Metric.topShare(DimensionGroup.USER).perVcpu(),
    'perVcpu must be of load or one key of a dimension, got "share"; leave it out',
  ],
  [
    'the share of a group without a key',
    () => Metric.topShare(DimensionGroup.PLANS),
    "group db.plans has no dimension here that tells its keys apart; name one with DimensionGroup.of('db.plans', […])",
  ],
  ['a breakdown by no keys', () => Metric.byDimension(DimensionGroup.USER, 0), 'limit must be from 1 to 100, got 0'],
];
test.each(REJECTED)('%s is rejected', (_, make, message) => {
  expect(messageOf(make)).toContain(message);
});
