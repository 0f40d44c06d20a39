/**
 * Actions, ARNs and condition keys as the service authorization reference lists them:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmacie.html
 */
import type { Context, Permission } from '../../iam/principal';
import type { Call, Document } from '../service';
import { type Job, jobArn, type Macie2State } from './state';

/** An action that has no resource-level permission. */
export function onEverything(action: string): Permission {
  return { action: `macie2:${action}`, resource: '*' };
}

/** An action on a job, with its tags where it exists. */
export function onJob(action: string, id: string, call: Call, state: Macie2State): Permission {
  return { action: `macie2:${action}`, resource: jobArn(call, id), context: resourceTags(state.jobs.get(id)) };
}

/** The id of a job that is about to be made is not known to the caller, so a policy can only name a prefix of its ARN. */
export function createPermissions(input: Document, call: Call): Permission[] {
  const resource = jobArn(call, 'job-new');
  const tags = input.tags ?? {};
  const create = { action: 'macie2:CreateClassificationJob', resource, context: requestTags(tags) };
  if (Object.keys(tags).length === 0) return [create];
  return [create, { action: 'macie2:TagResource', resource, context: requestTags(tags) }];
}

export function onTagged(action: string, input: Document, state: Macie2State): Permission {
  const keys: Context = input.tagKeys === undefined ? {} : { 'aws:TagKeys': input.tagKeys };
  const context = { ...resourceTags(jobByArn(input.resourceArn, state)), ...requestTags(input.tags ?? {}), ...keys };
  return { action: `macie2:${action}`, resource: input.resourceArn, context };
}

export function jobByArn(arn: string, state: Macie2State): Job | undefined {
  return [...state.jobs.values()].find((job) => job.arn === arn);
}

function requestTags(tags: Readonly<Record<string, string>>): Context {
  const entries = Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value] as const);
  return { ...Object.fromEntries(entries), ...(entries.length > 0 && { 'aws:TagKeys': Object.keys(tags) }) };
}

function resourceTags(job: Job | undefined): Context {
  return Object.fromEntries([...(job?.tags ?? [])].map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
}
