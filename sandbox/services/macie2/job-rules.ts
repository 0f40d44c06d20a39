/**
 * What CreateClassificationJob demands of settings. The model has no lengths and few required members, so these rules are
 * those of the documentation: https://docs.aws.amazon.com/macie/latest/APIReference/jobs.html
 */
import type { Document } from '../service';
import { quotaExceeded, validation } from './errors';
import type { Macie2Quotas } from './options';
import { checkBucketCriteria, checkScoping } from './scope-rules';
import { checkTags } from './tag-rules';

const NAME_LENGTH = 500;
const DESCRIPTION_LENGTH = 200;

export function checkJob(input: Document, quotas: Macie2Quotas): void {
  checkLength('name', input.name, 1, NAME_LENGTH);
  checkLength('clientToken', input.clientToken, 1);
  checkLength('description', input.description ?? '', 0, DESCRIPTION_LENGTH);
  checkSchedule(input);
  checkSampling(input.samplingPercentage);
  checkIdentifiers(input);
  checkDefinition(input.s3JobDefinition, quotas);
  checkTags(input.tags ?? {});
  checkCount('customDataIdentifierIds', input.customDataIdentifierIds, quotas.customDataIdentifiersPerJob);
  checkCount('allowListIds', input.allowListIds, quotas.allowListsPerJob);
}

function checkLength(name: string, value: string, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (value.length >= min && value.length <= max) return;
  throw validation(`${name} must have ${min} to ${max} characters, got ${value.length}`);
}

function checkSchedule({ jobType, scheduleFrequency, initialRun }: Document): void {
  if (jobType === 'ONE_TIME') {
    if (scheduleFrequency !== undefined) throw validation('a ONE_TIME job has no scheduleFrequency: leave it out');
    if (initialRun !== undefined) throw validation('a ONE_TIME job has no initialRun: leave it out');
    return;
  }
  const { dailySchedule, weeklySchedule, monthlySchedule } = scheduleFrequency ?? {};
  const given = [dailySchedule, weeklySchedule, monthlySchedule].filter((schedule) => schedule !== undefined);
  if (given.length !== 1) {
    throw validation(
      'a SCHEDULED job needs one of dailySchedule, weeklySchedule and monthlySchedule in scheduleFrequency',
    );
  }
  if (weeklySchedule !== undefined && weeklySchedule.dayOfWeek === undefined) {
    throw validation('weeklySchedule needs a dayOfWeek');
  }
  const day = monthlySchedule?.dayOfMonth;
  if (monthlySchedule !== undefined && !(day >= 1 && day <= 31)) {
    throw validation(`monthlySchedule needs a dayOfMonth from 1 to 31, got ${day}`);
  }
}

function checkSampling(percentage: number | undefined): void {
  if (percentage === undefined || (percentage >= 1 && percentage <= 100)) return;
  throw validation(`samplingPercentage must be 1 to 100, got ${percentage}`);
}

function checkIdentifiers(input: Document): void {
  const { managedDataIdentifierSelector: selector = 'RECOMMENDED', managedDataIdentifierIds = [] } = input;
  const takesIds = selector === 'INCLUDE' || selector === 'EXCLUDE';
  if (takesIds && managedDataIdentifierIds.length === 0) {
    throw validation(`managedDataIdentifierSelector ${selector} needs managedDataIdentifierIds`);
  }
  if (!takesIds && managedDataIdentifierIds.length > 0) {
    throw validation(`managedDataIdentifierSelector ${selector} takes no managedDataIdentifierIds: leave them out`);
  }
  if (selector === 'NONE' && (input.customDataIdentifierIds ?? []).length === 0) {
    throw validation('managedDataIdentifierSelector NONE needs customDataIdentifierIds');
  }
}

function checkDefinition(definition: Document, quotas: Macie2Quotas): void {
  const { bucketDefinitions, bucketCriteria, scoping } = definition;
  if ((bucketDefinitions === undefined) === (bucketCriteria === undefined)) {
    throw validation('s3JobDefinition needs bucketDefinitions or bucketCriteria, and not both');
  }
  if (bucketDefinitions !== undefined) checkBuckets(bucketDefinitions, quotas);
  if (bucketCriteria !== undefined) checkBucketCriteria(bucketCriteria);
  if (scoping !== undefined) checkScoping(scoping);
}

function checkBuckets(definitions: readonly Document[], quotas: Macie2Quotas): void {
  if (definitions.length === 0) throw validation('bucketDefinitions must not be empty');
  for (const { accountId, buckets } of definitions) {
    if (!/^\d{12}$/.test(accountId)) throw validation(`accountId must be 12 digits, got '${accountId}'`);
    if (buckets.length === 0) throw validation(`bucketDefinitions of account ${accountId} name no buckets`);
  }
  checkCount(
    'bucketDefinitions',
    definitions.flatMap(({ buckets }) => buckets),
    quotas.bucketsPerJob,
  );
}

function checkCount(name: string, values: readonly string[] | undefined, most: number): void {
  const count = values?.length ?? 0;
  if (count > most) throw quotaExceeded(`${name} of a job can be ${most} at most, got ${count}`);
}
