import { existing } from '../../services/ec2/state';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const ec2Vpc = immediate({
  name: 'AWS::EC2::VPC',
  properties: ['CidrBlock', 'EnableDnsHostnames', 'EnableDnsSupport', 'InstanceTenancy', 'Tags'],
  required: ['CidrBlock'],
  taggable: true,
  replacedBy: ['CidrBlock', 'InstanceTenancy'],
  // EC2 lists it.
  standing: false,

  make({ tools, accountId, region, properties }) {
    const vpc = tools.ec2.network.createVpc(accountId, region, {
      cidr: properties.CidrBlock as string,
      tenancy: properties.InstanceTenancy as string | undefined,
      ...dnsOf(properties),
      tags: tagsOf(properties),
    });
    return {
      physicalId: vpc.id,
      attributes: {
        VpcId: vpc.id,
        CidrBlock: vpc.cidr,
        CidrBlockAssociations: [],
        Ipv6CidrBlocks: [],
        DefaultNetworkAcl: vpc.defaultNetworkAclId,
        DefaultSecurityGroup: vpc.defaultSecurityGroupId,
      },
    };
  },

  change({ tools, accountId, region, properties }, current) {
    const vpc = existing(tools.ec2.network.state(accountId, region), 'vpc', current.physicalId);
    Object.assign(vpc, dnsOf(properties), { tags: tagsOf(properties) });
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.ec2.network.deleteVpc(accountId, region, physicalId));
  },
});

/** Of a VPC that CloudFormation makes, names are off and resolution is on unless it is told otherwise. */
function dnsOf(properties: Readonly<Record<string, unknown>>) {
  return {
    dnsHostnames: String(properties.EnableDnsHostnames ?? false) === 'true',
    dnsSupport: String(properties.EnableDnsSupport ?? true) === 'true',
  };
}
