import type { Duration } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import type { RoleAssumption } from '../sts/role-assumption';
import type { DatabaseEngine } from './database-engine';
import type { ServiceType } from './service-type';

/** Options of a data source. */
export interface DataSourceOptions {
  /**
   * Engine of the database, so that a dimension group that it does not have is an error at synthesis already.
   *
   * @default - told by the construct, where it knows; else such an error comes at deployment
   */
  readonly engine?: DatabaseEngine;

  /**
   * The customer managed key that encrypts the data of Performance Insights. What asks for them is allowed to use it,
   * through RDS and for this instance only; the policy of the key must let IAM policies of the account allow that, as
   * the CDK's own keys do.
   *
   * @default - told by the construct, where it knows; else the key of AWS, which needs no permission
   */
  readonly encryptionKey?: kms.IKey;

  /**
   * Ask with this role, for a database in another account or region. What is published stays in the account and region
   * of the stack, with the dimensions `AccountId` and `Region` so that databases of the same name are told apart.
   *
   * @default - with the permissions of this account
   */
  readonly assumeRole?: RoleAssumption;

  /**
   * Number of vCPUs, for the line in graphs.
   *
   * @default - told by the instance class, where the construct knows it
   */
  readonly vcpus?: number;

  /**
   * Further dimensions of all metrics that are published of this data source. Give some where two apps, or two stacks of
   * one account and region, poll the same database: they would otherwise publish the same series twice (sums and sample
   * counts are doubled, averages are right), and each would take the heartbeat of the other for its own, so that minutes
   * which one has missed are not caught up.
   *
   * At most 20; names have 1 to 255 printable ASCII characters and do not begin with a colon, values 1 to 255.
   *
   * @default - none
   */
  readonly dimensions?: { [name: string]: string };

  /**
   * How far back the poller publishes what it has missed. Whole minutes, at most a day.
   *
   * @default Duration.hours(1)
   */
  readonly catchUp?: Duration;

  /**
   * Whether an alarm watches that polling goes on: it goes off when nothing was published for 10 minutes.
   *
   * @default true
   */
  readonly heartbeatAlarm?: boolean;

  /**
   * What that alarm does when it goes off, and when it is over.
   *
   * @default - nothing
   */
  readonly heartbeatActions?: cloudwatch.IAlarmAction[];
}

/** Options of a data source that is named by its resource id. */
export interface ResourceIdOptions extends DataSourceOptions {
  /** Identifier of the instance: the dimension of its metrics. RDS keeps it in small letters. */
  readonly instanceIdentifier: string;

  /**
   * The service of the database.
   *
   * @default ServiceType.RDS
   */
  readonly serviceType?: ServiceType;
}

/** The database on which permissions are needed, by its names: give those of which the data source is made. */
export interface DatabasePermissionsOptions {
  /**
   * Resource id of the instance, where the data source knows it: `db-…`.
   *
   * @default - it is looked up, so that any instance of the account may be asked
   */
  readonly resourceId?: string;

  /**
   * Identifier of the instance.
   *
   * @default - any instance may be described, where that is needed
   */
  readonly instanceIdentifier?: string;

  /**
   * Identifier of the cluster whose writer is asked.
   *
   * @default - an instance is asked
   */
  readonly clusterIdentifier?: string;

  /**
   * The customer managed key that encrypts the data of Performance Insights.
   *
   * @default - the key of AWS, which needs no permission
   */
  readonly encryptionKey?: kms.IKey;
}
