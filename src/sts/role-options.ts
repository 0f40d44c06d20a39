import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** What the roles of this module have in common with every other role. */
export interface RoleOptions {
  /**
   * Name of the role: 1 to 64 letters, digits and `+=,.@-_`. A change replaces the role.
   *
   * @default - made by CloudFormation; for a `DelegatedRole` by the CDK where a stack of this app in another account or
   * region refers to it. Give it where that stack is in another app.
   */
  readonly roleName?: string;

  /**
   * Path of the role; begins and ends with a slash. A change replaces the role.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * Description, at most 1,000 characters. Updated in place.
   *
   * @default - says what the role is for
   */
  readonly description?: string;

  /**
   * The longest session that anybody may ask for: 1 to 12 hours. Updated in place.
   *
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;

  /**
   * The policy beyond which the role gets no permissions, whatever its own policies say. Updated in place.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: iam.IManagedPolicy;
}
