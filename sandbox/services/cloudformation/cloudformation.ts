import type { Resource, Stack } from '../../cloudformation/stack';
import type { Stacks } from '../../cloudformation/stacks';
import type { Permission } from '../../iam/principal';
import { type Call, type Document, type Operation, type Service, ServiceError } from '../service';
import { cloudFormationModel } from './model';

/** CloudFormation's API in front of the sandbox's stacks: what a function asks about its own stack. */
export function cloudFormationService(stacks: Stacks): Service<null> {
  return {
    name: 'cloudformation',
    model: cloudFormationModel,
    operations: {
      DescribeStacks: describeStacks(stacks),
      DescribeStackResource: describeStackResource(stacks),
      DescribeStackResources: describeStackResources(stacks),
      DescribeStackEvents: describeStackEvents(stacks),
      ListExports: listExports(stacks),
    },
    newState: () => null,
    // Stacks and their resources are in the inventory of the stacks.
    inventory: () => [],
  };
}

const PAGE_SIZE = 100;

function describeStacks(stacks: Stacks): Operation<null> {
  return {
    permissions: (input, call) => onStack(stacks, 'DescribeStacks', input, call),
    handle(input, _state, call) {
      if (input.StackName !== undefined) return { Stacks: [stackDocument(existing(stacks, input, call))] };
      const { items, next } = page(stacks.list(call.accountId, call.region), input.NextToken);
      return { Stacks: items.map(stackDocument), NextToken: next };
    },
  };
}

function describeStackResource(stacks: Stacks): Operation<null> {
  return {
    permissions: (input, call) => onStack(stacks, 'DescribeStackResource', input, call),
    handle(input, _state, call) {
      const stack = existing(stacks, input, call);
      const resource = stack.resources.get(input.LogicalResourceId) ?? stack.removed.get(input.LogicalResourceId);
      if (resource === undefined) throw noResource(input.LogicalResourceId, input.StackName);
      const { metadata } = resource.terms;
      return {
        StackResourceDetail: {
          ...resourceDocument(stack, resource),
          LastUpdatedTimestamp: new Date(resource.lastUpdated),
          Metadata: metadata === undefined ? undefined : JSON.stringify(metadata),
        },
      };
    },
  };
}

function describeStackResources(stacks: Stacks): Operation<null> {
  return {
    permissions: (input, call) => onStack(stacks, 'DescribeStackResources', input, call),
    handle(input, _state, call) {
      const stack = input.StackName === undefined ? owner(stacks, input, call) : existing(stacks, input, call);
      const { LogicalResourceId } = input;
      if (LogicalResourceId !== undefined && !stack.resources.has(LogicalResourceId)) {
        throw noResource(LogicalResourceId, stack.name);
      }
      const chosen = [...stack.resources.values()].filter(
        (resource) => LogicalResourceId === undefined || resource.logicalId === LogicalResourceId,
      );
      const documents = chosen.map((resource) => ({
        ...resourceDocument(stack, resource),
        Timestamp: new Date(resource.lastUpdated),
      }));
      return { StackResources: documents.slice(0, PAGE_SIZE) };
    },
  };
}

function describeStackEvents(stacks: Stacks): Operation<null> {
  return {
    permissions: (input, call) => onStack(stacks, 'DescribeStackEvents', input, call),
    handle(input, _state, call) {
      const stack = existing(stacks, input, call);
      const { items, next } = page([...stack.events].reverse(), input.NextToken);
      const events = items.map((event) => ({
        StackId: event.stackId,
        EventId: event.eventId,
        StackName: event.stackName,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: new Date(event.at),
        ResourceStatus: event.status,
        ResourceStatusReason: event.reason,
      }));
      return { StackEvents: events, NextToken: next };
    },
  };
}

function listExports(stacks: Stacks): Operation<null> {
  return {
    permissions: () => [{ action: 'cloudformation:ListExports', resource: '*' }],
    handle(input, _state, call) {
      const { items, next } = page(stacks.exports(call.accountId, call.region), input.NextToken);
      const documents = items.map(({ stackId, name, value }) => ({
        ExportingStackId: stackId,
        Name: name,
        Value: value,
      }));
      return { Exports: documents, NextToken: next };
    },
  };
}

/** The permission on the stack that is asked about, also when it does not exist: who may not ask is not told. */
function onStack(stacks: Stacks, operation: string, input: Document, call: Call): readonly Permission[] {
  return [{ action: `cloudformation:${operation}`, resource: arnOf(stacks, input.StackName, call) }];
}

function arnOf(stacks: Stacks, nameOrId: string | undefined, call: Call): string {
  if (nameOrId === undefined) return '*';
  if (nameOrId.startsWith('arn:')) return nameOrId;
  const stack = stacks.get(nameOrId, call.accountId, call.region);
  return stack?.id ?? `arn:${call.world.partition}:cloudformation:${call.region}:${call.accountId}:stack/${nameOrId}/*`;
}

function existing(stacks: Stacks, input: Document, call: Call): Stack {
  const stack = stacks.get(input.StackName, call.accountId, call.region);
  if (stack === undefined) throw invalid(`Stack with id ${input.StackName} does not exist`);
  return stack;
}

function owner(stacks: Stacks, { PhysicalResourceId }: Document, call: Call): Stack {
  if (PhysicalResourceId === undefined) throw invalid('either StackName or PhysicalResourceId must be given');
  const found = stacks
    .list(call.accountId, call.region)
    .find((stack) => [...stack.resources.values()].some((item) => item.instance?.physicalId === PhysicalResourceId));
  if (found === undefined) throw invalid(`Stack for ${PhysicalResourceId} does not exist`);
  return found;
}

function stackDocument(stack: Stack): Document {
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: stack.template.description,
    Parameters: [...stack.parameters.values()].map((parameter) => ({
      ParameterKey: parameter.key,
      ParameterValue: parameter.noEcho ? '****' : parameter.given,
      ResolvedValue: parameter.resolved,
    })),
    CreationTime: new Date(stack.creationTime),
    DeletionTime: dateOf(stack.deletionTime),
    LastUpdatedTime: dateOf(stack.lastUpdatedTime),
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    EnableTerminationProtection: false,
    RoleARN: stack.roleArn,
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function resourceDocument(stack: Stack, resource: Resource): Document {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.instance?.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** One page of a list; the token is the place where the next one starts. */
function page<T>(all: readonly T[], token: string | undefined): { items: readonly T[]; next?: string } {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw invalid(`NextToken ${token} is not one that was answered`);
  const end = start + PAGE_SIZE;
  return { items: all.slice(start, end), ...(end < all.length && { next: String(end) }) };
}

function dateOf(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

function noResource(logicalId: string, stackName: string): ServiceError {
  return invalid(`Resource ${logicalId} does not exist for stack ${stackName}`);
}

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message, 400);
}
