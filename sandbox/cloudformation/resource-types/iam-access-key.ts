import type { Properties } from '../stack';
import { userOf } from './iam-user';
import { immediate } from './immediate';
import { unlessGone } from './unless-gone';

/** A user's own keys. The secret one is an attribute: who reads it into a template shows it to all who can read that. */
export const iamAccessKey = immediate({
  name: 'AWS::IAM::AccessKey',
  properties: ['Serial', 'Status', 'UserName'],
  required: ['UserName'],
  replacedBy: ['Serial', 'UserName'],

  make(task) {
    const { credentials } = task.tools;
    const { accessKeyId, secretAccessKey } = credentials.forUser(userOf(task, task.properties.UserName as string));
    credentials.setActive(accessKeyId, isActive(task.properties));
    return { physicalId: accessKeyId, attributes: { SecretAccessKey: secretAccessKey } };
  },

  change(task, current) {
    task.tools.credentials.setActive(current.physicalId, isActive(task.properties));
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    unlessGone(() => task.tools.credentials.deleteKey(current.physicalId));
  },
});

function isActive({ Status = 'Active' }: Properties): boolean {
  return Status === 'Active';
}
