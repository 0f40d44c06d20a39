import { type DbCluster, DOCUMENT_DB } from '../../services/rds/state';
import { lowerCaseName } from '../physical-names';
import { type DatabaseFace, databaseType } from './rds-database';
import type { ResourceType, Task } from './resource-type';
import { tagsOf } from './tags';

const MAX_NAME_LENGTH = 63;

/** A cluster, which CloudFormation waits for until it is available. Performance Insights is on or off by its instances. */
export const rdsDbCluster = clusterType({
  name: 'AWS::RDS::DBCluster',
  properties: [
    'AssociatedRoles',
    'AutoMinorVersionUpgrade',
    'AvailabilityZones',
    'BacktrackWindow',
    'BackupRetentionPeriod',
    'CopyTagsToSnapshot',
    'DBClusterIdentifier',
    'DBClusterParameterGroupName',
    'DBInstanceParameterGroupName',
    'DBSubnetGroupName',
    'DatabaseInsightsMode',
    'DatabaseName',
    'DeleteAutomatedBackups',
    'DeletionProtection',
    'EnableCloudwatchLogsExports',
    'EnableHttpEndpoint',
    'EnableIAMDatabaseAuthentication',
    'EnableLocalWriteForwarding',
    'Engine',
    'EngineLifecycleSupport',
    'EngineMode',
    'EngineVersion',
    'KmsKeyId',
    'ManageMasterUserPassword',
    'MasterUserPassword',
    'MasterUserSecret',
    'MasterUsername',
    'MonitoringInterval',
    'MonitoringRoleArn',
    'NetworkType',
    'PerformanceInsightsEnabled',
    'PerformanceInsightsKmsKeyId',
    'PerformanceInsightsRetentionPeriod',
    'Port',
    'PreferredBackupWindow',
    'PreferredMaintenanceWindow',
    'ServerlessV2ScalingConfiguration',
    'StorageEncrypted',
    'StorageType',
    'Tags',
    'VpcSecurityGroupIds',
  ],
  required: ['Engine'],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbcluster.html
  replacedBy: [
    'AvailabilityZones',
    'DBClusterIdentifier',
    'DBSubnetGroupName',
    'DatabaseName',
    'Engine',
    'EngineMode',
    'KmsKeyId',
    'MasterUsername',
    'StorageEncrypted',
  ],
  attributes: (cluster) => ({
    DBClusterArn: cluster.arn,
    DBClusterResourceId: cluster.resourceId,
    'Endpoint.Address': cluster.endpoint,
    'Endpoint.Port': String(cluster.port),
    'ReadEndpoint.Address': cluster.readerEndpoint,
  }),
});

/** A cluster of Amazon DocumentDB: the same state with another face. */
export const docDbCluster = clusterType({
  name: 'AWS::DocDB::DBCluster',
  properties: [
    'AvailabilityZones',
    'BackupRetentionPeriod',
    'CopyTagsToSnapshot',
    'DBClusterIdentifier',
    'DBClusterParameterGroupName',
    'DBSubnetGroupName',
    'DeletionProtection',
    'EnableCloudwatchLogsExports',
    'EngineVersion',
    'KmsKeyId',
    'ManageMasterUserPassword',
    'MasterUserPassword',
    'MasterUsername',
    'NetworkType',
    'Port',
    'PreferredBackupWindow',
    'PreferredMaintenanceWindow',
    'ServerlessV2ScalingConfiguration',
    'StorageEncrypted',
    'StorageType',
    'Tags',
    'VpcSecurityGroupIds',
  ],
  replacedBy: [
    'AvailabilityZones',
    'DBClusterIdentifier',
    'DBSubnetGroupName',
    'KmsKeyId',
    'MasterUsername',
    'StorageEncrypted',
  ],
  engine: DOCUMENT_DB,
  attributes: (cluster) => ({
    ClusterResourceId: cluster.resourceId,
    Endpoint: cluster.endpoint,
    Id: cluster.identifier,
    Port: String(cluster.port),
    ReadEndpoint: cluster.readerEndpoint,
  }),
});

function clusterType(face: DatabaseFace<DbCluster>): ResourceType {
  return databaseType(face, {
    databases: ({ tools }) => tools.databases.clusters,
    create: (task, engine) => task.tools.databases.clusters.create(task, settingsOf(task, engine)),
    changes: settingsOf,
  });
}

function settingsOf({ tools, stack, logicalId, properties }: Task, engine: string | undefined) {
  const given = properties.DBClusterIdentifier as string | undefined;
  return {
    identifier: given ?? lowerCaseName(tools.world.random, stack.name, logicalId, MAX_NAME_LENGTH),
    engine: engine ?? (properties.Engine as string),
    engineVersion: properties.EngineVersion as string | undefined,
    port: properties.Port === undefined ? undefined : Number(properties.Port),
    subnetGroup: properties.DBSubnetGroupName as string | undefined,
    parameterGroup: properties.DBClusterParameterGroupName as string | undefined,
    tags: tagsOf(properties),
  };
}
