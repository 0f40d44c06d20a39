import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';

/** Options of the ready-made alarms of a cluster. */
export interface ClusterAlarmOptions {
  /**
   * What an alarm does when it goes off.
   *
   * @default - nothing; add actions to the alarms that are returned
   */
  readonly alarmActions?: cloudwatch.IAlarmAction[];

  /**
   * What an alarm does when it is over.
   *
   * @default - nothing
   */
  readonly okActions?: cloudwatch.IAlarmAction[];

  /**
   * Number of active HSMs that are wanted.
   *
   * @default - the HSMs of the cluster in this app; for an imported cluster there is no such alarm
   */
  readonly hsmCount?: number;

  /**
   * The share of a capacity, in percent from 1 to 100, above which its alarm goes off.
   *
   * @default 80
   */
  readonly capacityThreshold?: number;

  /**
   * Number of keys that the HSMs can hold, token and session keys together.
   *
   * @default - 16,666 for hsm2m.medium and 3,300 for hsm1.medium; for other types and imported clusters there is no such
   * alarm
   */
  readonly keyCapacity?: number;
}

/** The ready-made alarms of a cluster. */
export interface ClusterAlarms {
  /** An HSM does not perform properly. AWS replaces it; calls in between fail. */
  readonly unhealthyHsm: cloudwatch.Alarm;

  /**
   * For 15 minutes, fewer HSMs than wanted have reported to be healthy. It rests on one report of each HSM a minute.
   *
   * Undefined where the wanted number is not known.
   */
  readonly missingHsm?: cloudwatch.Alarm;

  /** An HSM has used most of its 2,048 connections. */
  readonly sessionCapacity: cloudwatch.Alarm;

  /** An HSM holds most of the keys that fit into it. Undefined where the capacity is not known. */
  readonly keyCapacity?: cloudwatch.Alarm;
}
