import type { Document } from '../service';
import { DEFAULT_RETRIES, type Schedule } from './state';

/** What ListSchedules shows of a schedule. */
export function summaryOf({ arn, group, name, state, target, created, modified }: Schedule): Document {
  return {
    Arn: arn,
    GroupName: group,
    Name: name,
    State: state ?? 'ENABLED',
    Target: { Arn: target.arn },
    CreationDate: new Date(created),
    LastModificationDate: new Date(modified),
  };
}

/** What GetSchedule shows of it. */
export function descriptionOf(schedule: Schedule): Document {
  const { target, description, expression, timeZone, startDate, endDate, windowMinutes } = schedule;
  const { maximumEventAgeSeconds, maximumRetryAttempts } = { ...DEFAULT_RETRIES, ...target.retries };
  return {
    ...summaryOf(schedule),
    ...(description !== undefined && { Description: description }),
    ScheduleExpression: expression,
    ScheduleExpressionTimezone: timeZone ?? 'UTC',
    ...(startDate !== undefined && { StartDate: new Date(startDate) }),
    ...(endDate !== undefined && { EndDate: new Date(endDate) }),
    FlexibleTimeWindow:
      windowMinutes === undefined ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: windowMinutes },
    Target: {
      Arn: target.arn,
      RoleArn: target.roleArn,
      ...(target.input !== undefined && { Input: target.input }),
      ...(target.deadLetterArn !== undefined && { DeadLetterConfig: { Arn: target.deadLetterArn } }),
      RetryPolicy: {
        MaximumEventAgeInSeconds: maximumEventAgeSeconds,
        MaximumRetryAttempts: maximumRetryAttempts,
      },
    },
  };
}
