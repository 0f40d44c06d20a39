import { Aspects, type Environment, type Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DataSource, LoadDashboard, Metric, TopKeysNotification } from '../../src/performanceinsights';
import { RoleAssumption } from '../../src/sts';
import { importedCluster, ordersSource } from '../support/databases';
import { IRELAND, type Json, testStack } from '../support/synthesis';

/** What cdk-nag says against a stack: `<path> <rule and finding>`. */
function findings(stack: Stack): string[] {
  Aspects.of(stack).add(new AwsSolutionsChecks({ reports: false }));
  const annotations = Annotations.fromStack(stack);
  return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())].map(
    ({ id, entry }) => `${id} ${String(entry.data).split(': ')[0]}`,
  );
}

function withAlarms(env?: Environment): Stack {
  const stack = testStack({ env });
  const topic = new sns.Topic(stack, 'Topic', {
    enforceSSL: true,
    masterKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
  });
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/reading');
  const cluster = importedCluster(stack);
  const sources = [
    ordersSource(),
    ordersSource({ assumeRole }),
    DataSource.fromClusterWriter(cluster, {
      encryptionKey: kms.Key.fromKeyArn(stack, 'Mine', 'arn:aws:kms:eu-west-1:111111111111:key/a'),
    }),
    ...DataSource.fromClusterMembers(cluster),
  ];
  for (const [index, dataSource] of sources.entries()) {
    const action = new TopKeysNotification(stack, `Notification${index}`, { dataSource, topic });
    dataSource.alarmOnUser(stack, `User${index}`, { user: 'app', threshold: 1, alarmActions: [action] });
    dataSource.alarmOnCounter(stack, `Counter${index}`, { counter: Metric.counter('os.memory.free'), threshold: 1 });
    new LoadDashboard(stack, `Dashboard${index}`, { dataSource, parts: [Metric.waitEventType('IO')] });
  }
  return stack;
}

test.each([
  ['known', IRELAND],
  ['not known', undefined],
])('cdk-nag finds nothing that is not explained, with an account that is %s', (_, env) => {
  expect(findings(withAlarms(env))).toEqual([]);
});

test('explanations are given for these rules and no others, and are sentences', () => {
  const resources: Json[] = Object.values(Template.fromStack(withAlarms()).toJSON().Resources);
  const all = resources.flatMap(({ Type, Metadata }) =>
    (Metadata?.cdk_nag?.rules_to_suppress ?? []).map((rule: Json) => ({ ...rule, type: Type })),
  );
  expect([...new Set(all.map(({ type, id }) => `${type} ${id}`))].sort()).toEqual([
    'AWS::IAM::Policy AwsSolutions-IAM5',
    'AWS::Lambda::Function AwsSolutions-L1',
    'AWS::StepFunctions::StateMachine AwsSolutions-SF1',
    'AWS::StepFunctions::StateMachine AwsSolutions-SF2',
  ]);
  for (const { reason } of all) expect(reason).toMatch(/^.{30,}\.$/);
});
