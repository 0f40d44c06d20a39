import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import {
  DatabaseEngine,
  DataSource,
  DimensionGroup,
  ServiceType,
  TopKeysNotification,
  type TopKeysNotificationProps,
} from '../../src/performanceinsights';
import { decodeNotification } from '../../src/performanceinsights/notification-configuration.runtime';
import { RoleAssumption } from '../../src/sts';
import { importedCluster, ordersSource, RESOURCE_ID } from '../support/databases';
import { actionsOf, filledIn, type Json, messageOf, resourcesOf, statementsOf, testStack } from '../support/synthesis';

/** A stack with an alarm that has such a notification. */
function notifying(props: Partial<TopKeysNotificationProps> = {}): Template {
  const stack = testStack();
  const dataSource = props.dataSource ?? ordersSource();
  const topic = new sns.Topic(stack, 'Topic');
  const action = new TopKeysNotification(stack, 'Notification', { topic, ...props, dataSource });
  ordersSource().alarmOnLoad(stack, 'Load', { threshold: 1, alarmActions: [action] });
  ordersSource().alarmOnLoadPerVcpu(stack, 'PerVcpu', { alarmActions: [action] });
  return Template.fromStack(stack);
}

/** What the function reads. */
function configurationOf(template: Template): Json {
  const [{ Properties }] = resourcesOf(template, 'AWS::Lambda::Function').filter(
    (resource) => resource.Properties.Environment?.Variables.SETTLED_NOTIFICATION !== undefined,
  );
  return decodeNotification(filledIn(Properties.Environment.Variables.SETTLED_NOTIFICATION), 'eu-west-1');
}

test('it is the action of each alarm that it is given to, which may call its function', () => {
  const template = notifying();
  const alarms = template.findResources('AWS::CloudWatch::Alarm');
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission');
  expect(permissions.map(({ Properties }) => Properties.SourceArn['Fn::GetAtt'][0]).sort()).toEqual(
    Object.keys(alarms).sort(),
  );
  for (const { Properties } of permissions) {
    expect(Properties.Principal).toBe('lambda.alarms.cloudwatch.amazonaws.com');
  }
  for (const { Properties } of Object.values<Json>(alarms)) {
    expect(Properties.AlarmActions).toEqual([permissions[0].Properties.FunctionName]);
  }
});

test('its function is told of the database, the topic and what to ask', () => {
  expect(configurationOf(notifying())).toMatchObject({
    source: { serviceType: 'RDS', resourceId: RESOURCE_ID, instanceIdentifier: 'orders' },
    topicArn: expect.stringMatching(/^\[Topic/),
    groups: ['db.sql_tokenized', 'db.wait_event'],
    limit: 5,
    windowMinutes: 15,
    assumeRole: undefined,
  });
});

test('what is given is asked', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading');
  const configuration = configurationOf(
    notifying({
      dataSource: ordersSource({ assumeRole }),
      groups: [DimensionGroup.USER],
      limit: 25,
      window: Duration.hours(1),
    }),
  );
  expect(configuration).toMatchObject({ groups: ['db.user'], limit: 25, windowMinutes: 60 });
  expect(configuration.assumeRole.request.RoleArn).toBe(assumeRole.roleArn);
});

test('of DocumentDB it tells queries and wait states', () => {
  const dataSource = ordersSource({ serviceType: ServiceType.DOCDB });
  expect(configurationOf(notifying({ dataSource })).groups).toEqual(['db.query_tokenized', 'db.wait_state']);
});

const LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const KEYS = ['pi:DescribeDimensionKeys', 'pi:GetDimensionKeyDetails'];
test.each([
  ['an instance', () => ordersSource(), [...LOGS, ...KEYS, 'sns:Publish']],
  [
    'the writer of a cluster',
    () => DataSource.fromClusterWriter(importedCluster(testStack())),
    [...LOGS, ...KEYS, 'rds:DescribeDBClusters', 'rds:DescribeDBInstances', 'sns:Publish'],
  ],
  [
    'a database elsewhere',
    () => ordersSource({ assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading') }),
    [...LOGS, 'sns:Publish', 'sts:AssumeRole'],
  ],
])('of %s it may do just what that takes', (_, source, actions) => {
  expect(actionsOf(statementsOf(notifying({ dataSource: source() }), 'NotificationRole'))).toEqual(actions);
});

const REJECTED: Array<[string, Partial<TopKeysNotificationProps>, string]> = [
  ['no groups', { groups: [] }, 'groups must have 1 to 10 entries, got "0 entries"'],
  ['26 keys', { limit: 26 }, 'limit must be from 1 to 25, got 26'],
  ['two days', { window: Duration.days(2) }, 'window must be from 60 to 86400 seconds, got 172800'],
  ['90 seconds', { window: Duration.seconds(90) }, 'window must be whole minutes, got "90 seconds"'],
  [
    'a group that the engine does not have',
    { dataSource: ordersSource({ engine: DatabaseEngine.MYSQL }), groups: [DimensionGroup.APPLICATION] },
    'groups must exist on this database (only aurora-postgresql, postgres, docdb have it), got "db.application"',
  ],
];
test.each(REJECTED)('%s is rejected', (_, props, message) => {
  expect(messageOf(() => notifying(props))).toContain(`Stack/Notification: ${message}`);
});

test('a configuration that does not fit into the environment is an error', () => {
  const tags = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`tag${index}`, 'x'.repeat(250)]));
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading', { tags });
  expect(messageOf(() => notifying({ dataSource: ordersSource({ assumeRole }) }))).toMatch(
    /the configuration must fit into 3968 bytes of the environment of a function, got \d+ bytes; shorten the session policy/,
  );
});
