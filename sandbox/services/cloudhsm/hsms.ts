/** HSMs: add and remove. */
import { type Call, type Document, ServiceError } from '../service';
import { takeBackup } from './backup-lifecycle';
import { describeHsm } from './descriptions';
import { invalidRequest, notFound } from './errors';
import type { NetworkInterface } from './network';
import { createHsmPermissions, deleteHsmPermissions } from './permissions';
import {
  accountState,
  type CloudHsmContext,
  type CloudHsmOperations,
  type CloudHsmState,
  type Cluster,
  clusterIn,
  existingCluster,
  type Hsm,
  homeOf,
  newId,
} from './state';

export function hsmOperations(context: CloudHsmContext): CloudHsmOperations {
  return {
    CreateHsm: {
      permissions: (input, call, state) => createHsmPermissions(input, call, state, context),
      handle: (input, state, call) => create(input, state, call, context),
    },
    DeleteHsm: {
      permissions: (input, call, state) =>
        deleteHsmPermissions(find(input, state.clusters.get(input.ClusterId)), call, context),
      handle: (input, state, call) => remove(input, state, call, context),
    },
  };
}

export function logGroupName(cluster: Cluster): string {
  return `/aws/cloudhsm/${cluster.id}`;
}

function create(input: Document, state: CloudHsmState, call: Call, context: CloudHsmContext): Document {
  const cluster = openCluster(input.ClusterId, state);
  const subnetId = cluster.subnetMapping.get(input.AvailabilityZone);
  if (subnetId === undefined) {
    const zones = [...cluster.subnetMapping.keys()].join(', ');
    throw invalidRequest(`cluster '${cluster.id}' has no subnet in ${input.AvailabilityZone}; its zones are ${zones}`);
  }
  checkQuotas(cluster, state, context);
  const eni = attach(cluster, subnetId, input.IpAddress, call, context);
  const now = call.world.clock.now();
  const hsm: Hsm = {
    id: newId(call, 'hsm'),
    eniId: eni.id,
    ip: eni.privateIp,
    ...(cluster.networkType === 'DUALSTACK' && { ipV6: documentationAddress(eni.privateIp) }),
    subnetId,
    zone: input.AvailabilityZone,
    sequence: ++state.sequence,
    hsmType: cluster.hsmType,
    state: 'CREATE_IN_PROGRESS',
    keyNumber: context.hardware.nextKeyNumber(),
    since: now,
  };
  if (cluster.state === 'ACTIVE') takeBackup(cluster, state, context, now);
  cluster.hsms.set(hsm.eniId, hsm);
  state.logGroups.add(logGroupName(cluster));
  accountState(context, call).serviceLinkedRole = true;
  becomeActive(hsm, state, now + context.settings.durations.hsmCreate * 1000);
  return { Hsm: describeHsm(hsm, cluster) };
}

/** An HSM that is being made is active at a time, unless something else befell it. */
export function becomeActive(hsm: Hsm, state: CloudHsmState, at: number): void {
  const { id } = hsm;
  state.agenda.at(at, () => {
    if (hsm.id === id && hsm.state === 'CREATE_IN_PROGRESS') hsm.state = 'ACTIVE';
  });
}

/** A cluster that takes an HSM: its first one, or any when it is active. */
function openCluster(id: string, state: CloudHsmState): Cluster {
  const cluster = existingCluster(state, id);
  const inactive = ['UNINITIALIZED', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED'].includes(cluster.state);
  if (inactive && cluster.hsms.size > 0) {
    throw invalidRequest(`Cluster '${id}' already contains an HSM but has not yet been fully activated`);
  }
  return clusterIn(state, id, ['UNINITIALIZED', 'INITIALIZED', 'ACTIVE']);
}

function checkQuotas(cluster: Cluster, state: CloudHsmState, { settings }: CloudHsmContext): void {
  const { quotas, quotaError } = settings;
  const all = [...state.clusters.values()].reduce((sum, { hsms }) => sum + hsms.size, 0);
  if (cluster.hsms.size >= quotas.hsmsPerCluster) {
    const message = `cluster '${cluster.id}' contains ${quotas.hsmsPerCluster} HSMs, which is the most that it can`;
    throw new ServiceError(quotaError, message);
  }
  if (all >= quotas.hsms) {
    throw new ServiceError(quotaError, `the account has ${quotas.hsms} HSMs in this region, which is its quota`);
  }
}

function attach(
  cluster: Cluster,
  subnetId: string,
  address: string | undefined,
  call: Call,
  context: CloudHsmContext,
): NetworkInterface {
  const { network } = context;
  try {
    return network.createNetworkInterface(call.accountId, call.region, {
      subnetId,
      ...(address !== undefined && { privateIp: address }),
      description: `CloudHSM ${cluster.id}`,
      groups: [cluster.securityGroup],
    });
  } catch (error) {
    // What EC2 refuses (an address that is taken, a subnet that is full) is the caller's fault.
    if (error instanceof ServiceError) throw invalidRequest(error.message);
    throw error;
  }
}

/** An IPv6 address of the block that RFC 3849 keeps for examples; subnets have no IPv6 blocks here. */
function documentationAddress(ip: string): string {
  const [a, b, c, d] = ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `2001:db8::${a}${b}:${c}${d}`;
}

function remove(input: Document, state: CloudHsmState, call: Call, context: CloudHsmContext): Document {
  const given = [input.HsmId, input.EniId, input.EniIp].filter((value) => value !== undefined);
  if (given.length !== 1) {
    throw invalidRequest(`exactly one of HsmId, EniId and EniIp is needed, got ${given.length}`);
  }
  const cluster = existingCluster(state, input.ClusterId);
  const hsm = find(input, cluster);
  if (hsm === undefined) throw notFound(`HSM of cluster '${cluster.id}'`, given[0]);
  clusterIn(state, cluster.id, ['UNINITIALIZED', 'INITIALIZE_IN_PROGRESS', 'INITIALIZED', 'ACTIVE']);
  if (hsm.state === 'DELETE_IN_PROGRESS') throw invalidRequest(`HSM '${hsm.id}' is being deleted already`);
  if (hsm.state === 'CREATE_IN_PROGRESS' && context.settings.deleteWhileCreating === 'refuse') {
    throw invalidRequest(`HSM '${hsm.id}' is CREATE_IN_PROGRESS; wait until it has been created`);
  }
  const now = call.world.clock.now();
  if (cluster.activated) takeBackup(cluster, state, context, now);
  hsm.state = 'DELETE_IN_PROGRESS';
  state.agenda.at(now + context.settings.durations.hsmDelete * 1000, () => vanish(hsm, cluster, state, context));
  return { HsmId: hsm.id };
}

function find(input: Document, cluster: Cluster | undefined): Hsm | undefined {
  return [...(cluster?.hsms.values() ?? [])].find(
    ({ id, eniId, ip }) => id === input.HsmId || eniId === input.EniId || ip === input.EniIp,
  );
}

function vanish(hsm: Hsm, cluster: Cluster, state: CloudHsmState, { network }: CloudHsmContext): void {
  const { accountId, region } = homeOf(state);
  network.deleteNetworkInterface(accountId, region, hsm.eniId);
  cluster.hsms.delete(hsm.eniId);
}
