import { Arn, ArnFormat } from 'aws-cdk-lib';
import { Validation } from '../core/validation';

/** Somebody other than the constructs of this library who may assume a `DelegatedRole`. */
export class TrustedCaller {
  /**
   * Whoever the account lets: its administrators decide.
   *
   * @param accountId 12 digits
   */
  static account(accountId: string): TrustedCaller {
    new Validation('sts.TrustedCaller')
      .pattern('accountId', accountId, /^\d{12}$/, 'be the 12 digits of an account')
      .throwIfInvalid();
    return new TrustedCaller(accountId);
  }

  /**
   * Sessions of a role, such as that of a hub account from which `via` leads to the members. The role need not exist yet,
   * and one that is made again under the same name is trusted again.
   */
  static role(roleArn: string): TrustedCaller {
    new Validation('sts.TrustedCaller')
      .pattern(
        'roleArn',
        roleArn,
        /^arn:[\w-]+:iam::\d{12}:role\/[^*?]+$/,
        'be the ARN of an IAM role, without wildcards',
      )
      .throwIfInvalid();
    const { account = '' } = Arn.split(roleArn, ArnFormat.SLASH_RESOURCE_NAME);
    return new TrustedCaller(account, roleArn);
  }

  private constructor(
    /**
     * @internal
     */
    readonly _account: string,
    /**
     * @internal
     */
    readonly _roleArn?: string,
  ) {}
}
