/** What AWS, or bad luck, does to a cluster without being asked; tests plan it. */
import { becomeActive } from './hsms';
import { type CloudHsmContext, type CloudHsmState, type Cluster, type Hsm, homeOf, newId } from './state';

/**
 * AWS replaces an HSM: another id on the same network interface, and another certificate request where the cluster is not
 * initialized. Answers the new id.
 */
export function replace(state: CloudHsmState, clusterId: string, eniId: string, context: CloudHsmContext): string {
  const hsm = state.clusters.get(clusterId)?.hsms.get(eniId);
  if (hsm === undefined || hsm.state === 'DELETE_IN_PROGRESS') {
    throw new Error(`cluster '${clusterId}' has no HSM on '${eniId}' that could be replaced`);
  }
  const home = homeOf(state);
  const now = home.world.clock.now();
  hsm.id = newId(home, 'hsm');
  hsm.keyNumber = context.hardware.nextKeyNumber();
  hsm.since = now;
  hsm.state = 'CREATE_IN_PROGRESS';
  becomeActive(hsm, state, now + context.settings.durations.hsmReplace * 1000);
  return hsm.id;
}

/** A cluster or HSM no longer works as it should, and says so until it recovers (an HSM also until it is replaced). */
export function degrade(state: CloudHsmState, id: string): void {
  const { cluster, hsm } = find(state, id);
  if (cluster !== undefined) cluster.degraded = true;
  else if (hsm.state !== 'DELETE_IN_PROGRESS') hsm.state = 'DEGRADED';
}

export function recover(state: CloudHsmState, id: string): void {
  const { cluster, hsm } = find(state, id);
  if (cluster !== undefined) cluster.degraded = false;
  else if (hsm.state === 'DEGRADED') hsm.state = 'ACTIVE';
}

type Found =
  | { readonly cluster: Cluster; readonly hsm?: undefined }
  | { readonly cluster?: undefined; readonly hsm: Hsm };

function find(state: CloudHsmState, id: string): Found {
  const cluster = state.clusters.get(id);
  if (cluster !== undefined) return { cluster };
  const hsms = [...state.clusters.values()].flatMap(({ hsms: all }) => [...all.values()]);
  const hsm = hsms.find((candidate) => candidate.id === id);
  if (hsm === undefined) throw new Error(`'${id}' is neither a cluster nor an HSM of this account and region`);
  return { hsm };
}
