import { type Call, type Document, type Operation, type Service, ServiceError, type World } from '../service';
import { parameterNotFound, refused, unknownResource } from './errors';
import { model } from './model';
import { Parameters } from './parameters';
import { nameOf, onParameter, parameterArn, putPermissions, requestTags } from './permissions';
import { checkTagCount } from './rules';
import { currentOf, type Parameter, type SsmState } from './state';

/** AWS Systems Manager, as far as Parameter Store goes. README.md beside this file says more. */
export class SsmService implements Service<SsmState> {
  readonly name = 'ssm';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<SsmState>>> = {
    PutParameter: { permissions: putPermissions, handle: (input, _state, call) => this.put(input, call) },
    GetParameter: {
      permissions: (input, call, state) => [onParameter('GetParameter', input.Name, call, state)],
      handle: (input, state, call) => ({ Parameter: get(input.Name, state, call) }),
    },
    GetParameters: {
      permissions: (input, call, state) =>
        (input.Names as readonly string[]).map((name) => onParameter('GetParameters', name, call, state)),
      handle: getMany,
    },
    DeleteParameter: {
      permissions: (input, call, state) => [onParameter('DeleteParameter', input.Name, call, state)],
      handle(input, state) {
        if (!state.parameters.delete(input.Name)) throw parameterNotFound(input.Name);
        return {};
      },
    },
    AddTagsToResource: {
      permissions: (input, call, state) => [
        onParameter('AddTagsToResource', input.ResourceId, call, state, requestTags(input.Tags)),
      ],
      handle: addTags,
    },
    ListTagsForResource: {
      permissions: (input, call, state) => [onParameter('ListTagsForResource', input.ResourceId, call, state)],
      handle: (input, state) => ({
        TagList: [...taggedParameter(input, state).tags].map(([Key, Value]) => ({ Key, Value })),
      }),
    },
  };

  newState(): SsmState {
    return { parameters: new Map() };
  }

  inventory(state: SsmState): readonly string[] {
    return [...state.parameters.keys()].map((name) => `parameter ${name}`);
  }

  /** To make and change parameters without a call. */
  parameters(world: World): Parameters {
    return new Parameters(world, this);
  }

  private put(input: Document, { world, accountId, region }: Call): Document {
    if (input.Policies !== undefined && input.Policies !== '') {
      throw refused('the sandbox does not model parameter policies: leave out Policies');
    }
    const tags = (input.Tags ?? []) as ReadonlyArray<{ Key: string; Value: string }>;
    const parameter = this.parameters(world).put(accountId, region, {
      name: input.Name,
      value: input.Value,
      type: input.Type,
      description: input.Description,
      allowedPattern: input.AllowedPattern,
      tier: input.Tier,
      dataType: input.DataType,
      overwrite: input.Overwrite,
      tags: new Map(tags.map(({ Key, Value }) => [Key, Value])),
    });
    return { Version: currentOf(parameter).number, Tier: parameter.tier };
  }
}

/** By name, with the number of a version after a colon if need be. */
function get(selector: string, state: SsmState, call: Call): Document {
  const name = nameOf(selector);
  const parameter = state.parameters.get(name);
  if (parameter === undefined) throw parameterNotFound(name);
  const wanted = /:(\d+)$/.exec(selector)?.[1];
  const version =
    wanted === undefined ? currentOf(parameter) : parameter.versions.find(({ number }) => number === Number(wanted));
  if (version === undefined) {
    throw new ServiceError('ParameterVersionNotFound', `Systems Manager could not find version ${wanted} of ${name}.`);
  }
  return {
    Name: parameter.name,
    Type: parameter.type,
    Value: version.value,
    Version: version.number,
    ...(wanted !== undefined && { Selector: `:${wanted}` }),
    LastModifiedDate: new Date(version.changedAt),
    ARN: parameterArn(call, parameter.name),
    DataType: parameter.dataType,
  };
}

/** What is not there is listed, and no error. */
function getMany({ Names: names }: Document, state: SsmState, call: Call): Document {
  const Parameters: Document[] = [];
  const InvalidParameters: string[] = [];
  for (const name of new Set(names as readonly string[])) {
    try {
      Parameters.push(get(name, state, call));
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      InvalidParameters.push(name);
    }
  }
  return { Parameters, InvalidParameters };
}

function addTags(input: Document, state: SsmState): Document {
  const parameter = taggedParameter(input, state);
  const tags = new Map(parameter.tags);
  for (const { Key, Value } of input.Tags) tags.set(Key, Value);
  checkTagCount(tags);
  parameter.tags = tags;
  return {};
}

function taggedParameter({ ResourceType: type, ResourceId: id }: Document, state: SsmState): Parameter {
  if (type !== 'Parameter') {
    throw new ServiceError('InvalidResourceType', `the sandbox knows the resource type Parameter only, got ${type}`);
  }
  const parameter = state.parameters.get(id);
  if (parameter === undefined) throw unknownResource(id);
  return parameter;
}
