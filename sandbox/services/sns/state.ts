import type { PolicyDocument } from '../../iam/principal';
import { topicNotFound } from './errors';

/** What SNS remembers in an account and region: topics by ARN. */
export interface SnsState {
  readonly topics: Map<string, Topic>;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly accountId: string;
  displayName: string;
  /** Kept as a setting: topics are not encrypted here. */
  kmsMasterKeyId?: string;
  tags: Readonly<Record<string, string>>;
  /** What a topic policy says in place of the default, which lets the owner's account in. */
  policy?: PolicyDocument;
  /** The oldest first. */
  readonly messages: TopicMessage[];
  readonly subscriptions: Map<string, Subscription>;
}

export interface TopicMessage {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** Nothing is delivered. */
export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint?: string;
  settings: Readonly<Record<string, unknown>>;
}

export function existingTopic({ topics }: SnsState, arn: string): Topic {
  const topic = topics.get(arn);
  if (topic === undefined) throw topicNotFound();
  return topic;
}
