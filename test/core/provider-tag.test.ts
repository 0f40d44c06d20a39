import { NestedStack, type Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { TopKeysNotification } from '../../src/performanceinsights';
import { Poller } from '../../src/performanceinsights/polling';
import { AppMonitor, Authorization } from '../../src/rum';
import { RoleAssumption } from '../../src/sts';
import { ordersSource } from '../support/databases';
import { type Json, testStack } from '../support/synthesis';

const TAG = 'cdk-settled:provider';
const assumption = (name = 'monitoring') => RoleAssumption.fromRoleArn(`arn:aws:iam::222222222222:role/${name}`);

function addMonitor(stack: Stack, id: string, assumeRole?: RoleAssumption): void {
  new AppMonitor(stack, id, { domain: 'example.com', authorization: Authorization.none(), assumeRole });
}

/** Tags of roles by the beginning of their logical ids. */
function tagsOf(stack: Stack, prefix: string): Json[] {
  const roles = Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Role'));
  const found = roles.filter(([id]) => id.startsWith(prefix));
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties.Tags ?? [];
}

const tagged = (service: string) => ({
  Key: TAG,
  Value: { 'Fn::Join': ['', [{ Ref: 'AWS::StackName' }, `/${service}`]] },
});

test('the role of a provider that assumes roles names its stack and service in a tag, once', () => {
  const stack = testStack();
  addMonitor(stack, 'One', assumption());
  addMonitor(stack, 'Two', assumption('other'));
  expect(tagsOf(stack, 'CdkSettledRumProviderRole')).toEqual([tagged('Rum')]);
});

test('it has the tag before it assumes any and after, since what it manages elsewhere is deleted last', () => {
  const stack = testStack();
  addMonitor(stack, 'One');
  expect(tagsOf(stack, 'CdkSettledRumProviderRole')).toEqual([tagged('Rum')]);
});

test('the roles of the framework, which assume none, do not have it', () => {
  const stack = testStack();
  addMonitor(stack, 'One', assumption());
  expect(tagsOf(stack, 'CdkSettledRumProviderOnEventRole')).toEqual([]);
  expect(tagsOf(stack, 'CdkSettledRumProviderCompleteRole')).toEqual([]);
});

test('a tag of an outer construct does not take its place, and stands beside it', () => {
  const stack = testStack();
  addMonitor(stack, 'One', assumption());
  Tags.of(stack).add(TAG, 'mine', { excludeResourceTypes: ['Custom::SettledRumAppMonitor'] });
  Tags.of(stack).add('team', 'web');
  expect(tagsOf(stack, 'CdkSettledRumProviderRole')).toEqual([tagged('Rum'), { Key: 'team', Value: 'web' }]);
});

test('in a nested stack it has the name that CloudFormation gives that stack', () => {
  const nested = new NestedStack(testStack(), 'Nested');
  addMonitor(nested, 'One', assumption());
  expect(tagsOf(nested, 'CdkSettledRumProviderRole')).toEqual([tagged('Rum')]);
});

describe('of Performance Insights', () => {
  test.each([true, false])('the poller has it if it assumes a role (%s)', (assumes) => {
    const stack = testStack();
    Poller.getOrCreate(stack).sourceOf(ordersSource({ assumeRole: assumes ? assumption() : undefined }));
    expect(tagsOf(stack, 'CdkSettledPerformanceInsightsPollerRole')).toEqual(
      assumes ? [tagged('PerformanceInsights')] : [],
    );
  });

  test.each([true, false])('the notification has it if it assumes a role (%s)', (assumes) => {
    const stack = testStack();
    const dataSource = ordersSource({ assumeRole: assumes ? assumption() : undefined });
    const topic = new sns.Topic(stack, 'Topic');
    new TopKeysNotification(stack, 'Notification', { dataSource, topic });
    expect(tagsOf(stack, 'NotificationRole')).toEqual(assumes ? [tagged('PerformanceInsights')] : []);
  });
});
