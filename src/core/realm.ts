import { Arn, type ArnComponents, Aws, type Stack } from 'aws-cdk-lib';

/** Where a policy holds, and for which stack: what permissions are written in terms of. */
export class Realm {
  /** The account and region of a stack, for its own resources. Pass the name for a policy of another stack there. */
  static ofStack({ account, region, partition }: Stack, stackName: string = Aws.STACK_NAME): Realm {
    // As the templates have it: in conditions, the region has always been the pseudo parameter.
    return new Realm(account, region, partition, stackName, Aws.REGION);
  }

  /** The account of whichever stack the policy stands in, for the resources of a stack elsewhere. */
  static managedFrom({ stackName, region = Aws.REGION }: { stackName: string; region?: string }): Realm {
    return new Realm(Aws.ACCOUNT_ID, region, Aws.PARTITION, stackName, region);
  }

  private constructor(
    readonly account: string,
    readonly region: string,
    readonly partition: string,
    /** The stack to which the resources belong; with a `*` for nested stacks, whose names CloudFormation makes. */
    readonly stackName: string,
    private readonly regionInConditions: string,
  ) {}

  /** The ARN of something here. */
  arn(components: ArnComponents): string {
    const { account, region, partition } = this;
    return Arn.format({ account, region, partition, ...components });
  }

  /** Value of `kms:ViaService` for a service here. */
  through(service: string): string {
    return `${service}.${this.regionInConditions}.${Aws.URL_SUFFIX}`;
  }
}
