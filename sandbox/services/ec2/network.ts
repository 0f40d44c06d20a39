import type { World } from '../service';
import { contains, overlaps, parseBlock, pickAddress } from './addresses';
import type { Ec2Service } from './ec2-service';
import { dependencyViolation, inUse, refused } from './errors';
import { addRule, type NewRule, removeRule, withoutThose } from './security-rules';
import { type Ec2State, existing, type NetworkInterface, type SecurityGroup, type Subnet, type Tags } from './state';

/** What a service that puts network interfaces into its customers' subnets needs of EC2. */
export interface Network {
  subnet(
    accountId: string,
    region: string,
    subnetId: string,
  ): { readonly vpcId: string; readonly availabilityZone: string; readonly cidr: string } | undefined;
  createNetworkInterface(
    accountId: string,
    region: string,
    settings: NetworkInterfaceSettings,
  ): { readonly id: string; readonly privateIp: string };
  deleteNetworkInterface(accountId: string, region: string, id: string): void;
  createSecurityGroup(accountId: string, region: string, settings: SecurityGroupSettings): { readonly id: string };
  deleteSecurityGroup(accountId: string, region: string, id: string): void;
}

export interface NetworkInterfaceSettings {
  readonly subnetId: string;
  /** @default the lowest free address of the subnet */
  readonly privateIp?: string;
  readonly description: string;
  readonly groups: readonly string[];
  /** @default 'interface' */
  readonly type?: string;
  /** @default true - a service makes it */
  readonly requesterManaged?: boolean;
}

export interface SecurityGroupSettings {
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  /** @default - no rules but the one that every new group has: all traffic may leave */
  readonly rules?: readonly NewRule[];
  readonly tags?: Tags;
}

/**
 * VPCs, subnets, network interfaces and security groups of all accounts, for who works on them without calling the API:
 * CloudFormation and other services. Deleting is refused as EC2 refuses it while something depends on the thing.
 */
export class Ec2Network implements Network {
  constructor(
    private readonly world: World,
    private readonly service: Ec2Service,
  ) {}

  createVpc(
    accountId: string,
    region: string,
    settings: { cidr: string; tenancy?: string; dnsHostnames?: boolean; dnsSupport?: boolean; tags?: Tags },
  ) {
    parseBlock(settings.cidr, 'InvalidVpc.Range');
    const { tenancy = 'default', dnsHostnames = false, dnsSupport = true, tags = {} } = settings;
    const id = this.id('vpc');
    const vpc = {
      id,
      cidr: settings.cidr,
      tenancy,
      defaultSecurityGroupId: this.id('sg'),
      defaultNetworkAclId: this.id('acl'),
      dnsHostnames,
      dnsSupport,
      tags,
    };
    const state = this.state(accountId, region);
    state.vpcs.set(id, vpc);
    const group: SecurityGroup = {
      id: vpc.defaultSecurityGroupId,
      vpcId: id,
      name: 'default',
      description: 'default VPC security group',
      rules: new Map(),
      tags: {},
    };
    state.securityGroups.set(group.id, group);
    addRule(state, group, this.id('sgr'), { direction: 'ingress', protocol: '-1', peer: { group: group.id } });
    addRule(state, group, this.id('sgr'), ALL_OUT);
    return vpc;
  }

  /** With its default security group; refused while there is anything else in it. */
  deleteVpc(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    const vpc = existing(state, 'vpc', id);
    const parts = [state.subnets, state.routeTables, state.internetGateways, state.endpoints, state.natGateways];
    const groups = [...state.securityGroups.values()].filter(
      (group) => group.vpcId === id && group.id !== vpc.defaultSecurityGroupId,
    );
    if (groups.length > 0 || parts.some((items) => [...items.values()].some((item) => item.vpcId === id))) {
      throw inUse('vpc', id);
    }
    state.securityGroups.delete(vpc.defaultSecurityGroupId);
    state.vpcs.delete(id);
  }

  createSubnet(
    accountId: string,
    region: string,
    settings: { vpcId: string; cidr: string; availabilityZone: string; mapPublicIpOnLaunch?: boolean; tags?: Tags },
  ): Subnet {
    const state = this.state(accountId, region);
    const { vpcId, cidr, availabilityZone, mapPublicIpOnLaunch = false, tags = {} } = settings;
    const vpc = existing(state, 'vpc', vpcId);
    if (!new RegExp(`^${region}[a-z]$`).test(availabilityZone)) {
      throw refused(
        'InvalidParameterValue',
        `Value (${availabilityZone}) for parameter availabilityZone is invalid: it must be a zone of ${region}, such as ${region}a.`,
      );
    }
    const block = parseBlock(cidr, 'InvalidSubnet.Range');
    if (!contains(parseBlock(vpc.cidr, 'InvalidVpc.Range'), block)) {
      throw refused('InvalidSubnet.Range', `The CIDR '${cidr}' is invalid.`);
    }
    const siblings = [...state.subnets.values()].filter((other) => other.vpcId === vpcId);
    if (siblings.some((other) => overlaps(parseBlock(other.cidr, 'InvalidSubnet.Range'), block))) {
      throw refused('InvalidSubnet.Conflict', `The CIDR '${cidr}' conflicts with another subnet`);
    }
    const id = this.id('subnet');
    const networkAclAssociationId = this.id('aclassoc');
    const subnet = { id, vpcId, cidr, availabilityZone, networkAclAssociationId, mapPublicIpOnLaunch, tags };
    state.subnets.set(id, subnet);
    return subnet;
  }

  /** Refused while there is a network interface in it. */
  deleteSubnet(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    existing(state, 'subnet', id);
    if ([...state.networkInterfaces.values()].some((item) => item.subnetId === id)) throw inUse('subnet', id);
    // An association with a route table goes with the subnet.
    for (const table of state.routeTables.values()) {
      for (const [association, subnetId] of table.associations) {
        if (subnetId === id) table.associations.delete(association);
      }
    }
    state.subnets.delete(id);
  }

  subnet(accountId: string, region: string, subnetId: string): Subnet | undefined {
    return this.state(accountId, region).subnets.get(subnetId);
  }

  createNetworkInterface(accountId: string, region: string, settings: NetworkInterfaceSettings): NetworkInterface {
    const state = this.state(accountId, region);
    const { subnetId, description, type = 'interface', requesterManaged = true } = settings;
    const { vpcId, availabilityZone, cidr } = existing(state, 'subnet', subnetId);
    const groups = settings.groups.map((id) => existing(state, 'sg', id));
    if (groups.some((group) => group.vpcId !== vpcId)) {
      throw refused(
        'InvalidParameterValue',
        'You have specified two resources that belong to different networks: subnet and security groups need one VPC.',
      );
    }
    const taken = new Set([...state.networkInterfaces.values()].map((item) => `${item.vpcId} ${item.privateIp}`));
    const inSubnet = new Set([...taken].filter((key) => key.startsWith(vpcId)).map((key) => key.split(' ')[1]!));
    const item: NetworkInterface = {
      id: this.id('eni'),
      subnetId,
      vpcId,
      availabilityZone,
      privateIp: pickAddress(parseBlock(cidr, 'InvalidSubnet.Range'), inSubnet, settings.privateIp),
      macAddress: `02:${Array.from({ length: 5 }, () => this.world.random.hex(2)).join(':')}`,
      description,
      groups: groups.map(({ id }) => id),
      type,
      requesterManaged,
    };
    state.networkInterfaces.set(item.id, item);
    return item;
  }

  deleteNetworkInterface(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    existing(state, 'eni', id);
    state.networkInterfaces.delete(id);
  }

  createSecurityGroup(accountId: string, region: string, settings: SecurityGroupSettings): SecurityGroup {
    const state = this.state(accountId, region);
    const { vpcId, name, description, rules = [], tags = {} } = settings;
    existing(state, 'vpc', vpcId);
    checkGroup(state, settings);
    const group: SecurityGroup = { id: this.id('sg'), vpcId, name, description, rules: new Map(), tags };
    state.securityGroups.set(group.id, group);
    if (!rules.some((rule) => rule.direction === 'egress')) addRule(state, group, this.id('sgr'), ALL_OUT);
    for (const rule of rules) addRule(state, group, this.id('sgr'), rule);
    return group;
  }

  /** Refused while a network interface has it, or a rule of another group names it. */
  deleteSecurityGroup(accountId: string, region: string, id: string): void {
    const state = this.state(accountId, region);
    const group = existing(state, 'sg', id);
    if (group.name === 'default') {
      throw refused('CannotDelete', `the specified group: "${id}" name: "default" cannot be deleted by a user`);
    }
    const named = [...state.securityGroups.values()].some(
      (other) => other.id !== id && [...other.rules.values()].some(({ peer }) => 'group' in peer && peer.group === id),
    );
    const attached = [...state.networkInterfaces.values()].some(({ groups }) => groups.includes(id));
    const endpoints = [...state.endpoints.values()].some(({ groups }) => groups.includes(id));
    if (named || attached || endpoints) throw dependencyViolation(`resource ${id} has a dependent object`);
    state.securityGroups.delete(id);
  }

  /** Adds a rule to a group, and says its id. */
  authorize(accountId: string, region: string, groupId: string, rule: NewRule): string {
    const state = this.state(accountId, region);
    return addRule(state, existing(state, 'sg', groupId), this.id('sgr'), rule);
  }

  revoke(accountId: string, region: string, groupId: string, ruleId: string): void {
    existing(this.state(accountId, region), 'sg', groupId).rules.delete(ruleId);
  }

  /**
   * Takes rules of this content from a group and gives it others. Rules that are on both lists stay, and one that should
   * go or come and already did is none the worse for it, so that an exchange can be undone that failed half-way.
   */
  exchangeRules(
    accountId: string,
    region: string,
    groupId: string,
    before: readonly NewRule[],
    after: readonly NewRule[],
  ): void {
    const state = this.state(accountId, region);
    const group = existing(state, 'sg', groupId);
    const [leaving, coming] = [withoutThose(before, after), withoutThose(after, before)];
    for (const rule of leaving) removeRule(group, rule);
    for (const rule of withoutThose(coming, [...group.rules.values()])) addRule(state, group, this.id('sgr'), rule);
  }

  state(accountId: string, region: string): Ec2State {
    return this.world.state(this.service, accountId, region);
  }

  private id(prefix: string): string {
    return newId(this.world, prefix);
  }
}

/** `prefix-` and seventeen hexadecimal digits. */
export function newId(world: World, prefix: string): string {
  return `${prefix}-${world.random.hex(17)}`;
}

/** What a new group allows unless it is told otherwise. */
export const ALL_OUT: NewRule = { direction: 'egress', protocol: '-1', peer: { cidr: '0.0.0.0/0' } };

/** Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
const GROUP_TEXT = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

function checkGroup(state: Ec2State, { vpcId, name, description }: SecurityGroupSettings): void {
  for (const [parameter, value] of Object.entries({ groupName: name, groupDescription: description })) {
    if (GROUP_TEXT.test(value)) continue;
    throw refused(
      'InvalidParameterValue',
      `Value (${value}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
  if (/^sg-/.test(name)) {
    throw refused('InvalidParameterValue', `Value (${name}) for parameter groupName is invalid: it begins with sg-.`);
  }
  if ([...state.securityGroups.values()].some((group) => group.vpcId === vpcId && group.name === name)) {
    throw refused('InvalidGroup.Duplicate', `The security group '${name}' already exists for VPC '${vpcId}'`);
  }
}
