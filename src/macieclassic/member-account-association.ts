import { RemovalPolicy, Resource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { requiredFrom } from '../core/delegation';
import { placeOf } from '../core/place';
import type { SettledResource } from '../core/settled-resource';
import { UntaggedResource } from '../core/untagged-resource';
import { Validation } from '../core/validation';
import type { DelegatedPermissions, IDelegable, ManagingStack } from '../sts/delegated-permissions';
import type { RoleAssumption } from '../sts/role-assumption';
import { checkAccountId } from './account-id';
import { warnOfDiscontinuation } from './discontinuation';
import { MEMBER_ACCOUNT_REQUIREMENT, recordPrefix } from './provider';

/** Properties of the association of a member account. */
export interface MemberAccountAssociationProps {
  /**
   * The account to associate with Macie Classic, 12 digits. It must hold a `HandshakeRole` for the administrator account
   * before. A change is an update in place: the new account is associated before the old one is disassociated.
   */
  readonly memberAccountId: string;

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
 * A member account of Macie Classic, shown by its lists when the deployment is complete. The administrator account is that
 * of the stack (or of `assumeRole`).
 *
 * AWS has discontinued Macie Classic. In today's Macie, this is an `AWS::Macie::Session` in the member account and an
 * `AWS::Macie::Member` in the administrator account.
 *
 * @resource Custom::SettledMacieClassicMemberAccount
 */
export class MemberAccountAssociation extends Resource implements IDelegable {
  /** What a role needs so that a stack of another app can associate member accounts through it. */
  static requiredPermissionsFor(manager: ManagingStack): DelegatedPermissions {
    return requiredFrom(manager, MEMBER_ACCOUNT_REQUIREMENT);
  }

  private readonly resource: SettledResource;

  constructor(scope: Construct, id: string, props: MemberAccountAssociationProps) {
    super(scope, id, placeOf(scope, props.assumeRole));
    checkAccountId(new Validation(this.node.path), 'memberAccountId', props.memberAccountId).throwIfInvalid();
    warnOfDiscontinuation(this, 'AWS::Macie::Session and AWS::Macie::Member');
    this.resource = new UntaggedResource(this, 'Resource', {
      ...MEMBER_ACCOUNT_REQUIREMENT,
      properties: { MemberAccountId: props.memberAccountId, RecordPrefix: recordPrefix() },
      removalPolicy: props.removalPolicy ?? RemovalPolicy.DESTROY,
      assumeRole: props.assumeRole,
    });
  }

  /**
   * The member account. What uses it is deployed when the account is associated.
   *
   * @attribute
   */
  get memberAccountId(): string {
    return this.resource.getAttString('MemberAccountId');
  }

  /**
   * Whether the account was associated before the stack: `true` or `false`.
   *
   * @attribute
   */
  get preExisting(): string {
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
