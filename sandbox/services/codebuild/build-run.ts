import type { Network } from '../ec2/network';
import type { LogGroups } from '../logs/log-groups';
import { onStream } from '../logs/logs-service';
import type { SecretsManagerService } from '../secretsmanager/secretsmanager-service';
import { ServiceError, type World } from '../service';
import type { ServiceRole } from '../service-role';
import type { SsmService } from '../ssm/ssm-service';
import { createInterface, mayDeleteInterface, refusedByNetwork } from './build-network';
import { environmentOf, UnreadableVariable } from './environment';
import type { CodeBuildSettings } from './options';
import type { BuildResult } from './runner';
import type { Build, BuildStatus, Phase } from './state';

export interface BuildTools {
  readonly world: World;
  readonly network: Network;
  readonly logGroups: LogGroups;
  readonly secretsManager: SecretsManagerService;
  readonly ssm: SsmService;
  readonly settings: CodeBuildSettings;
}

/** One build's life in virtual time: it gets its container, does its work, and ends; it can be stopped at any moment. */
export class BuildRun {
  private environment: Record<string, string> = {};
  private readonly cancellations: Array<() => void> = [];

  constructor(
    private readonly build: Build,
    private readonly role: ServiceRole,
    private readonly tools: BuildTools,
  ) {}

  start(): void {
    const { buildSeconds, provisioningSeconds } = this.tools.settings;
    this.enter('SUBMITTED');
    this.enter('PROVISIONING');
    this.after(provisioningSeconds, () => this.provision(buildSeconds - provisioningSeconds));
    this.after(this.build.timeoutMinutes * 60, async () => {
      this.say(`Build has exceeded the timeout of ${this.build.timeoutMinutes} minutes`);
      this.end('TIMED_OUT', { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out.' });
    });
  }

  /** What it was doing has no effect any more. */
  stop(): void {
    if (this.build.status === 'IN_PROGRESS') this.end('STOPPED');
  }

  private async provision(workSeconds: number): Promise<void> {
    const problem = this.logProblem() ?? this.networkProblem();
    if (problem !== undefined) return this.end('FAILED', problem);
    this.enter('DOWNLOAD_SOURCE');
    try {
      this.environment = await environmentOf(this.build, this.role, this.tools);
    } catch (error) {
      if (!(error instanceof UnreadableVariable)) throw error;
      const { statusCode, message } = error;
      this.say(
        `Phase complete: DOWNLOAD_SOURCE State: FAILED`,
        `Phase context status code: ${statusCode} Message: ${message}`,
      );
      return this.end('FAILED', { statusCode, message });
    }
    this.enter('BUILD');
    this.after(workSeconds, () => this.work());
  }

  private async work(): Promise<void> {
    const { project, buildspec, accountId, region } = this.build;
    const { name, vpc } = project;
    const { runner } = this.tools.settings;
    const result: BuildResult = await runner({
      project: name,
      environment: this.environment,
      buildspec,
      vpc,
      accountId,
      region,
    });
    if (this.build.status !== 'IN_PROGRESS') return;
    const status = result.succeeded ? 'SUCCEEDED' : 'FAILED';
    this.say(...result.log, `Phase complete: BUILD State: ${status}`);
    const failure = { statusCode: 'COMMAND_EXECUTION_ERROR', message: 'Error while executing a command of the build' };
    this.end(status, result.succeeded ? undefined : failure);
  }

  /** The log's group is made if it is not there, the stream always. */
  private logProblem(): Phase['context'] {
    const { log, accountId, region, arn } = this.build;
    if (log === undefined) return undefined;
    const { world, logGroups } = this.tools;
    const place = { world, accountId, region };
    const exists = logGroups.has(accountId, region, log.group);
    const refusal = [
      ...(exists ? [] : [onStream('logs:CreateLogGroup', place, log.group)]),
      onStream('logs:CreateLogStream', place, log.group, log.stream),
      onStream('logs:PutLogEvents', place, log.group, log.stream),
    ]
      .map((permission) => this.role.refusal(permission))
      .find((message) => message !== undefined);
    if (refusal !== undefined) {
      const message = `Service role ${this.role.arn} does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams for build ${arn}. Error message: ${refusal}`;
      return { statusCode: 'ACCESS_DENIED', message };
    }
    if (!exists) logGroups.create(accountId, region, log.group);
    return undefined;
  }

  private networkProblem(): Phase['context'] {
    const { project, accountId, region, arn, networkInterfaces } = this.build;
    const { world, network } = this.tools;
    const { vpc } = project;
    if (vpc === undefined) return undefined;
    const place = { world, accountId, region };
    const refused = refusedByNetwork(this.role, place, vpc);
    if (refused !== undefined) {
      const message = `Unexpected EC2 error: UnauthorizedOperation: ${refused.message}`;
      return { statusCode: 'VPC_CLIENT_ERROR', message };
    }
    try {
      networkInterfaces.push(createInterface(network, place, vpc, arn));
      return undefined;
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { statusCode: 'VPC_CLIENT_ERROR', message: `Unexpected EC2 error: ${error.code}: ${error.message}` };
    }
  }

  private say(...lines: readonly string[]): void {
    const { log, accountId, region } = this.build;
    const { logGroups } = this.tools;
    if (log === undefined || !logGroups.has(accountId, region, log.group)) return;
    logGroups.write(accountId, region, log.group, log.stream, lines);
  }

  private enter(type: Phase['type']): void {
    const now = this.tools.world.clock.now();
    const last = this.build.phases.at(-1);
    if (last !== undefined) Object.assign(last, { endedAt: now, status: 'SUCCEEDED' });
    this.build.phases.push({ type, startedAt: now });
  }

  private end(status: BuildStatus, context?: Phase['context']): void {
    const { world } = this.tools;
    for (const cancel of this.cancellations) cancel();
    const now = world.clock.now();
    Object.assign(this.build.phases.at(-1)!, { endedAt: now, status, context });
    this.build.phases.push({ type: 'COMPLETED', startedAt: now });
    Object.assign(this.build, { status, endedAt: now });
    this.leaveNetwork();
  }

  private leaveNetwork(): void {
    const { accountId, region, networkInterfaces } = this.build;
    const { world, network } = this.tools;
    if (networkInterfaces.length === 0 || !mayDeleteInterface(this.role, { world, accountId, region })) return;
    for (const id of networkInterfaces.splice(0)) network.deleteNetworkInterface(accountId, region, id);
  }

  /** A failure of the sandbox or of the runner ends the build as CodeBuild's own failures do. */
  private after(seconds: number, action: () => Promise<void>): void {
    const guarded = () => {
      action().catch((error: Error) => {
        if (this.build.status !== 'IN_PROGRESS') return;
        this.say(`the sandbox failed: ${error.message}`);
        this.end('FAULT', { statusCode: 'CLIENT_ERROR', message: error.message });
      });
    };
    this.cancellations.push(this.tools.world.clock.schedule(seconds * 1000, guarded));
  }
}
