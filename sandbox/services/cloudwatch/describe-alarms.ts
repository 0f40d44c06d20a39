/**
 * Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html and
 * API_DescribeAlarmHistory.html
 */
import type { Document } from '../service';
import { type Alarm, isComposite, typeOf } from './alarms/alarm';
import { invalidCombination, invalidValue } from './errors';
import { pageOf } from './pages';
import type { CloudWatchState } from './state';
import { milliseconds } from './time';

/** Metric alarms only, unless the request says otherwise. */
export function describeAlarms(input: Document, state: CloudWatchState): Document {
  if (input.AlarmNames !== undefined && input.AlarmNamePrefix !== undefined) {
    throw invalidCombination('AlarmNames and AlarmNamePrefix cannot both be specified.');
  }
  for (const key of ['ChildrenOfAlarmName', 'ParentsOfAlarmName']) {
    if (input[key] !== undefined) throw invalidValue(`the sandbox does not model ${key}: use AlarmNames`);
  }
  const alarms = [...state.alarms.values()]
    .filter((alarm) => fits(alarm, input))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, ...rest } = pageOf(alarms, input.MaxRecords ?? 50, input.NextToken);
  return {
    MetricAlarms: items.filter(({ settings }) => !isComposite(settings)).map(describe),
    CompositeAlarms: items.filter(({ settings }) => isComposite(settings)).map(describe),
    ...rest,
  };
}

function fits(alarm: Alarm, input: Document): boolean {
  const { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'], StateValue, ActionPrefix } = input;
  const { name, settings, state } = alarm;
  const actions = [settings.AlarmActions, settings.OKActions, settings.InsufficientDataActions].flatMap(
    (list) => list ?? [],
  );
  return (
    (AlarmNames === undefined || AlarmNames.includes(name)) &&
    name.startsWith(AlarmNamePrefix) &&
    AlarmTypes.includes(typeOf(alarm)) &&
    (StateValue === undefined || StateValue === state.value) &&
    (ActionPrefix === undefined || actions.some((action) => action.startsWith(ActionPrefix)))
  );
}

function describe({ arn, settings, state, configuredAt, transitionedAt }: Alarm): Document {
  const { ActionsEnabled = true, OKActions = [], AlarmActions = [], InsufficientDataActions = [] } = settings;
  const lists = isComposite(settings) ? {} : { Dimensions: settings.Dimensions ?? [] };
  return {
    ...settings,
    ...lists,
    ActionsEnabled,
    OKActions,
    AlarmActions,
    InsufficientDataActions,
    AlarmArn: arn,
    AlarmConfigurationUpdatedTimestamp: new Date(configuredAt),
    StateValue: state.value,
    StateReason: state.reason,
    StateReasonData: state.reasonData,
    StateUpdatedTimestamp: new Date(state.at),
    StateTransitionedTimestamp: new Date(transitionedAt),
  };
}

/** The newest first, unless the request says otherwise. */
export function describeAlarmHistory(input: Document, state: CloudWatchState): Document {
  const { AlarmName, AlarmTypes = ['MetricAlarm'], HistoryItemType, StartDate, EndDate, ScanBy } = input;
  const items = state.history.filter(
    ({ alarmName, alarmType, type, at }) =>
      (AlarmName === undefined || alarmName === AlarmName) &&
      (AlarmName !== undefined || AlarmTypes.includes(alarmType)) &&
      (HistoryItemType === undefined || type === HistoryItemType) &&
      (StartDate === undefined || at >= milliseconds(StartDate)) &&
      (EndDate === undefined || at <= milliseconds(EndDate)),
  );
  const ordered = ScanBy === 'TimestampAscending' ? items : [...items].reverse();
  const { items: shown, ...rest } = pageOf(ordered, input.MaxRecords ?? 100, input.NextToken);
  const AlarmHistoryItems = shown.map(({ alarmName, alarmType, at, type, summary, data }) => ({
    AlarmName: alarmName,
    AlarmType: alarmType,
    Timestamp: new Date(at),
    HistoryItemType: type,
    HistorySummary: summary,
    HistoryData: data,
  }));
  return { AlarmHistoryItems, ...rest };
}
