import { existing } from '../../services/ec2/state';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const ec2InternetGateway = immediate({
  name: 'AWS::EC2::InternetGateway',
  properties: ['Tags'],
  taggable: true,
  standing: false,

  make({ tools, accountId, region, properties }) {
    const { id } = tools.ec2.routing.createInternetGateway(accountId, region, tagsOf(properties));
    return { physicalId: id, attributes: { InternetGatewayId: id } };
  },

  change({ tools, accountId, region, properties }, current) {
    existing(tools.ec2.routing.state(accountId, region), 'igw', current.physicalId).tags = tagsOf(properties);
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.ec2.routing.deleteInternetGateway(accountId, region, physicalId));
  },
});

export const ec2VpcGatewayAttachment = immediate({
  name: 'AWS::EC2::VPCGatewayAttachment',
  properties: ['InternetGatewayId', 'VpcId'],
  required: ['InternetGatewayId', 'VpcId'],
  replacedBy: ['InternetGatewayId', 'VpcId'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const vpcId = properties.VpcId as string;
    tools.ec2.routing.attach(accountId, region, properties.InternetGatewayId as string, vpcId);
    return { physicalId: `IGW|${vpcId}`, attributes: { AttachmentType: 'IGW' } };
  },

  change: (_task, current) => current,

  remove({ tools, accountId, region }, { properties }) {
    unlessGone(() => tools.ec2.routing.detach(accountId, region, properties.InternetGatewayId as string));
  },
});
