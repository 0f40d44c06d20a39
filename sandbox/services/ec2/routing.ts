import type { World } from '../service';
import type { Ec2Service } from './ec2-service';
import { dependencyViolation, inUse, refused } from './errors';
import { type Ec2Network, newId } from './network';
import {
  type Address,
  type Ec2State,
  existing,
  type InternetGateway,
  type NatGateway,
  type RouteTable,
  type RouteTarget,
  type Tags,
} from './state';

/** Route tables, gateways and public addresses of all accounts, for CloudFormation. */
export class Ec2Routing {
  constructor(
    private readonly world: World,
    private readonly service: Ec2Service,
    private readonly network: Ec2Network,
  ) {}

  createRouteTable(accountId: string, region: string, vpcId: string, tags: Tags = {}): RouteTable {
    const state = this.state(accountId, region);
    existing(state, 'vpc', vpcId);
    const table = { id: this.id('rtb'), vpcId, routes: new Map(), associations: new Map(), tags };
    state.routeTables.set(table.id, table);
    return table;
  }

  deleteRouteTable(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    if (existing(state, 'rtb', id).associations.size > 0) throw inUse('routeTable', id);
    state.routeTables.delete(id);
  }

  associate(accountId: string, region: string, routeTableId: string, subnetId: string): string {
    const state = this.state(accountId, region);
    const table = existing(state, 'rtb', routeTableId);
    existing(state, 'subnet', subnetId);
    const associated = [...state.routeTables.values()].some((item) =>
      [...item.associations.values()].includes(subnetId),
    );
    if (associated) {
      throw refused(
        'Resource.AlreadyAssociated',
        `the specified association for subnet ${subnetId} conflicts with one that exists`,
      );
    }
    const id = this.id('rtbassoc');
    table.associations.set(id, subnetId);
    return id;
  }

  disassociate(accountId: string, region: string, associationId: string): void {
    for (const table of this.state(accountId, region).routeTables.values()) table.associations.delete(associationId);
  }

  /** A destination can have one route in a table; its target must exist. */
  createRoute(accountId: string, region: string, tableId: string, destination: string, target: RouteTarget): void {
    const state = this.state(accountId, region);
    const table = existing(state, 'rtb', tableId);
    checkTarget(state, table, target);
    if (table.routes.has(destination)) {
      throw refused('RouteAlreadyExists', `The route identified by ${destination} already exists.`);
    }
    table.routes.set(destination, target);
  }

  replaceRoute(accountId: string, region: string, tableId: string, destination: string, target: RouteTarget): void {
    const state = this.state(accountId, region);
    const table = existing(state, 'rtb', tableId);
    checkTarget(state, table, target);
    table.routes.set(destination, target);
  }

  deleteRoute(accountId: string, region: string, tableId: string, destination: string): void {
    this.state(accountId, region).routeTables.get(tableId)?.routes.delete(destination);
  }

  createInternetGateway(accountId: string, region: string, tags: Tags = {}): InternetGateway {
    const gateway: InternetGateway = { id: this.id('igw'), tags };
    this.state(accountId, region).internetGateways.set(gateway.id, gateway);
    return gateway;
  }

  deleteInternetGateway(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    if (existing(state, 'igw', id).vpcId !== undefined) throw inUse('internetGateway', id);
    state.internetGateways.delete(id);
  }

  attach(accountId: string, region: string, gatewayId: string, vpcId: string): void {
    const state = this.state(accountId, region);
    const gateway = existing(state, 'igw', gatewayId);
    existing(state, 'vpc', vpcId);
    const taken = [...state.internetGateways.values()].some((other) => other.vpcId === vpcId);
    if (gateway.vpcId !== undefined || taken) {
      throw refused(
        'Resource.AlreadyAssociated',
        `resource ${gatewayId} is already attached to network ${gateway.vpcId ?? vpcId}`,
      );
    }
    gateway.vpcId = vpcId;
  }

  /** Refused while a NAT gateway of the VPC holds a public address. */
  detach(accountId: string, region: string, gatewayId: string): void {
    const state = this.state(accountId, region);
    const gateway = existing(state, 'igw', gatewayId);
    const mapped = [...state.natGateways.values()].some((nat) => nat.vpcId === gateway.vpcId && nat.allocationId);
    if (mapped) {
      throw dependencyViolation(
        `Network ${gateway.vpcId} has some mapped public address(es). ` +
          'Please unmap those public address(es) before detaching the gateway.',
      );
    }
    gateway.vpcId = undefined;
  }

  allocateAddress(accountId: string, region: string, tags: Tags = {}): Address {
    const { addresses } = this.state(accountId, region);
    const taken = new Set([...addresses.values()].map(({ publicIp }) => publicIp));
    const address = { allocationId: this.id('eipalloc'), publicIp: PUBLIC.find((ip) => !taken.has(ip))!, tags };
    addresses.set(address.allocationId, address);
    return address;
  }

  releaseAddress(accountId: string, region: string, allocationId: string): void {
    const state = this.state(accountId, region);
    const { publicIp } = existing(state, 'eipalloc', allocationId);
    if ([...state.natGateways.values()].some((nat) => nat.allocationId === allocationId)) {
      throw refused('InvalidIPAddress.InUse', `Address ${publicIp} is in use.`);
    }
    state.addresses.delete(allocationId);
  }

  /** Puts a network interface into the subnet, which therefore cannot be deleted before the gateway. */
  createNatGateway(
    accountId: string,
    region: string,
    settings: { readonly subnetId: string; readonly allocationId?: string; readonly tags?: Tags },
  ): NatGateway {
    const state = this.state(accountId, region);
    const { subnetId, allocationId, tags = {} } = settings;
    if (allocationId !== undefined) existing(state, 'eipalloc', allocationId);
    const id = this.id('nat');
    const { id: networkInterfaceId, vpcId } = this.network.createNetworkInterface(accountId, region, {
      subnetId,
      description: `Interface for NAT Gateway ${id}`,
      groups: [],
      type: 'nat_gateway',
    });
    const gateway = { id, subnetId, vpcId, allocationId, networkInterfaceId, tags };
    state.natGateways.set(id, gateway);
    return gateway;
  }

  deleteNatGateway(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    this.network.deleteNetworkInterface(accountId, region, existing(state, 'nat', id).networkInterfaceId);
    state.natGateways.delete(id);
  }

  state(accountId: string, region: string): Ec2State {
    return this.world.state(this.service, accountId, region);
  }

  private id(prefix: string): string {
    return newId(this.world, prefix);
  }
}

/** The block that is reserved for documentation (RFC 5737), far more than the five addresses that an account has. */
const PUBLIC = Array.from({ length: 254 }, (_, index) => `203.0.113.${index + 1}`);

function checkTarget(state: Ec2State, table: RouteTable, { gatewayId, natGatewayId }: RouteTarget): void {
  if (natGatewayId !== undefined) existing(state, 'nat', natGatewayId);
  if (gatewayId === undefined || gatewayId === 'local') return;
  if (existing(state, 'igw', gatewayId).vpcId !== table.vpcId) {
    throw refused(
      'InvalidParameterValue',
      `route table ${table.id} and network gateway ${gatewayId} belong to different networks`,
    );
  }
}
