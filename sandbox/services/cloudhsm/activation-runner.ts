import type { BuildOrder, BuildResult, BuildRunner } from '../codebuild/runner';
import type { World } from '../service';
import type { CloudHsmService } from './cloudhsm-service';
import type { Cluster } from './state';

/**
 * What a build comes to whose commands install CloudHSM's command-line tool, point it to an HSM and activate the cluster:
 * the commands are read, not executed, and the outcome is that of the real tool in the network and with the files that
 * the build has. Any other build fails, with a log that says at which step.
 */
export function activationRunner(world: World, cloudHsm: CloudHsmService): BuildRunner {
  return (build) => {
    const log: string[] = [];
    try {
      activate(build, world, cloudHsm, (line) => log.push(line));
      return { succeeded: true, log };
    } catch (error) {
      return failed(log, error);
    }
  };
}

function failed(log: string[], error: unknown): BuildResult {
  log.push(error instanceof Error ? error.message : String(error));
  return { succeeded: false, log: [...log, 'Phase complete: BUILD State: FAILED'] };
}

function activate(build: BuildOrder, world: World, cloudHsm: CloudHsmService, print: (line: string) => void): void {
  const commands = commandsOf(build.buildspec);
  if (!PACKAGE.test(commands)) throw new Error('cloudhsm-cli: command not found');
  print('Installed: cloudhsm-cli');
  const address = value('the HSM address', CONFIGURE, commands, build);
  const trustAnchor = value('the trust anchor', TRUST_ANCHOR, commands, build);
  const password = value('the password', ACTIVATE, commands, build);
  if (!/^[^:]{7,32}$/.test(password)) throw new Error('the password must have 7 to 32 characters and no colon');
  const state = world.state(cloudHsm, build.accountId, build.region);
  const cluster = clusterAt(address, cloudHsm.clusters(state));
  if (cluster === undefined || !reaches(build, cluster)) throw new Error(`could not connect to ${address}:2225`);
  if (cluster.claim?.trustAnchor.trim() !== trustAnchor.trim()) {
    throw new Error("the cluster's certificate was not signed by the given trust anchor");
  }
  const outcome = cloudHsm.activate(state, cluster.id);
  print(outcome === 'activated' ? '"Cluster activation successful"' : 'Cluster has already been activated');
}

/** The public package for Amazon Linux 2023, and where the commands name what the tool needs. */
const PACKAGE = /(dnf|yum) install [^\n]*cloudhsmv2-software\S*cloudhsm-cli-latest\.amzn2023\.x86_64\.rpm/;
const CONFIGURE = /configure-cli -a "?\$\{?(\w+)/;
const TRUST_ANCHOR = /printf '%s\\n' "\$\{?(\w+)\}?" > \S*customerCA\.crt/;
const ACTIVATE = /cloudhsm-cli cluster activate --password "?\$\{?(\w+)/;

function commandsOf(buildspec: string): string {
  const phases: Record<string, { commands?: string[] }> = JSON.parse(buildspec).phases ?? {};
  return ['install', 'pre_build', 'build'].flatMap((phase) => phases[phase]?.commands ?? []).join('\n');
}

function value(what: string, pattern: RegExp, commands: string, { environment }: BuildOrder): string {
  const name = pattern.exec(commands)?.[1];
  if (name === undefined) throw new Error(`the commands do not give ${what} to the tool`);
  const given = environment[name];
  if (given === undefined) throw new Error(`${name}: unbound variable`);
  return given;
}

function clusterAt(address: string, clusters: readonly Cluster[]): Cluster | undefined {
  return clusters.find((cluster) => [...cluster.hsms.values()].some((hsm) => hsm.ip === address));
}

/** The cluster's security group admits its own members alone. */
function reaches({ vpc }: BuildOrder, cluster: Cluster): boolean {
  return vpc?.vpcId === cluster.vpcId && vpc.securityGroupIds.includes(cluster.securityGroup);
}
