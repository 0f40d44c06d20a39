import { Token } from 'aws-cdk-lib';
import { checkTags } from '../core/tag-validation';
import { knownEntries, Validation } from '../core/validation';
import type { AccountBuckets, ClassificationJobProps } from './classification-job-props';
import { ManagedDataIdentifiers } from './managed-data-identifiers';

/*
 * Members of CreateClassificationJob: https://docs.aws.amazon.com/macie/latest/APIReference/jobs.html
 * Quotas of a job: https://docs.aws.amazon.com/macie/latest/user/macie-quotas.html
 */
export const MAX_BUCKETS = 1000;
const MAX_CUSTOM_DATA_IDENTIFIERS = 30;
const MAX_ALLOW_LISTS = 10;
/** Of 50, without those by which the handler knows its own, one of them on replacements only. */
export const MAX_TAGS = 47;

/** Fails with everything that is wrong with the props; tokens are left to the service. */
export function validateJob(path: string, props: ClassificationJobProps): void {
  const validation = new Validation(path)
    .length('jobName', props.jobName, 1, 500)
    .length('description', props.description, 0, 200)
    .range('samplingPercentage', props.samplingPercentage, 1, 100)
    .whole('samplingPercentage', props.samplingPercentage)
    .count('customDataIdentifierIds', props.customDataIdentifierIds, 0, MAX_CUSTOM_DATA_IDENTIFIERS)
    .count('allowListIds', props.allowListIds, 0, MAX_ALLOW_LISTS)
    .require(
      props.initialRun === undefined || props.schedule !== undefined,
      'initialRun is for a job with a schedule; pass a schedule, or leave initialRun out: a job that runs once analyzes all objects',
    );
  validateIdentifiers(validation, props);
  validateBuckets(validation, props);
  checkTags(validation, props.tags, MAX_TAGS).throwIfInvalid();
}

function validateIdentifiers(
  validation: Validation,
  { managedDataIdentifiers, customDataIdentifierIds = [] }: ClassificationJobProps,
): void {
  validation.require(
    managedDataIdentifiers !== ManagedDataIdentifiers.NONE ||
      Token.isUnresolved(customDataIdentifierIds) ||
      customDataIdentifierIds.length > 0,
    'managedDataIdentifiers is NONE without customDataIdentifierIds; pass some, or use other managed data identifiers',
  );
}

function validateBuckets(validation: Validation, { buckets, bucketCriteria }: ClassificationJobProps): void {
  validation.require(
    (buckets === undefined) !== (bucketCriteria === undefined),
    `pass either buckets or bucketCriteria, got ${buckets === undefined ? 'neither' : 'both'}`,
  );
  if (bucketCriteria !== undefined) {
    const { includes = [], excludes = [] } = bucketCriteria;
    validation.require(
      includes.length + excludes.length > 0,
      'bucketCriteria has no condition; pass at least one in includes or excludes',
    );
  }
  if (buckets === undefined) return;
  validation.filled('buckets', buckets);
  for (const [index, definition] of buckets.entries()) validateAccount(validation, `buckets[${index}]`, definition);
  const count = buckets.reduce((sum, definition) => sum + bucketNamesOf(definition).length, 0);
  validation.check('buckets', `${count} buckets`, count <= MAX_BUCKETS, `name at most ${MAX_BUCKETS} buckets`);
}

function validateAccount(validation: Validation, property: string, definition: AccountBuckets): void {
  const names = bucketNamesOf(definition);
  validation
    .pattern(`${property}.accountId`, definition.accountId, /^\d{12}$/, 'be the 12 digits of an account')
    .require(names.length > 0, `${property} names no bucket; pass buckets, bucketNames or both`);
  for (const name of knownEntries(definition.bucketNames)) {
    validation.length(`${property}.bucketNames`, name, 1, 255);
  }
}

/** Names of all buckets of an account, each once. A list that is a token stands for one. */
export function bucketNamesOf({ buckets = [], bucketNames = [] }: AccountBuckets): string[] {
  return [...new Set([...buckets.map(({ bucketName }) => bucketName), ...bucketNames])];
}
