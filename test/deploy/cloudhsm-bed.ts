import { CloudHSMV2Client, type Cluster, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { CallRecord } from '../../sandbox/kernel/journal';
import type { SandboxOptions } from '../../sandbox/sandbox';
import type { CloudHsmOptions } from '../../sandbox/services/cloudhsm/options';
import type { CloudHsmState } from '../../sandbox/services/cloudhsm/state';
import { cloudhsm } from '../../src';
import { Testbed } from './testbed';

export { expectEverythingGone, expectNothingDenied, expectNothingLeft, leftovers } from './leftovers';

/** Long enough for each stage to be seen under way, and short enough for few looks at it. */
const DURATIONS: NonNullable<CloudHsmOptions['durations']> = {
  clusterCreate: 20,
  clusterDelete: 20,
  hsmCreate: 30,
  hsmDelete: 10,
  hsmReplace: 30,
  initialize: 20,
  activationSeen: 10,
  backupCreate: 5,
  backupCopy: 20,
};

/** A sandbox in which CloudHSM is quick. */
export function startHsmBed({ cloudHsm = {}, supporting = {}, ...options }: SandboxOptions = {}): Promise<Testbed> {
  return Testbed.start({
    ...options,
    supporting: { ...supporting, codeBuild: { buildSeconds: 20, provisioningSeconds: 5, ...supporting.codeBuild } },
    cloudHsm: { ...cloudHsm, durations: { ...DURATIONS, ...cloudHsm.durations } },
  });
}

export const ZONES = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'] as const;

export function aVpc(stack: Stack, id = 'Vpc'): ec2.Vpc {
  return new ec2.Vpc(stack, id, { availabilityZones: [...ZONES], natGateways: 1 });
}

export type ClusterWishes = Partial<cloudhsm.ClusterProps>;

/** A cluster that takes everything along when it goes. */
export function aCluster(stack: Stack, props: ClusterWishes = {}, id = 'Hsm'): cloudhsm.Cluster {
  const vpc = props.vpc ?? (stack.node.tryFindChild('Vpc') as ec2.Vpc | undefined) ?? aVpc(stack);
  return new cloudhsm.Cluster(stack, id, {
    removalPolicy: RemovalPolicy.DESTROY,
    deleteBackups: props.removalPolicy === undefined,
    ...props,
    vpc,
  });
}

export const cluster =
  (props: ClusterWishes = {}) =>
  (stack: Stack) => {
    aCluster(stack, props);
  };

export function hsmClient(bed: Testbed, accountId?: string, region?: string): CloudHSMV2Client {
  return new CloudHSMV2Client(bed.sandbox.clientConfiguration(accountId, region));
}

export async function clustersIn(bed: Testbed, accountId?: string, region?: string): Promise<Cluster[]> {
  const { Clusters = [] } = await hsmClient(bed, accountId, region).send(new DescribeClustersCommand({}));
  return Clusters.filter(({ State }) => State !== 'DELETED');
}

/** The one cluster that there is. */
export async function onlyCluster(bed: Testbed): Promise<Cluster> {
  const clusters = await clustersIn(bed);
  expect(clusters).toHaveLength(1);
  return clusters[0]!;
}

/** The zones of the HSMs that a cluster has, in order; each must be active. */
export function zonesOf({ Hsms = [] }: Cluster): string[] {
  expect(Hsms.filter(({ State }) => State !== 'ACTIVE')).toEqual([]);
  return Hsms.map(({ AvailabilityZone }) => AvailabilityZone!).sort();
}

export function hsmCalls(bed: Testbed): CallRecord[] {
  return bed.sandbox.journal.calls.filter(({ service, execution }) => service === 'cloudhsm' && execution);
}

export function countOf(bed: Testbed, operation: string): number {
  return hsmCalls(bed).filter((call) => call.operation === operation && call.outcome === 'ok').length;
}

/** CloudHSM's own memory of the stack's account and region, to plan incidents in it. */
export function stateOf({ sandbox }: Testbed): CloudHsmState {
  return sandbox.world.state(sandbox.cloudHsm, sandbox.accountId, sandbox.region);
}

/** AWS replaces the first HSM of the only cluster by itself. */
export function replaceFirstHsm(bed: Testbed): void {
  const { cloudHsm } = bed.sandbox;
  const [only] = cloudHsm.clusters(stateOf(bed));
  const [eniId] = only!.hsms.keys();
  cloudHsm.replaceHsm(stateOf(bed), only!.id, eniId!);
}

/** Does something once, at the first call of an operation. */
export function atFirst(bed: Testbed, operation: string, work: () => void): void {
  const stop = bed.sandbox.journal.onCall((call) => {
    if (call.operation !== operation || call.execution === undefined) return;
    stop();
    work();
  });
}
