import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { CfnSession } from 'aws-cdk-lib/aws-macie';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { macie, macieclassic } from '../../src';

export interface ArchiveStackProps extends StackProps {
  /**
   * How often the whole archive is looked at again.
   * @default - each Sunday
   */
  readonly review?: macie.JobSchedule;
}

/** The archive of the example of Macie Classic, with today's Macie. */
export class ArchiveStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchiveStackProps = {}) {
    super(scope, id, props);

    const invoices = new s3.Bucket(this, 'Invoices', { removalPolicy: RemovalPolicy.DESTROY });
    const contracts = new s3.Bucket(this, 'Contracts', { removalPolicy: RemovalPolicy.DESTROY });

    const session = new CfnSession(this, 'Macie');
    const results = new macie.ClassificationExportConfiguration(this, 'Results', {
      bucket: new s3.Bucket(this, 'ResultsBucket', { removalPolicy: RemovalPolicy.DESTROY }),
      encryptionKey: new kms.Key(this, 'ResultsKey', { removalPolicy: RemovalPolicy.DESTROY }),
      keyPrefix: 'archive',
    });
    results.node.addDependency(session);

    // The associations of before, as jobs: one for the buckets as a whole, and one for the prefix.
    const monitored = macieclassic.S3ResourceAssociations.asClassificationJobs(this, 'Monitored', {
      resources: [{ bucket: invoices }, { bucket: contracts }, { bucketName: 'partner-exchange', prefix: 'incoming/' }],
    });

    // What Macie Classic could not do.
    const review = new macie.ClassificationJob(this, 'Review', {
      description: 'Card numbers in documents of the archive',
      buckets: [{ buckets: [invoices, contracts] }],
      scoping: { includes: [macie.ObjectCondition.extensionIs('docx', 'pdf')] },
      schedule: props.review ?? macie.JobSchedule.weekly(macie.DayOfWeek.SUNDAY),
      managedDataIdentifiers: macie.ManagedDataIdentifiers.only('CREDIT_CARD_NUMBER'),
      samplingPercentage: 25,
    });

    // Results go where they are to stay from the first one on.
    for (const job of [...monitored, review]) job.node.addDependency(results);
  }
}
