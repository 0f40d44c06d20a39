import { type Kind, notFound } from './errors';

/** What EC2 remembers in an account and region, each kind by id. */
export interface Ec2State {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly networkInterfaces: Map<string, NetworkInterface>;
  readonly securityGroups: Map<string, SecurityGroup>;
  readonly routeTables: Map<string, RouteTable>;
  readonly internetGateways: Map<string, InternetGateway>;
  readonly natGateways: Map<string, NatGateway>;
  readonly addresses: Map<string, Address>;
  readonly endpoints: Map<string, VpcEndpoint>;
}

export type Tags = Readonly<Record<string, string>>;

export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  readonly tenancy: string;
  readonly defaultSecurityGroupId: string;
  readonly defaultNetworkAclId: string;
  dnsHostnames: boolean;
  dnsSupport: boolean;
  tags: Tags;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly availabilityZone: string;
  readonly networkAclAssociationId: string;
  mapPublicIpOnLaunch: boolean;
  tags: Tags;
}

export interface NetworkInterface {
  readonly id: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly availabilityZone: string;
  readonly privateIp: string;
  readonly macAddress: string;
  readonly description: string;
  readonly groups: readonly string[];
  /** `interface`, or what a service makes: `nat_gateway`, `vpc_endpoint`. */
  readonly type: string;
  /** Made by a service for itself, such as CloudHSM: its owner cannot delete it. */
  readonly requesterManaged: boolean;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  readonly rules: Map<string, SecurityRule>;
  tags: Tags;
}

export interface SecurityRule {
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  /** `tcp`, `udp`, `icmp`, a number, or `-1` for all. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  /** Where traffic comes from or goes to. */
  readonly peer: Peer;
  readonly description?: string;
}

export type Peer =
  | { readonly cidr: string }
  | { readonly ipv6: string }
  | { readonly group: string }
  | { readonly prefixList: string };

export interface RouteTable {
  readonly id: string;
  readonly vpcId: string;
  /** Targets by destination. */
  readonly routes: Map<string, RouteTarget>;
  /** Subnet ids by association id. */
  readonly associations: Map<string, string>;
  tags: Tags;
}

export interface RouteTarget {
  readonly gatewayId?: string;
  readonly natGatewayId?: string;
}

export interface InternetGateway {
  readonly id: string;
  vpcId?: string;
  tags: Tags;
}

export interface NatGateway {
  readonly id: string;
  readonly subnetId: string;
  readonly vpcId: string;
  readonly allocationId?: string;
  readonly networkInterfaceId: string;
  tags: Tags;
}

export interface Address {
  readonly allocationId: string;
  readonly publicIp: string;
  tags: Tags;
}

export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  readonly service: string;
  readonly type: 'Gateway' | 'Interface';
  routeTableIds: readonly string[];
  groups: readonly string[];
  privateDns: boolean;
  readonly networkInterfaceIds: Map<string, string>;
  readonly createdAt: number;
  tags: Tags;
}

export function newEc2State(): Ec2State {
  return {
    vpcs: new Map(),
    subnets: new Map(),
    networkInterfaces: new Map(),
    securityGroups: new Map(),
    routeTables: new Map(),
    internetGateways: new Map(),
    natGateways: new Map(),
    addresses: new Map(),
    endpoints: new Map(),
  };
}

const KINDS = {
  vpc: 'vpcs',
  subnet: 'subnets',
  eni: 'networkInterfaces',
  sg: 'securityGroups',
  rtb: 'routeTables',
  igw: 'internetGateways',
  nat: 'natGateways',
  eipalloc: 'addresses',
  vpce: 'endpoints',
} as const satisfies Record<Kind, keyof Ec2State>;

type Item<K extends Kind> = Ec2State[(typeof KINDS)[K]] extends Map<string, infer V> ? V : never;

/** The thing of this id; throws a `ServiceError` when there is none. */
export function existing<K extends Kind>(state: Ec2State, kind: K, id: string): Item<K> {
  const item = state[KINDS[kind]].get(id);
  if (item === undefined) throw notFound(kind, id);
  return item as Item<K>;
}
