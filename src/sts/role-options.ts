import type { Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';

/** What the roles of this module have in common with every other role. */
export interface RoleOptions {
  /**
   * Name of the role: 1 to 64 letters, digits and `+=,.@-_`. A change replaces the role.
   *
   * @default - made by CloudFormation; for a `DelegatedRole` by this library, of the path of the construct, where its stack
   * has an account and a region. Give it where the managing stack is in another app.
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
