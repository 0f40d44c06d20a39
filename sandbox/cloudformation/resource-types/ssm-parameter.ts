import type { Parameter } from '../../services/ssm/state';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { isObject } from '../values';
import { immediate } from './immediate';
import { ResourceFailure } from './resource-type';
import { unlessGone } from './unless-gone';

/** A parameter of Parameter Store. CloudFormation cannot make one of the type SecureString. */
export const ssmParameter = immediate({
  name: 'AWS::SSM::Parameter',
  properties: ['AllowedPattern', 'DataType', 'Description', 'Name', 'Tags', 'Tier', 'Type', 'Value'],
  required: ['Type', 'Value'],
  replacedBy: ['Name'],
  standing: false,

  make(task) {
    const { tools, accountId, region, properties } = task;
    const name =
      (properties.Name as string | undefined) ?? generatedName(tools.world.random, task.stack.name, task.logicalId);
    const tags = new Map(Object.entries(tagsOf(properties)));
    tools.parameters.put(accountId, region, { name, ...settingsOf(properties), tags });
    return { physicalId: name, attributes: attributesOf(properties) };
  },

  change({ tools, accountId, region, properties }, { physicalId: name }) {
    const parameter = tools.parameters.put(accountId, region, { name, ...settingsOf(properties), overwrite: true });
    parameter.tags = new Map(Object.entries(tagsOf(properties)));
    return { physicalId: name, attributes: attributesOf(properties) };
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.parameters.delete(accountId, region, physicalId));
  },
});

function settingsOf(properties: Properties) {
  const type = properties.Type as Parameter['type'];
  if (type !== 'String' && type !== 'StringList') {
    throw new ResourceFailure(`a parameter of a stack is a String or a StringList, got ${type}`);
  }
  return {
    type,
    value: String(properties.Value),
    description: properties.Description as string | undefined,
    allowedPattern: properties.AllowedPattern as string | undefined,
    tier: properties.Tier as string | undefined,
    dataType: properties.DataType as string | undefined,
  };
}

/** Tags of this type are a map, not a list. */
function tagsOf({ Tags }: Properties): Record<string, string> {
  return isObject(Tags) ? Object.fromEntries(Object.entries(Tags).map(([key, value]) => [key, String(value)])) : {};
}

function attributesOf({ Type, Value }: Properties) {
  return { Type, Value };
}
