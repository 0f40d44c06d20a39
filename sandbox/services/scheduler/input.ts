import type { Schedule } from './state';

/** One attempt to invoke a target. */
export interface Attempt {
  readonly scheduledTime: number;
  readonly executionId: string;
  /** From 1. */
  readonly number: number;
}

/**
 * The target's input, with the context attributes replaced.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
export function inputOf(schedule: Schedule, attempt: Attempt): string {
  const { input } = schedule.target;
  if (input === undefined) return defaultInput(schedule, attempt);
  const attributes: Readonly<Record<string, string>> = {
    'schedule-arn': schedule.arn,
    'scheduled-time': timeOf(attempt),
    'execution-id': attempt.executionId,
    'attempt-number': String(attempt.number),
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (all, name) => attributes[name] ?? all);
}

/** Whole seconds, in UTC. */
export function timeOf({ scheduledTime }: Attempt): string {
  return new Date(scheduledTime).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function defaultInput({ arn, accountId, region }: Schedule, attempt: Attempt): string {
  return JSON.stringify({
    version: '0',
    id: attempt.executionId,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: accountId,
    time: timeOf(attempt),
    region,
    resources: [arn],
    detail: '{}',
  });
}
