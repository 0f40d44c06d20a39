import { CfnIdentityPool, CfnIdentityPoolRoleAttachment } from 'aws-cdk-lib/aws-cognito';
import type { IIdentityPool } from 'aws-cdk-lib/aws-cognito-identitypool';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { explainFindings } from '../core/nag';
import { GuestRole } from '../sts/guest-role';

/** How browsers get the permission to send data through Amazon Cognito. */
export interface CognitoAuthorizationOptions {
  /**
   * The identity pool whose guests send data. It must be in the region and account of the app monitor and allow
   * unauthenticated identities; in the classic flow it must allow that flow as well.
   *
   * Changing the pool is an update in place; taking it away replaces the app monitor.
   *
   * @default - a new identity pool
   */
  readonly identityPool?: IIdentityPool;

  /**
   * The role of guests. It gets the permission to send data to the app monitor. Of a pool that is given, it must be the
   * role for unauthenticated identities.
   *
   * @default - a new role with a new pool; with a pool that is given, its own role, to which you grant the permission
   * with `grantPutEvents`
   */
  readonly guestRole?: iam.IRole;

  /**
   * Use Cognito's basic (classic) flow, in which the browser assumes the guest role itself. The enhanced flow, in which
   * Cognito hands out the credentials, is simpler and recommended.
   *
   * @default false
   */
  readonly classicFlow?: boolean;
}

/**
 * What an authorization comes to.
 *
 * @internal
 */
export interface BoundAuthorization {
  readonly identityPoolId?: string;
  readonly guestRole?: iam.IRole;
  readonly classicFlow: boolean;
}

/** Who may send data to an app monitor. */
export abstract class Authorization {
  /** Guests of an Amazon Cognito identity pool, which is made, with its role for guests, unless it is given. */
  static cognito(options: CognitoAuthorizationOptions = {}): Authorization {
    return new CognitoAuthorization(options);
  }

  /** Nobody yet: you authorize the application in your own way, with `grantPutEvents`. */
  static none(): Authorization {
    return new NoAuthorization();
  }

  /**
   * @internal
   */
  abstract _bind(scope: Construct, managedElsewhere: boolean): BoundAuthorization;
}

class NoAuthorization extends Authorization {
  /**
   * @internal
   */
  _bind(): BoundAuthorization {
    return { classicFlow: false };
  }
}

class CognitoAuthorization extends Authorization {
  constructor(private readonly options: CognitoAuthorizationOptions) {
    super();
  }

  /**
   * @internal
   */
  _bind(scope: Construct, managedElsewhere: boolean): BoundAuthorization {
    const { identityPool, guestRole, classicFlow = false } = this.options;
    if (identityPool !== undefined) {
      if (classicFlow && guestRole === undefined) {
        throw new Error(
          `${scope.node.path}: authorization with classicFlow and an identityPool needs the guestRole that browsers assume; pass it, or leave classicFlow out`,
        );
      }
      return { identityPoolId: identityPool.identityPoolId, guestRole, classicFlow };
    }
    if (managedElsewhere) {
      throw new Error(
        `${scope.node.path}: authorization cannot make an identity pool in the account or region of assumeRole; pass an identityPool of that place, or use Authorization.none()`,
      );
    }
    return makePool(scope, guestRole, classicFlow);
  }
}

function makePool(scope: Construct, givenRole: iam.IRole | undefined, classicFlow: boolean): BoundAuthorization {
  const pool = new CfnIdentityPool(scope, 'IdentityPool', {
    allowUnauthenticatedIdentities: true,
    allowClassicFlow: classicFlow ? true : undefined,
  });
  explainFindings(pool, 'AWS::Cognito::IdentityPool', [
    {
      rule: 'AwsSolutions-COG7',
      reason: 'Visitors of a web page are guests; their role may only send events to the app monitor.',
    },
  ]);
  const guestRole =
    givenRole ??
    new GuestRole(scope, 'GuestRole', {
      description: `Sends the data of browsers to the app monitor ${scope.node.path}`.slice(0, 1000),
      identityPoolId: pool.ref,
    });
  new CfnIdentityPoolRoleAttachment(scope, 'IdentityPoolRoles', {
    identityPoolId: pool.ref,
    roles: { unauthenticated: guestRole.roleArn },
  });
  return { identityPoolId: pool.ref, guestRole, classicFlow };
}
