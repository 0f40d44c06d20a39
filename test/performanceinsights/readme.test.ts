import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { performanceinsights as pi } from '../../src';
import { postgresInstance, testVpc } from '../support/databases';
import { testApp } from '../support/synthesis';

const README = path.join(__dirname, '../../src/performanceinsights/README.md');

/** The samples of the README, in the order in which they stand there. */
class ReadmeStack extends Stack {
  readonly databases: pi.DataSource[] = [];

  constructor() {
    super(testApp(), 'Readme');
    const instance = postgresInstance(this, 'Orders', testVpc(this));
    const topic = new sns.Topic(this, 'Topic');
    const alarmActions = [new actions.SnsAction(topic)];
    const dashboard = new cloudwatch.Dashboard(this, 'All');

    const database = pi.DataSource.fromInstance(instance);
    database.alarmOnWaitEvent(this, 'Locks', { waitEvent: 'Lock:tuple', threshold: 4, alarmActions });

    database.alarmOnTopSql(this, 'OneStatement', { threshold: 80, minimumLoad: 2 });

    database.alarmOnAnomaly(this, 'Unusual', { metric: pi.Metric.user('batch'), anomaly: { standardDeviations: 3 } });

    const topKeys = new pi.TopKeysNotification(this, 'TopKeys', { dataSource: database, topic });
    database.alarmOnLoadPerVcpu(this, 'Load', { alarmActions: [topKeys] });

    new pi.LoadDashboard(this, 'Dashboard', { dataSource: database });
    const parts = [pi.Metric.waitEvent('CPU'), pi.Metric.waitEvent('Lock:tuple')];
    dashboard.addWidgets(new pi.LoadWidget(this, { dataSource: database, parts }));

    const ours = pi.DataSource.fromInstance(instance, { dimensions: { Team: 'payments' } });

    this.databases.push(database, ours);
  }
}

test('the samples of the README are those that are compiled here', () => {
  const own = readFileSync(__filename, 'utf8').replace(/\s+/g, ' ');
  const samples = [...readFileSync(README, 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code!);
  expect(samples).not.toHaveLength(0);
  for (const sample of samples) {
    expect(own).toContain(
      sample
        .replace(/^import .*\n/gm, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );
  }
});

test('the samples of the README make four alarms and the one on the heartbeat', () => {
  Template.fromStack(new ReadmeStack()).resourceCountIs('AWS::CloudWatch::Alarm', 5);
});
