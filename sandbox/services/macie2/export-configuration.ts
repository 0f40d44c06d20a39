/**
 * Where results of jobs go. Which policies Macie needs:
 * https://docs.aws.amazon.com/macie/latest/user/discovery-results-repository-s3.html
 */
import { ConditionContext } from '../../iam/pattern';
import type { Permission, PolicyDocument } from '../../iam/principal';
import { evaluateResourcePolicy } from '../../iam/trust';
import type { Call, Document } from '../service';
import { accessDenied, validation } from './errors';
import { onEverything } from './permissions';
import type { Macie2Context, Macie2Operations } from './state';

const MACIE = 'macie.amazonaws.com';
const KEY_ARN = /^arn:[\w-]+:kms:([\w-]+):\d{12}:key\/[\w-]+$/;

export function exportConfigurationOperations(context: Macie2Context): Macie2Operations {
  return {
    PutClassificationExportConfiguration: {
      permissions: (input, call) => putPermissions(input, call, context),
      handle(input, state, call) {
        const { s3Destination } = input.configuration;
        if (s3Destination === undefined) throw validation('configuration needs an s3Destination: it cannot be removed');
        checkDestination(s3Destination, call, context);
        state.exportConfiguration = { s3Destination };
        return { configuration: state.exportConfiguration };
      },
    },
    GetClassificationExportConfiguration: {
      permissions: () => [onEverything('GetClassificationExportConfiguration')],
      // Without one the answer is an empty configuration.
      handle: (_input, state) => ({ configuration: state.exportConfiguration ?? {} }),
    },
  };
}

function putPermissions(input: Document, { world }: Call, { settings }: Macie2Context): Permission[] {
  const put = onEverything('PutClassificationExportConfiguration');
  const bucket = input.configuration.s3Destination?.bucketName;
  if (!settings.exportAsksForS3 || bucket === undefined) return [put];
  const arn = `arn:${world.partition}:s3:::${bucket}`;
  return [put, { action: 's3:GetBucketLocation', resource: arn }, { action: 's3:PutObject', resource: `${arn}/*` }];
}

function checkDestination(destination: Document, call: Call, { settings }: Macie2Context): void {
  const { bucketName, kmsKeyArn, expectedBucketOwner } = destination;
  if (bucketName === '') throw validation('bucketName must not be empty');
  const keyRegion = KEY_ARN.exec(kmsKeyArn)?.[1];
  if (keyRegion === undefined) throw validation(`kmsKeyArn must be the ARN of a KMS key, got '${kmsKeyArn}'`);
  if (settings.exportWitness === undefined) return;
  const bucket = settings.exportWitness.bucket(bucketName, call);
  if (bucket === undefined) throw validation(`bucket ${bucketName} does not exist`);
  if ((expectedBucketOwner ?? bucket.accountId) !== bucket.accountId) {
    throw validation(`bucket ${bucketName} is not owned by account ${expectedBucketOwner}`);
  }
  if (bucket.region !== keyRegion) {
    throw validation(`key ${kmsKeyArn} must be in the region of bucket ${bucketName}, which is ${bucket.region}`);
  }
  checkKey(kmsKeyArn, call, settings.exportWitness);
  const refused =
    missingRights(destination, bucket.policy, call) ?? missingKeyRight(destination, call, settings.exportWitness);
  if (refused === undefined) return;
  throw settings.exportRefusal === 'ValidationException' ? validation(refused) : accessDenied(refused);
}

type Witness = NonNullable<Macie2Context['settings']['exportWitness']>;

function checkKey(arn: string, call: Call, witness: Witness): void {
  const key = witness.key(arn, call);
  if (key === undefined) throw validation(`key ${arn} does not exist`);
  if (key.spec !== 'SYMMETRIC_DEFAULT' || key.usage !== 'ENCRYPT_DECRYPT') {
    throw validation(`key ${arn} must be a symmetric key for encryption, and is ${key.spec} for ${key.usage}`);
  }
  if (!key.enabled) throw validation(`key ${arn} is not enabled`);
}

function missingRights(
  { bucketName, keyPrefix = '', kmsKeyArn }: Document,
  policy: PolicyDocument | undefined,
  call: Call,
) {
  const bucket = `arn:${call.world.partition}:s3:::${bucketName}`;
  const object = `${bucket}/${keyPrefix.replace(/\/?$/, keyPrefix === '' ? '' : '/')}AWSLogs/${call.accountId}/Macie/`;
  const rights: ReadonlyArray<readonly [string, string]> = [
    ['s3:GetBucketLocation', bucket],
    ['s3:PutObject', object],
  ];
  const missing = rights.find(([action, resource]) => !allows(policy, action, resource, kmsKeyArn, call));
  return missing && `the policy of bucket ${bucketName} does not allow ${MACIE} to perform ${missing[0]}`;
}

function missingKeyRight({ kmsKeyArn }: Document, call: Call, witness: Witness): string | undefined {
  const policy = witness.key(kmsKeyArn, call)?.policy;
  const actions = ['kms:GenerateDataKey', 'kms:Encrypt'];
  const missing = actions.find((action) => !allows(policy, action, kmsKeyArn, kmsKeyArn, call));
  return missing && `the policy of key ${kmsKeyArn} does not allow ${MACIE} to perform ${missing}`;
}

/** Whether a resource's policy lets Macie act for the caller's account. */
function allows(
  policy: PolicyDocument | undefined,
  action: string,
  resource: string,
  keyArn: string,
  call: Call,
): boolean {
  if (policy === undefined) return false;
  const { world, region, accountId } = call;
  const context = new ConditionContext({
    'aws:SourceAccount': accountId,
    'aws:SourceArn': `arn:${world.partition}:macie2:${region}:${accountId}:export-configuration:macie`,
    'aws:SecureTransport': 'true',
    's3:x-amz-server-side-encryption': 'aws:kms',
    's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn,
  });
  return (
    evaluateResourcePolicy({ document: policy }, { service: MACIE }, { action, resource, context }).decision ===
    'allowed'
  );
}
