import { ServiceError } from '../service';

/** Codes and sentences of EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */

const NOT_FOUND: Readonly<Record<string, readonly [string, string]>> = {
  vpc: ['InvalidVpcID.NotFound', 'vpc ID'],
  subnet: ['InvalidSubnetID.NotFound', 'subnet ID'],
  eni: ['InvalidNetworkInterfaceID.NotFound', 'networkInterface ID'],
  sg: ['InvalidGroup.NotFound', 'security group'],
  rtb: ['InvalidRouteTableID.NotFound', 'routeTable ID'],
  igw: ['InvalidInternetGatewayID.NotFound', 'internetGateway ID'],
  nat: ['NatGatewayNotFound', 'NAT gateway'],
  eipalloc: ['InvalidAllocationID.NotFound', 'allocation ID'],
  vpce: ['InvalidVpcEndpointId.NotFound', 'Vpc Endpoint Id'],
};

export type Kind = 'vpc' | 'subnet' | 'eni' | 'sg' | 'rtb' | 'igw' | 'nat' | 'eipalloc' | 'vpce';

export function notFound(kind: Kind, id: string): ServiceError {
  const [code, title] = NOT_FOUND[kind]!;
  return new ServiceError(code, `The ${title} '${id}' does not exist`);
}

export function dependencyViolation(message: string): ServiceError {
  return new ServiceError('DependencyViolation', message);
}

export function inUse(kind: string, id: string): ServiceError {
  return dependencyViolation(`The ${kind} '${id}' has dependencies and cannot be deleted.`);
}

export function refused(code: string, message: string): ServiceError {
  return new ServiceError(code, message);
}
