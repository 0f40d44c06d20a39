import type { Properties } from '../stack';
import { immediate } from './immediate';
import { unlessGone } from './unless-gone';

/** A subscription stands at its topic, and nothing is delivered to it. */
export const snsSubscription = immediate({
  name: 'AWS::SNS::Subscription',
  properties: [
    'DeliveryPolicy',
    'Endpoint',
    'FilterPolicy',
    'FilterPolicyScope',
    'Protocol',
    'RawMessageDelivery',
    'RedrivePolicy',
    'Region',
    'SubscriptionRoleArn',
    'TopicArn',
  ],
  required: ['Protocol', 'TopicArn'],
  replacedBy: ['Endpoint', 'Protocol', 'TopicArn'],
  standing: false,

  make({ tools, properties }) {
    const { arn } = tools.topics.subscribe(properties.TopicArn as string, {
      protocol: properties.Protocol as string,
      endpoint: properties.Endpoint as string | undefined,
      settings: settingsOf(properties),
    });
    return { physicalId: arn, attributes: { Arn: arn } };
  },

  change({ tools, properties }, current) {
    tools.topics.updateSubscription(current.physicalId, settingsOf(properties));
    return current;
  },

  remove({ tools }, { physicalId }) {
    unlessGone(() => tools.topics.unsubscribe(physicalId));
  },
});

function settingsOf({ Endpoint, Protocol, TopicArn, ...settings }: Properties): Readonly<Record<string, unknown>> {
  return settings;
}
