/**
 * What CloudHSM needs of EC2: to look up subnets, and to make the network interfaces and the security group that the
 * service owns in the customer's account. The stand-in of EC2 implements it; methods that refuse throw a `ServiceError`.
 */
export interface Network {
  subnet(accountId: string, region: string, subnetId: string): NetworkSubnet | undefined;
  /** Picks a free address where none is given, and refuses one that is taken or not of the subnet. */
  createNetworkInterface(accountId: string, region: string, request: NetworkInterfaceRequest): NetworkInterface;
  deleteNetworkInterface(accountId: string, region: string, networkInterfaceId: string): void;
  createSecurityGroup(accountId: string, region: string, request: SecurityGroupRequest): { readonly id: string };
  /** Takes rules from a group and gives it others. */
  exchangeRules(
    accountId: string,
    region: string,
    groupId: string,
    before: readonly NetworkRule[],
    after: readonly NetworkRule[],
  ): void;
  deleteSecurityGroup(accountId: string, region: string, groupId: string): void;
}

export interface NetworkSubnet {
  readonly vpcId: string;
  readonly availabilityZone: string;
  /** IPv4, such as `10.0.1.0/24`. */
  readonly cidr: string;
}

export interface NetworkInterfaceRequest {
  readonly subnetId: string;
  readonly privateIp?: string;
  readonly description: string;
  readonly groups: readonly string[];
}

export interface NetworkInterface {
  /** `eni-…` */
  readonly id: string;
  readonly privateIp: string;
}

export interface SecurityGroupRequest {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
}

export interface NetworkRule {
  readonly direction: 'ingress' | 'egress';
  /** `-1` is all. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly peer: { readonly group: string } | { readonly cidr: string };
}
