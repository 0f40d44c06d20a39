import type { World } from '../service';
import type { Ec2Service } from './ec2-service';
import { refused } from './errors';
import { type Ec2Network, newId } from './network';
import { type Ec2State, existing, type Tags, type VpcEndpoint } from './state';

export interface EndpointSettings {
  readonly vpcId: string;
  readonly service: string;
  readonly type: 'Gateway' | 'Interface';
  readonly routeTableIds?: readonly string[];
  readonly subnetIds?: readonly string[];
  readonly groups?: readonly string[];
  readonly privateDns?: boolean;
  readonly tags?: Tags;
}

/** VPC endpoints of all accounts, for CloudFormation. An interface endpoint has a network interface in each subnet. */
export class Ec2Endpoints {
  constructor(
    private readonly world: World,
    private readonly service: Ec2Service,
    private readonly network: Ec2Network,
  ) {}

  create(accountId: string, region: string, settings: EndpointSettings): VpcEndpoint {
    const state = this.state(accountId, region);
    const { vpcId, service, type, routeTableIds = [], subnetIds = [], privateDns = false, tags = {} } = settings;
    const vpc = existing(state, 'vpc', vpcId);
    if (privateDns && !(vpc.dnsSupport && vpc.dnsHostnames)) {
      throw refused(
        'InvalidParameter',
        'Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ' +
          vpcId,
      );
    }
    for (const id of routeTableIds) existing(state, 'rtb', id);
    const groups = settings.groups ?? (type === 'Interface' ? [vpc.defaultSecurityGroupId] : []);
    const endpoint: VpcEndpoint = {
      id: newId(this.world, 'vpce'),
      vpcId,
      service,
      type,
      routeTableIds,
      groups,
      privateDns,
      networkInterfaceIds: new Map(),
      createdAt: this.world.clock.now(),
      tags,
    };
    this.placeInterfaces(accountId, region, endpoint, subnetIds);
    state.endpoints.set(endpoint.id, endpoint);
    return endpoint;
  }

  update(accountId: string, region: string, id: string, settings: EndpointSettings): VpcEndpoint {
    const state = this.state(accountId, region);
    const endpoint = existing(state, 'vpce', id);
    const { routeTableIds = [], subnetIds = [], groups = endpoint.groups, privateDns = false, tags = {} } = settings;
    for (const table of routeTableIds) existing(state, 'rtb', table);
    this.placeInterfaces(accountId, region, endpoint, subnetIds);
    return Object.assign(endpoint, { routeTableIds, groups, privateDns, tags });
  }

  delete(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    this.placeInterfaces(accountId, region, existing(state, 'vpce', id), []);
    state.endpoints.delete(id);
  }

  state(accountId: string, region: string): Ec2State {
    return this.world.state(this.service, accountId, region);
  }

  /** One interface in each of these subnets, and in no other. */
  private placeInterfaces(
    accountId: string,
    region: string,
    endpoint: VpcEndpoint,
    subnetIds: readonly string[],
  ): void {
    const { networkInterfaceIds: placed, id, groups } = endpoint;
    for (const subnetId of subnetIds.filter((subnet) => !placed.has(subnet))) {
      const description = `VPC Endpoint Interface ${id}`;
      const settings = { subnetId, description, groups, type: 'vpc_endpoint' };
      placed.set(subnetId, this.network.createNetworkInterface(accountId, region, settings).id);
    }
    for (const [subnetId, interfaceId] of [...placed].filter(([subnet]) => !subnetIds.includes(subnet))) {
      this.network.deleteNetworkInterface(accountId, region, interfaceId);
      placed.delete(subnetId);
    }
  }
}
