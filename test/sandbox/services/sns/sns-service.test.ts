import { GetTopicAttributesCommand, PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { ACCOUNT, allow, errorOf, OTHER_ACCOUNT, policyOf, REGION, SupportingBed } from '../supporting-bed';

afterEach(() => SupportingBed.stopAll());

async function start() {
  const bed = await SupportingBed.start();
  const { topics } = bed.tools;
  const { arn } = topics.create(ACCOUNT, REGION, 'alarms');
  const client = new SNSClient(bed.admin());
  const publish = (more: Partial<PublishCommandInput> = {}) =>
    client.send(new PublishCommand({ TopicArn: arn, Message: 'hello', ...more }));
  return { bed, topics, arn, client, publish };
}

test('a message stands at its topic', async () => {
  const { topics, arn, publish } = await start();
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'test' } };
  const { MessageId } = await publish({ Subject: 'Subject', MessageAttributes });
  expect(topics.messages(arn)).toEqual([
    { id: MessageId, at: expect.any(Number), subject: 'Subject', message: 'hello', attributes: MessageAttributes },
  ]);
});

test.each<[string, Partial<PublishCommandInput>, string]>([
  ['no text', { Message: '' }, 'Invalid parameter: Empty message'],
  ['more than 256 KB', { Message: 'ü'.repeat(131_073) }, 'Invalid parameter: Message too long'],
  ['a subject of 101 characters', { Subject: 'x'.repeat(101) }, 'Invalid parameter: Subject'],
  ['a subject that is not ASCII', { Subject: 'ü' }, 'Invalid parameter: Subject'],
  ['a subject of two lines', { Subject: 'a\nb' }, 'Invalid parameter: Subject'],
  [
    'an empty attribute',
    { MessageAttributes: { a: { DataType: 'String', StringValue: '' } } },
    "'a' must contain a non-empty",
  ],
  [
    'another type',
    { MessageAttributes: { a: { DataType: 'Text', StringValue: 'x' } } },
    'invalid message attribute type',
  ],
  ['a phone', { PhoneNumber: '+49' }, 'does not model PhoneNumber'],
  ['no ARN', { TopicArn: 'alarms' }, 'Invalid parameter: TopicArn'],
])('%s is refused', async (_, more, message) => {
  const { publish } = await start();
  expect(await errorOf(publish(more))).toMatchObject({
    name: 'InvalidParameterException',
    message: expect.stringContaining(message),
  });
});

test('a topic that is not there is not found', async () => {
  const { arn, publish } = await start();
  expect(await errorOf(publish({ TopicArn: `${arn}2` }))).toMatchObject({
    name: 'NotFoundException',
    message: 'Topic does not exist',
    $metadata: expect.objectContaining({ httpStatusCode: 404 }),
  });
});

test('a role needs permission on the topic', async () => {
  const { bed, topics, arn } = await start();
  const other = topics.create(ACCOUNT, REGION, 'other').arn;
  const client = new SNSClient(bed.as('Publisher', allow('sns:Publish', arn)));
  await client.send(new PublishCommand({ TopicArn: arn, Message: 'm' }));
  const denied = await errorOf(client.send(new PublishCommand({ TopicArn: other, Message: 'm' })));
  expect(denied.$metadata.httpStatusCode).toBe(403);
});

test("another account's topic must let the caller in", async () => {
  const { bed, topics } = await start();
  const { arn } = topics.create(OTHER_ACCOUNT, REGION, 'theirs');
  const client = new SNSClient(bed.as('Publisher', allow('sns:Publish')));
  const publish = () => client.send(new PublishCommand({ TopicArn: arn, Message: 'm' }));
  expect((await errorOf(publish())).$metadata.httpStatusCode).toBe(403);
  topics.setPolicy(
    arn,
    policyOf({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sns:Publish', Resource: arn }),
  );
  await publish();
  expect(topics.messages(arn)).toHaveLength(1);
});

describe('CloudWatch publishes in its own name', () => {
  const service = 'cloudwatch.amazonaws.com';
  const sourceArn = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:load`;
  const publisher = { service, sourceArn, sourceAccount: ACCOUNT };
  const statement = (arn: string, more: object = {}) => ({
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sns:Publish',
    Resource: arn,
    ...more,
  });

  test.each<[string, ((arn: string) => object) | undefined, boolean]>([
    ['without a policy', undefined, true],
    ['with one that lets it', (arn) => statement(arn), true],
    [
      'with one for its alarm',
      (arn) => statement(arn, { Condition: { ArnLike: { 'aws:SourceArn': sourceArn } } }),
      true,
    ],
    [
      'with one for another alarm',
      (arn) => statement(arn, { Condition: { ArnLike: { 'aws:SourceArn': `${sourceArn}2` } } }),
      false,
    ],
    [
      'with one for everyone of the account',
      (arn) => statement(arn, { Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:SourceOwner': ACCOUNT } } }),
      true,
    ],
    [
      'with one that only refuses plain HTTP',
      (arn) =>
        statement(arn, { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      false,
    ],
  ])('%s', async (_, policy, lets) => {
    const { topics, arn } = await start();
    if (policy !== undefined) topics.setPolicy(arn, policyOf(policy(arn)));
    const publish = () => topics.publishAs(publisher, arn, { message: 'm' });
    if (lets) expect(publish()).toMatchObject({ message: 'm' });
    else expect(publish).toThrow('not authorized to perform: SNS:Publish');
  });
});

test('a topic tells its attributes', async () => {
  const { topics, arn, client } = await start();
  topics.subscribe(arn, { protocol: 'email', endpoint: 'a@example.com', settings: {} });
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: arn }));
  expect(Attributes).toMatchObject({ TopicArn: arn, Owner: ACCOUNT, SubscriptionsConfirmed: '1' });
});
