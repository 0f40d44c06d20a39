import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  Alarm,
  DataSource,
  Metric,
  MetricEngine,
  ReadinessCheck,
  TopKeysNotification,
} from '../../src/performanceinsights';
import { RoleAssumption } from '../../src/sts';
import { importedCluster, ordersSource, RESOURCE_ID } from '../support/databases';
import { delegated, delegatedActions } from '../support/delegation';
import {
  actionsOf,
  filledIn,
  type Json,
  messageOf,
  resourcesOf,
  statementsOf,
  synthesize,
  testStack,
} from '../support/synthesis';

const POLLER = 'CdkSettledPerformanceInsightsPollerRole';
const READINESS = 'CdkSettledPerformanceInsightsProviderRole';
const ASKED = `arn:aws:pi:eu-west-1:111111111111:metrics/rds/${RESOURCE_ID}`;
const ANY = 'arn:aws:pi:eu-west-1:111111111111:metrics/rds/*';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/01234567-89ab-cdef-0123-456789abcdef';

/** What a role may do when these data sources are polled, with references filled in. */
function granted(role: string, sources: (stack: Stack) => DataSource[]): Json[] {
  const template = synthesize((stack) => {
    for (const [index, source] of sources(stack).entries()) {
      source.alarmOnUser(stack, `Alarm${index}`, { user: 'app', threshold: 1 });
    }
  });
  return statementsOf(template, role).map((statement) => filledIn(statement));
}

function allowing(action: string, statements: Json[]): Json[] {
  return statements.filter((statement) => actionsOf([statement]).includes(action));
}

const writer = (stack: Stack) => DataSource.fromClusterWriter(importedCluster(stack));
const member = (stack: Stack) => DataSource.fromClusterMembers(importedCluster(stack))[0]!;

/** The names of the calls in source files. */
function callsIn(files: RegExp): string[] {
  const folder = join(__dirname, '../../src/performanceinsights');
  const sources = readdirSync(folder).filter((file) => files.test(file));
  const calls = sources.flatMap((file) => [
    ...readFileSync(join(folder, file), 'utf8').matchAll(/new (\w+)Command\(/g),
  ]);
  return [...new Set(calls.map(([, name]) => name!))].sort();
}

const STANDING = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const DESCRIBING = ['rds:DescribeDBClusters', 'rds:DescribeDBInstances'];

describe('the poller may make the calls that its code can make', () => {
  test('which are these', () => {
    expect(callsIn(/^(poller|poll-.*)\.runtime\.ts$/)).toEqual([
      'DescribeDBClusters',
      'DescribeDBInstances',
      'GetMetricStatistics',
      'GetResourceMetrics',
      'PutMetricData',
    ]);
  });

  const polling = ['cloudwatch:GetMetricStatistics', 'cloudwatch:PutMetricData', ...STANDING, 'pi:GetResourceMetrics'];
  test.each([
    ['of an instance whose resource id is known', () => [ordersSource()], polling],
    ['of an imported instance', (s: Stack) => [member(s)], [...polling, 'rds:DescribeDBInstances']],
    ['of a writer', (s: Stack) => [writer(s)], [...polling, ...DESCRIBING]],
  ])('%s', (_, sources, actions) => {
    expect(actionsOf(granted(POLLER, sources))).toEqual(actions);
  });

  test('on exactly these instances, and on all only where the id is looked up', () => {
    const asking = (sources: (stack: Stack) => DataSource[]) =>
      allowing('pi:GetResourceMetrics', granted(POLLER, sources)).flatMap(({ Resource }) => Resource);
    expect(asking(() => [ordersSource()])).toEqual([ASKED]);
    expect(asking((s) => [ordersSource(), writer(s)])).toEqual([ASKED, ANY]);
  });

  test('describing just what it looks up', () => {
    const statements = granted(POLLER, (s) => [member(s)]);
    expect(allowing('rds:DescribeDBInstances', statements)).toMatchObject([
      { Resource: 'arn:aws:rds:eu-west-1:111111111111:db:shop-1' },
    ]);
    const following = granted(POLLER, (s) => [writer(s)]);
    expect(allowing('rds:DescribeDBInstances', following)[0].Resource).toBe('arn:aws:rds:eu-west-1:111111111111:db:*');
    expect(allowing('rds:DescribeDBClusters', following)[0].Resource).toBe(
      'arn:aws:rds:eu-west-1:111111111111:cluster:shop',
    );
  });

  test('publishing in the namespace of this library only', () => {
    expect(
      allowing(
        'cloudwatch:PutMetricData',
        granted(POLLER, () => [ordersSource()]),
      ),
    ).toEqual([
      {
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': 'CdkSettled/PerformanceInsights' } },
      },
    ]);
  });
});

describe.each([POLLER, READINESS])('for 100 data sources, %s', (role) => {
  const sources = Array.from({ length: 100 }, (_, index) =>
    DataSource.fromResourceId(`db-${`${index}`.padStart(26, 'A')}`, { instanceIdentifier: `db${index}` }),
  );
  const template = synthesize((stack) => {
    for (const [index, source] of sources.entries()) {
      source.alarmOnUser(stack, `Alarm${index}`, { user: 'app', threshold: 1 });
    }
  });
  const policies = (type: string) =>
    Object.entries<Json>(template.findResources(type)).filter(([, { Properties }]) =>
      (Properties.Roles ?? []).some((item: Json) => item.Ref?.startsWith(role)),
    );
  const documents = (type: string) => policies(type).map(([, { Properties }]) => filledIn(Properties.PolicyDocument));

  test('has policies within the limits of IAM', () => {
    const inline = documents('AWS::IAM::Policy');
    const managed = documents('AWS::IAM::ManagedPolicy');
    expect(JSON.stringify(inline).length).toBeLessThan(10_240);
    // As many as a role can have.
    expect(managed.length).toBeLessThanOrEqual(10);
    for (const document of managed) expect(JSON.stringify(document).length).toBeLessThan(6144);
  });

  test('may ask for all of them', () => {
    const statements = [...documents('AWS::IAM::Policy'), ...documents('AWS::IAM::ManagedPolicy')].flatMap(
      ({ Statement }) => Statement,
    );
    const asked = allowing('pi:GetResourceMetrics', statements).flatMap(({ Resource }) => Resource);
    expect(new Set(asked).size).toBe(100);
  });

  test('has all its policies before anything uses them', () => {
    const type = role === POLLER ? 'AWS::Scheduler::Schedule' : 'Custom::SettledPerformanceInsightsReadiness';
    const ids = [...policies('AWS::IAM::Policy'), ...policies('AWS::IAM::ManagedPolicy')].map(([id]) => id);
    for (const { DependsOn } of resourcesOf(template, type)) expect(DependsOn).toEqual(expect.arrayContaining(ids));
  });
});

describe('the readiness check may make the calls that its code can make', () => {
  test('which are these, besides describing and the heartbeat', () => {
    expect(callsIn(/^readiness.*\.ts$/)).toEqual([
      'GetResourceMetrics',
      'ListAvailableResourceDimensions',
      'ListAvailableResourceMetrics',
    ]);
  });

  const asking = ['pi:GetResourceMetrics', 'pi:ListAvailableResourceDimensions', 'pi:ListAvailableResourceMetrics'];
  const own = [
    'cloudformation:DescribeStackResource',
    'cloudformation:DescribeStacks',
    'cloudwatch:GetMetricStatistics',
    ...STANDING,
    ...asking,
  ];
  test.each([
    ['of an instance', () => [ordersSource()], [...own, 'rds:DescribeDBInstances']],
    ['of a writer', (s: Stack) => [writer(s)], [...own, ...DESCRIBING]],
  ])('%s', (_, sources, actions) => {
    expect(actionsOf(granted(READINESS, sources))).toEqual(actions);
  });
});

describe('a customer managed key', () => {
  const through = { 'kms:ViaService': 'rds.eu-west-1.amazonaws.com' };
  const using = (source: (stack: Stack, key: kms.IKey) => DataSource) =>
    allowing(
      'kms:Decrypt',
      granted(POLLER, (s) => [source(s, kms.Key.fromKeyArn(s, 'Key', KEY))]),
    );

  test('may be used through RDS, for the instance', () => {
    expect(using((_, encryptionKey) => ordersSource({ encryptionKey }))).toEqual([
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: KEY,
        Condition: { StringEquals: { ...through, 'kms:EncryptionContext:aws:rds:db-id': RESOURCE_ID } },
      },
    ]);
  });

  test('may be used for any instance where that is looked up', () => {
    const [statement] = using((s, encryptionKey) =>
      DataSource.fromClusterWriter(importedCluster(s), { encryptionKey }),
    );
    expect(statement.Condition).toEqual({
      StringEquals: through,
      StringLike: { 'kms:EncryptionContext:aws:rds:db-id': 'db-*' },
    });
  });
});

test('with a role to assume, the poller may assume exactly that role, and publish in its own account', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading');
  const statements = granted(POLLER, () => [ordersSource({ assumeRole })]);
  expect(actionsOf(statements)).toEqual([
    'cloudwatch:GetMetricStatistics',
    'cloudwatch:PutMetricData',
    ...STANDING,
    'sts:AssumeRole',
  ]);
  expect(allowing('sts:AssumeRole', statements)[0].Resource).toBe(assumeRole.roleArn);
});

describe('a role in another account', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading', { region: 'eu-west-3' });
  const alarm = (stack: Stack, source: DataSource, readiness?: ReadinessCheck) =>
    source.alarmOnUser(stack, 'Alarm', { user: 'app', threshold: 1, readiness });
  const LOOKED = ['pi:ListAvailableResourceDimensions', 'pi:ListAvailableResourceMetrics'];

  test('may be polled and looked at for an alarm, and publish nothing', () => {
    expect(delegatedActions(alarm(testStack(), ordersSource({ assumeRole })))).toEqual([
      'pi:GetResourceMetrics',
      ...LOOKED,
      'rds:DescribeDBInstances',
    ]);
  });

  test('may be polled only for an alarm without a check', () => {
    const source = ordersSource({ assumeRole });
    expect(delegatedActions(alarm(testStack(), source, ReadinessCheck.NONE))).toEqual(['pi:GetResourceMetrics']);
  });

  test('need not be asked for an alarm on what RDS publishes', () => {
    const source = ordersSource();
    const native = source.alarmOnLoad(testStack(), 'Alarm', { threshold: 1, engine: MetricEngine.NATIVE });
    expect(delegatedActions(native)).toEqual([]);
  });

  test('tells the top keys to a notification', () => {
    const stack = testStack();
    const topic = new sns.Topic(stack, 'Topic');
    const notification = new TopKeysNotification(stack, 'Told', { dataSource: ordersSource({ assumeRole }), topic });
    expect(delegatedActions(notification)).toEqual(['pi:DescribeDimensionKeys', 'pi:GetDimensionKeyDetails']);
  });

  test('has for a data source what is asked about it in the stack, also later', () => {
    const stack = testStack();
    const source = ordersSource({ assumeRole });
    const required = source.requiredPermissions(stack);
    expect(delegatedActions(required)).toEqual([]);
    source.metric(stack, Metric.user('app'));
    expect(delegatedActions(required)).toEqual(['pi:GetResourceMetrics']);
    alarm(stack, source);
    expect(delegatedActions(required)).toEqual(expect.arrayContaining(LOOKED));
  });

  test('may use a key through RDS in the region of the database', () => {
    const stack = testStack();
    const encryptionKey = kms.Key.fromKeyArn(stack, 'Key', KEY);
    const [statement] = allowing('kms:Decrypt', delegated(alarm(stack, ordersSource({ assumeRole, encryptionKey }))));
    expect(statement.Condition.StringEquals['kms:ViaService']).toBe('rds.eu-west-3.amazonaws.com');
  });

  test('is asked by the functions of Performance Insights in the stack', () => {
    const { _provider } = alarm(testStack(), ordersSource({ assumeRole })).requiredPermissions();
    expect(_provider).toMatchObject({ stackName: 'Stack', service: 'PerformanceInsights' });
  });

  test('by names must be told which database it is', () => {
    const manager = { account: '111111111111', stackName: 'Stack' };
    expect(messageOf(() => Alarm.requiredPermissionsFor(manager, {}))).toBe(
      'performanceinsights.DatabasePermissionsOptions: resourceId, instanceIdentifier or clusterIdentifier must be given, got none; pass what the data source is made of',
    );
  });
});

test('the schedules may call the poller, for this account only', () => {
  const stack = testStack();
  ordersSource().alarmOnUser(stack, 'Alarm', { user: 'app', threshold: 1 });
  const template = Template.fromStack(stack);
  const statements = statementsOf(template, 'CdkSettledPerformanceInsightsPollerScheduleRole');
  expect(statements).toEqual([
    {
      Effect: 'Allow',
      Action: 'lambda:InvokeFunction',
      Resource: { 'Fn::GetAtt': [expect.stringMatching(/PollerFunction/), 'Arn'] },
    },
  ]);
  const [role] = resourcesOf(template, 'AWS::IAM::Role').filter(({ Properties }) =>
    JSON.stringify(Properties.AssumeRolePolicyDocument).includes('scheduler.amazonaws.com'),
  );
  expect(role.Properties.AssumeRolePolicyDocument.Statement[0].Condition).toEqual({
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
  });
});
