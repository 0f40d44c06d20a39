import { existing } from '../../services/ec2/state';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const ec2Subnet = immediate({
  name: 'AWS::EC2::Subnet',
  properties: ['AvailabilityZone', 'CidrBlock', 'MapPublicIpOnLaunch', 'Tags', 'VpcId'],
  // AWS picks a zone where none is given; CDK always gives one.
  required: ['AvailabilityZone', 'CidrBlock', 'VpcId'],
  taggable: true,
  replacedBy: ['AvailabilityZone', 'CidrBlock', 'VpcId'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const subnet = tools.ec2.network.createSubnet(accountId, region, {
      vpcId: properties.VpcId as string,
      cidr: properties.CidrBlock as string,
      availabilityZone: properties.AvailabilityZone as string,
      mapPublicIpOnLaunch: publicOnLaunch(properties),
      tags: tagsOf(properties),
    });
    return {
      physicalId: subnet.id,
      attributes: {
        SubnetId: subnet.id,
        VpcId: subnet.vpcId,
        CidrBlock: subnet.cidr,
        AvailabilityZone: subnet.availabilityZone,
        NetworkAclAssociationId: subnet.networkAclAssociationId,
        Ipv6CidrBlocks: [],
      },
    };
  },

  change({ tools, accountId, region, properties }, current) {
    const subnet = existing(tools.ec2.network.state(accountId, region), 'subnet', current.physicalId);
    Object.assign(subnet, { mapPublicIpOnLaunch: publicOnLaunch(properties), tags: tagsOf(properties) });
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.ec2.network.deleteSubnet(accountId, region, physicalId));
  },
});

function publicOnLaunch(properties: Properties): boolean {
  return String(properties.MapPublicIpOnLaunch ?? false) === 'true';
}
