import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Validation } from '../core/validation';
import { checkAccountId } from './account-id';
import { ContinuousClassification, OneTimeClassification } from './classification-type';
import type { MonitoredResource } from './monitored-resource';

/** One entry of what the handler reads. */
export interface RenderedResource {
  readonly BucketName: string;
  readonly Prefix?: string;
  readonly OneTime: OneTimeClassification;
  readonly Continuous: ContinuousClassification;
}

/**
 * The input of a Step Functions execution has at most 262,144 bytes
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), and that of the waiter holds the new and the
 * old properties of an update, the response address and more.
 */
const MAX_BYTES = 120_000;

/** What the handler reads of these resources, of which all that is wrong is said at once. */
export function renderResources(
  scope: Construct,
  resources: readonly MonitoredResource[],
  memberAccountId: string | undefined,
  /** How messages name the properties of an entry. */
  named: (index: number, property: string) => string,
): RenderedResource[] {
  const validation = new Validation(scope.node.path);
  checkAccountId(validation, 'memberAccountId', memberAccountId);
  for (const [index, resource] of resources.entries()) {
    checkResource(validation, resource, (property) => named(index, property));
  }
  validation.throwIfInvalid();
  const rendered = resources.map(rendersAs);
  checkUnique(validation, rendered, (index) => named(index, 'bucket'));
  checkSize(validation, scope, rendered);
  validation.throwIfInvalid();
  return rendered;
}

/** Lengths: https://docs.aws.amazon.com/macie/1.0/APIReference/API_S3ResourceClassification.html */
function checkResource(
  validation: Validation,
  { bucket, bucketName, prefix }: MonitoredResource,
  named: (property: string) => string,
): void {
  const [asBucket, asName] = [named('bucket'), named('bucketName')];
  validation
    .require(
      (bucket === undefined) !== (bucketName === undefined),
      `pass either ${asBucket} or ${asName}, got ${bucket === undefined ? 'neither' : 'both'}`,
    )
    .length(asName, bucketName, 1, 500)
    .length(named('prefix'), prefix, 0, 10_000);
}

function rendersAs({ bucket, bucketName, prefix, classificationType = {} }: MonitoredResource): RenderedResource {
  return {
    BucketName: bucket?.bucketName ?? bucketName ?? '',
    // To Macie Classic, an empty prefix and none are the same resource.
    Prefix: prefix === '' ? undefined : prefix,
    OneTime: classificationType.oneTime ?? OneTimeClassification.NONE,
    Continuous: classificationType.continuous ?? ContinuousClassification.FULL,
  };
}

/** Tokens are compared as they are: the name of a bucket is the same token wherever it is asked for. */
function checkUnique(
  validation: Validation,
  rendered: readonly RenderedResource[],
  named: (index: number) => string,
): void {
  const first = new Map<string, number>();
  for (const [index, { BucketName, Prefix = '' }] of rendered.entries()) {
    const key = JSON.stringify([BucketName, Prefix]);
    const earlier = first.get(key);
    if (earlier === undefined) first.set(key, index);
    else {
      const prefix = Prefix === '' ? 'without a prefix' : `with the prefix "${Prefix}"`;
      const bucket = Token.isUnresolved(BucketName) ? 'the same bucket' : `the bucket "${BucketName}"`;
      validation.require(false, `${named(earlier)} and ${named(index)} are ${bucket} ${prefix}; keep one of them`);
    }
  }
}

function checkSize(validation: Validation, scope: Construct, rendered: readonly RenderedResource[]): void {
  const bytes = Buffer.byteLength(JSON.stringify(Stack.of(scope).resolve(rendered)));
  validation.require(
    bytes <= MAX_BYTES,
    `resources must have at most ${MAX_BYTES} bytes together as CloudFormation delivers them, got ${bytes} bytes in ${rendered.length} entries; split them among several S3ResourceAssociations`,
  );
}
