import type { RouteTarget } from '../../services/ec2/state';
import type { Properties } from '../stack';
import { immediate } from './immediate';

/** A route for IPv4 to an internet or NAT gateway. */
export const ec2Route = immediate({
  name: 'AWS::EC2::Route',
  properties: ['DestinationCidrBlock', 'GatewayId', 'NatGatewayId', 'RouteTableId'],
  required: ['DestinationCidrBlock', 'RouteTableId'],
  replacedBy: ['DestinationCidrBlock', 'RouteTableId'],
  standing: false,

  make({ tools, accountId, region, properties }) {
    const { table, destination } = routeOf(properties);
    tools.ec2.routing.createRoute(accountId, region, table, destination, targetOf(properties));
    return { physicalId: `${table}|${destination}`, attributes: { CidrBlock: destination } };
  },

  change({ tools, accountId, region, properties }, current) {
    const { table, destination } = routeOf(properties);
    tools.ec2.routing.replaceRoute(accountId, region, table, destination, targetOf(properties));
    return current;
  },

  remove({ tools, accountId, region }, { properties }) {
    const { table, destination } = routeOf(properties);
    tools.ec2.routing.deleteRoute(accountId, region, table, destination);
  },
});

function routeOf({ RouteTableId, DestinationCidrBlock }: Properties) {
  return { table: RouteTableId as string, destination: DestinationCidrBlock as string };
}

function targetOf({ GatewayId, NatGatewayId }: Properties): RouteTarget {
  return { gatewayId: GatewayId as string | undefined, natGatewayId: NatGatewayId as string | undefined };
}
