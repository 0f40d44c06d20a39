import type { ServiceModel } from '../../model/model';
import type { Operation, Service } from '../service';
import { backupOperations } from './backups';
import { clusterOperations } from './clusters';
import { Hardware } from './hardware';
import { hsmOperations } from './hsms';
import { degrade, recover, replace } from './incidents';
import { type Activation, activateCluster, initializationOperations } from './initialization';
import model from './model.json';
import { modificationOperations } from './modification';
import type { Network } from './network';
import { type CloudHsmOptions, settingsOf } from './options';
import { withEncodedDenials } from './permissions';
import { resourcePolicyOperations } from './resource-policies';
import { type CloudHsmContext, type CloudHsmState, type Cluster, newCloudHsmState } from './state';
import { tagOperations } from './tags';
import { kept, settled } from './upkeep';

/** AWS CloudHSM v2: all operations of its API. What is modelled and what is not: README.md beside this file. */
export class CloudHsmService implements Service<CloudHsmState> {
  readonly name = 'cloudhsm';
  readonly model = model as unknown as ServiceModel;
  readonly operations: Readonly<Record<string, Operation<CloudHsmState>>>;
  private readonly context: CloudHsmContext;

  constructor(network: Network, options: CloudHsmOptions = {}) {
    this.context = { service: this, settings: settingsOf(options), network, hardware: new Hardware() };
    const operations = kept({
      ...clusterOperations(this.context),
      ...hsmOperations(this.context),
      ...initializationOperations(this.context),
      ...modificationOperations(this.context),
      ...backupOperations(this.context),
      ...resourcePolicyOperations(),
      ...tagOperations(),
    });
    const { ec2Denial } = this.context.settings;
    this.operations = ec2Denial === 'encoded' ? withEncodedDenials(operations) : operations;
  }

  newState(): CloudHsmState {
    return newCloudHsmState();
  }

  inventory(state: CloudHsmState): readonly string[] {
    const clusters = this.clusters(state).filter((cluster) => cluster.state !== 'DELETED');
    const backups = [...state.backups.values()].filter((backup) => backup.state !== 'DELETED');
    return [
      ...clusters.map(({ id }) => `cloudhsm cluster ${id}`),
      ...clusters.flatMap(({ hsms }) => [...hsms.values()].map(({ id }) => `cloudhsm hsm ${id}`)),
      ...backups.map((backup) => `cloudhsm backup ${backup.id}${backup.deleteAt === undefined ? '' : DOOMED}`),
    ];
  }

  /** Lets everything happen that is due by now, as each call does: for who looks at the network in between. */
  settle(state: CloudHsmState): void {
    settled(state);
  }

  /** The log groups that clusters made; they outlive them, so they are no part of the inventory. */
  logGroups(state: CloudHsmState): readonly string[] {
    return [...settled(state).logGroups];
  }

  /** The clusters of an account and region, with what the API does not show: the trust anchor, the true activation. */
  clusters(state: CloudHsmState): readonly Cluster[] {
    return [...settled(state).clusters.values()];
  }

  cluster(state: CloudHsmState, clusterId: string): Cluster | undefined {
    return settled(state).clusters.get(clusterId);
  }

  /** What `cloudhsm-cli cluster activate` does. Throws where there is no initialized cluster with an active HSM. */
  activate(state: CloudHsmState, clusterId: string): Activation {
    return activateCluster(settled(state), clusterId, this.context);
  }

  /** AWS replaces the HSM on a network interface by itself; answers the new HSM's id. */
  replaceHsm(state: CloudHsmState, clusterId: string, eniId: string): string {
    return replace(settled(state), clusterId, eniId, this.context);
  }

  /** A cluster or an HSM, by its id, shows DEGRADED from now on. */
  degrade(state: CloudHsmState, id: string): void {
    degrade(settled(state), id);
  }

  /** Ends what {@link degrade} began. */
  recover(state: CloudHsmState, id: string): void {
    recover(settled(state), id);
  }
}

const DOOMED = ' (pending deletion)';
