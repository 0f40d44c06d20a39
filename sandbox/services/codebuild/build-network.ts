import type { Permission } from '../../iam/principal';
import type { Network } from '../ec2/network';
import { ServiceError, type World } from '../service';
import type { ServiceRole } from '../service-role';
import type { BuildVpc } from './runner';

interface Place {
  readonly world: World;
  readonly accountId: string;
  readonly region: string;
}

/**
 * What the role of a project with a VPC must be allowed.
 * Source: https://docs.aws.amazon.com/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html#customer-managed-policies-example-create-vpc-network-interface
 */
const DESCRIBE = ['DescribeSubnets', 'DescribeSecurityGroups', 'DescribeDhcpOptions', 'DescribeVpcs'];

/** The first thing that the role may not do and a project must be able to do when it is made. */
export function refusedDescription(role: ServiceRole): { action: string; message: string } | undefined {
  return firstRefusal(role, DESCRIBE.map(onEverything));
}

/** The first thing that the role may not do and a build in the VPC needs. */
export function refusedByNetwork(role: ServiceRole, place: Place, vpc: BuildVpc) {
  return firstRefusal(role, [
    ...DESCRIBE.map(onEverything),
    onEverything('DescribeNetworkInterfaces'),
    ...createPermissions(place, vpc),
    deletePermission(place),
    interfacePermission(place, vpc),
  ]);
}

/** An interface in the first subnet that has an address left, as real builds have one in one of the subnets. */
export function createInterface(network: Network, { accountId, region }: Place, vpc: BuildVpc, arn: string): string {
  let failure: unknown;
  for (const subnetId of vpc.subnets) {
    try {
      const settings = { subnetId, description: `AWS CodeBuild ${arn}`, groups: vpc.securityGroupIds };
      return network.createNetworkInterface(accountId, region, settings).id;
    } catch (error) {
      failure = error;
    }
  }
  throw failure ?? new ServiceError('InvalidSubnetID.NotFound', 'the project has no subnets');
}

/** Not even CodeBuild can delete its interface when the role is gone or may not: then the interface stays. */
export function mayDeleteInterface(role: ServiceRole, place: Place): boolean {
  return role.refusal(deletePermission(place)) === undefined;
}

function firstRefusal(role: ServiceRole, permissions: readonly Permission[]) {
  for (const permission of permissions) {
    const message = role.refusal(permission);
    if (message !== undefined) return { action: permission.action.split(':')[1]!, message };
  }
  return undefined;
}

function onEverything(action: string): Permission {
  return { action: `ec2:${action}`, resource: '*' };
}

/** Creating an interface touches the interface, its subnet and its groups. */
function createPermissions(place: Place, { subnets, securityGroupIds }: BuildVpc): Permission[] {
  const resources = [
    'network-interface/*',
    ...subnets.map((id) => `subnet/${id}`),
    ...securityGroupIds.map((id) => `security-group/${id}`),
  ];
  return resources.map((resource) => ({ action: 'ec2:CreateNetworkInterface', resource: arn(place, resource) }));
}

function deletePermission(place: Place): Permission {
  return { action: 'ec2:DeleteNetworkInterface', resource: arn(place, 'network-interface/*') };
}

/** Asked once per subnet, of which the build picks one. */
function interfacePermission(place: Place, { subnets }: BuildVpc): Permission {
  return {
    action: 'ec2:CreateNetworkInterfacePermission',
    resource: arn(place, 'network-interface/*'),
    context: { 'ec2:Subnet': arn(place, `subnet/${subnets[0]}`), 'ec2:AuthorizedService': 'codebuild.amazonaws.com' },
  };
}

function arn({ world, accountId, region }: Place, resource: string): string {
  return `arn:${world.partition}:ec2:${region}:${accountId}:${resource}`;
}
