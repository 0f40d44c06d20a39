import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as actions from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { performanceinsights as pi } from '../../src';

/** A database of orders, with alarms on what it is waiting for. */
export class OrdersStack extends Stack {
  static readonly INSTANCE = 'orders';
  static readonly TOPIC = 'orders-on-call';

  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);

    const vpc = new ec2.Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 0 });
    const instance = new rds.DatabaseInstance(this, 'Orders', {
      instanceIdentifier: OrdersStack.INSTANCE,
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      credentials: rds.Credentials.fromGeneratedSecret('orders'),
      enablePerformanceInsights: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    const topic = new sns.Topic(this, 'OnCall', { topicName: OrdersStack.TOPIC });
    const database = pi.DataSource.fromInstance(instance);
    const topKeys = new pi.TopKeysNotification(this, 'TopKeys', { dataSource: database, topic });

    database.alarmOnWaitEvent(this, 'Locks', {
      waitEvent: 'Lock:tuple',
      threshold: 4,
      alarmActions: [topKeys],
      okActions: [new actions.SnsAction(topic)],
    });
    database.alarmOnTopSql(this, 'OneStatement', { threshold: 80 });
    database.alarmOnLoadPerVcpu(this, 'Load');
    database.alarmOnCounter(this, 'Commits', {
      counter: pi.Metric.counter('db.Transactions.xact_commit', pi.CounterStatistic.AVG),
      threshold: 10_000,
    });

    new pi.LoadDashboard(this, 'Dashboard', { dataSource: database });
  }
}
