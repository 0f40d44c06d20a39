import { type RemovalPolicy, Resource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { placeOf } from '../core/place';
import type { SettledResource } from '../core/settled-resource';
import { Validation } from '../core/validation';
import { ClassificationJob } from '../macie/classification-job';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { warnOfDiscontinuation } from './discontinuation';
import { jobGroups, jobPropsOf } from './job-mapping';
import type { MonitoredResource } from './monitored-resource';
import { S3_RESOURCES_REQUIREMENT } from './provider';
import { renderResources } from './s3-resource-list';
import { s3Resources } from './s3-resources';

/** Properties of the associations of a set of S3 resources. */
export interface S3ResourceAssociationsProps {
  /**
   * The S3 resources, at least one, none of them twice. About a thousand fit: together they have at most 120,000 bytes as
   * CloudFormation delivers them.
   *
   * Updated in place by difference: new ones are associated first, then classifications are changed, then those are
   * disassociated that are no longer in the set.
   */
  readonly resources: MonitoredResource[];

  /**
   * The member account that owns all the buckets, 12 digits. The `memberAccountId` of a `MemberAccountAssociation` makes
   * sure that the account is associated first. Updated in place.
   *
   * @default - the administrator account, which is that of the stack (or of `assumeRole`)
   */
  readonly memberAccountId?: string;

  /**
   * What becomes of the associations when the set is no longer in the stack. Those that were there before the stack stay
   * in any case; what a failed deployment has made is removed in any case.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Manage the associations with this role, in another administrator account or region. The role also keeps the record of
   * what was associated before, in parameters below `/cdk-settled/` of its account. A change of either account or region
   * replaces the set.
   *
   * @default - in the account and region of the stack
   */
  readonly assumeRole?: RoleAssumption;
}

/**
 * A set of S3 resources that Macie Classic monitors and classifies, in one custom resource and few calls.
 *
 * AWS has discontinued Macie Classic: `asClassificationJobs()` is the way over to today's Macie.
 *
 * Associations that were there before the stack are recognized: with the same classification they are left as they are,
 * also when the stack is deleted; with another one the deployment fails and says which they are.
 *
 * @resource Custom::SettledMacieClassicS3Resources
 */
export class S3ResourceAssociations extends Resource implements IDelegable {
  /** What a role needs so that a stack of another app can associate S3 resources through it. */
  static requiredPermissionsFor(manager: ManagingStack): DelegatedPermissions {
    return requiredFrom(manager, S3_RESOURCES_REQUIREMENT);
  }

  /**
   * The same intent in today's Macie, instead of the associations. Prefix and schedule belong to a job there, so there is
   * one for each prefix and each classification, and for each thousand buckets. Macie must be enabled
   * (`aws_macie.CfnSession`).
   *
   * The first job has the id that is given; the others have it with a number.
   */
  static asClassificationJobs(scope: Construct, id: string, props: S3ResourceAssociationsProps): ClassificationJob[] {
    return jobGroups(props.resources).map((resources, index) => {
      const jobId = index === 0 ? id : `${id}${index + 1}`;
      return new ClassificationJob(scope, jobId, jobPropsOf(resources, props));
    });
  }

  private readonly resource: SettledResource;

  constructor(scope: Construct, id: string, props: S3ResourceAssociationsProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    warnOfDiscontinuation(this, 'S3ResourceAssociations.asClassificationJobs() makes the jobs that mean the same');
    new Validation(this.node.path).filled('resources', props.resources).throwIfInvalid();
    const named = (index: number, property: string) => `resources[${index}].${property}`;
    this.resource = s3Resources(this, props, renderResources(this, props.resources, props.memberAccountId, named));
  }

  /**
   * How many S3 resources are associated through this set.
   *
   * @attribute
   */
  get resourceCount(): string {
    return this.resource.getAttString('Count');
  }

  /**
   * How many of them were associated before the stack.
   *
   * @attribute
   */
  get preExistingCount(): string {
    return this.resource.getAttString('PreExisting');
  }

  /** What a role needs to manage the associations, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this.resource.requiredPermissions();
  }

  /** Sets what becomes of the associations when the set is no longer in the stack, as `removalPolicy` does. */
  override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }
}
