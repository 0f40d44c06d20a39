import { invalid } from '../errors';
import type { Alarm } from './alarm';

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, the lists of actions */
const MAX_ACTIONS = 5;

/** The services that alarms act on here. */
const ACTION = /^arn:[\w-]+:(?:sns:[\w-]+:\d{12}:[\w.-]+|lambda:[\w-]+:\d{12}:function:[\w-]+(?::[\w$-]+)?)$/;

export function checkName(name: string): void {
  if (/^\P{Cc}{1,255}$/u.test(name)) return;
  throw invalid(`an alarm's name has 1 to 255 characters and no control characters, got '${name}'`);
}

export function checkActions(settings: Alarm['settings']): void {
  for (const key of ['AlarmActions', 'OKActions', 'InsufficientDataActions'] as const) {
    const actions = settings[key] ?? [];
    if (actions.length > MAX_ACTIONS) {
      throw invalid(`${key}: Member must have length less than or equal to ${MAX_ACTIONS}, got ${actions.length}`);
    }
    const unknown = actions.find((action) => !ACTION.test(action));
    if (unknown !== undefined) {
      throw invalid(
        `Invalid arn syntax: the sandbox knows SNS topics and Lambda functions as actions, got ${unknown} in ${key}`,
      );
    }
  }
}
