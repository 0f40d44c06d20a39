import type { ClusterView } from './cluster-view.runtime';

/** How far a cluster has come. */
export type ClusterPhase =
  | { readonly kind: 'gone'; readonly reason: string }
  /** Something has to end before anything can be done. */
  | { readonly kind: 'busy'; readonly reason: string }
  /** There is a certificate request, which waits for its certificate. */
  | { readonly kind: 'requesting'; readonly request: string }
  /** Claimed by a certificate, but without a password. */
  | { readonly kind: 'initialized' }
  | { readonly kind: 'active' }
  /** It does not work as it should, which hides whether it is active. */
  | { readonly kind: 'degraded' };

/** States that only an active cluster comes to: a change of the HSM type, and its return. */
const ACTIVE_STATES: ReadonlySet<string> = new Set(['ACTIVE', 'MODIFY_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS']);

export function phaseOf(cluster: ClusterView): ClusterPhase {
  const { id, state, csr } = cluster;
  if (ACTIVE_STATES.has(state)) return { kind: 'active' };
  switch (state) {
    case 'DELETE_IN_PROGRESS':
    case 'DELETED':
      return { kind: 'gone', reason: `cluster ${id} is in ${state}; deploy a new cluster` };
    case 'UNINITIALIZED':
      return csr === undefined
        ? { kind: 'busy', reason: `cluster ${id} has no certificate request yet: ${whyNoRequest(cluster)}` }
        : { kind: 'requesting', request: csr };
    case 'INITIALIZED':
      return { kind: 'initialized' };
    case 'DEGRADED':
      return phaseOfDegraded(cluster);
    default:
      return { kind: 'busy', reason: `cluster ${id} is in ${state || '(no state)'}${messageOf(cluster)}` };
  }
}

/** Shown in place of any other state; what there is of certificates tells more. */
function phaseOfDegraded(cluster: ClusterView): ClusterPhase {
  if (cluster.csr !== undefined) return { kind: 'requesting', request: cluster.csr };
  const creating = cluster.hsms.some(({ state }) => state === 'CREATE_IN_PROGRESS');
  return cluster.clusterCertificate === undefined && creating
    ? { kind: 'busy', reason: `cluster ${cluster.id} is DEGRADED${messageOf(cluster)}: ${whyNoRequest(cluster)}` }
    : { kind: 'degraded' };
}

function whyNoRequest({ hsms }: ClusterView): string {
  if (hsms.length === 0) return 'it comes with the first HSM, and there is none';
  return `it comes with the first HSM, and there ${hsms.map(({ hsmId, state }) => `is ${hsmId} in ${state}`).join(', ')}`;
}

export function messageOf({ stateMessage }: ClusterView): string {
  return stateMessage === undefined || stateMessage === '' ? '' : ` (${stateMessage})`;
}
