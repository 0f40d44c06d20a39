import type { Place } from '../reading';
import type { Alarm, AlarmState } from './alarm';
import { lambdaEvent } from './lambda-event';
import { snsMessage, snsSubject } from './sns-message';

/** What alarms do to other services. A failure is an entry in the alarm's history, as in AWS, and nothing more. */
export interface AlarmActions {
  /** Publishes to a topic as CloudWatch. Throws or rejects when there is none or it does not let CloudWatch. */
  publish(topicArn: string, notification: AlarmNotification, source: AlarmSource): unknown;
  /** Invokes a function asynchronously as `lambda.alarms.cloudwatch.amazonaws.com`. Throws or rejects as above. */
  invoke(functionArn: string, payload: string, source: AlarmSource): unknown;
}

export interface AlarmNotification {
  readonly subject: string;
  /** JSON. */
  readonly message: string;
}

/** For resource policies: `aws:SourceArn`, `aws:SourceAccount`. */
export interface AlarmSource extends Place {
  readonly alarmArn: string;
}

/** The actions that an alarm takes for its state. */
export function actionsOf({ settings, state }: Alarm): readonly string[] {
  if (settings.ActionsEnabled === false) return [];
  const { AlarmActions = [], OKActions = [], InsufficientDataActions = [] } = settings;
  return { ALARM: AlarmActions, OK: OKActions, INSUFFICIENT_DATA: InsufficientDataActions }[state.value];
}

/** Carries out one action for the change that an alarm has just made. */
export async function act(
  port: AlarmActions,
  action: string,
  { alarm, previous, place }: { readonly alarm: Alarm; readonly previous: AlarmState; readonly place: Place },
): Promise<void> {
  const source = { accountId: place.accountId, region: place.region, alarmArn: alarm.arn };
  if (action.split(':')[2] === 'sns') {
    const message = JSON.stringify(snsMessage(alarm, previous, place));
    await port.publish(action, { subject: snsSubject(alarm, place), message }, source);
  } else {
    await port.invoke(action, JSON.stringify(lambdaEvent(alarm, previous, place)), source);
  }
}
