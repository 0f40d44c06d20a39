import type { ClusterView, HsmView } from '../../src/cloudhsm/cluster-view.runtime';

export const CLUSTER_ID = 'cluster-igklspoyj5v';

export function anHsm(changes: Partial<HsmView> = {}): HsmView {
  return {
    hsmId: 'hsm-lgoqitns6ri',
    eniId: 'eni-0123456789abcdef0',
    address: '10.0.1.5',
    zone: 'eu-central-1a',
    state: 'ACTIVE',
    ...changes,
  };
}

export function aCluster(changes: Partial<ClusterView> = {}): ClusterView {
  return {
    id: CLUSTER_ID,
    state: 'ACTIVE',
    created: new Date('2026-01-01T00:00:00Z'),
    vpcId: 'vpc-1',
    securityGroupId: 'sg-1',
    hsmType: 'hsm2m.medium',
    subnets: { 'eu-central-1a': 'subnet-1' },
    hsms: [anHsm()],
    tags: {},
    ...changes,
  };
}
