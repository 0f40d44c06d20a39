import { serviceRoleArn } from '../../services/macie2/macie2-service';
import type { SessionSettings } from '../../services/macie2/sessions';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import type { Task } from './resource-type';
import { unlessGone } from './unless-gone';

/** Macie in an account and region, which can have it once: creation fails where somebody has enabled it before. */
export const macieSession = immediate({
  name: 'AWS::Macie::Session',
  properties: ['FindingPublishingFrequency', 'Status'],
  standing: false,

  make(task) {
    const { accountId, region, properties } = task;
    task.tools.macieSessions.enable(accountId, region, settingsOf(properties));
    return { physicalId: accountId, attributes: attributesOf(task) };
  },

  change(task, { physicalId }) {
    const { accountId, region, properties } = task;
    task.tools.macieSessions.update(accountId, region, settingsOf(properties));
    return { physicalId, attributes: attributesOf(task) };
  },

  remove(task) {
    unlessGone(() => task.tools.macieSessions.disable(task.accountId, task.region));
  },
});

function settingsOf({ Status: status, FindingPublishingFrequency: frequency }: Properties): SessionSettings {
  return {
    ...(status !== undefined && { status: status as SessionSettings['status'] }),
    ...(frequency !== undefined && { findingPublishingFrequency: frequency as string }),
  };
}

function attributesOf({ tools, accountId }: Task): Record<string, string> {
  return {
    AwsAccountId: accountId,
    ServiceRole: serviceRoleArn(tools.world, accountId),
  };
}
