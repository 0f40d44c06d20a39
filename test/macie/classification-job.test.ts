import { RemovalPolicy, Size, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import {
  BucketCondition,
  ClassificationJob,
  type ClassificationJobProps,
  Comparison,
  DayOfWeek,
  EffectivePermission,
  JobSchedule,
  ManagedDataIdentifiers,
  ObjectCondition,
  SharedAccess,
} from '../../src/macie';
import { RoleAssumption } from '../../src/sts';
import { CLASSIFICATION_JOB } from '../support/macie';
import { filledIn, IRELAND, type Json, onlyResource, resourcesOf, synthesize, testStack } from '../support/synthesis';

const buckets = [{ bucketNames: ['logs'] }];

function resource(props: Partial<ClassificationJobProps> = {}): Json {
  const template = synthesize((stack) => {
    new ClassificationJob(stack, 'Job', { buckets, ...props });
  });
  return filledIn(onlyResource(template, CLASSIFICATION_JOB));
}

function properties(props: Partial<ClassificationJobProps> = {}): Json {
  return resource(props).Properties;
}

describe('a classification job', () => {
  test('runs once over the buckets of its account, unless told otherwise', () => {
    expect(properties()).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '3600',
      JobType: 'ONE_TIME',
      S3Job: { bucketDefinitions: [{ accountId: '111111111111', buckets: ['logs'] }] },
    });
  });

  test('has all that the API knows', () => {
    expect(
      properties({
        jobName: 'Monthly look',
        description: 'At the logs',
        schedule: JobSchedule.monthly(31),
        initialRun: true,
        managedDataIdentifiers: ManagedDataIdentifiers.only('CREDIT_CARD_NUMBER'),
        customDataIdentifierIds: ['custom'],
        allowListIds: ['allowed'],
        samplingPercentage: 50,
      }),
    ).toMatchObject({
      Name: 'Monthly look',
      Description: 'At the logs',
      JobType: 'SCHEDULED',
      InitialRun: true,
      Schedule: { Monthly: 31 },
      ManagedDataIdentifierSelector: 'INCLUDE',
      ManagedDataIdentifierIds: ['CREDIT_CARD_NUMBER'],
      CustomDataIdentifierIds: ['custom'],
      AllowListIds: ['allowed'],
      SamplingPercentage: 50,
    });
  });

  test.each([
    [JobSchedule.daily(), { Daily: true }],
    [JobSchedule.weekly(DayOfWeek.MONDAY), { Weekly: 'MONDAY' }],
    [JobSchedule.monthly(1), { Monthly: 1 }],
  ])('can run as often as schedule %# says, at first over new objects only', (schedule, expected) => {
    expect(properties({ schedule })).toMatchObject({ JobType: 'SCHEDULED', InitialRun: false, Schedule: expected });
  });

  test.each([
    [ManagedDataIdentifiers.RECOMMENDED, 'RECOMMENDED', undefined],
    [ManagedDataIdentifiers.ALL, 'ALL', undefined],
    [ManagedDataIdentifiers.NONE, 'NONE', undefined],
    [ManagedDataIdentifiers.allExcept('NAME', 'ADDRESS'), 'EXCLUDE', ['NAME', 'ADDRESS']],
  ])('can use the managed data identifiers of choice %#', (managedDataIdentifiers, selector, ids) => {
    const rendered = properties({ managedDataIdentifiers, customDataIdentifierIds: ['custom'] });
    expect(rendered.ManagedDataIdentifierSelector).toBe(selector);
    expect(rendered.ManagedDataIdentifierIds).toEqual(ids);
  });

  test('leaves empty lists out', () => {
    const rendered = properties({ customDataIdentifierIds: [], allowListIds: [] });
    expect(rendered).not.toHaveProperty('CustomDataIdentifierIds');
    expect(rendered).not.toHaveProperty('AllowListIds');
  });

  test('can be over buckets of several accounts, each once', () => {
    const stack = testStack();
    const bucket = new s3.Bucket(stack, 'Bucket');
    new ClassificationJob(stack, 'Job', {
      buckets: [
        { buckets: [bucket, bucket], bucketNames: ['logs', 'logs'] },
        { accountId: '222222222222', bucketNames: ['a'] },
      ],
    });
    expect(filledIn(onlyResource(Template.fromStack(stack), CLASSIFICATION_JOB).Properties).S3Job).toEqual({
      bucketDefinitions: [
        { accountId: '111111111111', buckets: [expect.stringMatching(/^\[Bucket/), 'logs'] },
        { accountId: '222222222222', buckets: ['a'] },
      ],
    });
  });

  test('has a removal policy', () => {
    expect(resource().DeletionPolicy).toBe('Delete');
    expect(resource({ removalPolicy: RemovalPolicy.RETAIN }).DeletionPolicy).toBe('RetainExceptOnCreate');
    const job = new ClassificationJob(testStack(), 'Job', { buckets });
    job.applyRemovalPolicy(RemovalPolicy.RETAIN);
    expect(onlyResource(Template.fromStack(Stack.of(job)), CLASSIFICATION_JOB).DeletionPolicy).toBe(
      'RetainExceptOnCreate',
    );
  });

  test('can be managed with a role, whose account the buckets have then', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/macie');
    const rendered = properties({ assumeRole });
    expect(rendered.AssumeRole.RoleArn).toBe(assumeRole.roleArn);
    expect(rendered.S3Job.bucketDefinitions[0].accountId).toBe('222222222222');
  });

  test('has tags', () => {
    const job = new ClassificationJob(testStack(), 'Job', { buckets, tags: { team: 'web' } });
    Tags.of(job).add('stage', 'test');
    expect(onlyResource(Template.fromStack(Stack.of(job)), CLASSIFICATION_JOB).Properties.Tags).toEqual([
      { Key: 'stage', Value: 'test' },
      { Key: 'team', Value: 'web' },
    ]);
  });

  test('has an id, an ARN and a state', () => {
    const job = new ClassificationJob(testStack(), 'Job', { buckets });
    const attributes = Stack.of(job).resolve([job.jobId, job.jobArn, job.jobStatus]);
    expect(attributes.map((value: Json) => value['Fn::GetAtt'][1])).toEqual(['JobId', 'JobArn', 'JobStatus']);
  });

  test('can be imported', () => {
    const job = ClassificationJob.fromJobId(testStack({ env: IRELAND }), 'Job', 'abc');
    expect(job.jobId).toBe('abc');
    expect(filledIn(Stack.of(job).resolve(job.jobArn))).toBe(
      'arn:aws:macie2:eu-west-1:111111111111:classification-job/abc',
    );
  });

  test('can be read by whom it is granted to', () => {
    const template = synthesize((stack) => {
      ClassificationJob.fromJobId(stack, 'Job', 'abc').grantRead(new iam.User(stack, 'User'));
    });
    const [policy] = resourcesOf(template, 'AWS::IAM::Policy');
    expect(filledIn(policy.Properties.PolicyDocument.Statement)).toEqual([
      {
        Effect: 'Allow',
        Action: ['macie2:DescribeClassificationJob', 'macie2:ListTagsForResource'],
        Resource: 'arn:aws:macie2:eu-west-1:111111111111:classification-job/abc',
      },
    ]);
  });
});

describe('conditions on objects', () => {
  const simple = (key: string, comparator: string, ...values: string[]) => ({
    simpleScopeTerm: { key, comparator, values },
  });
  const tag = (comparator: string, ...tagValues: Json[]) => ({
    tagScopeTerm: { key: 'TAG', target: 'S3_OBJECT', comparator, tagValues },
  });
  const cases: Array<[ObjectCondition, Json]> = [
    [ObjectCondition.keyStartsWith('a/', 'b/'), simple('OBJECT_KEY', 'STARTS_WITH', 'a/', 'b/')],
    [ObjectCondition.extensionIs('docx', 'pdf'), simple('OBJECT_EXTENSION', 'EQ', 'docx', 'pdf')],
    [ObjectCondition.extensionIsNot('jpg'), simple('OBJECT_EXTENSION', 'NE', 'jpg')],
    [ObjectCondition.size(Comparison.LESS, Size.mebibytes(1)), simple('OBJECT_SIZE', 'LT', '1048576')],
    [
      ObjectCondition.lastModified(Comparison.GREATER_OR_EQUAL, new Date('2026-01-02T03:04:05Z')),
      simple('OBJECT_LAST_MODIFIED_DATE', 'GTE', '2026-01-02T03:04:05.000Z'),
    ],
    [
      ObjectCondition.tagIs({ key: 'team', value: 'web' }, { key: 'stage' }),
      tag('EQ', { key: 'team', value: 'web' }, { key: 'stage', value: '' }),
    ],
    [ObjectCondition.tagIsNot({ key: 'team' }), tag('NE', { key: 'team', value: '' })],
  ];
  test.each(cases)('%# are rendered as the API has them', (condition, expected) => {
    const { scoping } = properties({ scoping: { includes: [condition], excludes: [condition, condition] } }).S3Job;
    expect(scoping).toEqual({ includes: { and: [expected] }, excludes: { and: [expected, expected] } });
  });
});

describe('conditions on buckets', () => {
  const simple = (key: string, comparator: string, ...values: string[]) => ({
    simpleCriterion: { key, comparator, values },
  });
  const cases: Array<[BucketCondition, Json]> = [
    [BucketCondition.accountIs('222222222222'), simple('ACCOUNT_ID', 'EQ', '222222222222')],
    [BucketCondition.accountIsNot('222222222222'), simple('ACCOUNT_ID', 'NE', '222222222222')],
    [BucketCondition.nameIs('a', 'b'), simple('S3_BUCKET_NAME', 'EQ', 'a', 'b')],
    [BucketCondition.nameIsNot('a'), simple('S3_BUCKET_NAME', 'NE', 'a')],
    [
      BucketCondition.effectivePermissionIs(EffectivePermission.PUBLIC, EffectivePermission.UNKNOWN),
      simple('S3_BUCKET_EFFECTIVE_PERMISSION', 'EQ', 'PUBLIC', 'UNKNOWN'),
    ],
    [
      BucketCondition.effectivePermissionIsNot(EffectivePermission.NOT_PUBLIC),
      simple('S3_BUCKET_EFFECTIVE_PERMISSION', 'NE', 'NOT_PUBLIC'),
    ],
    [BucketCondition.sharedAccessIs(SharedAccess.EXTERNAL), simple('S3_BUCKET_SHARED_ACCESS', 'EQ', 'EXTERNAL')],
    [BucketCondition.sharedAccessIsNot(SharedAccess.INTERNAL), simple('S3_BUCKET_SHARED_ACCESS', 'NE', 'INTERNAL')],
    [
      BucketCondition.tagIs({ key: 'team', value: 'web' }, { key: 'stage' }, { value: 'x' }),
      {
        tagCriterion: {
          comparator: 'EQ',
          tagValues: [{ key: 'team', value: 'web' }, { key: 'stage' }, { value: 'x' }],
        },
      },
    ],
    [BucketCondition.tagIsNot({ key: 'a' }), { tagCriterion: { comparator: 'NE', tagValues: [{ key: 'a' }] } }],
  ];
  test.each(cases)('%# are rendered as the API has them', (condition, expected) => {
    const { S3Job } = properties({ buckets: undefined, bucketCriteria: { includes: [condition], excludes: [] } });
    expect(S3Job).toEqual({ bucketCriteria: { includes: { and: [expected] } } });
  });
});
