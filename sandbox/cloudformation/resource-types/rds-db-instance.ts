import type { InstanceChanges } from '../../services/rds/instances';
import { type DbInstance, DOCUMENT_DB } from '../../services/rds/state';
import { lowerCaseName } from '../physical-names';
import type { Properties } from '../stack';
import { type DatabaseFace, databaseType } from './rds-database';
import type { ResourceType, Task } from './resource-type';
import { tagsOf } from './tags';

const MAX_NAME_LENGTH = 63;

/**
 * An instance, which CloudFormation waits for until it is available. Of its properties count engine, class, cluster,
 * groups, port, promotion tier, monitoring, tags and Performance Insights; the others are kept as settings.
 */
export const rdsDbInstance = instanceType({
  name: 'AWS::RDS::DBInstance',
  properties: [
    'AllocatedStorage',
    'AllowMajorVersionUpgrade',
    'ApplyImmediately',
    'AssociatedRoles',
    'AutoMinorVersionUpgrade',
    'AvailabilityZone',
    'BackupRetentionPeriod',
    'CACertificateIdentifier',
    'CertificateRotationRestart',
    'CharacterSetName',
    'CopyTagsToSnapshot',
    'DBClusterIdentifier',
    'DBInstanceClass',
    'DBInstanceIdentifier',
    'DBName',
    'DBParameterGroupName',
    'DBSubnetGroupName',
    'DatabaseInsightsMode',
    'DeleteAutomatedBackups',
    'DeletionProtection',
    'EnableCloudwatchLogsExports',
    'EnableIAMDatabaseAuthentication',
    'EnablePerformanceInsights',
    'Engine',
    'EngineLifecycleSupport',
    'EngineVersion',
    'Iops',
    'KmsKeyId',
    'LicenseModel',
    'ManageMasterUserPassword',
    'MasterUserPassword',
    'MasterUserSecret',
    'MasterUsername',
    'MaxAllocatedStorage',
    'MonitoringInterval',
    'MonitoringRoleArn',
    'MultiAZ',
    'NetworkType',
    'OptionGroupName',
    'PerformanceInsightsKMSKeyId',
    'PerformanceInsightsRetentionPeriod',
    'Port',
    'PreferredBackupWindow',
    'PreferredMaintenanceWindow',
    'ProcessorFeatures',
    'PromotionTier',
    'PubliclyAccessible',
    'StorageEncrypted',
    'StorageThroughput',
    'StorageType',
    'Tags',
    'Timezone',
    'VPCSecurityGroups',
  ],
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
  replacedBy: [
    'AvailabilityZone',
    'CharacterSetName',
    'DBClusterIdentifier',
    'DBInstanceIdentifier',
    'DBName',
    'DBSubnetGroupName',
    'Engine',
    'KmsKeyId',
    'MasterUsername',
    'PerformanceInsightsKMSKeyId',
    'Port',
    'StorageEncrypted',
    'Timezone',
  ],
  attributes: (instance) => ({
    DBInstanceArn: instance.arn,
    DbiResourceId: instance.resourceId,
    'Endpoint.Address': instance.endpoint,
    'Endpoint.Port': String(instance.port),
  }),
});

/** An instance of Amazon DocumentDB: the same state with another face. */
export const docDbInstance = instanceType({
  name: 'AWS::DocDB::DBInstance',
  properties: [
    'AutoMinorVersionUpgrade',
    'AvailabilityZone',
    'CACertificateIdentifier',
    'CertificateRotationRestart',
    'DBClusterIdentifier',
    'DBInstanceClass',
    'DBInstanceIdentifier',
    'EnablePerformanceInsights',
    'PreferredMaintenanceWindow',
    'Tags',
  ],
  required: ['DBClusterIdentifier', 'DBInstanceClass'],
  replacedBy: ['AvailabilityZone', 'DBClusterIdentifier', 'DBInstanceIdentifier'],
  engine: DOCUMENT_DB,
  attributes: ({ endpoint, identifier, port }) => ({ Endpoint: endpoint, Id: identifier, Port: String(port) }),
});

function instanceType(face: DatabaseFace<DbInstance>): ResourceType {
  return databaseType(face, {
    databases: ({ tools }) => tools.databases.instances,
    create: (task, engine) =>
      task.tools.databases.instances.create(task, {
        identifier: identifierOf(task),
        engine: engine ?? (task.properties.Engine as string | undefined),
        clusterIdentifier: task.properties.DBClusterIdentifier as string | undefined,
        subnetGroup: task.properties.DBSubnetGroupName as string | undefined,
        port: numberOf(task.properties.Port),
        ...changesOf(task),
      }),
    changes: changesOf,
  });
}

function identifierOf({ tools, stack, logicalId, properties }: Task): string {
  const given = properties.DBInstanceIdentifier as string | undefined;
  return given ?? lowerCaseName(tools.world.random, stack.name, logicalId, MAX_NAME_LENGTH);
}

function changesOf(task: Task): InstanceChanges {
  const { properties } = task;
  const enabled = properties.EnablePerformanceInsights;
  return {
    instanceClass: properties.DBInstanceClass as string | undefined,
    engineVersion: properties.EngineVersion as string | undefined,
    parameterGroup: properties.DBParameterGroupName as string | undefined,
    performanceInsights: enabled === undefined ? undefined : String(enabled) === 'true',
    performanceInsightsKeyArn: keyArn(task, properties),
    performanceInsightsRetentionDays: numberOf(properties.PerformanceInsightsRetentionPeriod),
    promotionTier: numberOf(properties.PromotionTier),
    monitoringInterval: numberOf(properties.MonitoringInterval),
    tags: tagsOf(properties),
  };
}

/** A key by its ARN, or by its id in this place. */
function keyArn({ tools, accountId, region }: Task, { PerformanceInsightsKMSKeyId: key }: Properties) {
  if (key === undefined) return undefined;
  const name = String(key);
  return name.startsWith('arn:') ? name : `arn:${tools.world.partition}:kms:${region}:${accountId}:key/${name}`;
}

function numberOf(value: unknown): number | undefined {
  return value === undefined ? undefined : Number(value);
}
