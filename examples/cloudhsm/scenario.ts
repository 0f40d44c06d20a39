import type { Sandbox } from '../../sandbox/sandbox';
import { type Scenario, synth } from '../scenario';
import { VaultStack, type VaultStackProps } from './vault-stack';

const vault = (props: VaultStackProps = {}) => synth((app) => new VaultStack(app, 'Vault', props));

/** What stays for seven days after its deletion, as in AWS: backups, and the key that signed the cluster's certificate. */
const PENDING_DELETION = / \(pending deletion\)$/;

/** The life of a cluster with two HSMs. */
export const cloudHsmScenario: Scenario = {
  title: 'CloudHSM: from nothing to an active cluster, and back',
  steps: [
    {
      title: 'create: cluster, first HSM, initialization, activation, second HSM',
      run: (sandbox) => sandbox.deploy(vault()),
      ends: 'CREATE_COMPLETE',
    },
    {
      title: 'park: remove all HSMs; the cluster and its backups stay',
      run: (sandbox) => sandbox.deploy(vault({ hsmCount: 0 })),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'bring one HSM back, with its keys from the last backup',
      run: (sandbox) => sandbox.deploy(vault({ hsmCount: 1 })),
      ends: 'UPDATE_COMPLETE',
    },
    {
      title: 'delete everything, in the order that AWS demands',
      run: (sandbox: Sandbox) => sandbox.destroy(vault()),
      ends: 'DELETE_COMPLETE',
    },
  ],
  mayRemain: PENDING_DELETION,
};
