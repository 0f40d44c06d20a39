import { Annotations, CfnOutput, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnSession } from 'aws-cdk-lib/aws-macie';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { macieclassic } from '../../src';
import { CLASSIFICATION_JOB, MEMBER_ACCOUNT, S3_RESOURCES, warningsOf } from '../support/macie';
import { expectCompiledSamples } from '../support/readme';
import { testApp } from '../support/synthesis';

/** The samples of the README, in the order in which they stand there. */
class ReadmeStack extends Stack {
  constructor() {
    const app = testApp();
    const memberStack = new Stack(app, 'Member');
    super(app, 'Readme');
    const invoices = new s3.Bucket(this, 'InvoicesBucket');

    new macieclassic.S3ResourceAssociation(this, 'Invoices', { bucket: invoices });

    Annotations.of(this).acknowledgeWarning('cdk-settled:macie-classic-discontinued', 'we move over in March');

    const monitored = new macieclassic.S3ResourceAssociations(this, 'Monitored', {
      resources: [
        { bucket: invoices, classificationType: { oneTime: macieclassic.OneTimeClassification.FULL } },
        { bucketName: 'partner-exchange', prefix: 'incoming/' },
        { bucketName: 'partner-exchange', prefix: 'outgoing/' },
      ],
    });
    new CfnOutput(this, 'Before', { value: monitored.preExistingCount });

    new macieclassic.HandshakeRole(memberStack, 'Handshake', { administratorAccountId: '111111111111' });

    const member = new macieclassic.MemberAccountAssociation(this, 'Member', { memberAccountId: '222222222222' });
    new macieclassic.S3ResourceAssociation(this, 'MemberLogs', {
      bucketName: 'member-logs',
      memberAccountId: member.memberAccountId,
    });

    const jobs = macieclassic.S3ResourceAssociations.asClassificationJobs(this, 'Archive', {
      resources: [{ bucket: invoices }, { bucketName: 'partner-exchange', prefix: 'incoming/' }],
    });
    const session = new CfnSession(this, 'Macie');
    for (const job of jobs) job.node.addDependency(session);
  }
}

test('the samples of the README are those that are compiled here', () => {
  expectCompiledSamples('macieclassic', __filename);
});

test('the samples of the README make three associations of resources, one of a member and two jobs', () => {
  const template = Template.fromStack(new ReadmeStack());
  template.resourceCountIs(S3_RESOURCES, 3);
  template.resourceCountIs(MEMBER_ACCOUNT, 1);
  template.resourceCountIs(CLASSIFICATION_JOB, 2);
});

test('the warning that the README acknowledges is the one that the constructs give', () => {
  expect(warningsOf(new ReadmeStack()).filter((warning) => warning.includes('discontinued'))).toEqual([]);
});
