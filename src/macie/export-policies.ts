import { Stack, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import type { ClassificationExportConfiguration } from './classification-export-configuration';

/** What Macie needs to keep results, as statements of the policies of bucket and key. */
export interface ExportStatements {
  readonly bucket: iam.PolicyStatement[];
  readonly key: iam.PolicyStatement;
}

export interface ExportPlace {
  readonly bucketArn: string;
  readonly keyPrefix?: string;
}

/**
 * The guide's statements, limited to Macie on behalf of this account and region:
 * https://docs.aws.amazon.com/macie/latest/user/discovery-results-repository-s3.html
 */
export function exportStatements(
  configuration: ClassificationExportConfiguration,
  { bucketArn, keyPrefix = '' }: ExportPlace,
): ExportStatements {
  const macie = {
    principals: [new iam.ServicePrincipal('macie.amazonaws.com')],
    conditions: onBehalfOf(configuration),
  };
  return {
    bucket: [
      new iam.PolicyStatement({ ...macie, actions: ['s3:GetBucketLocation'], resources: [bucketArn] }),
      new iam.PolicyStatement({
        ...macie,
        actions: ['s3:PutObject'],
        resources: [`${bucketArn}/${folder(keyPrefix)}*`],
      }),
    ],
    // "*" in the policy of a key is the key.
    key: new iam.PolicyStatement({ ...macie, actions: ['kms:GenerateDataKey', 'kms:Encrypt'], resources: ['*'] }),
  };
}

/** Macie puts a slash after a prefix that has none; of a token it is not known. */
function folder(keyPrefix: string): string {
  return keyPrefix === '' || keyPrefix.endsWith('/') || Token.isUnresolved(keyPrefix) ? keyPrefix : `${keyPrefix}/`;
}

function onBehalfOf(configuration: ClassificationExportConfiguration): Record<string, unknown> {
  const { partition } = Stack.of(configuration);
  const { account, region } = configuration.env;
  const own = (resource: string) => `arn:${partition}:macie2:${region}:${account}:${resource}`;
  return {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: { 'aws:SourceArn': [own('export-configuration:*'), own('classification-job/*')] },
  };
}
