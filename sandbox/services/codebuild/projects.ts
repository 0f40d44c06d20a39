import type { Ec2Network } from '../ec2/network';
import type { World } from '../service';
import { refusedDescription } from './build-network';
import type { CodeBuildService } from './codebuild-service';
import { invalidInput } from './errors';
import type { ProjectRole } from './service-role';
import type { CodeBuildState, Project, ProjectSettings } from './state';

interface Tools {
  readonly world: World;
  readonly network: Ec2Network;
  readonly service: CodeBuildService;
  role(accountId: string, region: string, arn: string, sessionName: string): ProjectRole;
}

/** Source: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html */
const NAME = /^[A-Za-z0-9][A-Za-z0-9\-_]{1,149}$/;
const TIMEOUT_MINUTES = { min: 5, max: 2160 };
const MAX_SUBNETS = 16;
const MAX_SECURITY_GROUPS = 5;

/** The projects of all accounts and regions, for who makes them without calling the API: CloudFormation. */
export class BuildProjects {
  constructor(private readonly tools: Tools) {}

  create(accountId: string, region: string, name: string, settings: ProjectSettings): Project {
    const { projects } = this.state(accountId, region);
    if (!NAME.test(name)) {
      throw invalidInput(
        `project name '${name}' must be 2 to 150 letters, digits, - and _, and begin with a letter or digit`,
      );
    }
    this.check(accountId, region, settings);
    const arn = `arn:${this.tools.world.partition}:codebuild:${region}:${accountId}:project/${name}`;
    if (projects.has(name)) throw invalidInput(`Project already exists: ${arn}`);
    const project = { name, arn, buildCount: 0, ...settings };
    projects.set(name, project);
    return project;
  }

  update(accountId: string, region: string, name: string, settings: ProjectSettings): void {
    const { projects } = this.state(accountId, region);
    const { arn, buildCount } = projects.get(name)!;
    this.check(accountId, region, settings);
    projects.set(name, { name, arn, buildCount, ...settings });
  }

  /** Builds that run go on. */
  delete(accountId: string, region: string, name: string): void {
    this.state(accountId, region).projects.delete(name);
  }

  state(accountId: string, region: string): CodeBuildState {
    return this.tools.world.state(this.tools.service, accountId, region);
  }

  /** The role, and with it the network, are looked at when the project is made. */
  private check(accountId: string, region: string, { serviceRole, timeoutMinutes, vpc }: ProjectSettings): void {
    if (timeoutMinutes < TIMEOUT_MINUTES.min || timeoutMinutes > TIMEOUT_MINUTES.max) {
      throw invalidInput(
        `TimeoutInMinutes must be ${TIMEOUT_MINUTES.min} to ${TIMEOUT_MINUTES.max}, got ${timeoutMinutes}`,
      );
    }
    const role = this.tools.role(accountId, region, serviceRole, 'AWSCodeBuild');
    role.check();
    if (vpc === undefined) return;
    const { subnets, securityGroupIds, vpcId } = vpc;
    if (subnets.length < 1 || subnets.length > MAX_SUBNETS) {
      throw invalidInput(`a project in a VPC has 1 to ${MAX_SUBNETS} subnets, got ${subnets.length}`);
    }
    if (securityGroupIds.length < 1 || securityGroupIds.length > MAX_SECURITY_GROUPS) {
      throw invalidInput(
        `a project in a VPC has 1 to ${MAX_SECURITY_GROUPS} security groups, got ${securityGroupIds.length}`,
      );
    }
    const refused = refusedDescription(role);
    if (refused !== undefined) throw invalidInput(`Not authorized to perform ${refused.action}`);
    const ec2 = this.tools.network.state(accountId, region);
    for (const id of subnets) {
      if (ec2.subnets.get(id)?.vpcId !== vpcId) throw invalidInput(`The subnet ID '${id}' does not exist in ${vpcId}`);
    }
    for (const id of securityGroupIds) {
      if (ec2.securityGroups.get(id)?.vpcId === vpcId) continue;
      throw invalidInput(`The security group '${id}' does not exist in ${vpcId}`);
    }
  }
}
