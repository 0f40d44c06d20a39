import type { EndpointSettings } from '../../services/ec2/endpoints';
import type { VpcEndpoint } from '../../services/ec2/state';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

/** Endpoints of the kinds Gateway and Interface. Their policies are kept as text and not evaluated. */
export const ec2VpcEndpoint = immediate({
  name: 'AWS::EC2::VPCEndpoint',
  properties: [
    'PolicyDocument',
    'PrivateDnsEnabled',
    'RouteTableIds',
    'SecurityGroupIds',
    'ServiceName',
    'SubnetIds',
    'Tags',
    'VpcEndpointType',
    'VpcId',
  ],
  required: ['ServiceName', 'VpcId'],
  taggable: true,
  replacedBy: ['ServiceName', 'VpcEndpointType', 'VpcId'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const endpoint = tools.ec2.endpoints.create(accountId, region, settingsOf(properties));
    return { physicalId: endpoint.id, attributes: attributesOf(endpoint) };
  },

  change({ tools, accountId, region, properties }, { physicalId }) {
    const endpoint = tools.ec2.endpoints.update(accountId, region, physicalId, settingsOf(properties));
    return { physicalId, attributes: attributesOf(endpoint) };
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.ec2.endpoints.delete(accountId, region, physicalId));
  },
});

function settingsOf(properties: Properties): EndpointSettings {
  return {
    vpcId: properties.VpcId as string,
    service: properties.ServiceName as string,
    type: (properties.VpcEndpointType ?? 'Gateway') as EndpointSettings['type'],
    routeTableIds: properties.RouteTableIds as readonly string[] | undefined,
    subnetIds: properties.SubnetIds as readonly string[] | undefined,
    groups: properties.SecurityGroupIds as readonly string[] | undefined,
    privateDns: String(properties.PrivateDnsEnabled ?? false) === 'true',
    tags: tagsOf(properties),
  };
}

function attributesOf({ id, createdAt, networkInterfaceIds }: VpcEndpoint) {
  return {
    Id: id,
    CreationTimestamp: new Date(createdAt).toISOString(),
    NetworkInterfaceIds: [...networkInterfaceIds.values()],
  };
}
