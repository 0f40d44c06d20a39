import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import type { Construct } from 'constructs';
import { pathBelow, Validation } from '../core/validation';
import type { RoleOptions } from './role-options';

/** Properties of a role for guests. */
export interface GuestRoleProps extends RoleOptions {
  /** Id of the Amazon Cognito identity pool whose guests assume the role: `<region>:<uuid>`. Updated in place. */
  readonly identityPoolId: string;

  /**
   * Whether the role is for users who have signed in, rather than for guests. Updated in place.
   *
   * @default false
   */
  readonly authenticated?: boolean;

  /**
   * Under which name IAM knows Amazon Cognito. Give it where the stack has no region and is deployed to GovCloud or China,
   * since the name is part of the keys of the trust policy, where CloudFormation fills in nothing; and in a partition that
   * is younger than this library. Updated in place.
   *
   * @default - by the region of the stack: `cognito-identity-us-gov.amazonaws.com` in GovCloud,
   * `cognito-identity.cn-north-1.amazonaws.com.cn` in China, else `cognito-identity.amazonaws.com`
   */
  readonly provider?: string;
}

/**
 * What guests of an Amazon Cognito identity pool may do (AssumeRoleWithWebIdentity): visitors of a web page, users of an app
 * who have not signed in. Only guests of this very pool can assume it. The pool must hand it out, too
 * (`AWS::Cognito::IdentityPoolRoleAttachment`).
 *
 * Use it for what anybody in the world may do, such as sending data to an app monitor: who knows the id of the pool gets
 * these credentials. With `authenticated` it is the role of those who have signed in. Do not use it for servers or builds,
 * which have identities of their own (`WebIdentityRole`).
 *
 * @resource AWS::IAM::Role
 */
export class GuestRole extends iam.Role {
  constructor(scope: Construct, id: string, props: GuestRoleProps) {
    const {
      identityPoolId,
      authenticated = false,
      provider = cognitoProvider(Stack.of(scope).region),
      ...options
    } = props;
    new Validation(pathBelow(scope, id))
      // https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_IdentityPool.html
      .length('identityPoolId', identityPoolId, 1, 55)
      .pattern(
        'identityPoolId',
        identityPoolId,
        /^[\w-]+:[0-9a-f-]+$/,
        'be the id of an identity pool, <region>:<uuid>',
      )
      .pattern('provider', provider, /^[a-z0-9.-]+$/, 'be the name of a host')
      .throwIfInvalid();
    super(scope, id, {
      ...options,
      description: options.description ?? `For ${authenticated ? 'users' : 'guests'} of an identity pool`,
      assumedBy: new iam.FederatedPrincipal(
        provider,
        {
          StringEquals: { [`${provider}:aud`]: identityPoolId },
          'ForAnyValue:StringLike': { [`${provider}:amr`]: authenticated ? 'authenticated' : 'unauthenticated' },
        },
        'sts:AssumeRoleWithWebIdentity',
      ),
    });
  }
}

/**
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html and
 * https://docs.amazonaws.cn/en_us/aws/latest/userguide/cognito.html: tokens have issuers of their own there.
 */
const PROVIDERS: Readonly<Record<string, string>> = {
  'aws-us-gov': 'cognito-identity-us-gov.amazonaws.com',
  'aws-cn': 'cognito-identity.cn-north-1.amazonaws.com.cn',
};

function cognitoProvider(region: string): string {
  const partition = Token.isUnresolved(region) ? undefined : RegionInfo.get(region).partition;
  return PROVIDERS[partition ?? ''] ?? 'cognito-identity.amazonaws.com';
}
