/**
 * The security group that CloudHSM makes for each cluster and that nobody can bring along:
 * its members reach each other on the HSMs' ports. That nothing else may leave is inferred from the rights that the service
 * asks for (it revokes the rule that lets all out), so whoever joins only this group does not reach the internet.
 */
import type { Call } from '../service';
import type { Network, NetworkRule } from './network';

const PORTS = { fromPort: 2223, toPort: 2225 } as const;

/** What EC2 gives each new group. */
const ALL_OUT: NetworkRule = { direction: 'egress', protocol: '-1', peer: { cidr: '0.0.0.0/0' } };

/** Answers the group's id. */
export function makeSecurityGroup(vpcId: string, clusterId: string, call: Call, network: Network): string {
  const { accountId, region } = call;
  const { id } = network.createSecurityGroup(accountId, region, {
    vpcId,
    name: `cloudhsm-${clusterId}-sg`,
    description: `CloudHSM managed security group for ${clusterId}`,
  });
  const members = (direction: NetworkRule['direction']): NetworkRule => ({
    direction,
    protocol: 'tcp',
    ...PORTS,
    peer: { group: id },
  });
  network.exchangeRules(accountId, region, id, [ALL_OUT], [members('ingress'), members('egress')]);
  return id;
}
