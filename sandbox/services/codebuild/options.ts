import { type BuildRunner, noRunner } from './runner';

export interface CodeBuildOptions {
  /**
   * What builds do.
   * @default - every build fails, and its log says "no runner"
   */
  readonly runner?: BuildRunner;
  /**
   * Virtual seconds from StartBuild to the end of a build. How long real ones take depends on what they do [U].
   * @default 90
   */
  readonly buildSeconds?: number;
  /**
   * Of these, the seconds until the build has its container: then permissions, network and environment are looked at.
   * @default 30 - about what a Linux container in a VPC takes
   */
  readonly provisioningSeconds?: number;
}

export type CodeBuildSettings = Required<CodeBuildOptions>;

export function settingsOf({ runner = noRunner, buildSeconds = 90, provisioningSeconds = 30 }: CodeBuildOptions) {
  return { runner, buildSeconds, provisioningSeconds } satisfies CodeBuildSettings;
}
