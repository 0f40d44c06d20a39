import type * as iam from 'aws-cdk-lib/aws-iam';
import type { ManagedConstruct, ProviderIdentity } from '../core/provider-identity';

/** The stack that manages resources through a role, by names: it may stand in another app than the role. */
export interface ManagingStack {
  /** Account of the stack, 12 digits. */
  readonly account: string;

  /** Name of the stack. */
  readonly stackName: string;

  /**
   * Region in which the resources are managed.
   *
   * @default - the region of the stack of the role
   */
  readonly region?: string;
}

/** Something that can be managed through a role: its permissions are those that a `DelegatedRole` needs. */
export interface IDelegable {
  /** What a role needs to manage this, and who assumes the role. */
  requiredPermissions(): DelegatedPermissions;
}

/**
 * What a role in another account needs so that constructs of this library can be managed through it. Comes from the
 * constructs themselves, or, in another app, from the static `requiredPermissionsFor` beside them.
 *
 * The account in the statements is that of the stack in which they are used.
 */
export class DelegatedPermissions implements IDelegable {
  /**
   * @internal
   */
  static _of(
    provider: ProviderIdentity,
    statements: readonly iam.PolicyStatement[] | (() => readonly iam.PolicyStatement[]),
    managed?: ManagedConstruct,
  ): DelegatedPermissions {
    const given = typeof statements === 'function' ? statements : () => statements;
    return new DelegatedPermissions(provider, given, managed);
  }

  /** Asked each time: what is added to a construct later counts, too. */
  private readonly given: () => readonly iam.PolicyStatement[];

  private constructor(
    /**
     * Whose functions assume the role.
     *
     * @internal
     */
    readonly _provider: ProviderIdentity,
    statements: () => readonly iam.PolicyStatement[],
    /**
     * What is managed, where it stands in the same app.
     *
     * @internal
     */
    readonly _managed?: ManagedConstruct,
  ) {
    this.given = statements;
  }

  /** The statements, for a role that is not a `DelegatedRole`. */
  get statements(): iam.PolicyStatement[] {
    return this.given().map((statement) => statement.copy());
  }

  requiredPermissions(): DelegatedPermissions {
    return this;
  }
}
