/**
 * The permissions that RUM asks of its caller: actions, resources and condition keys as the service authorization
 * reference lists them (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudwatchrum.html),
 * and the further actions of other services that a monitor with logs, an identity pool or a guest role needs
 * (see README.md).
 */
import type { Context, Permission } from '../../iam/principal';
import type { Call, Document } from '../service';
import { type AppMonitor, accountState, monitorArn, type RumContext, type RumState } from './state';

/** One action on the monitor that a request names, with its tags where it exists. */
export function onMonitor(action: string, name: string, call: Call, state: RumState): Permission {
  return { action: `rum:${action}`, resource: monitorArn(call, name), context: resourceTags(state.monitors.get(name)) };
}

export function createPermissions(input: Document, call: Call, context: RumContext): Permission[] {
  const resource = monitorArn(call, input.Name);
  const tags = input.Tags ?? {};
  const tagged = Object.keys(tags).length > 0;
  const create: Permission = { action: 'rum:CreateAppMonitor', resource, context: requestTags(tags) };
  return [
    create,
    ...(tagged ? [{ action: 'rum:TagResource', resource, context: requestTags(tags) }] : []),
    ...furtherPermissions(input, input.CwLogEnabled === true, call, context),
  ];
}

export function updatePermissions(input: Document, call: Call, state: RumState, context: RumContext): Permission[] {
  const before = state.monitors.get(input.Name)?.cwLogEnabled === true;
  // Switching the copy off also touches the delivery, so it asks for as much as leaving it on.
  const logs = before || input.CwLogEnabled === true;
  return [onMonitor('UpdateAppMonitor', input.Name, call, state), ...furtherPermissions(input, logs, call, context)];
}

export function tagPermission(input: Document, state: RumState): Permission {
  const context = { ...requestTags(input.Tags ?? {}), ...resourceTags(monitorOf(input.ResourceArn, state)) };
  return { action: 'rum:TagResource', resource: input.ResourceArn, context };
}

export function untagPermission(input: Document, state: RumState): Permission {
  const context = { 'aws:TagKeys': input.TagKeys ?? [], ...resourceTags(monitorOf(input.ResourceArn, state)) };
  return { action: 'rum:UntagResource', resource: input.ResourceArn, context };
}

export function listTagsPermission(input: Document, state: RumState): Permission {
  const context = resourceTags(monitorOf(input.ResourceArn, state));
  return { action: 'rum:ListTagsForResource', resource: input.ResourceArn, context };
}

export function passRole(roleArn: string, context: RumContext): Permission {
  const service = context.settings.passedToService;
  const condition: Context = service === undefined ? {} : { 'iam:PassedToService': service };
  return { action: 'iam:PassRole', resource: roleArn, context: condition };
}

const LOG_DELIVERY_ACTIONS = [
  'CreateLogDelivery',
  'GetLogDelivery',
  'UpdateLogDelivery',
  'DeleteLogDelivery',
  'CreateLogGroup',
  'PutResourcePolicy',
  'DescribeResourcePolicies',
  'DescribeLogGroups',
  'PutRetentionPolicy',
];

function furtherPermissions(input: Document, logs: boolean, call: Call, context: RumContext): Permission[] {
  const { IdentityPoolId: pool, GuestRoleArn: role } = input.AppMonitorConfiguration ?? {};
  const permissions: Permission[] = [];
  if (logs) permissions.push(...LOG_DELIVERY_ACTIONS.map((action) => ({ action: `logs:${action}`, resource: '*' })));
  if (pool !== undefined) {
    const { partition } = call.world;
    const resource = `arn:${partition}:cognito-identity:${call.region}:${call.accountId}:identitypool/${pool}`;
    permissions.push({ action: 'cognito-identity:DescribeIdentityPool', resource });
  }
  if (role !== undefined) permissions.push({ action: 'iam:GetRole', resource: role }, passRole(role, context));
  if (!accountState(context, call).serviceLinkedRole) permissions.push(createServiceLinkedRole(call));
  return permissions;
}

function createServiceLinkedRole(call: Call): Permission {
  const name = 'aws-service-role/rum.amazonaws.com/AWSServiceRoleForCloudWatchRUM';
  return {
    action: 'iam:CreateServiceLinkedRole',
    resource: `arn:${call.world.partition}:iam::${call.accountId}:role/${name}`,
    context: { 'iam:AWSServiceName': 'rum.amazonaws.com' },
  };
}

function requestTags(tags: Readonly<Record<string, string>>): Context {
  const context: Record<string, string | readonly string[]> = {};
  for (const [key, value] of Object.entries(tags)) context[`aws:RequestTag/${key}`] = value;
  if (Object.keys(tags).length > 0) context['aws:TagKeys'] = Object.keys(tags);
  return context;
}

function resourceTags(monitor: AppMonitor | undefined): Context {
  const context: Record<string, string | readonly string[]> = {};
  for (const [key, value] of monitor?.tags ?? []) context[`aws:ResourceTag/${key}`] = value;
  return context;
}

function monitorOf(arn: string, state: RumState): AppMonitor | undefined {
  return [...state.monitors.values()].find((monitor) => monitor.arn === arn);
}
