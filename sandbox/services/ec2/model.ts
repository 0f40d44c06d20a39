import type { Member, ServiceModel, StructureShape } from '../../model/model';
import { list, SCALARS, structure, text } from '../../model/shapes';

/**
 * Four Describe operations, written by hand from
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html and its neighbours: the members that
 * the things of the sandbox can have.
 */
export const model: ServiceModel = {
  signingName: 'ec2',
  protocol: 'ec2-query',
  apiVersion: '2016-11-15',
  xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  operations: Object.fromEntries(
    ['DescribeSubnets', 'DescribeVpcs', 'DescribeNetworkInterfaces', 'DescribeSecurityGroups'].map((name) => [
      name,
      { input: `${name}Request`, output: `${name}Result` },
    ]),
  ),
  shapes: {
    ...SCALARS,
    DescribeSubnetsRequest: request({ SubnetIds: named('TextList', 'SubnetId') }),
    DescribeVpcsRequest: request({ VpcIds: named('TextList', 'VpcId') }),
    DescribeNetworkInterfacesRequest: request({ NetworkInterfaceIds: named('TextList', 'NetworkInterfaceId') }),
    DescribeSecurityGroupsRequest: request({
      GroupIds: named('TextList', 'GroupId'),
      GroupNames: named('TextList', 'GroupName'),
    }),
    TextList: list('Text'),
    FilterList: list('Filter', { max: 200 }),
    Filter: structure({ Name: 'Text', Values: named('TextList', 'Value') }, ['Name']),
    MaxResults: { type: 'integer', min: 5, max: 1000 },
    NextToken: text(1, 1024),

    DescribeSubnetsResult: result({ Subnets: named('SubnetList', 'subnetSet') }),
    SubnetList: list('Subnet'),
    Subnet: answer({
      SubnetId: 'Text',
      SubnetArn: 'Text',
      VpcId: 'Text',
      OwnerId: 'Text',
      State: 'Text',
      CidrBlock: 'Text',
      AvailabilityZone: 'Text',
      AvailabilityZoneId: 'Text',
      AvailableIpAddressCount: 'Whole',
      DefaultForAz: 'Flag',
      MapPublicIpOnLaunch: 'Flag',
      Tags: named('TagList', 'tagSet'),
    }),
    DescribeVpcsResult: result({ Vpcs: named('VpcList', 'vpcSet') }),
    VpcList: list('Vpc'),
    Vpc: answer({
      VpcId: 'Text',
      OwnerId: 'Text',
      State: 'Text',
      CidrBlock: 'Text',
      InstanceTenancy: 'Text',
      IsDefault: 'Flag',
      Tags: named('TagList', 'tagSet'),
    }),
    DescribeNetworkInterfacesResult: result({ NetworkInterfaces: named('InterfaceList', 'networkInterfaceSet') }),
    InterfaceList: list('NetworkInterface'),
    NetworkInterface: answer({
      NetworkInterfaceId: 'Text',
      SubnetId: 'Text',
      VpcId: 'Text',
      AvailabilityZone: 'Text',
      Description: 'Text',
      OwnerId: 'Text',
      RequesterManaged: 'Flag',
      Status: 'Text',
      InterfaceType: 'Text',
      MacAddress: 'Text',
      PrivateIpAddress: 'Text',
      Groups: named('GroupNameList', 'groupSet'),
      TagSet: named('TagList', 'tagSet'),
    }),
    GroupNameList: list('GroupIdentifier'),
    GroupIdentifier: answer({ GroupId: 'Text', GroupName: 'Text' }),
    DescribeSecurityGroupsResult: result({ SecurityGroups: named('GroupList', 'securityGroupInfo') }),
    GroupList: list('SecurityGroup'),
    SecurityGroup: answer({
      GroupId: 'Text',
      GroupName: 'Text',
      Description: named('Text', 'groupDescription'),
      SecurityGroupArn: 'Text',
      OwnerId: 'Text',
      VpcId: 'Text',
      IpPermissions: 'PermissionList',
      IpPermissionsEgress: 'PermissionList',
      Tags: named('TagList', 'tagSet'),
    }),
    PermissionList: list('IpPermission'),
    IpPermission: answer({
      IpProtocol: 'Text',
      FromPort: 'Whole',
      ToPort: 'Whole',
      UserIdGroupPairs: named('GroupPairList', 'groups'),
      IpRanges: 'RangeList',
      Ipv6Ranges: 'Ipv6RangeList',
      PrefixListIds: 'PrefixListIdList',
    }),
    GroupPairList: list('UserIdGroupPair'),
    UserIdGroupPair: answer({ UserId: 'Text', GroupId: 'Text', Description: 'Text' }),
    RangeList: list('IpRange'),
    IpRange: answer({ CidrIp: 'Text', Description: 'Text' }),
    Ipv6RangeList: list('Ipv6Range'),
    Ipv6Range: answer({ CidrIpv6: 'Text', Description: 'Text' }),
    PrefixListIdList: list('PrefixListId'),
    PrefixListId: answer({ PrefixListId: 'Text', Description: 'Text' }),
    TagList: list('Tag'),
    Tag: answer({ Key: 'Text', Value: 'Text' }),
  },
};

function named(shape: string, locationName: string): Member {
  return { shape, locationName };
}

function request(members: Readonly<Record<string, Member>>): StructureShape {
  return structure({
    ...members,
    Filters: named('FilterList', 'Filter'),
    MaxResults: 'MaxResults',
    NextToken: 'NextToken',
    DryRun: 'Flag',
  });
}

function result(members: Readonly<Record<string, Member>>): StructureShape {
  return answer({ ...members, NextToken: 'Text' });
}

/** In answers the names begin with a small letter. */
function answer(members: Readonly<Record<string, string | Member>>): StructureShape {
  const entries = Object.entries(members).map(([name, member]) => {
    return [name, typeof member === 'string' ? named(member, name.charAt(0).toLowerCase() + name.slice(1)) : member];
  });
  return structure(Object.fromEntries(entries));
}
