import { generatedName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import { ResourceFailure } from './resource-type';
import { tagsOf } from './tags';
import { unlessGone } from './unless-gone';

interface InlineSubscription {
  readonly Endpoint: string;
  readonly Protocol: string;
}

export const snsTopic = immediate({
  name: 'AWS::SNS::Topic',
  properties: ['DisplayName', 'FifoTopic', 'KmsMasterKeyId', 'Subscription', 'Tags', 'TopicName'],
  replacedBy: ['FifoTopic', 'Subscription', 'TopicName'],
  taggable: true,
  standing: false,

  make(task) {
    const { tools, accountId, region, stack, logicalId, properties } = task;
    if (String(properties.FifoTopic ?? false) === 'true')
      throw new ResourceFailure('the sandbox does not model FIFO topics');
    const given = properties.TopicName as string | undefined;
    const name = given ?? generatedName(tools.world.random, stack.name, logicalId, 256);
    const { arn } = tools.topics.create(accountId, region, name, settingsOf(properties));
    for (const { Protocol, Endpoint } of (properties.Subscription ?? []) as readonly InlineSubscription[]) {
      tools.topics.subscribe(arn, { protocol: Protocol, endpoint: Endpoint, settings: {} });
    }
    return { physicalId: arn, attributes: { TopicArn: arn, TopicName: name } };
  },

  change({ tools, properties }, current) {
    tools.topics.update(current.physicalId, settingsOf(properties));
    return current;
  },

  remove({ tools }, { physicalId }) {
    unlessGone(() => tools.topics.delete(physicalId));
  },
});

function settingsOf(properties: Properties) {
  return {
    displayName: properties.DisplayName as string | undefined,
    kmsMasterKeyId: properties.KmsMasterKeyId as string | undefined,
    tags: tagsOf(properties),
  };
}
