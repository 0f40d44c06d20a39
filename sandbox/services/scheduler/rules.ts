import { invalid } from './errors';
import type { ScheduleDefinition } from './state';

const NAME = /^[0-9a-zA-Z-_.]{1,64}$/;
const FUNCTION_ARN = /^arn:[\w-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:\$LATEST)?$/;
const QUEUE_ARN = /^arn:[\w-]+:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9\-_]+$/;

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
export function checkName(what: string, name: string): void {
  if (!NAME.test(name)) throw invalid(`${what} "${name}" must match ${NAME.source}`);
}

/** Throws what CreateSchedule answers to values that it does not take. The expression is checked where it is parsed. */
export function checkDefinition(definition: ScheduleDefinition): void {
  const { target, windowMinutes, startDate, endDate, state = 'ENABLED' } = definition;
  const { maximumRetryAttempts, maximumEventAgeSeconds } = target.retries ?? {};
  if (state !== 'ENABLED' && state !== 'DISABLED') throw invalid(`State "${state}" must be ENABLED or DISABLED`);
  if (!FUNCTION_ARN.test(target.arn)) {
    throw invalid(`the sandbox's schedules invoke Lambda functions only, got the target ${target.arn}`);
  }
  if (target.deadLetterArn !== undefined && !QUEUE_ARN.test(target.deadLetterArn)) {
    throw invalid(`DeadLetterConfig.Arn "${target.deadLetterArn}" must be the ARN of a queue`);
  }
  checkRange('MaximumWindowInMinutes', windowMinutes, 1, 1440);
  checkRange('MaximumRetryAttempts', maximumRetryAttempts, 0, 185);
  checkRange('MaximumEventAgeInSeconds', maximumEventAgeSeconds, 60, 86_400);
  if (startDate !== undefined && endDate !== undefined && endDate <= startDate) {
    throw invalid('EndDate must be after StartDate');
  }
}

function checkRange(what: string, value: number | undefined, min: number, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw invalid(`${what} ${value} must be a whole number from ${min} to ${max}`);
}
