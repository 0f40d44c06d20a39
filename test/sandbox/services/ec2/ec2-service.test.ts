import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { XMLParser } from 'fast-xml-parser';
import { ALL_OUT } from '../../../../sandbox/services/ec2/network';
import { canConnect, mayLeave, outboundFrom } from '../../../../sandbox/services/ec2/reachability';
import { ACCOUNT, allow, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

/** A call without an SDK: its text as XML, parsed. */
async function ask(bed: SupportingBed, form: Record<string, string>, config = bed.admin()) {
  const url = new URL(bed.endpoint.url);
  const signer = new SignatureV4({ service: 'ec2', region: REGION, credentials: config.credentials, sha256: Sha256 });
  const request = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      query: {},
      headers: { host: url.host, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ Version: '2016-11-15', ...form }).toString(),
    },
    { signingDate: bed.clock.date() },
  );
  const { host: _, ...headers } = request.headers;
  const response = await fetch(url, { method: 'POST', headers, body: request.body });
  const parser = new XMLParser({ isArray: (name) => name === 'item', parseTagValue: false });
  return { status: response.status, body: parser.parse(await response.text()) };
}

const at = [ACCOUNT, REGION] as const;

async function withVpc() {
  const bed = await SupportingBed.start();
  const { network, routing, endpoints } = bed.tools.ec2;
  const vpc = network.createVpc(...at, { cidr: '10.0.0.0/16', dnsHostnames: true });
  const subnet = (cidr: string, zone: string, tags = {}) =>
    network.createSubnet(...at, { vpcId: vpc.id, cidr, availabilityZone: `${REGION}${zone}`, tags });
  return { bed, network, routing, endpoints, vpc, subnet, state: network.state(...at) };
}

test('subnets are described by ids, filters with wildcards, and tags', async () => {
  const { bed, vpc, subnet, network } = await withVpc();
  const a = subnet('10.0.0.0/24', 'a', { Name: 'one' });
  const b = subnet('10.0.1.0/24', 'b');
  network.createNetworkInterface(...at, { subnetId: a.id, description: 'x', groups: [] });
  const { body } = await ask(bed, { Action: 'DescribeSubnets', 'SubnetId.1': a.id });
  expect(body.DescribeSubnetsResponse).toMatchObject({
    requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    subnetSet: {
      item: [
        {
          subnetId: a.id,
          vpcId: vpc.id,
          availabilityZone: 'eu-central-1a',
          availabilityZoneId: 'euc1-az1',
          availableIpAddressCount: '250',
          tagSet: { item: [{ key: 'Name', value: 'one' }] },
        },
      ],
    },
  });
  const ids = async (form: Record<string, string>) => {
    const { body: found } = await ask(bed, { Action: 'DescribeSubnets', ...form });
    return (found.DescribeSubnetsResponse.subnetSet.item ?? []).map((item: { subnetId: string }) => item.subnetId);
  };
  const filter = (name: string, ...values: string[]) => ({
    'Filter.1.Name': name,
    ...Object.fromEntries(values.map((value, index) => [`Filter.1.Value.${index + 1}`, value])),
  });
  expect(await ids(filter('vpc-id', vpc.id))).toEqual([a.id, b.id]);
  expect(await ids(filter('availability-zone', '*b'))).toEqual([b.id]);
  expect(await ids(filter('tag:Name', 'two', 'one'))).toEqual([a.id]);
  expect(await ids(filter('vpc-id', 'vpc-none'))).toEqual([]);
});

test('interfaces and security groups are described with their groups and rules', async () => {
  const { bed, vpc, subnet, network } = await withVpc();
  const group = network.createSecurityGroup(...at, { vpcId: vpc.id, name: 'hsm', description: 'of a cluster' });
  network.authorize(...at, group.id, {
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 2223,
    toPort: 2225,
    peer: { group: group.id },
  });
  const settings = { subnetId: subnet('10.0.0.0/24', 'a').id, description: 'HSM', groups: [group.id] };
  const { id, privateIp } = network.createNetworkInterface(...at, settings);
  expect(privateIp).toBe('10.0.0.4');
  const enis = await ask(bed, { Action: 'DescribeNetworkInterfaces', 'NetworkInterfaceId.1': id });
  expect(enis.body.DescribeNetworkInterfacesResponse.networkInterfaceSet.item[0]).toMatchObject({
    privateIpAddress: privateIp,
    description: 'HSM',
    groupSet: { item: [{ groupId: group.id, groupName: 'hsm' }] },
  });
  const groups = await ask(bed, { Action: 'DescribeSecurityGroups', 'GroupId.1': group.id });
  expect(groups.body.DescribeSecurityGroupsResponse.securityGroupInfo.item[0]).toMatchObject({
    groupDescription: 'of a cluster',
    ipPermissions: {
      item: [{ ipProtocol: 'tcp', fromPort: '2223', toPort: '2225', groups: { item: [{ groupId: group.id }] } }],
    },
    ipPermissionsEgress: { item: [{ ipProtocol: '-1', ipRanges: { item: [{ cidrIp: '0.0.0.0/0' }] } }] },
  });
  const vpcs = await ask(bed, { Action: 'DescribeVpcs' });
  expect(vpcs.body.DescribeVpcsResponse.vpcSet.item[0]).toMatchObject({ vpcId: vpc.id, cidrBlock: '10.0.0.0/16' });
});

test('errors have the form and the names of EC2', async () => {
  const { bed } = await withVpc();
  const missing = await ask(bed, { Action: 'DescribeSubnets', 'SubnetId.1': 'subnet-0' });
  expect(missing).toMatchObject({
    status: 400,
    body: {
      Response: {
        Errors: {
          Error: { Code: 'InvalidSubnetID.NotFound', Message: "The subnet ID 'subnet-0' does not exist" },
        },
        RequestID: expect.any(String),
      },
    },
  });
  const code = async (form: Record<string, string>, config = bed.admin()) =>
    (await ask(bed, form, config)).body.Response.Errors.Error.Code;
  expect(await code({ Action: 'DescribeVpcs', 'Filter.1.Name': 'colour', 'Filter.1.Value.1': 'red' })).toBe(
    'InvalidParameterValue',
  );
  expect(await code({ Action: 'DescribeVpcs', MaxResults: '1' })).toBe('InvalidParameterValue');
  expect(await code({ Action: 'DescribeVpcs', DryRun: 'true' })).toBe('DryRunOperation');
  expect(await code({ Action: 'RunInstances' })).toBe('InvalidAction');
  expect(await code({ Action: 'DescribeVpcs' }, bed.as('Nobody'))).toBe('UnauthorizedOperation');
  expect((await ask(bed, { Action: 'DescribeVpcs' }, bed.as('Reader', allow('ec2:DescribeVpcs')))).status).toBe(200);
});

test('answers come in pages', async () => {
  const { bed, subnet } = await withVpc();
  const ids = Array.from({ length: 7 }, (_, index) => subnet(`10.0.${index}.0/24`, 'a').id);
  const first = (await ask(bed, { Action: 'DescribeSubnets', MaxResults: '5' })).body.DescribeSubnetsResponse;
  const second = await ask(bed, { Action: 'DescribeSubnets', MaxResults: '5', NextToken: first.nextToken });
  const { subnetSet, nextToken } = second.body.DescribeSubnetsResponse;
  expect([...first.subnetSet.item, ...subnetSet.item].map((item) => item.subnetId)).toEqual(ids);
  expect(nextToken).toBeUndefined();
});

describe('what is in use', () => {
  const code = (work: () => void) => {
    try {
      work();
    } catch (error) {
      return (error as { code: string }).code;
    }
    return 'deleted';
  };

  test('a subnet, a group and a VPC stay while something depends on them', async () => {
    const { network, vpc, subnet, bed, state } = await withVpc();
    const { id: subnetId } = subnet('10.0.0.0/24', 'a');
    const group = network.createSecurityGroup(...at, { vpcId: vpc.id, name: 'g', description: 'g' });
    const other = network.createSecurityGroup(...at, { vpcId: vpc.id, name: 'h', description: 'h' });
    const peer = { group: group.id };
    const rule = network.authorize(...at, other.id, { direction: 'ingress', protocol: '-1', peer });
    const eni = network.createNetworkInterface(...at, { subnetId, description: '', groups: [group.id] });
    expect(code(() => network.deleteSubnet(...at, subnetId))).toBe('DependencyViolation');
    network.revoke(...at, other.id, rule);
    expect(code(() => network.deleteSecurityGroup(...at, group.id))).toBe('DependencyViolation');
    network.deleteNetworkInterface(...at, eni.id);
    network.authorize(...at, other.id, { direction: 'ingress', protocol: '-1', peer });
    expect(code(() => network.deleteSecurityGroup(...at, group.id))).toBe('DependencyViolation');
    network.deleteSecurityGroup(...at, other.id);
    network.deleteSubnet(...at, subnetId);
    expect(code(() => network.deleteVpc(...at, vpc.id))).toBe('DependencyViolation');
    network.deleteSecurityGroup(...at, group.id);
    expect(code(() => network.deleteSecurityGroup(...at, vpc.defaultSecurityGroupId))).toBe('CannotDelete');
    network.deleteVpc(...at, vpc.id);
    expect(bed.supporting.ec2.inventory(state)).toEqual([]);
  });

  test('an internet gateway stays attached while a NAT gateway has a public address', async () => {
    const { routing, subnet, vpc } = await withVpc();
    const gateway = routing.createInternetGateway(...at);
    routing.attach(...at, gateway.id, vpc.id);
    const { allocationId } = routing.allocateAddress(...at);
    const nat = routing.createNatGateway(...at, { subnetId: subnet('10.0.0.0/24', 'a').id, allocationId });
    expect(code(() => routing.detach(...at, gateway.id))).toBe('DependencyViolation');
    expect(code(() => routing.deleteInternetGateway(...at, gateway.id))).toBe('DependencyViolation');
    expect(code(() => routing.releaseAddress(...at, allocationId))).toBe('InvalidIPAddress.InUse');
    routing.deleteNatGateway(...at, nat.id);
    routing.detach(...at, gateway.id);
    routing.deleteInternetGateway(...at, gateway.id);
    routing.releaseAddress(...at, allocationId);
  });
});

test('addresses are those of the subnet, free and not reserved', async () => {
  const { network, subnet } = await withVpc();
  const { id: subnetId } = subnet('10.0.0.0/28', 'a');
  const create = (privateIp?: string) =>
    network.createNetworkInterface(...at, { subnetId, privateIp, description: '', groups: [] }).privateIp;
  expect(create('10.0.0.9')).toBe('10.0.0.9');
  expect(() => create('10.0.0.9')).toThrow('Address 10.0.0.9 is in use.');
  expect(() => create('10.0.0.3')).toThrow("Address 10.0.0.3 is in subnet's reserved address range");
  expect(() => create('10.0.1.4')).toThrow("Address 10.0.1.4 does not fall within the subnet's address range");
  expect(() => create('nonsense')).toThrow('nonsense');
  expect(Array.from({ length: 10 }, () => create())).not.toContain('10.0.0.9');
  expect(() => create()).toThrow('does not have enough free addresses');
});

test('subnets lie within their VPC, apart from each other and in zones of the region', async () => {
  const { subnet } = await withVpc();
  subnet('10.0.0.0/24', 'a');
  expect(() => subnet('10.0.0.128/25', 'b')).toThrow("The CIDR '10.0.0.128/25' conflicts with another subnet");
  expect(() => subnet('10.1.0.0/24', 'b')).toThrow("The CIDR '10.1.0.0/24' is invalid.");
  expect(() => subnet('10.0.2.0/30', 'b')).toThrow("The CIDR '10.0.2.0/30' is invalid.");
  expect(() => subnet('10.0.3.0/24', 'x-1')).toThrow('it must be a zone of eu-central-1');
});

test('a private subnet reaches the internet through NAT, and services through their endpoints', async () => {
  const { network, routing, endpoints, subnet, vpc, state } = await withVpc();
  const [open, closed] = [subnet('10.0.0.0/24', 'a'), subnet('10.0.1.0/24', 'a')];
  expect(outboundFrom(state, closed.id)).toEqual({ internet: false, endpoints: [] });
  const table = (subnetId: string) => {
    const { id } = routing.createRouteTable(...at, vpc.id);
    routing.associate(...at, id, subnetId);
    return id;
  };
  const [publicTable, privateTable] = [table(open.id), table(closed.id)];
  const { allocationId } = routing.allocateAddress(...at);
  const { id: natGatewayId } = routing.createNatGateway(...at, { subnetId: open.id, allocationId });
  routing.createRoute(...at, privateTable, '0.0.0.0/0', { natGatewayId });
  expect(outboundFrom(state, closed.id).internet).toBe(false);
  const { id: gatewayId } = routing.createInternetGateway(...at);
  routing.attach(...at, gatewayId, vpc.id);
  routing.createRoute(...at, publicTable, '0.0.0.0/0', { gatewayId });
  expect(outboundFrom(state, closed.id).internet).toBe(true);
  expect(outboundFrom(state, open.id).internet).toBe(false);

  const service = `com.amazonaws.${REGION}.s3`;
  endpoints.create(...at, { vpcId: vpc.id, service, type: 'Gateway', routeTableIds: [privateTable] });
  const logs = `com.amazonaws.${REGION}.logs`;
  const settings = { vpcId: vpc.id, service: logs, type: 'Interface', privateDns: true } as const;
  const { id } = endpoints.create(...at, { ...settings, subnetIds: [closed.id] });
  expect(outboundFrom(state, closed.id).endpoints).toEqual([service, logs]);
  expect(outboundFrom(state, open.id).endpoints).toEqual([logs]);
  expect(() => network.deleteSubnet(...at, closed.id)).toThrow('has dependencies');
  endpoints.delete(...at, id);
  network.deleteSubnet(...at, closed.id);
});

test('members of groups connect when both sides have rules for it', async () => {
  const { network, vpc, state } = await withVpc();
  const group = (name: string) => network.createSecurityGroup(...at, { vpcId: vpc.id, name, description: name }).id;
  const [client, hsm] = [group('client'), group('hsm')];
  expect(canConnect(state, [client], [hsm], 2223)).toBe(false);
  const rule = {
    direction: 'ingress',
    protocol: 'tcp',
    fromPort: 2223,
    toPort: 2225,
    peer: { group: client },
  } as const;
  network.authorize(...at, hsm, rule);
  expect(canConnect(state, [client], [hsm], 2225)).toBe(true);
  expect(canConnect(state, [client], [hsm], 2226)).toBe(false);
  expect(() => network.authorize(...at, hsm, rule)).toThrow('already exists');
  expect(mayLeave(state, [client], 443)).toBe(true);
  network.exchangeRules(...at, client, [ALL_OUT], [{ ...rule, direction: 'egress', peer: { group: hsm } }]);
  expect(mayLeave(state, [client], 443)).toBe(false);
  expect(canConnect(state, [client], [hsm], 2225)).toBe(true);
});
