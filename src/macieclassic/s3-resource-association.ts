import { type RemovalPolicy, Resource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { placeOf } from '../core/place';
import type { SettledResource } from '../core/settled-resource';
import { ClassificationJob } from '../macie/classification-job';
import type { ClassificationJobProps } from '../macie/classification-job-props';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { warnOfDiscontinuation } from './discontinuation';
import { jobPropsOf } from './job-mapping';
import type { MonitoredResource } from './monitored-resource';
import { S3_RESOURCES_REQUIREMENT } from './provider';
import { renderResources } from './s3-resource-list';
import { s3Resources } from './s3-resources';

/** Properties of the association of one S3 resource. */
export interface S3ResourceAssociationProps extends MonitoredResource {
  /**
   * The member account that owns the bucket, 12 digits. The `memberAccountId` of a `MemberAccountAssociation` makes sure
   * that the account is associated first. Updated in place.
   *
   * @default - the administrator account, which is that of the stack (or of `assumeRole`)
   */
  readonly memberAccountId?: string;

  /**
   * What becomes of the association when it is no longer in the stack. One that was there before the stack stays in any
   * case; what a failed deployment has made is removed in any case.
   *
   * @default RemovalPolicy.DESTROY
   */
  readonly removalPolicy?: RemovalPolicy;

  /**
   * Manage the association with this role, in another administrator account or region. The role also keeps the record of
   * what was associated before, in parameters below `/cdk-settled/` of its account. A change of either account or region
   * replaces the association.
   *
   * @default - in the account and region of the stack
   */
  readonly assumeRole?: RoleAssumption;
}

/**
 * An S3 resource, a bucket or a prefix in it, that Macie Classic monitors and classifies.
 *
 * AWS has discontinued Macie Classic: `asClassificationJob()` is the way over to today's Macie.
 *
 * An association that was there before the stack is recognized: with the same classification it is left as it is, also
 * when the stack is deleted; with another one the deployment fails and says so.
 *
 * @resource Custom::SettledMacieClassicS3Resources
 */
export class S3ResourceAssociation extends Resource implements IDelegable {
  /** What a role needs so that a stack of another app can associate S3 resources through it. */
  static requiredPermissionsFor(manager: ManagingStack): DelegatedPermissions {
    return requiredFrom(manager, S3_RESOURCES_REQUIREMENT);
  }

  /**
   * The same intent in today's Macie, instead of the association. All existing objects are analyzed if they were to be
   * classified here; new ones are, once a day. Macie must be enabled (`aws_macie.CfnSession`).
   *
   * The logical id differs from that of the association, which is removed in the same deployment.
   */
  static asClassificationJob(scope: Construct, id: string, props: S3ResourceAssociationProps): ClassificationJob {
    return new ClassificationJob(scope, id, S3ResourceAssociation.asClassificationJobProps(props));
  }

  /** The properties of that job, to be changed or added to. */
  static asClassificationJobProps(props: S3ResourceAssociationProps): ClassificationJobProps {
    return jobPropsOf([props], props);
  }

  private readonly resource: SettledResource;

  constructor(scope: Construct, id: string, props: S3ResourceAssociationProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    warnOfDiscontinuation(this, 'S3ResourceAssociation.asClassificationJob() makes the job that means the same');
    const resources = renderResources(this, [props], props.memberAccountId, (_, property) => property);
    this.resource = s3Resources(this, props, resources);
  }

  /**
   * How many of the associations were there before the stack: `0` or `1`.
   *
   * @attribute
   */
  get preExistingCount(): string {
    return this.resource.getAttString('PreExisting');
  }

  /** What a role needs to manage the association, as a `DelegatedRole` takes it. */
  requiredPermissions(): DelegatedPermissions {
    return this.resource.requiredPermissions();
  }

  /** Sets what becomes of the association when it is no longer in the stack, as the property `removalPolicy` does. */
  override applyRemovalPolicy(policy: RemovalPolicy): void {
    this.resource.applyRemovalPolicy(policy);
  }
}
