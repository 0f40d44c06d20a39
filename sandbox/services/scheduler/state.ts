import type { Recurrence } from './expressions';

/** What CreateSchedule takes, as far as the sandbox has it. */
export interface ScheduleDefinition {
  readonly description?: string;
  readonly expression: string;
  /** @default UTC */
  readonly timeZone?: string;
  /** Virtual times in milliseconds. */
  readonly startDate?: number;
  readonly endDate?: number;
  /** @default ENABLED */
  readonly state?: 'ENABLED' | 'DISABLED';
  /** In place of an invocation at the exact time, one in so many minutes after it. */
  readonly windowMinutes?: number;
  readonly target: Target;
}

export interface Target {
  /** A Lambda function. */
  readonly arn: string;
  readonly roleArn: string;
  readonly input?: string;
  /** Without them, those of {@link DEFAULT_RETRIES}. */
  readonly retries?: Partial<RetryPolicy>;
  /** A queue. */
  readonly deadLetterArn?: string;
}

export interface RetryPolicy {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule.html: 185 times, within a day. */
export const DEFAULT_RETRIES: RetryPolicy = { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 };

export interface Place {
  readonly accountId: string;
  readonly region: string;
}

export interface Schedule extends ScheduleDefinition, Place {
  readonly arn: string;
  readonly group: string;
  readonly name: string;
  readonly recurrence: Recurrence;
  /** Virtual times in milliseconds. */
  readonly created: number;
  readonly modified: number;
}

export interface ScheduleGroup {
  readonly arn: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface SchedulerState {
  /** By group and name, with a slash between. */
  readonly schedules: Map<string, Schedule>;
  /** By name; the group `default` is always there. */
  readonly groups: Map<string, ScheduleGroup>;
}

export const DEFAULT_GROUP = 'default';

export function groupArn(partition: string, { accountId, region }: Place, group: string): string {
  return `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/${group}`;
}

export function scheduleArn(partition: string, { accountId, region }: Place, group: string, name: string): string {
  return `arn:${partition}:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
}
