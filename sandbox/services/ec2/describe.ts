import { type Call, type Document, type Operation, ServiceError } from '../service';
import { parseBlock, usable } from './addresses';
import { refused } from './errors';
import { type Fields, passes, tagSet } from './filters';
import { describeRules } from './rule-answers';
import {
  type Ec2State,
  existing,
  type NetworkInterface,
  type SecurityGroup,
  type Subnet,
  type Tags,
  type Vpc,
} from './state';

/** The operations that read: by ids, by filters, or all; in pages. */
export const describeOperations: Readonly<Record<string, Operation<Ec2State>>> = {
  DescribeVpcs: describe<Vpc>({
    action: 'DescribeVpcs',
    key: 'Vpcs',
    select: (state, input) => byIds(state.vpcs, input.VpcIds, (id) => existing(state, 'vpc', id)),
    fields: (vpc) => ({
      'vpc-id': vpc.id,
      cidr: vpc.cidr,
      'cidr-block': vpc.cidr,
      state: 'available',
      'is-default': 'false',
    }),
    tags: ({ tags }) => tags,
    answer: (vpc, _state, call) => ({
      VpcId: vpc.id,
      OwnerId: call.accountId,
      State: 'available',
      CidrBlock: vpc.cidr,
      InstanceTenancy: vpc.tenancy,
      IsDefault: false,
      Tags: tagSet(vpc.tags),
    }),
  }),
  DescribeSubnets: describe<Subnet>({
    action: 'DescribeSubnets',
    key: 'Subnets',
    select: (state, input) => byIds(state.subnets, input.SubnetIds, (id) => existing(state, 'subnet', id)),
    fields: (subnet, call) => ({
      'subnet-id': subnet.id,
      'vpc-id': subnet.vpcId,
      'cidr-block': subnet.cidr,
      'availability-zone': subnet.availabilityZone,
      'availability-zone-id': zoneId(subnet.availabilityZone),
      'map-public-ip-on-launch': String(subnet.mapPublicIpOnLaunch),
      'owner-id': call.accountId,
      state: 'available',
    }),
    tags: ({ tags }) => tags,
    answer: answerSubnet,
  }),
  DescribeNetworkInterfaces: describe<NetworkInterface>({
    action: 'DescribeNetworkInterfaces',
    key: 'NetworkInterfaces',
    select: (state, input) =>
      byIds(state.networkInterfaces, input.NetworkInterfaceIds, (id) => existing(state, 'eni', id)),
    fields: (item) => ({
      'network-interface-id': item.id,
      'subnet-id': item.subnetId,
      'vpc-id': item.vpcId,
      'availability-zone': item.availabilityZone,
      'private-ip-address': item.privateIp,
      'addresses.private-ip-address': item.privateIp,
      'group-id': item.groups,
      description: item.description,
      'interface-type': item.type,
      'requester-managed': String(item.requesterManaged),
      status: 'in-use',
    }),
    tags: () => ({}),
    answer: answerInterface,
  }),
  DescribeSecurityGroups: describe<SecurityGroup>({
    action: 'DescribeSecurityGroups',
    key: 'SecurityGroups',
    select: selectGroups,
    fields: (group, call) => ({
      'group-id': group.id,
      'group-name': group.name,
      'vpc-id': group.vpcId,
      description: group.description,
      'owner-id': call.accountId,
    }),
    tags: ({ tags }) => tags,
    answer: answerGroup,
  }),
};

interface Description<Item> {
  readonly action: string;
  /** The member of the answer that has the list. */
  readonly key: string;
  select(state: Ec2State, input: Document): readonly Item[];
  fields(item: Item, call: Call): Fields;
  tags(item: Item): Tags;
  answer(item: Item, state: Ec2State, call: Call): Document;
}

function describe<Item extends { readonly id: string }>(description: Description<Item>): Operation<Ec2State> {
  const { action, key, select, fields, tags, answer } = description;
  return {
    // None of these has resource-level permissions:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    permissions: () => [{ action: `ec2:${action}`, resource: '*' }],
    handle(input, state, call) {
      if (input.DryRun === true) {
        throw new ServiceError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
      }
      const found = select(state, input).filter((item) => passes(input.Filters, fields(item, call), tags(item)));
      const { items, nextToken } = page(found, input);
      return {
        [key]: items.map((item) => answer(item, state, call)),
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      };
    },
  };
}

function byIds<Item>(all: ReadonlyMap<string, Item>, ids: readonly string[] | undefined, find: (id: string) => Item) {
  return ids === undefined || ids.length === 0 ? [...all.values()] : ids.map(find);
}

function selectGroups(state: Ec2State, input: Document): readonly SecurityGroup[] {
  // Names alone find groups of a default VPC only, which the sandbox's accounts do not have.
  const [name] = (input.GroupNames ?? []) as readonly string[];
  if (name !== undefined) {
    throw refused(
      'InvalidGroup.NotFound',
      `The security group '${name}' does not exist in default VPC; filter by group-name`,
    );
  }
  return byIds(state.securityGroups, input.GroupIds, (id) => existing(state, 'sg', id));
}

/** One page of things, which keep the order of their creation. A token names the last one shown. */
function page<Item extends { readonly id: string }>(items: readonly Item[], input: Document) {
  const { MaxResults: size = items.length, NextToken: token } = input;
  const start = token === undefined ? 0 : items.findIndex(({ id }) => id === token) + 1;
  if (token !== undefined && start === 0) throw refused('InvalidNextToken', `The token '${token}' is invalid`);
  const shown = items.slice(start, start + size);
  return { items: shown, nextToken: start + size < items.length ? shown.at(-1)!.id : undefined };
}

function answerSubnet(subnet: Subnet, state: Ec2State, call: Call): Document {
  const used = [...state.networkInterfaces.values()].filter(({ subnetId }) => subnetId === subnet.id).length;
  return {
    SubnetId: subnet.id,
    SubnetArn: arn(call, `subnet/${subnet.id}`),
    VpcId: subnet.vpcId,
    OwnerId: call.accountId,
    State: 'available',
    CidrBlock: subnet.cidr,
    AvailabilityZone: subnet.availabilityZone,
    AvailabilityZoneId: zoneId(subnet.availabilityZone),
    AvailableIpAddressCount: usable(parseBlock(subnet.cidr, 'InvalidSubnet.Range')) - used,
    DefaultForAz: false,
    MapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch,
    Tags: tagSet(subnet.tags),
  };
}

function answerInterface(item: NetworkInterface, state: Ec2State, call: Call): Document {
  return {
    NetworkInterfaceId: item.id,
    SubnetId: item.subnetId,
    VpcId: item.vpcId,
    AvailabilityZone: item.availabilityZone,
    Description: item.description,
    OwnerId: call.accountId,
    RequesterManaged: item.requesterManaged,
    Status: 'in-use',
    InterfaceType: item.type,
    MacAddress: item.macAddress,
    PrivateIpAddress: item.privateIp,
    Groups: item.groups.map((id) => ({ GroupId: id, GroupName: existing(state, 'sg', id).name })),
    TagSet: [],
  };
}

function answerGroup(group: SecurityGroup, _state: Ec2State, call: Call): Document {
  return {
    GroupId: group.id,
    GroupName: group.name,
    Description: group.description,
    SecurityGroupArn: arn(call, `security-group/${group.id}`),
    OwnerId: call.accountId,
    VpcId: group.vpcId,
    IpPermissions: describeRules(group, 'ingress', call.accountId),
    IpPermissionsEgress: describeRules(group, 'egress', call.accountId),
    Tags: tagSet(group.tags),
  };
}

/** `eu-central-1a` is `euc1-az1` here; which zone has which id differs between real accounts. */
function zoneId(zone: string): string {
  const [, area = '', direction = '', number = '', letter = 'a'] =
    /^([a-z]+(?:-gov)?)-([a-z]+)-(\d)([a-z])$/.exec(zone) ?? [];
  const short = direction.replace(/(north|south)(east|west)/, (_, a, b) => a[0] + b[0]);
  return `${area.replace('-', '')}${short === direction ? direction[0] : short}${number}-az${letter.charCodeAt(0) - 96}`;
}

function arn({ world, region, accountId }: Call, resource: string): string {
  return `arn:${world.partition}:ec2:${region}:${accountId}:${resource}`;
}
