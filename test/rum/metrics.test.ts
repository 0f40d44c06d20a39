import { Duration } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AppMonitor, Authorization } from '../../src/rum';
import { RoleAssumption } from '../../src/sts';
import { IRELAND, MONITOR, onlyResource, testStack } from '../support/synthesis';

const stack = testStack();
const monitor = new AppMonitor(stack, 'Monitor', { domain: 'example.com', authorization: Authorization.none() });

const METRICS = [
  ['metricJsErrorCount', 'JsErrorCount'],
  ['metricHttp4xxCount', 'Http4xxCount'],
  ['metricHttp5xxCount', 'Http5xxCount'],
  ['metricPageViewCount', 'PageViewCount'],
  ['metricSessionCount', 'SessionCount'],
] as const;

test.each(METRICS)('%s is the sum of %s over five minutes', (method, metricName) => {
  const metric = monitor[method]();
  expect(metric).toMatchObject({ namespace: 'AWS/RUM', metricName, statistic: 'Sum' });
  expect(metric.period.toMinutes()).toBe(5);
});

test.each(METRICS)('%s takes other statistics, periods and labels', (method, metricName) => {
  const metric = monitor[method]({ statistic: 'max', period: Duration.hours(1), label: 'mine' });
  expect(metric).toMatchObject({ metricName, statistic: 'Maximum', label: 'mine' });
  expect(metric.period.toHours()).toBe(1);
});

test('any metric of RUM can be named', () => {
  const metric = monitor.metric('WebVitalsLargestContentfulPaint', { statistic: 'p90' });
  expect(metric).toMatchObject({
    namespace: 'AWS/RUM',
    metricName: 'WebVitalsLargestContentfulPaint',
    statistic: 'p90',
  });
});

test('metrics of a monitor that a role manages are those of its account and region', () => {
  const elsewhere = new AppMonitor(testStack({ env: IRELAND }), 'Monitor', {
    domain: 'example.com',
    assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/monitoring', { region: 'us-east-1' }),
  });
  expect(elsewhere.metricSessionCount()).toMatchObject({ account: '222222222222', region: 'us-east-1' });
});

test('metrics can be asked of another place', () => {
  expect(monitor.metricSessionCount({ region: 'us-west-2' }).region).toBe('us-west-2');
});

test('an alarm on a metric belongs to the name that the monitor gets at deployment', () => {
  monitor.metricJsErrorCount().createAlarm(stack, 'Alarm', { threshold: 10, evaluationPeriods: 1 });
  const template = Template.fromStack(stack);
  const [monitorId] = Object.keys(template.findResources(MONITOR));
  expect(onlyResource(template, 'AWS::CloudWatch::Alarm').Properties).toMatchObject({
    Namespace: 'AWS/RUM',
    MetricName: 'JsErrorCount',
    Dimensions: [{ Name: 'application_name', Value: { 'Fn::GetAtt': [monitorId, 'Name'] } }],
    Period: 300,
    Statistic: 'Sum',
  });
});
