import type { Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DataSource, type ResourceIdOptions } from '../../src/performanceinsights';

export const RESOURCE_ID = 'db-FAIHNTYBKTGAUSUZQYPDS2GW4A';

/** A data source all of which is known. */
export function ordersSource(options: Partial<ResourceIdOptions> = {}): DataSource {
  return DataSource.fromResourceId(RESOURCE_ID, { instanceIdentifier: 'orders', ...options });
}

export function testVpc(stack: Stack): ec2.Vpc {
  return new ec2.Vpc(stack, 'Vpc', { natGateways: 0 });
}

export function postgresInstance(
  stack: Stack,
  id: string,
  vpc: ec2.IVpc,
  props: Partial<rds.DatabaseInstanceProps> = {},
): rds.DatabaseInstance {
  return new rds.DatabaseInstance(stack, id, {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    instanceType: ec2.InstanceType.of(ec2.InstanceClass.R6G, ec2.InstanceSize.XLARGE2),
    enablePerformanceInsights: true,
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    ...props,
  });
}

export function auroraCluster(stack: Stack, id: string, vpc: ec2.IVpc, readers = 1): rds.DatabaseCluster {
  const enablePerformanceInsights = true;
  return new rds.DatabaseCluster(stack, id, {
    engine: rds.DatabaseClusterEngine.auroraMysql({ version: rds.AuroraMysqlEngineVersion.VER_3_04_0 }),
    vpc,
    vpcSubnets: { subnetType: ec2.SubnetType.PUBLIC },
    writer: rds.ClusterInstance.provisioned('Writer', { enablePerformanceInsights }),
    readers: Array.from({ length: readers }, (_, index) =>
      rds.ClusterInstance.provisioned(`Reader${index}`, { enablePerformanceInsights }),
    ),
  });
}

export function importedCluster(stack: Stack, engine?: rds.IClusterEngine): rds.IDatabaseCluster {
  return rds.DatabaseCluster.fromDatabaseClusterAttributes(stack, 'Imported', {
    clusterIdentifier: 'Shop',
    instanceIdentifiers: ['shop-1', 'Shop-2'],
    engine,
  });
}
