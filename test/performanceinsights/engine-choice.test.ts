import {
  DatabaseEngine,
  DataSource,
  DimensionGroup,
  Metric,
  MetricEngine,
  ServiceType,
} from '../../src/performanceinsights';
import { chooseEngine, type EngineChoice } from '../../src/performanceinsights/engine-choice';
import { RoleAssumption } from '../../src/sts';
import { importedCluster, ordersSource, RESOURCE_ID } from '../support/databases';
import { messageOf, testStack } from '../support/synthesis';

const writer = DataSource.fromClusterWriter(importedCluster(testStack()));
const [member] = DataSource.fromClusterMembers(importedCluster(testStack()));
const documents = DataSource.fromResourceId(RESOURCE_ID, {
  instanceIdentifier: 'documents',
  serviceType: ServiceType.DOCDB,
});
const elsewhere = ordersSource({ assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading') });
const orders = ordersSource();
const counter = Metric.counter('os.memory.free');
const { NATIVE, METRIC_MATH, POLLER } = MetricEngine;

const choose = (source: DataSource, metric: Metric, choice: EngineChoice = {}) =>
  chooseEngine('Stack/Alarm', source, metric._question, choice);

const CHOSEN: Array<[string, DataSource, Metric, boolean, MetricEngine]> = [
  ['load', orders, Metric.load(), false, NATIVE],
  ['load per vCPU', orders, Metric.loadPerVcpu(), false, NATIVE],
  ['a band on load', orders, Metric.load(), true, NATIVE],
  ['load where the resource id is not known', member!, Metric.load(), false, NATIVE],
  ['a counter', orders, counter, false, METRIC_MATH],
  ['a band on a counter', orders, counter, true, POLLER],
  ['a counter where the resource id is not known', member!, counter, false, POLLER],
  ['a wait event', orders, Metric.waitEvent('CPU'), false, POLLER],
  ['a band on a wait event', orders, Metric.waitEvent('CPU'), true, POLLER],
  ['a share', orders, Metric.topShare(DimensionGroup.USER), false, POLLER],
  ['load of the writer', writer, Metric.load(), false, POLLER],
  ['a counter of the writer', writer, counter, false, POLLER],
  ['load of DocumentDB', documents, Metric.load(), false, METRIC_MATH],
  ['load of a database elsewhere', elsewhere, Metric.load(), false, POLLER],
  ['a counter of a database elsewhere', elsewhere, counter, false, POLLER],
];
test.each(CHOSEN)('%s takes the least machinery', (_, source, metric, anomaly, expected) => {
  expect(choose(source, metric, { anomaly })).toBe(expected);
});

test.each([
  [METRIC_MATH, Metric.load()],
  [POLLER, Metric.load()],
  [METRIC_MATH, Metric.loadPerVcpu()],
  [POLLER, counter],
] as const)('%s can be forced where it can answer', (forced, metric) => {
  expect(choose(orders, metric, { forced })).toBe(forced);
});

const IMPOSSIBLE: Array<[string, MetricEngine, DataSource, Metric, boolean, string]> = [
  ['counters', NATIVE, orders, counter, false, 'RDS publishes the load of the whole database only, not counters'],
  ['parts of the load', NATIVE, orders, Metric.user('a'), false, 'not counters or parts of it'],
  ['the writer', NATIVE, writer, Metric.load(), false, 'its metrics do not follow the writer of a cluster'],
  ['DocumentDB', NATIVE, documents, Metric.load(), false, 'the metrics of RDS do not cover DocumentDB'],
  ['other accounts', NATIVE, elsewhere, Metric.load(), false, 'where alarms of this one see no metrics'],
  ['bands', METRIC_MATH, orders, counter, true, 'CloudWatch learns no band of expected values over DB_PERF_INSIGHTS'],
  ['dimensions', METRIC_MATH, orders, Metric.user('a'), false, 'knows counters and the whole load, but no dimensions'],
  ['shares', METRIC_MATH, orders, Metric.topShare(DimensionGroup.SQL), false, 'but no dimensions'],
  [
    'the writer',
    METRIC_MATH,
    writer,
    counter,
    false,
    'takes one literal resource id, and the writer of a cluster changes',
  ],
  ['ids to look up', METRIC_MATH, member!, counter, false, 'takes the resource id, which is not known at deployment'],
  ['other accounts', METRIC_MATH, elsewhere, counter, false, 'where alarms of this one see no metrics'],
];
test.each(IMPOSSIBLE)('%s cannot be had of %s: the error says why', (_, forced, source, metric, anomaly, reason) => {
  const message = messageOf(() => choose(source, metric, { forced, anomaly }));
  expect(message).toMatch(`Stack/Alarm: engine must be able to answer the question, got "${forced}": `);
  expect(message).toContain(reason);
  expect(message).toMatch(/; leave engine out, or use MetricEngine.POLLER$/);
});

test('all keys of a group are no single series', () => {
  expect(messageOf(() => choose(orders, Metric.byDimension(DimensionGroup.USER)))).toBe(
    'Stack/Alarm: metric must be one series, got all keys of db.user; ask for one key with Metric.dimension(), or for Metric.topShare()',
  );
});

test.each([
  [ordersSource({ engine: DatabaseEngine.ORACLE }), Metric.database('shop'), 'db, which oracle does not have'],
  [documents, Metric.waitEvent('CPU'), 'db.wait_event, which docdb does not have: all engines but docdb have it'],
  [orders, Metric.waitState('IO'), 'db.wait_state, which RDS does not have: only docdb has it'],
])(
  'a group that the engine does not have is an error: it would fail all other questions, too',
  (source, metric, text) => {
    const message = messageOf(() => choose(source, metric));
    expect(message).toContain(`Stack/Alarm: metric asks for the group ${text}`);
    expect(message).toMatch(/; choose another group$/);
  },
);
