import { Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CfnSession } from 'aws-cdk-lib/aws-macie';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { macie } from '../../src';
import { CLASSIFICATION_EXPORT, CLASSIFICATION_JOB } from '../support/macie';
import { expectCompiledSamples } from '../support/readme';
import { testApp } from '../support/synthesis';

/** The samples of the README, in the order in which they stand there. */
class ReadmeStack extends Stack {
  constructor() {
    super(testApp(), 'Readme');
    const invoices = new s3.Bucket(this, 'InvoicesBucket');
    const resultsBucket = new s3.Bucket(this, 'ResultsBucket');
    const resultsKey = new kms.Key(this, 'ResultsKey');

    const session = new CfnSession(this, 'Macie');
    const job = new macie.ClassificationJob(this, 'Invoices', {
      buckets: [{ buckets: [invoices] }],
      schedule: macie.JobSchedule.daily(),
    });
    job.node.addDependency(session);

    new macie.ClassificationJob(this, 'Cards', {
      bucketCriteria: {
        includes: [macie.BucketCondition.tagIs({ key: 'data', value: 'customers' })],
        excludes: [macie.BucketCondition.effectivePermissionIs(macie.EffectivePermission.PUBLIC)],
      },
      scoping: {
        includes: [macie.ObjectCondition.extensionIs('csv', 'xlsx')],
        excludes: [macie.ObjectCondition.size(macie.Comparison.GREATER, Size.gibibytes(1))],
      },
      schedule: macie.JobSchedule.weekly(macie.DayOfWeek.SUNDAY),
      managedDataIdentifiers: macie.ManagedDataIdentifiers.only('CREDIT_CARD_NUMBER'),
      samplingPercentage: 25,
    });

    const results = new macie.ClassificationExportConfiguration(this, 'Results', {
      bucket: resultsBucket,
      encryptionKey: resultsKey,
      keyPrefix: 'macie',
    });
    results.node.addDependency(session);
  }
}

test('the samples of the README are those that are compiled here', () => {
  expectCompiledSamples('macie', __filename);
});

test('the samples of the README make two jobs and a place for their results', () => {
  const template = Template.fromStack(new ReadmeStack());
  template.resourceCountIs(CLASSIFICATION_JOB, 2);
  template.resourceCountIs(CLASSIFICATION_EXPORT, 1);
});
