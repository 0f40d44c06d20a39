import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

export const logGroup = immediate({
  name: 'AWS::Logs::LogGroup',
  properties: ['KmsKeyId', 'LogGroupClass', 'LogGroupName', 'RetentionInDays', 'Tags'],
  replacedBy: ['LogGroupName'],
  taggable: true,
  standing: false,

  make(task) {
    const { tools, accountId, region, properties } = task;
    const name =
      (properties.LogGroupName as string | undefined) ??
      generatedName(tools.world.random, task.stack.name, task.logicalId, 512);
    tools.logGroups.create(accountId, region, name, settingsOf(properties));
    const arn = `arn:${tools.world.partition}:logs:${region}:${accountId}:log-group:${name}:*`;
    return { physicalId: name, attributes: { Arn: arn } };
  },

  change({ tools, accountId, region, properties }, current) {
    tools.logGroups.update(accountId, region, current.physicalId, settingsOf(properties));
    return current;
  },

  remove({ tools, accountId, region }, { physicalId }) {
    unlessGone(() => tools.logGroups.delete(accountId, region, physicalId));
  },
});

function settingsOf(properties: Properties) {
  const days = properties.RetentionInDays;
  return { retentionDays: days === undefined ? undefined : Number(days), tags: tagsOf(properties) };
}
