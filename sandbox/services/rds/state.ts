import type { Timeline } from './timeline';

/** What RDS remembers in an account and region; deleted things too, because their metrics outlive them. */
export interface RdsState {
  readonly instances: DbInstance[];
  readonly clusters: DbCluster[];
  /** Subnet groups, parameter groups and cluster parameter groups, by kind and name: `subnet-group/a`. */
  readonly groups: Map<string, DbGroup>;
}

/**
 * The words of https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html. `deleted` is not one of
 * them: such an instance is not described.
 */
export type InstanceStatus =
  | 'creating'
  | 'backing-up'
  | 'configuring-enhanced-monitoring'
  | 'available'
  | 'modifying'
  | 'rebooting'
  | 'stopping'
  | 'stopped'
  | 'starting'
  | 'deleting'
  | 'deleted';

export type ClusterStatus = 'creating' | 'available' | 'modifying' | 'failing-over' | 'deleting' | 'deleted';

export interface DbInstance {
  readonly identifier: string;
  /** `db-` and 26 characters; a replaced or restored instance has another. */
  readonly resourceId: string;
  readonly arn: string;
  readonly engine: string;
  readonly clusterIdentifier?: string;
  readonly createdAt: number;
  readonly port: number;
  readonly endpoint: string;
  readonly status: Timeline<InstanceStatus>;
  readonly instanceClass: Timeline<string>;
  readonly performanceInsights: Timeline<boolean>;
  engineVersion: string;
  performanceInsightsKeyArn?: string;
  performanceInsightsRetentionDays: number;
  promotionTier: number;
  monitoringInterval: number;
  tags: Readonly<Record<string, string>>;
}

export interface DbCluster {
  readonly identifier: string;
  readonly resourceId: string;
  readonly arn: string;
  readonly engine: string;
  readonly createdAt: number;
  readonly port: number;
  readonly endpoint: string;
  readonly readerEndpoint: string;
  readonly status: Timeline<ClusterStatus>;
  /** The identifier of the instance that writes. */
  readonly writer: Timeline<string | undefined>;
  engineVersion: string;
  tags: Readonly<Record<string, string>>;
}

export interface DbGroup {
  readonly kind: GroupKind;
  readonly name: string;
}

export type GroupKind = 'subnet-group' | 'parameter-group' | 'cluster-parameter-group';

/** The engine of Amazon DocumentDB, whose instances and clusters the API of RDS describes too. */
export const DOCUMENT_DB = 'docdb';
