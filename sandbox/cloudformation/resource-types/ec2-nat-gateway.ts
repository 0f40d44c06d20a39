import { existing } from '../../services/ec2/state';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

/** A public NAT gateway; AWS takes minutes for what takes a moment here. */
export const ec2NatGateway = immediate({
  name: 'AWS::EC2::NatGateway',
  properties: ['AllocationId', 'SubnetId', 'Tags'],
  required: ['AllocationId', 'SubnetId'],
  taggable: true,
  replacedBy: ['AllocationId', 'SubnetId'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const { id, networkInterfaceId } = tools.ec2.routing.createNatGateway(accountId, region, {
      subnetId: properties.SubnetId as string,
      allocationId: properties.AllocationId as string,
      tags: tagsOf(properties),
    });
    return { physicalId: id, attributes: { NatGatewayId: id, EniId: networkInterfaceId } };
  },

  change({ tools, accountId, region, properties }, current) {
    existing(tools.ec2.routing.state(accountId, region), 'nat', current.physicalId).tags = tagsOf(properties);
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.ec2.routing.deleteNatGateway(accountId, region, physicalId));
  },
});

export const ec2Eip = immediate({
  name: 'AWS::EC2::EIP',
  properties: ['Domain', 'Tags'],
  taggable: true,
  replacedBy: ['Domain'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const { allocationId, publicIp } = tools.ec2.routing.allocateAddress(accountId, region, tagsOf(properties));
    return { physicalId: publicIp, attributes: { AllocationId: allocationId, PublicIp: publicIp } };
  },

  change({ tools, accountId, region, properties }, current) {
    const id = current.attributes.AllocationId as string;
    existing(tools.ec2.routing.state(accountId, region), 'eipalloc', id).tags = tagsOf(properties);
    return current;
  },

  remove({ tools, accountId, region }, { attributes }) {
    unlessGone(() => tools.ec2.routing.releaseAddress(accountId, region, attributes.AllocationId as string));
  },
});
