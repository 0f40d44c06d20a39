import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ClassificationJob } from '../../src/macie';
import {
  OneTimeClassification,
  S3ResourceAssociation,
  type S3ResourceAssociationProps,
  S3ResourceAssociations,
  type S3ResourceAssociationsProps,
} from '../../src/macieclassic';
import { RoleAssumption } from '../../src/sts';
import { CLASSIFICATION_JOB, S3_RESOURCES, warningsOf } from '../support/macie';
import { filledIn, type Json, onlyResource, resourcesOf, testStack } from '../support/synthesis';

function job(props: S3ResourceAssociationProps, stack: Stack = testStack()): Json {
  S3ResourceAssociation.asClassificationJob(stack, 'Logs', props);
  return filledIn(onlyResource(Template.fromStack(stack), CLASSIFICATION_JOB));
}

function jobs(props: S3ResourceAssociationsProps): Json[] {
  const stack = testStack();
  S3ResourceAssociations.asClassificationJobs(stack, 'Set', props);
  return resourcesOf(Template.fromStack(stack), CLASSIFICATION_JOB).map(({ Properties }) => filledIn(Properties));
}

const full = { oneTime: OneTimeClassification.FULL };

describe('what an association means in the Macie of today', () => {
  test('is a daily job over what is added, in the own account', () => {
    expect(job({ bucketName: 'logs' }).Properties).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '3600',
      JobType: 'SCHEDULED',
      InitialRun: false,
      Schedule: { Daily: true },
      S3Job: { bucketDefinitions: [{ accountId: '111111111111', buckets: ['logs'] }] },
    });
  });

  test.each([
    ['all of what is there', full, true],
    ['nothing of what is there', { oneTime: OneTimeClassification.NONE }, false],
    ['what the defaults say', {}, false],
  ])('is a first run for %s', (_, classificationType, initialRun) => {
    expect(job({ bucketName: 'logs', classificationType }).Properties).toMatchObject({
      JobType: 'SCHEDULED',
      InitialRun: initialRun,
      Schedule: { Daily: true },
    });
  });

  test('is a condition on keys for a prefix', () => {
    expect(job({ bucketName: 'logs', prefix: 'a/' }).Properties.S3Job.scoping).toEqual({
      includes: { and: [{ simpleScopeTerm: { key: 'OBJECT_KEY', comparator: 'STARTS_WITH', values: ['a/'] } }] },
    });
    expect(job({ bucketName: 'logs', prefix: '' }).Properties.S3Job).not.toHaveProperty('scoping');
  });

  test('is a bucket of the account of a member', () => {
    expect(job({ bucketName: 'logs', memberAccountId: '222222222222' }).Properties.S3Job.bucketDefinitions).toEqual([
      { accountId: '222222222222', buckets: ['logs'] },
    ]);
  });

  test('is a bucket of the stack where it was', () => {
    const stack = testStack();
    const { S3Job } = job({ bucket: new s3.Bucket(stack, 'Bucket') }, stack).Properties;
    expect(S3Job.bucketDefinitions[0].buckets).toEqual([expect.stringMatching(/^\[Bucket/)]);
  });

  test('has the same removal policy and role', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/macie');
    const { DeletionPolicy, Properties } = job({
      bucketName: 'logs',
      removalPolicy: RemovalPolicy.RETAIN,
      assumeRole,
    });
    expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(Properties.AssumeRole.RoleArn).toBe(assumeRole.roleArn);
    expect(Properties.S3Job.bucketDefinitions[0].accountId).toBe('222222222222');
  });

  test('warns of nothing any more', () => {
    const stack = testStack();
    job({ bucketName: 'logs' }, stack);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('has another logical id than the association, whose type CloudFormation would not change', () => {
    const [before, after] = [testStack(), testStack()];
    new S3ResourceAssociation(before, 'Logs', { bucketName: 'logs' });
    S3ResourceAssociation.asClassificationJob(after, 'Logs', { bucketName: 'logs' });
    const [old] = Object.keys(Template.fromStack(before).findResources(S3_RESOURCES));
    expect(Template.fromStack(after).toJSON().Resources).not.toHaveProperty(old);
  });

  test('can be changed on the way', () => {
    const stack = testStack();
    const props = S3ResourceAssociation.asClassificationJobProps({ bucketName: 'logs' });
    new ClassificationJob(stack, 'Job', { ...props, samplingPercentage: 10 });
    expect(onlyResource(Template.fromStack(stack), CLASSIFICATION_JOB).Properties).toMatchObject({
      SamplingPercentage: 10,
      JobType: 'SCHEDULED',
    });
  });
});

describe('what a set means in the Macie of today', () => {
  test('is one job for what has the same prefix and classification', () => {
    const made = jobs({
      resources: [
        { bucketName: 'a' },
        { bucketName: 'b', prefix: 'x/' },
        { bucketName: 'c', prefix: '' },
        { bucketName: 'd', prefix: 'x/', classificationType: full },
        { bucketName: 'e', classificationType: { oneTime: OneTimeClassification.NONE } },
      ],
    });
    expect(
      made.map(({ S3Job, InitialRun }) => [
        S3Job.bucketDefinitions[0].buckets,
        S3Job.scoping?.includes.and[0].simpleScopeTerm.values,
        InitialRun,
      ]),
    ).toEqual([
      [['a', 'c', 'e'], undefined, false],
      [['b'], ['x/'], false],
      [['d'], ['x/'], true],
    ]);
  });

  test('is one job for each thousand buckets', () => {
    const resources = Array.from({ length: 1001 }, (_, index) => ({ bucketName: `bucket-${index}` }));
    const counts = jobs({ resources }).map(({ S3Job }) => S3Job.bucketDefinitions[0].buckets.length);
    expect(counts).toEqual([1000, 1]);
  });

  test('can be empty', () => {
    expect(jobs({ resources: [] })).toEqual([]);
  });
});
