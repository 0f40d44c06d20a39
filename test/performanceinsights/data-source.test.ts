import { App, Duration, Stack, Token } from 'aws-cdk-lib';
import * as docdb from 'aws-cdk-lib/aws-docdb';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseEngine, DataSource, type ResourceIdOptions, ServiceType } from '../../src/performanceinsights';
import { vcpusOfClass } from '../../src/performanceinsights/vcpus';
import { RoleAssumption } from '../../src/sts';
import {
  auroraCluster,
  importedCluster,
  ordersSource,
  postgresInstance,
  RESOURCE_ID,
  testVpc,
} from '../support/databases';
import { messageOf, testStack } from '../support/synthesis';

describe('of an instance', () => {
  const stack = testStack();
  const vpc = testVpc(stack);
  const performanceInsightEncryptionKey = new kms.Key(stack, 'Key');
  const instance = postgresInstance(stack, 'Db', vpc, { performanceInsightEncryptionKey });
  const source = DataSource.fromInstance(instance);

  test('takes the resource id, the identifier and the engine from the construct', () => {
    expect(stack.resolve(source.resourceId)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Db/), 'DbiResourceId'] });
    expect(stack.resolve(source.instanceIdentifier)).toEqual({ Ref: expect.stringMatching(/^Db/) });
    expect(source.engine?.name).toBe('postgres');
    expect(source.serviceType).toBe(ServiceType.RDS);
  });

  test('takes its key and the vCPUs of its class as well', () => {
    expect(stack.resolve(source._identity.keyArn)).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] });
    expect(source._vcpus).toBe(8);
  });

  test('takes the resource id of a read replica, where the property of the CDK is an ARN', () => {
    const replica = new rds.DatabaseInstanceReadReplica(stack, 'Replica', {
      sourceDatabaseInstance: instance,
      instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.LARGE),
      vpc,
      vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    });
    expect(stack.resolve(DataSource.fromInstance(replica).resourceId)).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^Replica/), 'DbiResourceId'],
    });
  });

  test.each([
    ['has the resource id that is given', RESOURCE_ID, RESOURCE_ID],
    ['has none where that is an ARN', 'arn:aws:rds:eu-west-1:111111111111:db:orders', undefined],
    ['has none where none is given', undefined, undefined],
  ])('that is imported %s', (_, instanceResourceId, expected) => {
    const imported = rds.DatabaseInstance.fromDatabaseInstanceAttributes(testStack(), 'Imported', {
      instanceIdentifier: 'Orders',
      instanceEndpointAddress: 'orders.example.com',
      port: 5432,
      securityGroups: [],
      instanceResourceId,
      engine: rds.DatabaseInstanceEngine.POSTGRES,
    });
    expect(DataSource.fromInstance(imported)).toMatchObject({
      resourceId: expected,
      // RDS keeps it in small letters.
      instanceIdentifier: 'orders',
      engine: { name: 'postgres' },
    });
  });
});

test('of an instance of DocumentDB looks its resource id up', () => {
  const instance = docdb.DatabaseInstance.fromDatabaseInstanceAttributes(testStack(), 'Imported', {
    instanceIdentifier: 'documents',
    instanceEndpointAddress: 'documents.example.com',
    port: 27017,
  });
  const source = DataSource.fromDocDbInstance(instance);
  expect(source).toMatchObject({
    serviceType: ServiceType.DOCDB,
    instanceIdentifier: 'documents',
    engine: DatabaseEngine.DOCDB,
  });
  expect(source.resourceId).toBeUndefined();
});

describe('of a cluster', () => {
  const stack = testStack();
  const cluster = auroraCluster(stack, 'Shop', testVpc(stack));

  test('are its instances, with the resource ids of their constructs', () => {
    const members = DataSource.fromClusterMembers(cluster);
    expect(members).toHaveLength(2);
    for (const [index, name] of ['Writer', 'Reader0'].entries()) {
      const id = expect.stringMatching(new RegExp(`^Shop${name}`));
      expect(stack.resolve(members[index]!.resourceId)).toEqual({ 'Fn::GetAtt': [id, 'DbiResourceId'] });
      expect(stack.resolve(members[index]!.instanceIdentifier)).toEqual({ Ref: id });
      expect(members[index]!.engine?.name).toBe('aurora-mysql');
    }
  });

  test('is its writer, by the identifier of the cluster', () => {
    const writer = DataSource.fromClusterWriter(cluster);
    expect(stack.resolve(writer.clusterIdentifier)).toEqual({ Ref: expect.stringMatching(/^Shop/) });
    expect([writer.instanceIdentifier, writer.resourceId]).toEqual([undefined, undefined]);
    expect(writer._prerequisites).toHaveLength(2);
  });

  test('that is imported are the instances that are named', () => {
    const members = DataSource.fromClusterMembers(importedCluster(testStack()));
    expect(members.map(({ instanceIdentifier }) => instanceIdentifier)).toEqual(['shop-1', 'shop-2']);
    expect(members.map(({ resourceId }) => resourceId)).toEqual([undefined, undefined]);
  });

  test('that is imported without instances has no members that could be known', () => {
    const imported = rds.DatabaseCluster.fromDatabaseClusterAttributes(testStack(), 'Imported', {
      clusterIdentifier: 'shop',
    });
    expect(messageOf(() => DataSource.fromClusterMembers(imported))).toBe(
      'Stack/Imported: instanceIdentifiers must be known at synthesis, got none; import the cluster with instanceIdentifiers, or use DataSource.fromClusterWriter()',
    );
  });
});

describe('published dimensions', () => {
  test('are the identifier of the instance, which outlives its resource id', () => {
    expect(ordersSource()._publishedDimensions).toEqual({ DBInstanceIdentifier: 'orders' });
  });

  test('of a writer are the cluster and the role', () => {
    expect(DataSource.fromClusterWriter(importedCluster(testStack()))._publishedDimensions).toEqual({
      DBClusterIdentifier: 'shop',
      Role: 'WRITER',
    });
  });

  test('of a database elsewhere tell its account and region', () => {
    const role = 'arn:aws:iam::222222222222:role/reading';
    const assumeRole = RoleAssumption.fromRoleArn(role, { region: 'us-east-1' });
    expect(ordersSource({ assumeRole })._publishedDimensions).toEqual({
      DBInstanceIdentifier: 'orders',
      AccountId: '222222222222',
      Region: 'us-east-1',
    });
  });

  test('of a database elsewhere tell the account of a role that is made in the app', () => {
    const there = testStack({ env: { account: '222222222222', region: 'us-east-1' } });
    const role = new iam.Role(there, 'Reading', { assumedBy: new iam.AccountPrincipal('111111111111') });
    expect(ordersSource({ assumeRole: RoleAssumption.fromRole(role) })._publishedDimensions).toEqual({
      DBInstanceIdentifier: 'orders',
      AccountId: '222222222222',
    });
  });

  test('are also those that are given', () => {
    expect(ordersSource({ dimensions: { Stage: 'test' } })._publishedDimensions).toEqual({
      DBInstanceIdentifier: 'orders',
      Stage: 'test',
    });
  });
});

const REJECTED: Array<[string, Partial<ResourceIdOptions>, string]> = [
  [
    'an identifier with blanks',
    { instanceIdentifier: 'my db' },
    'instanceIdentifier must be the identifier of an instance, got "my db"',
  ],
  ['an identifier of 64 characters', { instanceIdentifier: 'a'.repeat(64) }, 'must have 1 to 63 characters'],
  ['half a vCPU', { vcpus: 0.5 }, 'orders: vcpus must be from 1 to 10000, got 0.5'],
  ['seconds to catch up', { catchUp: Duration.seconds(90) }, 'catchUp must be whole minutes, got "90 seconds"'],
  ['two days to catch up', { catchUp: Duration.days(2) }, 'catchUp must be from 0 to 86400 seconds, got 172800'],
  [
    '21 dimensions',
    { dimensions: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`d${i}`, 'x'])) },
    '0 to 20 entries',
  ],
  [
    'a dimension of its own',
    { dimensions: { Role: 'x' } },
    'dimensions name must not be one that the poller publishes, got "Role"',
  ],
  [
    'a colon before a dimension',
    { dimensions: { ':a': 'x' } },
    'dimensions name must be printable ASCII and not begin with a colon',
  ],
  ['an empty dimension', { dimensions: { a: '' } }, 'dimensions value of "a" must have 1 to 255 characters (it has 0)'],
  [
    'a dimension that is not ASCII',
    { dimensions: { a: 'ü' } },
    'dimensions value of "a" must be printable ASCII, got "ü"',
  ],
];
test.each(REJECTED)('%s is rejected', (_, options, message) => {
  expect(messageOf(() => ordersSource(options))).toContain(message);
});

test('a resource id is no ARN', () => {
  const make = () => DataSource.fromResourceId('arn:aws:rds:x', { instanceIdentifier: 'orders' });
  expect(messageOf(make)).toContain('resourceId must be a DbiResourceId such as db-FAIHNTYBKTGAUSUZQYPDS2GW4A, got');
});

test('tokens are not checked', () => {
  const token = Token.asString({ resolve: () => 'A B' });
  expect(() => DataSource.fromResourceId(token, { instanceIdentifier: token, dimensions: { a: token } })).not.toThrow();
  expect(new Stack(new App(), 'S').resolve(token)).toBe('A B');
});

test.each([
  ['db.r6g.large', 2],
  ['db.r6g.xlarge', 4],
  ['db.r5.24xlarge', 96],
  ['db.t4g.medium', 2],
  ['db.t2.micro', 1],
  ['db.serverless', undefined],
  ['db.r5.4xlarge.tpc2.mem3x', undefined],
])('%s has its vCPUs', (instanceClass, vcpus) => {
  expect(vcpusOfClass(instanceClass)).toBe(vcpus);
});
