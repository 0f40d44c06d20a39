/** What a build is to do, once its network and environment stand. */
export interface BuildOrder {
  /** The project's name. */
  readonly project: string;
  /** With all secrets and parameters in it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly buildspec: string;
  readonly vpc: BuildVpc | undefined;
  readonly accountId: string;
  readonly region: string;
}

export interface BuildVpc {
  readonly vpcId: string;
  readonly subnets: readonly string[];
  readonly securityGroupIds: readonly string[];
}

export interface BuildResult {
  readonly succeeded: boolean;
  readonly log: readonly string[];
}

/**
 * Plays what the commands of a build would do. It runs at the instant at which the build ends. One that works in real
 * time must hold the clock itself, else the run is not the same twice.
 */
export type BuildRunner = (build: BuildOrder) => BuildResult | Promise<BuildResult>;

export const noRunner: BuildRunner = () => ({ succeeded: false, log: ['no runner'] });
