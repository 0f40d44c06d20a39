/**
 * From the certificate request to an active cluster: InitializeCluster, and the activation, for which AWS has no operation
 * (the command-line tool does it from within the VPC).
 */
import type { Call, Document } from '../service';
import { startDailyBackups, takeBackup } from './backup-lifecycle';
import { checkClaim } from './certificate-checks';
import { invalidRequest } from './errors';
import { onResource } from './permissions';
import {
  type CloudHsmContext,
  type CloudHsmOperations,
  type CloudHsmState,
  clusterIn,
  homeOf,
  requestingHsm,
} from './state';

export function initializationOperations(context: CloudHsmContext): CloudHsmOperations {
  return {
    InitializeCluster: {
      permissions: (input, call, state) => [onResource('InitializeCluster', input.ClusterId, call, state)],
      handle: (input, state, call) => initialize(input, state, call, context),
    },
  };
}

function initialize(input: Document, state: CloudHsmState, call: Call, context: CloudHsmContext): Document {
  const cluster = clusterIn(state, input.ClusterId, ['UNINITIALIZED']);
  const hsm = requestingHsm(cluster);
  if (hsm === undefined) {
    throw invalidRequest(`cluster '${cluster.id}' has no certificate request yet; it comes with the first active HSM`);
  }
  const now = call.world.clock.now();
  checkClaim({
    signedCertificate: input.SignedCert,
    trustAnchor: input.TrustAnchor,
    requestKey: context.hardware.publicKey(hsm),
    now,
  });
  cluster.claim = { clusterCertificate: input.SignedCert, trustAnchor: input.TrustAnchor };
  cluster.state = 'INITIALIZE_IN_PROGRESS';
  state.agenda.at(now + context.settings.durations.initialize * 1000, () => {
    cluster.state = 'INITIALIZED';
  });
  return { State: cluster.state, StateMessage: 'The cluster is being initialized.' };
}

export type Activation = 'activated' | 'already-activated';

/**
 * What `cloudhsm-cli cluster activate` does. The control plane hears of it later. Throws,
 * as the tool fails, where there is no initialized cluster with a working HSM.
 */
export function activateCluster(state: CloudHsmState, clusterId: string, context: CloudHsmContext): Activation {
  const cluster = state.clusters.get(clusterId);
  if (cluster?.activated === true) return 'already-activated';
  if (cluster?.state !== 'INITIALIZED') {
    throw new Error(`cluster '${clusterId}' is ${cluster?.state ?? 'unknown'}; it must be INITIALIZED to be activated`);
  }
  if (![...cluster.hsms.values()].some((hsm) => hsm.state === 'ACTIVE')) {
    throw new Error(`cluster '${clusterId}' has no active HSM to be activated through`);
  }
  const now = homeOf(state).world.clock.now();
  cluster.activated = true;
  takeBackup(cluster, state, context, now);
  startDailyBackups(cluster, state, context, now);
  state.agenda.at(now + context.settings.durations.activationSeen * 1000, () => {
    if (cluster.state === 'INITIALIZED') cluster.state = 'ACTIVE';
  });
  return 'activated';
}
