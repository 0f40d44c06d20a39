import { CfnOutput, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { macieclassic } from '../../src';

export interface ArchiveStackProps extends StackProps {
  /**
   * What Macie Classic classifies of the contracts that are there already.
   * @default - none of them
   */
  readonly existingContracts?: macieclassic.OneTimeClassification;
  /**
   * Which parts of the partner's bucket, which is not in the stack, are monitored.
   * @default - what begins with incoming/
   */
  readonly partnerPrefixes?: readonly string[];
}

/** An archive whose buckets Macie Classic monitors, together with parts of a partner's bucket. */
export class ArchiveStack extends Stack {
  constructor(scope: Construct, id: string, props: ArchiveStackProps = {}) {
    super(scope, id, props);

    const invoices = new s3.Bucket(this, 'Invoices', { removalPolicy: RemovalPolicy.DESTROY });
    const contracts = new s3.Bucket(this, 'Contracts', { removalPolicy: RemovalPolicy.DESTROY });
    const { existingContracts: oneTime, partnerPrefixes = ['incoming/'] } = props;

    const monitored = new macieclassic.S3ResourceAssociations(this, 'Monitored', {
      resources: [
        { bucket: invoices },
        { bucket: contracts, classificationType: { oneTime } },
        ...partnerPrefixes.map((prefix) => ({ bucketName: 'partner-exchange', prefix })),
      ],
    });

    new CfnOutput(this, 'MonitoredCount', { value: monitored.resourceCount });
    new CfnOutput(this, 'MonitoredBefore', { value: monitored.preExistingCount });
  }
}
