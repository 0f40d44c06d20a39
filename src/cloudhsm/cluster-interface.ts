import type { IResource } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type { ClusterAlarmOptions, ClusterAlarms } from './cluster-alarms';

/**
 * A CloudHSM cluster. Its connections are those of the security group that CloudHSM makes, with the ports 2223 to 2225 as
 * default: `cluster.connections.allowDefaultPortFrom(application)` lets clients in.
 */
export interface ICluster extends IResource, ec2.IConnectable {
  /**
   * Id of the cluster, `cluster-…`.
   *
   * @attribute
   */
  readonly clusterId: string;

  /**
   * ARN of the cluster.
   *
   * @attribute
   */
  readonly clusterArn: string;

  /** The security group that CloudHSM makes for the cluster. Its members reach the HSMs. */
  readonly securityGroup: ec2.ISecurityGroup;

  /** The log group of the HSMs' audit logs, `/aws/cloudhsm/<cluster id>`. CloudHSM makes it, and it survives the cluster. */
  readonly logGroup: logs.ILogGroup;

  /**
   * Lets an identity see clusters, their backups and the tags of this one (`cloudhsm:DescribeClusters`, `DescribeBackups`,
   * `ListTags`). The first two have no resource-level permissions: they show all clusters and backups of the account.
   */
  grantDescribe(grantee: iam.IGrantable): iam.Grant;

  /**
   * Lets an identity see the cluster, add and remove HSMs, initialize it, change its type and retention, and tag it, with
   * the permissions on EC2 that CloudHSM uses on its caller's behalf. It cannot delete the cluster. `cloudhsm:DeleteHsm`
   * has no resource-level permission: it is granted for all clusters of the account.
   */
  grantManage(grantee: iam.IGrantable): iam.Grant;

  /** A metric of the `AWS/CloudHSM` namespace for this cluster. Average over 5 minutes, unless given otherwise. */
  metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Above zero when an HSM does not perform properly. Maximum over 5 minutes, unless given otherwise. */
  metricHsmUnhealthy(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Temperature of the processor in degrees Celsius; an HSM shuts down at 110. Not available for `hsm2m.medium`. Maximum
   * over 5 minutes, unless given otherwise.
   */
  metricHsmTemperature(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of session keys in an HSM. Maximum over 5 minutes, unless given otherwise. */
  metricHsmKeysSessionOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of token keys in an HSM and the cluster. Maximum over 5 minutes, unless given otherwise. */
  metricHsmKeysTokenOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of open connections of an HSM, at most 2,048. Maximum over 5 minutes, unless given otherwise. */
  metricHsmSessionCount(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /**
   * Number of encrypted channels of an HSM, at most 2,048. Not available for `hsm2m.medium`. Maximum over 5 minutes, unless
   * given otherwise.
   */
  metricHsmSslCtxsOccupied(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Number of users that can still be made. Minimum over 5 minutes, unless given otherwise. */
  metricHsmUsersAvailable(options?: cloudwatch.MetricOptions): cloudwatch.Metric;

  /** Adds the alarms that each cluster should have. Once per cluster. */
  addAlarms(options?: ClusterAlarmOptions): ClusterAlarms;
}

/** What is known of a cluster that was made elsewhere. */
export interface ClusterAttributes {
  /** Id of the cluster, `cluster-…`. */
  readonly clusterId: string;

  /**
   * Id of the security group that CloudHSM made for the cluster; without it, connections cannot be allowed.
   *
   * @default - unknown
   */
  readonly securityGroupId?: string;

  /**
   * ARN of the cluster, for one in another account or region.
   *
   * @default - in the account and region of the stack
   */
  readonly clusterArn?: string;
}
