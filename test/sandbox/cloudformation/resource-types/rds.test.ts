import { App, SecretValue, Stack } from 'aws-cdk-lib';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { ACCOUNT, Lab, lines, REGION } from '../lab';

const place = { accountId: ACCOUNT, region: REGION };
const PASSWORD = SecretValue.unsafePlainText('not-a-secret');

function templateOf(build: (stack: Stack) => void) {
  const app = new App({ analyticsReporting: false, treeMetadata: false });
  const stack = new Stack(app, 'app');
  build(stack);
  return app.synth().getStackByName('app').template;
}

async function deploy(lab: Lab, build: (stack: Stack) => void) {
  const { Resources, ...template } = templateOf(build);
  return lab.deploy(Resources, { template });
}

const databasesOf = (lab: Lab) => lab.supporting.tools.databases;

test('an instance of CDK is waited for, has its attributes, changes in place and goes', async () => {
  const lab = new Lab();
  const build = (enablePerformanceInsights: boolean) => (stack: Stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 });
    const instance = new rds.DatabaseInstance(stack, 'Db', {
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_ISOLATED },
      engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
      credentials: rds.Credentials.fromPassword('postgres', PASSWORD),
      parameters: { shared_buffers: '1000' },
      enablePerformanceInsights,
    });
    stack.exportValue(instance.instanceResourceId, { name: 'resource' });
  };
  await expect(deploy(lab, build(false))).resolves.toMatchObject({ status: 'CREATE_COMPLETE' });
  const [before] = databasesOf(lab).state(place).instances;
  expect([before!.status.at(lab.clock.now()), before!.performanceInsights.at(lab.clock.now())]).toEqual([
    'available',
    false,
  ]);
  const updated = await deploy(lab, build(true));
  expect(updated.status).toBe('UPDATE_COMPLETE');
  expect(Object.values(updated.outputs)).toEqual([before!.resourceId]);
  expect(before!.performanceInsights.at(lab.clock.now())).toBe(true);
  await expect(lab.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
  expect(lab.inventory()).toEqual([]);
});

test('clusters of Aurora and DocumentDB come with their instances and go', async () => {
  const lab = new Lab();
  const result = await deploy(lab, (stack) => {
    const vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 });
    const vpcSubnets = { subnetType: ec2.SubnetType.PRIVATE_ISOLATED };
    new rds.DatabaseCluster(stack, 'Aurora', {
      vpc,
      vpcSubnets,
      engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_08_0 }),
      credentials: rds.Credentials.fromPassword('admin', PASSWORD),
      writer: rds.ClusterInstance.provisioned('w', { enablePerformanceInsights: true }),
      readers: [rds.ClusterInstance.serverlessV2('r', { enablePerformanceInsights: true })],
      parameters: { time_zone: 'UTC' },
    });
    new docdb.DatabaseCluster(stack, 'Documents', {
      vpc,
      vpcSubnets,
      masterUser: { username: 'root', password: PASSWORD },
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE),
      enablePerformanceInsights: true,
    });
  });
  expect([result.status, lines(lab.stack().events, true).filter((line) => line.includes('FAILED'))]).toEqual([
    'CREATE_COMPLETE',
    [],
  ]);
  const { clusters, instances } = databasesOf(lab).state(place);
  const now = lab.clock.now();
  expect(clusters.map(({ engine }) => engine).sort()).toEqual(['aurora-mysql', 'docdb']);
  expect(instances.every((one) => one.performanceInsights.at(now))).toBe(true);
  const aurora = clusters.find(({ engine }) => engine === 'aurora-mysql')!;
  expect(instances.find(({ identifier }) => identifier === aurora.writer.at(now))?.promotionTier).toBe(0);
  expect(instances.find(({ engine }) => engine === 'docdb')?.instanceClass.at(now)).toBe('db.r6g.large');
});

test('another engine is another instance; the former goes', async () => {
  const lab = new Lab();
  const db = (Engine: string, more = {}) => ({
    Db: { Type: 'AWS::RDS::DBInstance', Properties: { Engine, DBInstanceClass: 'db.r6g.large', ...more } },
  });
  await lab.deploy(db('mysql', { EnablePerformanceInsights: true, PerformanceInsightsKMSKeyId: 'abc' }));
  const [first] = databasesOf(lab).state(place).instances;
  expect(first!.performanceInsightsKeyArn).toBe(`arn:aws:kms:${REGION}:${ACCOUNT}:key/abc`);
  await expect(lab.deploy(db('mariadb'))).resolves.toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(lab.inventory()).toHaveLength(1);
  expect(databasesOf(lab).instances.find(place, first!.identifier)).toBeUndefined();
});

test('an instance that names a group which is not there fails its stack', async () => {
  const lab = new Lab();
  const Properties = { Engine: 'mysql', DBInstanceClass: 'db.r6g.large', DBSubnetGroupName: 'none' };
  const result = await lab.deploy({ Db: { Type: 'AWS::RDS::DBInstance', Properties } });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  expect(lines(lab.stack().events, true).join()).toContain('DBSubnetGroup not found: none');
});
