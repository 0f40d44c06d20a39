import type { ServiceModel } from '../../model/model';
import { errors, list, SCALARS, structure } from '../../model/shapes';

/**
 * Written by hand from https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html and
 * API_DescribeDBClusters.html: the members that instances and clusters of the sandbox have. The bounds of MaxRecords are
 * checked by the operations, whose error has a name of its own.
 */
export const model: ServiceModel = {
  signingName: 'rds',
  protocol: 'aws-query',
  apiVersion: '2014-10-31',
  xmlNamespace: 'http://rds.amazonaws.com/doc/2014-10-31/',
  operations: {
    DescribeDBInstances: {
      input: 'DescribeDBInstancesMessage',
      output: 'DBInstanceMessage',
      resultWrapper: 'DescribeDBInstancesResult',
      errors: ['DBInstanceNotFound'],
    },
    DescribeDBClusters: {
      input: 'DescribeDBClustersMessage',
      output: 'DBClusterMessage',
      resultWrapper: 'DescribeDBClustersResult',
      errors: ['DBClusterNotFoundFault'],
    },
  },
  shapes: {
    ...SCALARS,
    ...errors(['DBInstanceNotFound', 'DBClusterNotFoundFault'], 404),
    Filter: structure({ Name: 'Text', Values: 'FilterValueList' }, ['Name', 'Values']),
    FilterValueList: list('Text', { locationName: 'Value' }),
    FilterList: list('Filter', { locationName: 'Filter' }),
    Tag: structure({ Key: 'Text', Value: 'Text' }),
    TagList: list('Tag', { locationName: 'Tag' }),
    DescribeDBInstancesMessage: structure({
      DBInstanceIdentifier: 'Text',
      Filters: 'FilterList',
      MaxRecords: 'Whole',
      Marker: 'Text',
    }),
    DBInstanceMessage: structure({ Marker: 'Text', DBInstances: 'DBInstanceList' }),
    DBInstanceList: list('DBInstance', { locationName: 'DBInstance' }),
    DBInstance: structure({
      DBInstanceIdentifier: 'Text',
      DBInstanceClass: 'Text',
      Engine: 'Text',
      EngineVersion: 'Text',
      DBInstanceStatus: 'Text',
      DBInstanceArn: 'Text',
      DbiResourceId: 'Text',
      DBClusterIdentifier: 'Text',
      Endpoint: 'Endpoint',
      InstanceCreateTime: 'Time',
      MonitoringInterval: 'Whole',
      PromotionTier: 'Whole',
      PerformanceInsightsEnabled: 'Flag',
      PerformanceInsightsKMSKeyId: 'Text',
      PerformanceInsightsRetentionPeriod: 'Whole',
      TagList: 'TagList',
    }),
    Endpoint: structure({ Address: 'Text', Port: 'Whole', HostedZoneId: 'Text' }),
    DescribeDBClustersMessage: structure({
      DBClusterIdentifier: 'Text',
      Filters: 'FilterList',
      MaxRecords: 'Whole',
      Marker: 'Text',
      IncludeShared: 'Flag',
    }),
    DBClusterMessage: structure({ Marker: 'Text', DBClusters: 'DBClusterList' }),
    DBClusterList: list('DBCluster', { locationName: 'DBCluster' }),
    DBCluster: structure({
      DBClusterIdentifier: 'Text',
      DBClusterArn: 'Text',
      DbClusterResourceId: 'Text',
      Engine: 'Text',
      EngineVersion: 'Text',
      Status: 'Text',
      Endpoint: 'Text',
      ReaderEndpoint: 'Text',
      Port: 'Whole',
      ClusterCreateTime: 'Time',
      DBClusterMembers: 'DBClusterMemberList',
      TagList: 'TagList',
    }),
    DBClusterMemberList: list('DBClusterMember', { locationName: 'DBClusterMember' }),
    DBClusterMember: structure({
      DBInstanceIdentifier: 'Text',
      IsClusterWriter: 'Flag',
      DBClusterParameterGroupStatus: 'Text',
      PromotionTier: 'Whole',
    }),
  },
};
