import type { Properties } from '../stack';
import { immediate } from './immediate';
import { ResourceFailure } from './resource-type';

/**
 * An issuer of web identity tokens. Its keys are no part of it: AWS fetches them from the issuer, and
 * `iam.identityProviders.publishKeys` says what the issuer shows.
 */
export const iamOidcProvider = immediate({
  name: 'AWS::IAM::OIDCProvider',
  properties: ['ClientIdList', 'Tags', 'ThumbprintList', 'Url'],
  required: ['Url'],
  taggable: true,
  replacedBy: ['Url'],

  make(task) {
    const { properties, accountId, tools } = task;
    checkThumbprints(properties);
    const { arn } = tools.iam.identityProviders.createOpenIdConnect({
      accountId,
      url: properties.Url as string,
      clientIds: clientIdsOf(properties),
    });
    return { physicalId: arn, attributes: { Arn: arn } };
  },

  change(task, current) {
    checkThumbprints(task.properties);
    task.tools.iam.identityProviders.updateOpenIdConnect(current.physicalId, clientIdsOf(task.properties));
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    task.tools.iam.identityProviders.deleteOpenIdConnect(current.physicalId);
  },
});

function clientIdsOf({ ClientIdList = [] }: Properties): readonly string[] {
  return ClientIdList as readonly string[];
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html; nobody here has a certificate to compare. */
function checkThumbprints({ ThumbprintList = [] }: Properties): void {
  const thumbprints = ThumbprintList as readonly string[];
  if (thumbprints.length > 5) throw new ResourceFailure('Thumbprint list must contain at most 5 entries');
  const wrong = thumbprints.find((thumbprint) => thumbprint.length !== 40);
  if (wrong !== undefined) throw new ResourceFailure(`Thumbprint must be 40 characters long, not '${wrong}'`);
}
