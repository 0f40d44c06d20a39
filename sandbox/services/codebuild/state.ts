import type { BuildVpc } from './runner';

/** What CodeBuild remembers in an account and region. */
export interface CodeBuildState {
  /** By name. */
  readonly projects: Map<string, Project>;
  /** By id, in the order of their starts. They outlive their project. */
  readonly builds: Map<string, Build>;
}

export interface ProjectSettings {
  readonly description?: string;
  readonly serviceRole: string;
  readonly buildspec: string;
  readonly environment: BuildEnvironment;
  readonly vpc?: BuildVpc;
  readonly timeoutMinutes: number;
  /** Absent: no logs are kept. */
  readonly logs?: { readonly group?: string; readonly streamPrefix?: string };
  readonly tags: Readonly<Record<string, string>>;
}

export interface Project extends ProjectSettings {
  readonly name: string;
  readonly arn: string;
  /** Of builds so far. */
  buildCount: number;
}

export interface BuildEnvironment {
  readonly type: string;
  readonly image: string;
  readonly computeType: string;
  readonly privileged: boolean;
  readonly variables: readonly EnvironmentVariable[];
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value: string;
  readonly type: 'PLAINTEXT' | 'SECRETS_MANAGER' | 'PARAMETER_STORE';
}

export type BuildStatus = 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' | 'FAULT' | 'TIMED_OUT' | 'STOPPED';

export interface Build {
  readonly id: string;
  readonly arn: string;
  readonly number: number;
  readonly accountId: string;
  readonly region: string;
  readonly initiator: string;
  /** As it was at the start. */
  readonly project: Project;
  /** The project's variables under those of the request. */
  readonly variables: readonly EnvironmentVariable[];
  readonly buildspec: string;
  readonly timeoutMinutes: number;
  readonly startedAt: number;
  readonly log?: { readonly group: string; readonly stream: string };
  readonly token?: string;
  /** What was asked for under the token. */
  readonly request: string;
  readonly phases: Phase[];
  readonly networkInterfaces: string[];
  status: BuildStatus;
  endedAt?: number;
}

export interface Phase {
  readonly type: 'SUBMITTED' | 'PROVISIONING' | 'DOWNLOAD_SOURCE' | 'BUILD' | 'COMPLETED';
  readonly startedAt: number;
  endedAt?: number;
  status?: BuildStatus;
  context?: { readonly statusCode: string; readonly message: string };
}
