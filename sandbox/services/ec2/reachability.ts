import { allows } from './security-rules';
import { type Ec2State, existing, type RouteTarget } from './state';

/**
 * What a network interface without a public address reaches from a subnet: the internet only through a NAT gateway, and
 * the services that have an endpoint (of the Gateway kind, only if the subnet's own route table has it).
 */
export function outboundFrom(
  state: Ec2State,
  subnetId: string,
): { readonly internet: boolean; readonly endpoints: readonly string[] } {
  const subnet = existing(state, 'subnet', subnetId);
  const table = [...state.routeTables.values()].find(({ associations }) =>
    [...associations.values()].includes(subnetId),
  );
  const target = table?.routes.get('0.0.0.0/0');
  const endpoints = [...state.endpoints.values()].filter(({ vpcId, type, routeTableIds, privateDns }) => {
    if (vpcId !== subnet.vpcId) return false;
    return type === 'Interface' ? privateDns : table !== undefined && routeTableIds.includes(table.id);
  });
  return { internet: leadsOut(state, target), endpoints: endpoints.map(({ service }) => service) };
}

/** Whether the groups of one interface let it open connections to a port of another, and those of the other let it in. */
export function canConnect(
  state: Ec2State,
  from: readonly string[],
  to: readonly string[],
  port: number,
  protocol = 'tcp',
): boolean {
  const out = from.some((id) => allows(existing(state, 'sg', id), 'egress', { protocol, port, peerGroups: to }));
  return out && to.some((id) => allows(existing(state, 'sg', id), 'ingress', { protocol, port, peerGroups: from }));
}

/** Whether the groups of an interface let it open connections to any address, as the way out to the internet needs. */
export function mayLeave(state: Ec2State, groups: readonly string[], port: number, protocol = 'tcp'): boolean {
  return groups.some((id) => allows(existing(state, 'sg', id), 'egress', { protocol, port, peerGroups: [] }));
}

/** The NAT gateway itself must stand in a subnet whose table leads to an attached internet gateway. */
function leadsOut(state: Ec2State, target: RouteTarget | undefined): boolean {
  const nat = target?.natGatewayId === undefined ? undefined : state.natGateways.get(target.natGatewayId);
  if (nat?.allocationId === undefined) return false;
  const table = [...state.routeTables.values()].find(({ associations }) =>
    [...associations.values()].includes(nat.subnetId),
  );
  const gatewayId = table?.routes.get('0.0.0.0/0')?.gatewayId;
  return gatewayId !== undefined && state.internetGateways.get(gatewayId)?.vpcId === nat.vpcId;
}
