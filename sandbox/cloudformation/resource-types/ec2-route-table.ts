import { existing } from '../../services/ec2/state';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const ec2RouteTable = immediate({
  name: 'AWS::EC2::RouteTable',
  properties: ['Tags', 'VpcId'],
  required: ['VpcId'],
  taggable: true,
  replacedBy: ['VpcId'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const { id } = tools.ec2.routing.createRouteTable(
      accountId,
      region,
      properties.VpcId as string,
      tagsOf(properties),
    );
    return { physicalId: id, attributes: { RouteTableId: id } };
  },

  change({ tools, accountId, region, properties }, current) {
    existing(tools.ec2.routing.state(accountId, region), 'rtb', current.physicalId).tags = tagsOf(properties);
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.ec2.routing.deleteRouteTable(accountId, region, physicalId));
  },
});

export const ec2SubnetRouteTableAssociation = immediate({
  name: 'AWS::EC2::SubnetRouteTableAssociation',
  properties: ['RouteTableId', 'SubnetId'],
  required: ['RouteTableId', 'SubnetId'],
  replacedBy: ['RouteTableId', 'SubnetId'],
  standing: false,

  make({ tools, accountId, region, properties: { RouteTableId, SubnetId } }) {
    const id = tools.ec2.routing.associate(accountId, region, RouteTableId as string, SubnetId as string);
    return { physicalId: id, attributes: { Id: id } };
  },

  change: (_task, current) => current,

  remove({ tools, accountId, region }, { physicalId }) {
    tools.ec2.routing.disassociate(accountId, region, physicalId);
  },
});
