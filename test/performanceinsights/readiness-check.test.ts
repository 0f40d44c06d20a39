import { Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DataSource, DimensionGroup, Metric, Readiness } from '../../src/performanceinsights';
import { readyGoal } from '../../src/performanceinsights/readiness-goal.runtime';
import { Properties } from '../../src/runtime/properties';
import { RoleAssumption } from '../../src/sts';
import { auroraCluster, importedCluster, ordersSource, RESOURCE_ID, testVpc } from '../support/databases';
import { filledIn, messageOf, onlyResource, resourcesOf, synthesize, testStack } from '../support/synthesis';

const READINESS = 'Custom::SettledPerformanceInsightsReadiness';

test('all alarms on a data source share one check of all that they ask', () => {
  const template = synthesize((stack) => {
    const source = ordersSource();
    source.alarmOnUser(stack, 'User', { user: 'app', threshold: 1, perVcpu: true });
    source.alarmOnUser(stack, 'Other', { user: 'job', threshold: 1 });
    source.alarmOnTopSql(stack, 'Share', { threshold: 50 });
    source.alarmOnCounter(stack, 'Counter', { counter: Metric.counter('os.memory.free'), threshold: 5 });
  });
  expect(onlyResource(template, READINESS).Properties).toMatchObject({
    Source: { serviceType: 'RDS', resourceId: RESOURCE_ID, instanceIdentifier: 'orders' },
    Metrics: ['os.general.numVCPUs', 'os.memory.free'],
    Groups: ['db.sql_tokenized', 'db.user'],
    FirstDataPoint: 'true',
  });
});

test('that of polled alarms waits for the heartbeat of their data source, in the account of the stack', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading');
  const template = synthesize((stack) => {
    ordersSource({ assumeRole }).alarmOnUser(stack, 'User', { user: 'app', threshold: 1 });
  });
  const { Properties: rendered, DependsOn } = onlyResource(template, READINESS);
  expect(readyGoal(new Properties(filledIn(rendered))).heartbeat).toEqual({
    namespace: 'CdkSettled/PerformanceInsights',
    dimensions: { DBInstanceIdentifier: 'orders', AccountId: '222222222222' },
  });
  expect(DependsOn).toContainEqual(expect.stringMatching(/ProviderRoleDefaultPolicy/));
});

test('that of alarms that are not polled does not', () => {
  const template = synthesize((stack) => {
    const counter = Metric.counter('os.memory.free');
    ordersSource().alarmOnCounter(stack, 'Counter', { counter, threshold: 5 });
  });
  expect(onlyResource(template, READINESS).Properties).not.toHaveProperty('Heartbeat');
});

test('a check can be made by itself, and is what the handler reads', () => {
  const template = synthesize((stack) => {
    const dataSource = DataSource.fromClusterWriter(importedCluster(stack));
    new Readiness(stack, 'Readiness', {
      dataSource,
      metrics: [Metric.loadPerVcpu(), Metric.byDimension(DimensionGroup.WAIT_EVENT)],
      firstDataPoint: false,
    });
  });
  const { Properties: rendered } = onlyResource(template, READINESS);
  expect(readyGoal(new Properties(filledIn(rendered)))).toMatchObject({
    source: { serviceType: 'RDS', writerOf: 'shop' },
    metrics: ['os.general.numVCPUs'],
    groups: ['db.wait_event'],
    firstDataPoint: false,
  });
});

test('the engine is told where it is known', () => {
  const stack = testStack();
  const cluster = auroraCluster(stack, 'Shop', testVpc(stack), 2);
  new Readiness(stack, 'Readiness', { dataSource: DataSource.fromClusterWriter(cluster) });
  const { Properties: rendered, DependsOn } = onlyResource(Template.fromStack(stack), READINESS);
  expect(rendered.Engine).toBe('aurora-mysql');
  // The writer is one of the instances: all must be there.
  expect(DependsOn.filter((id: string) => id.startsWith('Shop'))).toEqual([
    expect.stringMatching(/^ShopReader0/),
    expect.stringMatching(/^ShopReader1/),
    expect.stringMatching(/^ShopWriter/),
  ]);
});

test('a change of the tags of a stack does not update it', () => {
  const template = synthesize((stack) => {
    new Readiness(stack, 'Readiness', { dataSource: ordersSource() });
    Tags.of(stack).add('team', 'data');
  });
  expect(onlyResource(template, READINESS).Properties).not.toHaveProperty('Tags');
});

test('it is gone with the stack', () => {
  const template = synthesize((stack) => new Readiness(stack, 'Readiness', { dataSource: ordersSource() }));
  expect(onlyResource(template, READINESS)).toMatchObject({ DeletionPolicy: 'Delete' });
});

test('with a role to assume, it asks with that role', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading');
  const template = synthesize(
    (stack) => new Readiness(stack, 'Readiness', { dataSource: ordersSource({ assumeRole }) }),
  );
  const [check] = resourcesOf(template, READINESS);
  expect(check.Properties.AssumeRole.RoleArn).toBe(assumeRole.roleArn);
  expect(check.DependsOn).toEqual([expect.stringMatching(/Assume/)]);
});

test('a group that the engine does not have is an error at synthesis', () => {
  const metrics = [Metric.waitState('IO')];
  expect(messageOf(() => new Readiness(testStack(), 'Readiness', { dataSource: ordersSource(), metrics }))).toContain(
    'Stack/Readiness: metric asks for the group db.wait_state, which RDS does not have',
  );
});
