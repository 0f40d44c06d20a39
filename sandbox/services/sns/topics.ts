import type { PolicyDocument } from '../../iam/principal';
import { type Service, ServiceError, type World } from '../service';
import { invalidParameter, subscriptionNotFound } from './errors';
import { checkPublication, type Publication } from './publish-rules';
import { existingTopic, type SnsState, type Subscription, type Topic, type TopicMessage } from './state';
import { checkService, type ServicePublisher } from './topic-policy';

export interface TopicSettings {
  readonly displayName?: string;
  readonly kmsMasterKeyId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The topics of all accounts and regions, for who makes them or publishes to them without calling the API. */
export class Topics {
  constructor(
    private readonly world: World,
    private readonly service: Service<SnsState>,
  ) {}

  create(accountId: string, region: string, name: string, settings: TopicSettings = {}): Topic {
    // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
    if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
    const arn = `arn:${this.world.partition}:sns:${region}:${accountId}:${name}`;
    const { topics } = this.state(arn);
    if (topics.has(arn)) throw new ServiceError('TopicAlreadyExists', `${name} already exists`);
    const { displayName = '', kmsMasterKeyId, tags = {} } = settings;
    const topic = { arn, name, accountId, displayName, kmsMasterKeyId, tags, messages: [], subscriptions: new Map() };
    topics.set(arn, topic);
    return topic;
  }

  update(arn: string, { displayName = '', kmsMasterKeyId, tags = {} }: TopicSettings): void {
    Object.assign(this.get(arn), { displayName, kmsMasterKeyId, tags });
  }

  /** Its subscriptions go with it. */
  delete(arn: string): void {
    this.get(arn);
    this.state(arn).topics.delete(arn);
  }

  get(arn: string): Topic {
    return existingTopic(this.state(arn), arn);
  }

  /** What was published to a topic, the oldest first. */
  messages(arn: string): readonly TopicMessage[] {
    return this.get(arn).messages;
  }

  /** `undefined` gives back the policy that it began with. */
  setPolicy(arn: string, policy: PolicyDocument | undefined): void {
    this.get(arn).policy = policy;
  }

  subscribe(topicArn: string, subscription: Omit<Subscription, 'arn'>): Subscription {
    const made = { ...subscription, arn: `${topicArn}:${this.world.random.uuid()}` };
    this.get(topicArn).subscriptions.set(made.arn, made);
    return made;
  }

  updateSubscription(arn: string, settings: Subscription['settings']): void {
    const subscription = this.get(topicOf(arn)).subscriptions.get(arn);
    if (subscription === undefined) throw subscriptionNotFound();
    subscription.settings = settings;
  }

  unsubscribe(arn: string): void {
    if (!this.get(topicOf(arn)).subscriptions.delete(arn)) throw subscriptionNotFound();
  }

  publish(arn: string, publication: Publication): TopicMessage {
    const topic = this.get(arn);
    checkPublication(publication);
    const { subject, message, attributes = {} } = publication;
    const { random, clock } = this.world;
    const published = { id: random.uuid(), at: clock.now(), subject, message, attributes };
    topic.messages.push(published);
    return published;
  }

  /** What a service publishes in its own name. Throws where the topic's policy does not let it. */
  publishAs(publisher: ServicePublisher, arn: string, publication: Publication): TopicMessage {
    checkService(this.get(arn), publisher);
    return this.publish(arn, publication);
  }

  private state(arn: string): SnsState {
    const [, , , region = '', accountId = ''] = arn.split(':');
    return this.world.state(this.service, accountId, region);
  }
}

function topicOf(subscriptionArn: string): string {
  return subscriptionArn.split(':').slice(0, 6).join(':');
}
