import type { CfnResource, Stack } from 'aws-cdk-lib';
import * as rds from 'aws-cdk-lib/aws-rds';
import { performanceinsights as pi } from '../../src';
import { expectNothingDenied } from './cloudhsm-bed';
import { DatabasesBed, MINUTE, sourceOf } from './databases-bed';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const CHECK = 'Custom::SettledPerformanceInsightsReadiness';

const check =
  (dataSource: pi.DataSource, ...metrics: pi.Metric[]) =>
  (stack: Stack) => {
    new pi.Readiness(stack, 'Ready', { dataSource, metrics });
  };

interface Failure {
  readonly what: string;
  /** What is not as it must be, and what is asked of it. */
  readonly of: (bed: DatabasesBed) => Promise<(stack: Stack) => void>;
  readonly reason: RegExp;
  /** No more than what a moment's delay in AWS is given. */
  readonly withinMinutes: number;
}

async function measured(bed: DatabasesBed, name: string, settings: Parameters<DatabasesBed['instance']>[1] = {}) {
  const made = bed.instance(name, settings);
  await bed.pass(3);
  return made;
}

const FAILURES: readonly Failure[] = [
  {
    what: 'Performance Insights is off',
    of: async (bed) => check(sourceOf(await measured(bed, 'off', { performanceInsights: false }))),
    reason: /Performance Insights is off for instance off; switch it on/,
    withinMinutes: 12,
  },
  {
    what: 'the engine does not have a group',
    of: async (bed) =>
      check(sourceOf(await measured(bed, 'shop', { engine: 'mysql' })), pi.Metric.application('checkout')),
    reason:
      /dimension group db\.application is not available on instance shop \(mysql\).*use one of those that are: db\.sql,/s,
    withinMinutes: 2,
  },
  {
    what: 'there is no such counter',
    of: async (bed) => check(sourceOf(await measured(bed, 'counted')), pi.Metric.counter('os.cpuUtilization.usr')),
    reason:
      /counter os\.cpuUtilization\.usr is not available on instance counted.*did you mean os\.cpuUtilization\.user/s,
    withinMinutes: 2,
  },
  {
    what: 'a permission is missing',
    of: async (bed) => {
      bed.sandbox.faults.add({ match: { service: 'pi', operation: 'GetResourceMetrics', from: 1 }, kind: 'deny' });
      return check(sourceOf(await measured(bed, 'denied')));
    },
    reason: /a permission is missing: the role needs pi:GetResourceMetrics on metrics\/rds\/db-/,
    withinMinutes: 5,
  },
  {
    what: "a customer's key may not be used",
    of: async (bed) => {
      const key = bed.sandbox.supporting.tools.kms.create(bed.place.accountId, bed.place.region, {});
      return check(sourceOf(await measured(bed, 'encrypted', { performanceInsightsKeyArn: key.arn })));
    },
    reason: /kms:Decrypt and kms:GenerateDataKey on the key arn:aws:kms:\S+ if that is a customer's/,
    withinMinutes: 5,
  },
  {
    what: 'there is no such instance',
    of: async () => {
      const options = { instanceIdentifier: 'missing' };
      return check(pi.DataSource.fromResourceId('db-MISSING', options));
    },
    reason: /instance missing does not exist; check the name and the region/,
    withinMinutes: 2,
  },
  {
    what: 'the instance is stopped',
    of: async (bed) => {
      const made = await measured(bed, 'stopped');
      bed.databases.instances.stop(bed.place, 'stopped');
      return check(sourceOf(made));
    },
    reason:
      /instance stopped is stop\w+, and a stopped instance is not measured; start it and deploy again, or do not wait/,
    withinMinutes: 2,
  },
];

test('what is missing fails the deployment with its remedy, soon, and leaves nothing', async () => {
  const bed = await DatabasesBed.start();
  for (const { what, of, reason, withinMinutes } of FAILURES) {
    const build = await of(bed);
    const start = bed.now;
    const result = await bed.bed.deploy(build);
    expect([what, result.status]).toEqual([what, 'ROLLBACK_COMPLETE']);
    expect(failureReason(result)).toMatch(reason);
    const failed = result.events.find(({ status, type }) => status === 'CREATE_FAILED' && type === CHECK)!;
    expect([what, Math.ceil((failed.at - start) / MINUTE) <= withinMinutes]).toEqual([what, true]);
    expect((await bed.bed.destroy()).status).toBe('DELETE_COMPLETE');
    bed.sandbox.faults.clear();
  }
});

/** A database and what asks about it, in one stack. */
function whole(stack: Stack, watch: (database: pi.DataSource) => void): void {
  const props = { dbInstanceClass: 'db.r6g.large', engine: 'postgres', enablePerformanceInsights: true };
  const made = new rds.CfnDBInstance(stack, 'Database', { ...props, dbInstanceIdentifier: 'orders' });
  watch(pi.DataSource.fromResourceId(made.attrDbiResourceId, { instanceIdentifier: made.ref }));
}

test('a database and its alarms are made, changed, rolled back and deleted in one stack', async () => {
  const bed = await DatabasesBed.start();
  const slice = { user: 'app', threshold: 5 };
  const one = (stack: Stack) => whole(stack, (database) => database.alarmOnUser(stack, 'User', slice));
  const broken = await bed.bed.deploy((stack) => {
    one(stack);
    failing(stack, 'create', 60).addDependency(stack.node.findChild('Database') as CfnResource);
  });
  expect(broken.status).toBe('ROLLBACK_COMPLETE');
  await bed.bed.settle();
  expect((await bed.bed.destroy()).status).toBe('DELETE_COMPLETE');
  expect(bed.sandbox.inventory()).toEqual([]);

  expect((await bed.bed.deploy(one)).status).toBe('CREATE_COMPLETE');
  await bed.pass(2);
  const before = bed.sandbox.inventory();
  const wrong = await bed.bed.deploy((stack) =>
    whole(stack, (database) => {
      database.alarmOnUser(stack, 'User', slice);
      database.alarmOnDimension(stack, 'New', {
        ...slice,
        group: pi.DimensionGroup.of('db.usr', ['db.usr.name']),
        dimension: 'db.usr.name',
        value: 'app',
      });
    }),
  );
  expect(wrong.status).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(failureReason(wrong)).toMatch(
    /dimension group db\.usr is not available on instance orders.*did you mean db\.user/s,
  );
  expect(bed.sandbox.inventory()).toEqual(before);

  const more = await bed.bed.deploy((stack) =>
    whole(stack, (database) => {
      database.alarmOnUser(stack, 'User', slice);
      database.alarmOnHost(stack, 'Host', { host: '10.0.0.11', threshold: 5 });
    }),
  );
  expect(more.status).toBe('UPDATE_COMPLETE');
  await bed.pass(5);
  expect(bed.states('App-Host')).toEqual(['OK']);
  expect(bed.states('App-User')).toEqual(['OK']);
  expect(bed.heartbeatStates('orders')).toEqual(['OK']);
  expect(bed.published('orders', 'DBLoad', { 'db.host.name': '10.0.0.11' }).length).toBeGreaterThan(2);
  expect((await bed.bed.destroy()).status).toBe('DELETE_COMPLETE');
  await bed.bed.settle();
  expect(bed.sandbox.inventory()).toEqual([]);
  expectNothingDenied(bed.bed);
});
