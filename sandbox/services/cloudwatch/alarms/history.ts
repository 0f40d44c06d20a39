import { type Alarm, type AlarmState, type HistoryItem, typeOf } from './alarm';

/** Summaries: https://docs.aws.amazon.com/cli/latest/reference/cloudwatch/describe-alarm-history.html, its examples */
export function recordConfiguration(
  history: HistoryItem[],
  alarm: Alarm,
  at: number,
  what: 'created' | 'updated' | 'deleted',
) {
  history.push({
    ...base(alarm, at),
    type: 'ConfigurationUpdate',
    summary: `Alarm "${alarm.name}" ${what}`,
    data: JSON.stringify({
      version: '1.0',
      type: what === 'created' ? 'Create' : what === 'updated' ? 'Update' : 'Delete',
    }),
  });
}

export function recordState(history: HistoryItem[], alarm: Alarm, previous: AlarmState): void {
  history.push({
    ...base(alarm, alarm.state.at),
    type: 'StateUpdate',
    summary: `Alarm updated from ${previous.value} to ${alarm.state.value}`,
    data: JSON.stringify({ version: '1.0', oldState: stateData(previous), newState: stateData(alarm.state) }),
  });
}

export function recordAction(
  history: HistoryItem[],
  {
    alarm,
    action,
    at,
    error,
  }: { readonly alarm: Alarm; readonly action: string; readonly at: number; readonly error?: Error },
): void {
  const outcome = error === undefined ? 'Successfully executed' : 'Failed to execute';
  history.push({
    ...base(alarm, at),
    type: 'Action',
    summary: `${outcome} action ${action}${error === undefined ? '' : `. Received error: "${error.message}"`}`,
    data: JSON.stringify({
      actionState: error === undefined ? 'Succeeded' : 'Failed',
      stateUpdateTimestamp: alarm.state.at,
      notificationResource: action,
      ...(error !== undefined && { error: error.message }),
    }),
  });
}

function base(alarm: Alarm, at: number) {
  return { alarmName: alarm.name, alarmType: typeOf(alarm), at };
}

function stateData({ value, reason, reasonData }: AlarmState) {
  return {
    stateValue: value,
    stateReason: reason,
    ...(reasonData !== undefined && { stateReasonData: JSON.parse(reasonData) }),
  };
}
