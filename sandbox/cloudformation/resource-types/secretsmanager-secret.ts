import type { Generation } from '../../services/secretsmanager/generate';
import { generatedId } from '../physical-names';
import type { Properties } from '../stack';
import { same } from '../values';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const secret = immediate({
  name: 'AWS::SecretsManager::Secret',
  properties: ['Description', 'GenerateSecretString', 'KmsKeyId', 'Name', 'SecretString', 'Tags'],
  taggable: true,
  replacedBy: ['Name'],
  standing: false,

  make(task) {
    const { tools, accountId, region, properties } = task;
    // A name of CloudFormation's own is without the stack's; CDK takes `secretName` apart in this form.
    const name = (properties.Name as string | undefined) ?? generatedId(tools.world.random, task.logicalId);
    const { arn } = tools.secrets.create(accountId, region, {
      name,
      ...settingsOf(properties),
      ...valueSettings(properties),
    });
    return { physicalId: arn, attributes: { Id: arn } };
  },

  change({ tools, accountId, region, properties }, current) {
    // A value is made anew only when the way of making it has changed.
    const value = ['GenerateSecretString', 'SecretString'].some(
      (key) => !same(properties[key], current.properties[key]),
    );
    const settings = { ...settingsOf(properties), ...(value && valueSettings(properties)) };
    tools.secrets.update(accountId, region, current.physicalId, settings);
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.secrets.delete(accountId, region, physicalId));
  },
});

function settingsOf(properties: Properties) {
  return {
    description: properties.Description as string | undefined,
    kmsKeyId: properties.KmsKeyId as string | undefined,
    tags: tagsOf(properties),
  };
}

function valueSettings({ GenerateSecretString, SecretString }: Properties) {
  return {
    value: SecretString as string | undefined,
    generation: GenerateSecretString as Generation | undefined,
  };
}
