import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type { RoleAssumption } from '../sts/role-assumption';
import type { BucketCondition } from './bucket-condition';
import type { JobSchedule } from './job-schedule';
import type { ManagedDataIdentifiers } from './managed-data-identifiers';
import type { ObjectCondition } from './object-condition';

/** Buckets of one account, in the region of the job. */
export interface AccountBuckets {
  /**
   * The account that owns the buckets, 12 digits. For another one than the job's, that must be the administrator account
   * of Macie.
   *
   * @default - the account of the job
   */
  readonly accountId?: string;

  /**
   * The buckets.
   *
   * @default - `bucketNames` only
   */
  readonly buckets?: s3.IBucket[];

  /**
   * Names of further buckets.
   *
   * @default - `buckets` only
   */
  readonly bucketNames?: string[];
}

/** Which buckets a job analyzes, found anew each time it runs. */
export interface BucketCriteria {
  /**
   * What must hold of a bucket.
   *
   * @default - all buckets that are not excluded
   */
  readonly includes?: BucketCondition[];

  /**
   * What must not hold of a bucket.
   *
   * @default - none are excluded
   */
  readonly excludes?: BucketCondition[];
}

/** Which objects a job analyzes. */
export interface ObjectScope {
  /**
   * What must hold of an object.
   *
   * @default - all objects that are not excluded
   */
  readonly includes?: ObjectCondition[];

  /**
   * What must not hold of an object.
   *
   * @default - none are excluded
   */
  readonly excludes?: ObjectCondition[];
}

/**
 * Properties of a classification job. Macie changes no job: a change of any of them but `tags` and `removalPolicy` replaces
 * the job, and the old one is cancelled.
 */
export interface ClassificationJobProps {
  /**
   * Name of the job, 1 to 500 characters. It need not be unique.
   *
   * @default - generated; it begins with the name of the stack
   */
  readonly jobName?: string;

  /**
   * What the job is for, at most 200 characters.
   *
   * @default - none
   */
  readonly description?: string;

  /**
   * The buckets to analyze, at most 1,000 together. Give either this or `bucketCriteria`.
   *
   * @default - `bucketCriteria` is used
   */
  readonly buckets?: AccountBuckets[];

  /**
   * What the buckets to analyze are like. Give either this or `buckets`.
   *
   * @default - `buckets` is used
   */
  readonly bucketCriteria?: BucketCriteria;

  /**
   * Which objects in the buckets to analyze.
   *
   * @default - all of them
   */
  readonly scoping?: ObjectScope;

  /**
   * How often the job runs.
   *
   * @default - once, at once
   */
  readonly schedule?: JobSchedule;

  /**
   * Whether a job with a schedule first analyzes all objects that are there. Not for a job that runs once.
   *
   * @default false
   */
  readonly initialRun?: boolean;

  /**
   * Macie's own data identifiers with which to analyze.
   *
   * @default ManagedDataIdentifiers.RECOMMENDED
   */
  readonly managedDataIdentifiers?: ManagedDataIdentifiers;

  /**
   * Ids of custom data identifiers (`aws_macie.CfnCustomDataIdentifier`) with which to analyze, at most 30.
   *
   * @default - none
   */
  readonly customDataIdentifierIds?: string[];

  /**
   * Ids of allow lists (`aws_macie.CfnAllowList`), which name what is not to be reported, at most 10.
   *
   * @default - none
   */
  readonly allowListIds?: string[];

  /**
   * The part of objects to analyze, chosen at random: a whole number of percent from 1 to 100.
   *
   * @default 100
   */
  readonly samplingPercentage?: number;

  /**
   * Tags, at most 47, since up to three are needed to recognize the job. Keys have 1 to 128 letters, digits, spaces and
   * some of `_.:/=+-@`; values at most 256. `Tags.of(job).add()` works as well. Updated in place; tags that others set
   * stay.
   *
   * @default - none but the stack's
   */
  readonly tags?: { [key: string]: string };

  /**
   * What becomes of the job when it is no longer in the stack: it is cancelled, since Macie deletes no jobs, or goes on.
   * What a failed deployment has made is cancelled in any case.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Manage the job with this role, in another account or region. A change of either replaces the job.
   *
   * @default - in the account and region of the stack
   */
  readonly assumeRole?: RoleAssumption;
}
