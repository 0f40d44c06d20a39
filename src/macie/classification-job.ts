import { type IResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { placeOf } from '../core/place';
import { Realm } from '../core/realm';
import { SettledResource } from '../core/settled-resource';
import { tagProblemsOf } from '../core/tag-validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { ClassificationJobProps } from './classification-job-props';
import { bucketNamesOf, MAX_TAGS, validateJob } from './classification-job-validation';
import { CLASSIFICATION_JOB_TYPE, JOB_REQUIREMENT, jobArn } from './provider';

/** A job with which Macie looks for sensitive data in S3 objects. */
export interface IClassificationJob extends IResource {
  /**
   * Id of the job.
   *
   * @attribute
   */
  readonly jobId: string;

  /**
   * ARN of the job.
   *
   * @attribute
   */
  readonly jobArn: string;

  /** Lets an identity read the settings, the state and the tags of the job. */
  grantRead(grantee: iam.IGrantable): iam.Grant;
}

abstract class ClassificationJobBase extends Resource implements IClassificationJob {
  abstract readonly jobId: string;
  abstract readonly jobArn: string;

  grantRead(grantee: iam.IGrantable): iam.Grant {
    return iam.Grant.addToPrincipal({
      grantee,
      actions: ['macie2:DescribeClassificationJob', 'macie2:ListTagsForResource'],
      resourceArns: [this.jobArn],
    });
  }
}

/**
 * A classification job of Macie. It runs, or waits for its time, when the deployment is complete. Macie must be enabled
 * before: let the job depend on the `AWS::Macie::Session` of the stack.
 *
 * Macie makes at most one job in ten seconds, so many jobs take their time.
 *
 * @resource Custom::SettledMacieClassificationJob
 */
export class ClassificationJob extends ClassificationJobBase implements IDelegable {
  /** A job in the account and region of the stack, by its id. */
  static fromJobId(scope: Construct, id: string, jobId: string): IClassificationJob {
    const arn = jobArn(Realm.ofStack(Stack.of(scope)), jobId);
    class Import extends ClassificationJobBase {
      readonly jobId = jobId;
      readonly jobArn = arn;
    }
    return new Import(scope, id);
  }

  /** What a role needs so that a stack of another app can manage classification jobs through it. */
  static requiredPermissionsFor(manager: ManagingStack): DelegatedPermissions {
    return requiredFrom(manager, JOB_REQUIREMENT);
  }

  private readonly resource: SettledResource;

  constructor(scope: Construct, id: string, props: ClassificationJobProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    validateJob(this.node.path, props);
    // Not "Resource": the logical id must not be that of an association of Macie Classic whose place the job takes, since
    // CloudFormation changes no resource's type.
    this.resource = new SettledResource(this, 'Job', {
      ...JOB_REQUIREMENT,
      properties: renderProperties(this, props),
      tags: props.tags,
      tagProblems: tagProblemsOf(CLASSIFICATION_JOB_TYPE, MAX_TAGS),
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      assumeRole: props.assumeRole,
    });
    this.node.defaultChild = this.resource;
  }

  get jobId(): string {
    return this.resource.getAttString('JobId');
  }

  get jobArn(): string {
    return this.resource.getAttString('JobArn');
  }

  /**
   * State at the end of the last deployment that changed the job, such as `RUNNING`, `IDLE` or `COMPLETE`.
   *
   * @attribute
   */
  get jobStatus(): string {
    return this.resource.getAttString('JobStatus');
  }

  /** What a role needs to manage the job, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this.resource.requiredPermissions();
  }

  /** Sets what becomes of the job when it is no longer in the stack, as the property `removalPolicy` does. */
  override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }
}

/** What the handler reads. */
function renderProperties(job: ClassificationJob, props: ClassificationJobProps): Record<string, unknown> {
  const { schedule, managedDataIdentifiers } = props;
  return {
    Name: props.jobName,
    Description: props.description,
    JobType: schedule === undefined ? 'ONE_TIME' : 'SCHEDULED',
    InitialRun: schedule && (props.initialRun ?? false),
    Schedule: schedule?._render(),
    S3Job: renderBuckets(job, props),
    ManagedDataIdentifierSelector: managedDataIdentifiers?.selector,
    ManagedDataIdentifierIds: managedDataIdentifiers?.identifierIds,
    CustomDataIdentifierIds: filled(props.customDataIdentifierIds),
    AllowListIds: filled(props.allowListIds),
    SamplingPercentage: props.samplingPercentage,
  };
}

/** The API's `S3JobDefinition`. */
function renderBuckets(job: ClassificationJob, { buckets, bucketCriteria, scoping }: ClassificationJobProps) {
  return {
    bucketDefinitions: buckets?.map((definition) => ({
      accountId: definition.accountId ?? job.env.account,
      buckets: bucketNamesOf(definition),
    })),
    bucketCriteria: bucketCriteria && renderScope(bucketCriteria),
    scoping: scoping && renderScope(scoping),
  };
}

interface Conditions {
  readonly includes?: ReadonlyArray<{ _render(): Readonly<Record<string, unknown>> }>;
  readonly excludes?: ReadonlyArray<{ _render(): Readonly<Record<string, unknown>> }>;
}

function renderScope({ includes, excludes }: Conditions) {
  const block = (conditions: Conditions['includes']) =>
    conditions?.length ? { and: conditions.map((condition) => condition._render()) } : undefined;
  return { includes: block(includes), excludes: block(excludes) };
}

function filled(values: string[] | undefined): string[] | undefined {
  return values?.length === 0 ? undefined : values;
}
