import { generatedName, lowerCaseName } from '../physical-names';
import type { Properties } from '../stack';
import { immediate } from './immediate';
import type { ResourceType, Task } from './resource-type';

/** A type of which the sandbox keeps the record only: it stands in the account, and nothing acts on it. */
interface RecordType {
  readonly name: string;
  readonly properties: readonly string[];
  readonly required?: readonly string[];
  readonly replacedBy?: readonly string[];
  readonly taggable?: boolean;
  readonly standing?: boolean;
  physicalId(task: Task): string;
  attributes?(task: Task, physicalId: string): Record<string, unknown>;
}

const RECORDS: readonly RecordType[] = [
  { name: 'AWS::CDK::Metadata', properties: ['Analytics'], standing: false, physicalId: (task) => uuid(task) },
  {
    name: 'AWS::CloudFormation::WaitConditionHandle',
    properties: [],
    standing: false,
    physicalId: (task) => `https://cloudformation-waitcondition-${task.region}.invalid/${uuid(task)}`,
  },
  {
    name: 'AWS::SQS::Queue',
    properties: [
      'DelaySeconds',
      'KmsDataKeyReusePeriodSeconds',
      'KmsMasterKeyId',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'QueueName',
      'ReceiveMessageWaitTimeSeconds',
      'SqsManagedSseEnabled',
      'Tags',
      'VisibilityTimeout',
    ],
    replacedBy: ['QueueName'],
    taggable: true,
    physicalId: (task) => `https://sqs.${task.region}.amazonaws.com/${task.accountId}/${named(task, 'QueueName', 80)}`,
    attributes: (task, id) => {
      const name = id.split('/').pop()!;
      return { Arn: arn(task, 'sqs', name), QueueName: name, QueueUrl: id };
    },
  },
  {
    name: 'AWS::SQS::QueuePolicy',
    properties: ['PolicyDocument', 'Queues'],
    required: ['PolicyDocument', 'Queues'],
    standing: false,
    physicalId: (task) => generated(task),
  },
  {
    name: 'AWS::S3::BucketPolicy',
    properties: ['Bucket', 'PolicyDocument'],
    required: ['Bucket', 'PolicyDocument'],
    replacedBy: ['Bucket'],
    standing: false,
    // Its documented Ref is the bucket's name.
    physicalId: (task) => task.properties.Bucket as string,
  },
  {
    // It writes what is known of a database into its secret, which nobody here reads.
    name: 'AWS::SecretsManager::SecretTargetAttachment',
    properties: ['SecretId', 'TargetId', 'TargetType'],
    required: ['SecretId', 'TargetId', 'TargetType'],
    replacedBy: ['SecretId', 'TargetId', 'TargetType'],
    standing: false,
    physicalId: (task) => task.properties.SecretId as string,
    attributes: (_task, id) => ({ Id: id }),
  },
  {
    name: 'AWS::S3::Bucket',
    properties: [
      'AccessControl',
      'BucketEncryption',
      'BucketName',
      'LifecycleConfiguration',
      'OwnershipControls',
      'PublicAccessBlockConfiguration',
      'Tags',
      'VersioningConfiguration',
      'WebsiteConfiguration',
    ],
    replacedBy: ['BucketName'],
    taggable: true,
    physicalId: (task) =>
      (task.properties.BucketName as string | undefined) ??
      lowerCaseName(task.tools.world.random, task.stack.name, task.logicalId, 63),
    attributes: (task, id) => ({
      Arn: `arn:${task.tools.world.partition}:s3:::${id}`,
      DomainName: `${id}.s3.amazonaws.com`,
      RegionalDomainName: `${id}.s3.${task.region}.amazonaws.com`,
      WebsiteURL: `http://${id}.s3-website-${task.region}.amazonaws.com`,
    }),
  },
];

export const recordTypes: readonly ResourceType[] = RECORDS.map((record) => {
  const attributes = (task: Task, id: string) => record.attributes?.(task, id) ?? {};
  return immediate({
    ...record,
    make: (task) => {
      const physicalId = record.physicalId(task);
      return { physicalId, attributes: attributes(task, physicalId) };
    },
    change: (task, { physicalId }) => ({ physicalId, attributes: attributes(task, physicalId) }),
    remove: () => undefined,
  });
});

function uuid(task: Task): string {
  return task.tools.world.random.uuid();
}

function generated(task: Task, maxLength?: number): string {
  return generatedName(task.tools.world.random, task.stack.name, task.logicalId, maxLength);
}

function named(task: Task, property: keyof Properties, maxLength: number): string {
  return (task.properties[property] as string | undefined) ?? generated(task, maxLength);
}

function arn(task: Task, service: string, resource: string): string {
  return `arn:${task.tools.world.partition}:${service}:${task.region}:${task.accountId}:${resource}`;
}
