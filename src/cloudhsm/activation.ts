import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { explainFindings } from '../core/nag';
import { cleaningUpFailedCreations } from '../core/settled-resource';

/** How a build activates a cluster. */
export interface CodeBuildActivationOptions {
  /**
   * The secret with the password of the first administrator, `admin`: a string of 7 to 32 characters without `:`.
   *
   * The password is set once. Changing the secret later changes nothing in the cluster.
   *
   * @default - a new secret with a generated password of 32 letters and digits; it has the removal policy of the cluster
   */
  readonly password?: secretsmanager.ISecret;

  /**
   * The subnets in which the build runs. It must reach the HSMs, and Amazon S3, CloudWatch Logs, Systems Manager, Secrets
   * Manager and CodeBuild by NAT or by VPC endpoints.
   *
   * @default - the subnets of the cluster
   */
  readonly vpcSubnets?: ec2.SubnetSelection;

  /**
   * How long the logs of the build are kept. The password is not in them.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: logs.RetentionDays;
}

/**
 * What an activation comes to.
 *
 * @internal
 */
export interface BoundActivation {
  readonly password: secretsmanager.ISecret;
  /** Whether the secret was made here. */
  readonly ownPassword?: secretsmanager.Secret;
  readonly vpcSubnets?: ec2.SubnetSelection;
  readonly logRetention?: logs.RetentionDays;
}

/**
 * How a cluster is activated, which sets the password of its first administrator. There is no API for it: a command-line
 * tool must run inside the VPC.
 */
export abstract class Activation {
  /** A build of AWS CodeBuild in the VPC runs the tool. */
  static codeBuild(options: CodeBuildActivationOptions = {}): Activation {
    return new CodeBuildActivation(options);
  }

  /** The cluster stays in the state INITIALIZED, in which AWS lets it have one HSM only. */
  static none(): Activation {
    return new NoActivation();
  }

  /**
   * @internal
   */
  abstract _bind(scope: Construct, removalPolicy: RemovalPolicy): BoundActivation | undefined;
}

class NoActivation extends Activation {
  /**
   * @internal
   */
  _bind(): undefined {
    return undefined;
  }
}

class CodeBuildActivation extends Activation {
  constructor(private readonly options: CodeBuildActivationOptions) {
    super();
  }

  /**
   * @internal
   */
  _bind(scope: Construct, removalPolicy: RemovalPolicy): BoundActivation {
    const { password, ...options } = this.options;
    if (password !== undefined) return { ...options, password };
    const ownPassword = makePassword(scope, removalPolicy);
    return { ...options, password: ownPassword, ownPassword };
  }
}

/**
 * The longest that CloudHSM takes, of letters and digits: it cannot hold ":" or a quote, and no shell reads anything into it.
 * https://docs.aws.amazon.com/cloudhsm/latest/userguide/cloudhsm_cli-cluster-activate.html
 */
const PASSWORD_LENGTH = 32;

function makePassword(scope: Construct, removalPolicy: RemovalPolicy): secretsmanager.Secret {
  const secret = new secretsmanager.Secret(scope, 'AdminPassword', {
    description: `Password of "admin" of the CloudHSM cluster ${scope.node.path}`.slice(0, 2048),
    generateSecretString: { passwordLength: PASSWORD_LENGTH, excludePunctuation: true, includeSpace: false },
    removalPolicy: cleaningUpFailedCreations(removalPolicy),
  });
  explainFindings(secret, 'AWS::SecretsManager::Secret', [
    {
      rule: 'AwsSolutions-SMG4',
      reason:
        'A new password must be set in the cluster by its administrator; changing the secret alone would lose it.',
    },
  ]);
  return secret;
}
