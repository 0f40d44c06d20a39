import { ServiceError, type World } from '../service';
import { parameterNotFound, refused } from './errors';
import { checkName, checkPattern, checkTagCount, MAX_VERSIONS, tierFor } from './rules';
import type { SsmService } from './ssm-service';
import { currentOf, type Parameter, type SsmState } from './state';

export interface ParameterSettings {
  readonly name: string;
  readonly value: string;
  /** Needed for a new one. */
  readonly type?: Parameter['type'];
  readonly description?: string;
  readonly allowedPattern?: string;
  /** `Standard`, `Advanced` or `Intelligent-Tiering`. */
  readonly tier?: string;
  readonly dataType?: string;
  readonly tags?: ReadonlyMap<string, string>;
  readonly overwrite?: boolean;
}

/** The parameters of all accounts and regions: behind the API, and for who makes them without it (CloudFormation). */
export class Parameters {
  constructor(
    private readonly world: World,
    private readonly service: SsmService,
  ) {}

  put(accountId: string, region: string, settings: ParameterSettings): Parameter {
    const { parameters } = this.state(accountId, region);
    const before = parameters.get(settings.name);
    checkName(settings.name);
    if (settings.overwrite === true && (settings.tags?.size ?? 0) > 0) {
      throw refused(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove " +
          'overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.',
      );
    }
    if (before !== undefined && settings.overwrite !== true) {
      throw new ServiceError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    }
    const parameter = before === undefined ? newParameter(settings) : overwritten(before, settings);
    const number = (parameter.versions.at(-1)?.number ?? 0) + 1;
    parameter.versions.push({ number, value: settings.value, changedAt: this.world.clock.now() });
    if (parameter.versions.length > MAX_VERSIONS) parameter.versions.shift();
    parameters.set(parameter.name, parameter);
    return parameter;
  }

  /** The current value. */
  value(accountId: string, region: string, name: string): string | undefined {
    const parameter = this.state(accountId, region).parameters.get(name);
    return parameter && currentOf(parameter).value;
  }

  delete(accountId: string, region: string, name: string): void {
    if (!this.state(accountId, region).parameters.delete(name)) throw parameterNotFound(name);
  }

  state(accountId: string, region: string): SsmState {
    return this.world.state(this.service, accountId, region);
  }
}

function newParameter(settings: ParameterSettings): Parameter {
  const { name, value, type, description, allowedPattern, tier, dataType = 'text', tags = new Map() } = settings;
  if (type === undefined) throw refused('A parameter type is required when you create a parameter.');
  checkPattern(value, allowedPattern);
  checkTagCount(tags);
  return {
    name,
    type,
    description,
    allowedPattern,
    dataType,
    tier: tierFor(value, tier, undefined),
    tags: new Map(tags),
    versions: [],
  };
}

/** Everything is checked before anything is changed. */
function overwritten(before: Parameter, settings: ParameterSettings): Parameter {
  const { type = before.type, value, description, allowedPattern, tier, dataType = before.dataType } = settings;
  if (type !== before.type) {
    throw new ServiceError(
      'HierarchyTypeMismatchException',
      `parameter ${before.name} is a ${before.type} and cannot become a ${type}: delete it first`,
    );
  }
  checkPattern(value, allowedPattern);
  const newTier = tierFor(value, tier, before);
  return Object.assign(before, {
    tier: newTier,
    dataType,
    allowedPattern,
    description: description ?? before.description,
  });
}
