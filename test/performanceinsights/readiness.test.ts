import { nearest } from '../../src/performanceinsights/near-names.runtime';
import { readinessReconciler } from '../../src/performanceinsights/readiness.reconciler';
import type { ReadinessGoal } from '../../src/performanceinsights/readiness-goal.runtime';
import type { InstanceView, ReadinessObservation } from '../../src/performanceinsights/readiness-look.runtime';
import { Properties } from '../../src/runtime/properties';
import { FakeAws, type FakeOperation } from '../support/fake-aws';
import { aRun, awsError } from '../support/runs';

const GOAL: ReadinessGoal = {
  source: { serviceType: 'RDS', instanceIdentifier: 'orders' },
  metrics: ['os.cpuUtilization.user.avg'],
  groups: ['db.wait_event'],
  firstDataPoint: true,
};
const INSTANCE: InstanceView = {
  identifier: 'orders',
  resourceId: 'db-1',
  engine: 'postgres',
  status: 'available',
  performanceInsights: true,
};
const READY: ReadinessObservation = {
  ageMs: 0,
  instance: INSTANCE,
  hasData: true,
  metrics: ['os.cpuUtilization.user'],
  groups: ['db.wait_event', 'db.user'],
  authorizedGroups: ['db.wait_event', 'db.user'],
};
const MINUTES = 60_000;
const refused = (denied: boolean) => ({ action: 'pi:GetResourceMetrics', denied, reason: 'it was refused' });

function plan(observed: Partial<ReadinessObservation>, goal: Partial<ReadinessGoal> = {}, rollback = false) {
  return readinessReconciler.plan({ ...GOAL, ...goal }, { ...READY, ...observed }, aRun({ rollback }));
}
const inState = (status: string, changes: Partial<ReadinessObservation> = {}) =>
  plan({ instance: { ...INSTANCE, status }, ...changes });
const DONE = { kind: 'done', attributes: { ResourceId: 'db-1', Engine: 'postgres' } };

describe('the plan', () => {
  test('it is done when all is there', () => {
    expect(plan({})).toEqual(DONE);
  });

  test.each(['available', 'backing-up', 'storage-optimization', 'storage-full'])('%s will do', (status) => {
    expect(inState(status)).toEqual(DONE);
  });

  test.each(['creating', 'modifying', 'rebooting', 'starting', 'maintenance', 'a state to come'])(
    'it waits while the instance is %s',
    (status) => {
      expect(inState(status)).toEqual({ kind: 'wait', reason: `instance orders is ${status}, not yet available` });
    },
  );

  test.each(['deleting', 'failed', 'incompatible-parameters', 'inaccessible-encryption-credentials', 'restore-error'])(
    'it fails when the instance is %s',
    (status) => {
      expect(inState(status)).toMatchObject({ kind: 'fail', reason: expect.stringContaining(`orders is ${status}`) });
    },
  );

  test.each(['stopping', 'stopped'])('an instance that is %s is ready only without a first data point', (status) => {
    const instance = { ...INSTANCE, status };
    expect(plan({ instance })).toMatchObject({ kind: 'fail', reason: expect.stringContaining('start it') });
    expect(plan({ instance, hasData: false }, { firstDataPoint: false })).toEqual(DONE);
  });

  test.each<[string, Partial<ReadinessObservation>, string, string]>([
    ['no instance', { instance: undefined }, 'fail', 'instance orders does not exist; check the name and the region'],
    [
      'Performance Insights off, for now',
      { instance: { ...INSTANCE, performanceInsights: false } },
      'wait',
      'Performance Insights is off for instance orders; switch it on',
    ],
    [
      'Performance Insights off for ten minutes',
      { instance: { ...INSTANCE, performanceInsights: false }, ageMs: 10 * MINUTES },
      'fail',
      'enablePerformanceInsights: true',
    ],
    ['a refusal, for now', { refused: refused(true) }, 'wait', 'it was refused'],
    [
      'a permission missing for three minutes',
      { refused: refused(true), ageMs: 3 * MINUTES },
      'fail',
      'the role needs pi:GetResourceMetrics on metrics/rds/db-1',
    ],
    [
      'a permission missing where there is a key',
      { refused: refused(true), ageMs: 3 * MINUTES, instance: { ...INSTANCE, keyId: 'key-1' } },
      'fail',
      'kms:Decrypt and kms:GenerateDataKey on the key key-1',
    ],
    ['a refusal of another kind', { refused: refused(false), ageMs: 3 * MINUTES }, 'fail', 'it was refused'],
    [
      'RDS refusing',
      { instance: undefined, refused: { ...refused(true), action: 'rds:DescribeDBInstances' }, ageMs: 3 * MINUTES },
      'fail',
      'it was refused',
    ],
    [
      'a counter missing',
      { metrics: ['os.cpuUtilization.users', 'db.x'] },
      'fail',
      'counter os.cpuUtilization.user is not available on instance orders (postgres); did you mean os.cpuUtilization.users?; use one of those that are: os.cpuUtilization.users, db.x',
    ],
    [
      'a group missing',
      { groups: ['db.wait_state'] },
      'fail',
      'dimension group db.wait_event is not available on instance orders (postgres)',
    ],
    ['a group that may not be asked for', { authorizedGroups: ['db.user'] }, 'fail', 'pi:Dimensions'],
    [
      'nothing polled yet',
      { hasHeartbeat: false },
      'wait',
      'the poller has not published anything of instance orders in the last 10 minutes',
    ],
    ['no data yet', { hasData: false }, 'wait', 'has no data point of db.load.avg yet'],
  ])('%s', (_what, observed, kind, reason) => {
    const heartbeat = { namespace: 'N', dimensions: {} };
    const goal = { heartbeat };
    expect(plan({ hasHeartbeat: true, ...observed }, goal)).toEqual({ kind, reason: expect.stringContaining(reason) });
  });

  test('it waits a moment for the writer of a cluster', () => {
    const goal = { source: { serviceType: 'RDS', writerOf: 'shop' } as const };
    const reason = expect.stringContaining('the writer of cluster shop does not exist');
    expect(plan({ instance: undefined }, goal)).toEqual({ kind: 'wait', reason });
    expect(plan({ instance: undefined, ageMs: 3 * MINUTES }, goal)).toEqual({ kind: 'fail', reason });
  });

  test('the load needs no entry in the list of counters', () => {
    expect(plan({ metrics: [] }, { metrics: ['db.load.avg'] })).toEqual(DONE);
  });

  test('a rollback and a deletion are done at once', () => {
    expect(plan({ instance: undefined }, {}, true)).toEqual({ kind: 'done', attributes: {} });
    expect(readinessReconciler.plan(undefined, { ageMs: 0 }, aRun())).toEqual({ kind: 'done', attributes: {} });
  });
});

describe('the look', () => {
  const PROPERTIES = new Properties({
    Source: { serviceType: 'RDS', instanceIdentifier: 'orders' },
    Metrics: ['os.cpuUtilization.user'],
    Groups: ['db.wait_event'],
    FirstDataPoint: 'true',
  });
  const OPERATIONS: Record<string, FakeOperation> = {
    DescribeDBInstances: () => ({
      DBInstances: [
        {
          DBInstanceIdentifier: 'orders',
          DbiResourceId: 'db-1',
          Engine: 'postgres',
          DBInstanceStatus: 'available',
          PerformanceInsightsEnabled: true,
        },
      ],
    }),
    GetResourceMetrics: () => ({ MetricList: [{ DataPoints: [{ Value: undefined }, { Value: 0 }] }] }),
    ListAvailableResourceMetrics: ({ NextToken }) =>
      NextToken === undefined
        ? { Metrics: [{ Metric: 'db.x' }], NextToken: 'more' }
        : { Metrics: [{ Metric: 'os.cpuUtilization.user.avg' }] },
    ListAvailableResourceDimensions: ({ NextToken, AuthorizedActions }) => ({
      MetricDimensions: [{ Groups: [{ Group: NextToken === undefined ? 'db.user' : 'db.wait_event' }] }],
      NextToken: NextToken === undefined && AuthorizedActions === undefined ? 'more' : undefined,
    }),
  };

  async function look(operations: Record<string, FakeOperation> = {}, run: object = {}) {
    const aws = new FakeAws({ ...OPERATIONS, ...operations });
    const observed = await readinessReconciler.observe(aRun({ aws: aws.clients, properties: PROPERTIES, ...run }));
    return { observed, calls: aws.calls };
  }

  test('sees all pages', async () => {
    expect((await look()).observed).toEqual({
      ...READY,
      metrics: ['db.x', 'os.cpuUtilization.user'],
      groups: ['db.user', 'db.wait_event'],
      authorizedGroups: ['db.user'],
    });
  });

  test.each<[string, object]>([
    ['deletion', { requestType: 'Delete' }],
    ['rollback', { rollback: true }],
  ])('takes no call for a %s', async (_what, run) => {
    expect((await look({}, run)).calls).toEqual([]);
  });

  test('does not ask Performance Insights while there is no instance to ask for', async () => {
    expect((await look({ DescribeDBInstances: () => ({ DBInstances: [] }) })).calls).toEqual(['DescribeDBInstances']);
  });

  test('keeps a refusal for the plan', async () => {
    const GetResourceMetrics = () => {
      throw awsError('NotAuthorizedException');
    };
    const { observed } = await look({ GetResourceMetrics });
    expect(observed).toMatchObject({
      instance: { identifier: 'orders' },
      refused: { action: 'pi:GetResourceMetrics', denied: true },
    });
  });

  test('leaves throttling to the loop', async () => {
    const GetResourceMetrics = () => {
      throw awsError('ThrottlingException');
    };
    await expect(look({ GetResourceMetrics })).rejects.toThrow('as told by AWS');
  });

  test.each([
    ['one', [new Date()], true],
    ['none', [], false],
  ])('sees %s of the heartbeats of what is polled', async (_what, times, hasHeartbeat) => {
    const Heartbeat = { Namespace: 'N', Dimensions: [{ Key: 'DBInstanceIdentifier', Value: 'orders' }] };
    const properties = new Properties({ Source: { serviceType: 'RDS', instanceIdentifier: 'orders' }, Heartbeat });
    const GetMetricStatistics = jest.fn(() => ({ Datapoints: times.map((Timestamp) => ({ Timestamp })) }));
    expect((await look({ GetMetricStatistics }, { properties })).observed).toMatchObject({ hasHeartbeat });
    expect(GetMetricStatistics).toHaveBeenCalledWith(
      expect.objectContaining({
        Namespace: 'N',
        MetricName: 'Heartbeat',
        Dimensions: [{ Name: 'DBInstanceIdentifier', Value: 'orders' }],
      }),
      expect.anything(),
    );
  });

  test('asks only for what is needed', async () => {
    const properties = new Properties({ Source: { serviceType: 'RDS', instanceIdentifier: 'orders' } });
    expect((await look({}, { properties })).calls).toEqual(['DescribeDBInstances', 'GetResourceMetrics']);
  });
});

test('names that differ little are near, the nearest first', () => {
  const groups = ['db.wait_event_type', 'db.wait_event', 'db.user'];
  expect(nearest('db.wait_evnt', groups, 3)).toEqual(['db.wait_event', 'db.wait_event_type']);
  expect(nearest('db.wait_evnt', groups, 1)).toEqual(['db.wait_event']);
  expect(nearest('something else', ['db.user'], 3)).toEqual([]);
});
