import type { Credentials } from '../../iam/credentials';
import type { Iam } from '../../iam/iam';
import type { Ec2Network } from '../ec2/network';
import type { LogGroups } from '../logs/log-groups';
import type { SecretsManagerService } from '../secretsmanager/secretsmanager-service';
import type { Call, Operation, Service, World } from '../service';
import type { SsmService } from '../ssm/ssm-service';
import { BuildRun } from './build-run';
import { buildOperations } from './builds';
import { model } from './model';
import { type CodeBuildOptions, type CodeBuildSettings, settingsOf } from './options';
import { BuildProjects } from './projects';
import { ProjectRole } from './service-role';
import type { Build, CodeBuildState } from './state';

/** What builds touch in other services of the sandbox. */
export interface CodeBuildTools {
  readonly world: World;
  readonly iam: Iam;
  readonly credentials: Credentials;
  readonly network: Ec2Network;
  readonly logGroups: LogGroups;
  readonly secretsManager: SecretsManagerService;
  readonly ssm: SsmService;
}

/** AWS CodeBuild, whose builds do what a function says that they do. README.md beside this file says more. */
export class CodeBuildService implements Service<CodeBuildState> {
  readonly name = 'codebuild';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<CodeBuildState>>>;
  private readonly settings: CodeBuildSettings;
  private readonly runs = new WeakMap<Build, BuildRun>();

  constructor(
    private readonly tools: CodeBuildTools,
    options: CodeBuildOptions = {},
  ) {
    this.settings = settingsOf(options);
    this.operations = buildOperations(
      (build, call) => this.begin(build, call),
      (build) => this.runs.get(build)?.stop(),
    );
  }

  newState(): CodeBuildState {
    return { projects: new Map(), builds: new Map() };
  }

  /** Projects, and builds that still run. */
  inventory(state: CodeBuildState): readonly string[] {
    const running = [...state.builds.values()].filter(({ status }) => status === 'IN_PROGRESS');
    return [
      ...[...state.projects.keys()].map((name) => `codebuild project ${name}`),
      ...running.map(({ id }) => `codebuild build ${id}`),
    ];
  }

  /** To make and change projects without a call. */
  projects(): BuildProjects {
    const { world, network } = this.tools;
    const role = (accountId: string, region: string, arn: string, sessionName: string) =>
      this.role({ accountId, region }, arn, sessionName);
    return new BuildProjects({ world, network, service: this, role });
  }

  private begin(build: Build, call: Call): void {
    const role = this.role(call, build.project.serviceRole, `AWSCodeBuild-${build.id.split(':')[1]}`);
    role.check();
    const run = new BuildRun(build, role, { ...this.tools, settings: this.settings });
    this.runs.set(build, run);
    run.start();
  }

  private role({ accountId, region }: { accountId: string; region: string }, arn: string, sessionName: string) {
    return new ProjectRole(this.tools, { accountId, region }, arn, sessionName);
  }
}
