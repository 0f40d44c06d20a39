import * as kms from 'aws-cdk-lib/aws-kms';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { ClassificationExportConfiguration, ClassificationJob } from '../../src/macie';
import { nagFindings } from '../support/macie';
import { IRELAND, testStack } from '../support/synthesis';

test.each([
  ['whose account and region are known', { env: IRELAND }],
  ['for any account and region', {}],
])('cdk-nag finds nothing in jobs and their results that is not explained, in a stack %s', (_, props) => {
  const stack = testStack(props);
  new ClassificationJob(stack, 'Job', { buckets: [{ bucketNames: ['logs'] }] });
  new ClassificationExportConfiguration(stack, 'Results', {
    bucket: new s3.Bucket(stack, 'Bucket', {
      enforceSSL: true,
      serverAccessLogsBucket: s3.Bucket.fromBucketName(stack, 'Logs', 'logs'),
    }),
    encryptionKey: new kms.Key(stack, 'Key', { enableKeyRotation: true }),
  });
  expect(nagFindings(stack)).toEqual([]);
});
