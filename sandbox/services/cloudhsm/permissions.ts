/**
 * The permissions that CloudHSM asks of its caller: the service authorization reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudhsm.html), and the rights on EC2 and the
 * service-linked role that it uses on the caller's behalf (README.md).
 */
import type { Context, Permission } from '../../iam/principal';
import type { Call, Document } from '../service';
import {
  accountState,
  arnOf,
  type CloudHsmContext,
  type CloudHsmOperations,
  type CloudHsmState,
  type Cluster,
  type Hsm,
  type ResourceKind,
} from './state';
import { type Tagged, tagContext } from './tag-rules';

/** The operations, whose refusals by EC2 carry an encoded message; those of calls that describe never do. */
export function withEncodedDenials(operations: CloudHsmOperations): CloudHsmOperations {
  const encoding = (permission: Permission): Permission =>
    /^ec2:(?!Describe)/.test(permission.action) ? { ...permission, encodesDenial: true } : permission;
  return Object.fromEntries(
    Object.entries(operations).map(([name, { permissions, ...rest }]) => [
      name,
      { ...rest, permissions: (input, call, state) => permissions(input, call, state).map(encoding) },
    ]),
  );
}

/** An action that has no resource-level permission. */
export function onEverything(action: string): Permission {
  return { action: `cloudhsm:${action}`, resource: '*' };
}

/** An action on a cluster or backup, with its tags where it exists. */
export function onResource(action: string, id: string, call: Call, state: CloudHsmState): Permission {
  const kind: ResourceKind = id.startsWith('backup-') ? 'backup' : 'cluster';
  const resource: Tagged | undefined = kind === 'backup' ? state.backups.get(id) : state.clusters.get(id);
  return { action: `cloudhsm:${action}`, resource: arnOf(call, kind, id), context: resourceTags(resource) };
}

/** TagResource for what a call is about to make: its ARN is not known to the caller, so a policy can only name a prefix. */
export function taggingNew(kind: ResourceKind, input: Document, place: Call): Permission[] {
  if (input.TagList === undefined) return [];
  return [{ action: 'cloudhsm:TagResource', resource: arnOf(place, kind, `${kind}-new`), context: tagContext(input) }];
}

export function createClusterPermissions(input: Document, call: Call, context: CloudHsmContext): Permission[] {
  const guide = context.settings.guideActions;
  return [
    ...taggingNew('cluster', input, call),
    ...serviceLinkedRole(call, context),
    ...securityGroupRights(call),
    ...(guide ? [onEc2('CreateTags', securityGroup(call)), onEc2('DescribeVpcs', '*')] : []),
  ];
}

export function createHsmPermissions(
  input: Document,
  call: Call,
  state: CloudHsmState,
  context: CloudHsmContext,
): Permission[] {
  const cluster = state.clusters.get(input.ClusterId);
  const subnet = cluster?.subnetMapping.get(input.AvailabilityZone);
  const resources = [
    ec2Arn(call, 'network-interface', 'eni-new'),
    securityGroup(call, cluster),
    ...(subnet === undefined ? [] : [ec2Arn(call, 'subnet', subnet)]),
  ];
  return [
    onResource('CreateHsm', input.ClusterId, call, state),
    ...serviceLinkedRole(call, context),
    ...securityGroupRights(call),
    ...resources.map((resource) => onEc2('CreateNetworkInterface', resource)),
    onEc2('DeleteNetworkInterface', resources[0]!),
    onEc2('DescribeNetworkInterfaces', '*'),
    ...(context.settings.guideActions ? [onEc2('DescribeNetworkInterfaceAttribute', resources[0]!)] : []),
  ];
}

export function deleteHsmPermissions(hsm: Hsm | undefined, call: Call, context: CloudHsmContext): Permission[] {
  const resource = ec2Arn(call, 'network-interface', hsm?.eniId ?? 'eni-unknown');
  return [
    onEverything('DeleteHsm'),
    onEc2('DeleteNetworkInterface', resource),
    ...(context.settings.guideActions ? [onEc2('DetachNetworkInterface', resource)] : []),
  ];
}

export function deleteClusterPermissions(input: Document, call: Call, state: CloudHsmState): Permission[] {
  const group = securityGroup(call, state.clusters.get(input.ClusterId));
  return [onResource('DeleteCluster', input.ClusterId, call, state), onEc2('DeleteSecurityGroup', group)];
}

export function resourceTags(resource: Tagged | undefined): Context {
  const context: Record<string, string> = {};
  for (const [key, value] of resource?.tags ?? []) context[`aws:ResourceTag/${key}`] = value;
  return context;
}

function securityGroupRights(call: Call): Permission[] {
  const group = securityGroup(call);
  const changes = [
    'CreateSecurityGroup',
    'AuthorizeSecurityGroupIngress',
    'AuthorizeSecurityGroupEgress',
    'RevokeSecurityGroupEgress',
  ];
  return [
    ...changes.map((action) => onEc2(action, group)),
    onEc2('DescribeSecurityGroups', '*'),
    onEc2('DescribeSubnets', '*'),
  ];
}

function serviceLinkedRole(call: Call, context: CloudHsmContext): Permission[] {
  if (accountState(context, call).serviceLinkedRole) return [];
  const name = 'aws-service-role/cloudhsm.amazonaws.com/AWSServiceRoleForCloudHSM';
  const role: Permission = {
    action: 'iam:CreateServiceLinkedRole',
    resource: `arn:${call.world.partition}:iam::${call.accountId}:role/${name}`,
    context: { 'iam:AWSServiceName': 'cloudhsm.amazonaws.com' },
  };
  return [role];
}

function onEc2(action: string, resource: string): Permission {
  return { action: `ec2:${action}`, resource };
}

function securityGroup(call: Call, cluster?: Cluster): string {
  return ec2Arn(call, 'security-group', cluster?.securityGroup ?? 'sg-new');
}

function ec2Arn({ world, region, accountId }: Call, kind: string, id: string): string {
  return `arn:${world.partition}:ec2:${region}:${accountId}:${kind}/${id}`;
}
