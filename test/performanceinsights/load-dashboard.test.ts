import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import {
  DataSource,
  DimensionGroup,
  LoadDashboard,
  type LoadDashboardProps,
  LoadWidget,
  Metric,
} from '../../src/performanceinsights';
import { importedCluster, ordersSource, RESOURCE_ID } from '../support/databases';
import { filledIn, type Json, messageOf, onlyResource, resourcesOf, testStack } from '../support/synthesis';

const NAMESPACE = 'CdkSettled/PerformanceInsights';

/** The widgets of a dashboard with these props, and the template around it. */
function dashboard(props: Partial<LoadDashboardProps>): { widgets: Json[]; template: Template } {
  const stack = testStack();
  new LoadDashboard(stack, 'Dashboard', { dataSource: ordersSource(), ...props });
  const template = Template.fromStack(stack);
  const body = filledIn(onlyResource(template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody);
  return { widgets: JSON.parse(body).widgets.map(({ properties }: Json) => properties), template };
}

const namesOf = (widget: Json) =>
  widget.metrics.map((metric: Json[]) => metric.at(-1).label ?? metric.at(-1).expression ?? metric[1]);

test('without anything given it shows what RDS publishes itself, and deploys nothing else', () => {
  const { widgets, template } = dashboard({ dataSource: ordersSource({ vcpus: 8 }) });
  expect(Object.keys(template.toJSON().Resources)).toHaveLength(1);
  expect(widgets[0]).toMatchObject({
    stacked: true,
    metrics: [
      ['AWS/RDS', 'DBLoadCPU', 'DBInstanceIdentifier', 'orders', { label: 'CPU' }],
      ['AWS/RDS', 'DBLoadNonCPU', 'DBInstanceIdentifier', 'orders', { label: 'Waiting' }],
    ],
    annotations: { horizontal: [{ value: 8, label: '8 vCPUs', yAxis: 'left' }] },
  });
  expect(widgets[1]).toMatchObject({
    metrics: [['AWS/RDS', 'DBLoadRelativeToNumVCPUs', 'DBInstanceIdentifier', 'orders', { label: 'Load per vCPU' }]],
    annotations: { horizontal: [{ value: 1 }] },
  });
});

test('wait events are polled and stacked, with what remains of the load', () => {
  const { widgets, template } = dashboard({ parts: [Metric.waitEvent('CPU'), Metric.waitEvent('io/a')] });
  expect(namesOf(widgets[0])).toEqual(['CPU', 'io/a', 'Other', 'DBLoad', 'vCPUs (right axis)']);
  const [cpu, , other, total] = widgets[0].metrics;
  expect(cpu.slice(0, 2)).toEqual([NAMESPACE, 'DBLoad']);
  expect(other[0].expression).toBe('total - (part0 + part1)');
  expect(total.at(-1)).toMatchObject({ id: 'total', visible: false });
  const [schedule] = resourcesOf(template, 'AWS::Scheduler::Schedule');
  expect(JSON.parse(schedule.Properties.Target.Input).questions).toHaveLength(2);
});

test('the number of vCPUs comes from Performance Insights where it is not known', () => {
  const { widgets } = dashboard({});
  const vcpus = widgets[0].metrics.at(-1)[0];
  expect(vcpus).toMatchObject({
    expression: `DB_PERF_INSIGHTS('RDS', '${RESOURCE_ID}', 'os.general.numVCPUs.avg')`,
    yAxis: 'right',
  });
});

test('all that is polled of a group is found by a search', () => {
  const { widgets } = dashboard({ parts: [Metric.byDimension(DimensionGroup.WAIT_EVENT, 5)] });
  expect(widgets[0].metrics[0][0].expression).toBe(
    `SORT(SEARCH('{CdkSettled/PerformanceInsights,DBInstanceIdentifier,"db.wait_event.name"} MetricName="DBLoad" DBInstanceIdentifier="orders"', 'Average', 60), AVG, DESC, 5)`,
  );
});

test('the load of a writer is polled', () => {
  const dataSource = DataSource.fromClusterWriter(importedCluster(testStack()), { vcpus: 4 });
  const { widgets, template } = dashboard({ dataSource });
  expect(widgets).toHaveLength(1);
  expect(namesOf(widgets[0])).toEqual(['Load']);
  expect(resourcesOf(template, 'AWS::Scheduler::Schedule')).toHaveLength(1);
});

test('the states of alarms are shown', () => {
  const stack = testStack();
  const alarm = ordersSource().alarmOnLoad(stack, 'Alarm', { threshold: 1 });
  new LoadDashboard(stack, 'Dashboard', { dataSource: ordersSource({ vcpus: 2 }), alarms: [alarm] });
  const body = onlyResource(Template.fromStack(stack), 'AWS::CloudWatch::Dashboard').Properties.DashboardBody;
  expect(JSON.stringify(body)).toContain('\\"type\\":\\"alarm\\"');
});

test('a widget stands on any dashboard', () => {
  const stack = testStack();
  const widget = new LoadWidget(stack, {
    dataSource: ordersSource({ vcpus: 2 }),
    title: 'Orders',
    width: 12,
    height: 4,
  });
  new cloudwatch.Dashboard(stack, 'Dashboard', { dashboardName: 'mine', widgets: [[widget]] });
  expect([widget.width, widget.height]).toEqual([12, 4]);
  expect(widget.toJson()[0].properties.title).toBe('Orders');
});

test('a group that the engine does not have is an error', () => {
  expect(messageOf(() => dashboard({ parts: [Metric.byDimension(DimensionGroup.WAIT_STATE)] }))).toContain(
    'metric asks for the group db.wait_state, which RDS does not have: only docdb has it',
  );
});
