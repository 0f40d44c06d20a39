import type { ServiceError } from '../service';
import { type Attempt, inputOf, timeOf } from './input';
import type { Schedule } from './state';

/** A message to a dead-letter queue. */
export interface DeadLetter {
  readonly queueArn: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * What a schedule's queue gets of an invocation that was given up.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 */
export function deadLetter(
  schedule: Schedule,
  attempt: Attempt,
  error: ServiceError,
  exhausted: 'MaximumRetryAttempts' | 'MaximumEventAgeInSeconds',
): DeadLetter | undefined {
  const { arn, target } = schedule;
  if (target.deadLetterArn === undefined) return undefined;
  return {
    queueArn: target.deadLetterArn,
    body: inputOf(schedule, attempt),
    attributes: {
      ERROR_CODE: error.code,
      ERROR_MESSAGE: error.message,
      EXECUTION_ID: attempt.executionId,
      EXHAUSTED_RETRY_CONDITION: exhausted,
      IS_PAYLOAD_TRUNCATED: 'false',
      RETRY_ATTEMPTS: String(attempt.number - 1),
      SCHEDULED_TIME: timeOf(attempt),
      SCHEDULE_ARN: arn,
      TARGET_ARN: target.arn,
    },
  };
}
