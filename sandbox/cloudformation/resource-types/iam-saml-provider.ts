import { readSamlMetadata } from '../../services/sts/saml-metadata';
import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';

/** Who signs SAML assertions, as its metadata says. Encrypted assertions are not modelled, so neither are their keys. */
export const iamSamlProvider = immediate({
  name: 'AWS::IAM::SAMLProvider',
  properties: ['Name', 'SamlMetadataDocument', 'Tags'],
  required: ['SamlMetadataDocument'],
  taggable: true,
  replacedBy: ['Name'],

  make(task) {
    const { properties, accountId, stack, logicalId, tools } = task;
    const { arn } = tools.iam.identityProviders.createSaml({
      accountId,
      name: (properties.Name as string | undefined) ?? generatedName(tools.world.random, stack.name, logicalId, 128),
      ...metadataOf(properties),
    });
    return { physicalId: arn, attributes: { Arn: arn } };
  },

  change(task, current) {
    task.tools.iam.identityProviders.updateSaml(current.physicalId, metadataOf(task.properties));
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    task.tools.iam.identityProviders.deleteSaml(current.physicalId);
  },
});

function metadataOf({ SamlMetadataDocument }: Properties) {
  return readSamlMetadata(SamlMetadataDocument as string);
}
