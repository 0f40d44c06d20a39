import type { RemovalPolicy } from 'aws-cdk-lib';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as logs from 'aws-cdk-lib/aws-logs';
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { IActivationProject } from './activation-project';
import { makePassword } from './admin-password';

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
  /** Where it is undefined, one is made. */
  readonly project?: IActivationProject;
  /** Undefined where it is not known. */
  readonly password?: secretsmanager.ISecret;
  /** The secret, where it was made here. */
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

  /**
   * A build of this project runs the tool, which stands where the cluster is managed. It has the password.
   *
   * A cluster in another account or region is activated so, in three deployments: the cluster with `Activation.none()` and
   * one HSM; the project, in a stack of that place, with the security group that CloudHSM has made for the cluster; and
   * the cluster with the project, and with further HSMs.
   */
  static project(project: IActivationProject): Activation {
    return new ProjectActivation(project);
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

class ProjectActivation extends Activation {
  constructor(private readonly project: IActivationProject) {
    super();
  }

  /**
   * @internal
   */
  _bind(): BoundActivation {
    return { project: this.project, password: this.project.password };
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
