import type { Permission } from '../../iam/principal';
import type { Call, Document, Operation, Service, World } from '../service';
import { invalidParameter } from './errors';
import { model } from './model';
import { existingTopic, type SnsState, type Topic } from './state';
import { policyOf } from './topic-policy';
import { Topics } from './topics';

/** Amazon SNS, as far as alarms and functions publish to topics. README.md beside this file says more. */
export class SnsService implements Service<SnsState> {
  readonly name = 'sns';
  readonly model = model;
  readonly operations: Readonly<Record<string, Operation<SnsState>>> = {
    Publish: {
      permissions: (input, call) => this.onTopic('Publish', input.TopicArn ?? input.TargetArn, call),
      handle: (input, _state, call) => this.publish(input, call),
    },
    GetTopicAttributes: {
      permissions: (input, call) => this.onTopic('GetTopicAttributes', input.TopicArn, call),
      handle: (input, _state, call) => ({ Attributes: attributesOf(this.topic(input.TopicArn, call)) }),
    },
  };

  newState(): SnsState {
    return { topics: new Map() };
  }

  inventory({ topics }: SnsState): readonly string[] {
    return [...topics.values()].map(({ name }) => `topic ${name}`);
  }

  /** To make topics, publish to them and read them without a call. */
  topics(world: World): Topics {
    return new Topics(world, this);
  }

  private publish(input: Document, { world }: Call): Document {
    const unknown = ['PhoneNumber', 'MessageStructure', 'MessageGroupId', 'MessageDeduplicationId'].find(
      (key) => input[key] !== undefined,
    );
    if (unknown !== undefined)
      throw invalidParameter(`the sandbox does not model ${unknown}: publish a text to a topic`);
    const { TopicArn, TargetArn = TopicArn, Subject: subject, Message: message, MessageAttributes: attributes } = input;
    if (TargetArn === undefined)
      throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
    return { MessageId: this.topics(world).publish(TargetArn, { subject, message, attributes }).id };
  }

  /** A topic may be another account's, and its policy counts. */
  private onTopic(action: string, arn: string | undefined, call: Call): Permission[] {
    if (arn === undefined) return [];
    if (!/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/.test(arn)) throw invalidParameter('TopicArn');
    const [, , , region = '', accountId = ''] = arn.split(':');
    const topic = call.world.state<SnsState>(this, accountId, region).topics.get(arn);
    const resourcePolicy = topic === undefined ? undefined : { document: policyOf(topic) };
    return [{ action: `sns:${action}`, resource: arn, ...(resourcePolicy && { resourcePolicy }) }];
  }

  private topic(arn: string, { world }: Call): Topic {
    const [, , , region = '', accountId = ''] = arn.split(':');
    return existingTopic(world.state<SnsState>(this, accountId, region), arn);
  }
}

/** https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html */
function attributesOf(topic: Topic): Record<string, string> {
  return {
    TopicArn: topic.arn,
    Owner: topic.accountId,
    DisplayName: topic.displayName,
    Policy: JSON.stringify(policyOf(topic)),
    SubscriptionsConfirmed: String(topic.subscriptions.size),
    SubscriptionsPending: '0',
    SubscriptionsDeleted: '0',
    ...(topic.kmsMasterKeyId !== undefined && { KmsMasterKeyId: topic.kmsMasterKeyId }),
  };
}
