import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { AppMonitor, type IAppMonitor } from '../../src/rum';
import { filledIn, IRELAND, MONITOR, onlyResource, testStack } from '../support/synthesis';

const ELSEWHERE = 'arn:aws:rum:us-east-1:222222222222:appmonitor/shop';

function byName(stack: Stack): IAppMonitor {
  return AppMonitor.fromAppMonitorName(stack, 'Shop', 'shop');
}

describe('an app monitor by its name', () => {
  test('is in the account and region of the stack', () => {
    const stack = testStack({ env: IRELAND });
    const monitor = byName(stack);
    expect(monitor.appMonitorName).toBe('shop');
    expect(filledIn(stack.resolve(monitor.appMonitorArn))).toBe('arn:aws:rum:eu-west-1:111111111111:appmonitor/shop');
    expect(monitor.env).toMatchObject(IRELAND);
  });

  test('makes nothing in the stack', () => {
    const stack = testStack();
    byName(stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs(MONITOR, 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
  });

  test('can be granted', () => {
    const stack = testStack();
    byName(stack).grantRead(new iam.User(stack, 'User'));
    const [statement] = onlyResource(Template.fromStack(stack), 'AWS::IAM::Policy').Properties.PolicyDocument.Statement;
    expect(filledIn(statement)).toEqual({
      Effect: 'Allow',
      Action: ['rum:GetAppMonitor', 'rum:GetAppMonitorData', 'rum:ListTagsForResource'],
      Resource: 'arn:aws:rum:eu-west-1:111111111111:appmonitor/shop',
    });
  });

  test('has metrics', () => {
    expect(byName(testStack()).metricJsErrorCount().dimensions).toEqual({ application_name: 'shop' });
  });
});

describe('an app monitor by its attributes', () => {
  test('may be in another account and region', () => {
    const monitor = AppMonitor.fromAppMonitorAttributes(testStack({ env: IRELAND }), 'Shop', {
      appMonitorName: 'shop',
      appMonitorArn: ELSEWHERE,
    });
    expect(monitor.appMonitorArn).toBe(ELSEWHERE);
    expect(monitor.env).toMatchObject({ account: '222222222222', region: 'us-east-1' });
  });

  test('is in the account and region of the stack without an ARN', () => {
    const stack = testStack({ env: IRELAND });
    const monitor = AppMonitor.fromAppMonitorAttributes(stack, 'Shop', { appMonitorName: 'shop' });
    expect(filledIn(stack.resolve(monitor.appMonitorArn))).toBe('arn:aws:rum:eu-west-1:111111111111:appmonitor/shop');
  });

  test('in another region has metrics of that region', () => {
    const stack = testStack({ env: IRELAND });
    const monitor = AppMonitor.fromAppMonitorAttributes(stack, 'Shop', {
      appMonitorName: 'shop',
      appMonitorArn: ELSEWHERE,
    });
    expect(monitor.metricSessionCount()).toMatchObject({ region: 'us-east-1', account: '222222222222' });
  });
});
