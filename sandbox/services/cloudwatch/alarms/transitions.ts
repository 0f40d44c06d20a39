import type { ComputedMetrics } from '../../pi/computed-metrics';
import type { World } from '../../service';
import type { EvaluationTools } from '../math/evaluation';
import type { CloudWatchSettings } from '../options';
import { Reader } from '../reading';
import { type AlarmActions, act, actionsOf } from './actions';
import { type Alarm, type AlarmState, isComposite, type MetricAlarmSettings } from './alarm';
import type { AlarmPlace } from './alarm-clock';
import { alarmsIn, holds, parseRule } from './composite-rule';
import { evaluate } from './evaluation';
import { recordAction, recordState } from './history';
import { longDate, reasonDataOf, reasonOf, UNCHECKED } from './reason';

export interface TransitionTools {
  readonly world: World;
  readonly settings: CloudWatchSettings;
  readonly computed?: ComputedMetrics;
  readonly actions?: AlarmActions;
}

/** Changes the states of alarms, and does what they ask for. */
export class Transitions {
  constructor(private readonly tools: TransitionTools) {}

  /** A metric alarm, by its metric as it is now. */
  evaluate(alarm: Alarm, place: AlarmPlace): void {
    const settings = alarm.settings as MetricAlarmSettings;
    const evaluated = evaluate(settings, this.evaluationTools(place), this.tools.settings.extraDatapoints);
    const { value: from, reason: before } = alarm.state;
    const { state: to = from } = evaluated.verdict;
    // The first look explains why there is no other state yet.
    if (to === from && before !== UNCHECKED) return;
    if (to === from && evaluated.verdict.state === undefined) return;
    const reason = reasonOf(settings, from, to, evaluated);
    const state = { value: to, reason, reasonData: reasonDataOf(settings, evaluated), at: evaluated.now };
    if (to === from) alarm.state = state;
    else this.change(alarm, state, place);
  }

  /** A composite alarm, by the states of its children. As in AWS, a circle of them is gone through once. */
  evaluateComposite(alarm: Alarm, place: AlarmPlace, path: readonly Alarm[] = []): void {
    if (!isComposite(alarm.settings) || path.includes(alarm)) return;
    const { alarms } = place.state;
    const rule = parseRule(alarm.settings.AlarmRule);
    const value = holds(rule, (name) => alarms.get(name)?.state.value) ? 'ALARM' : 'OK';
    if (value === alarm.state.value) return;
    const at = this.tools.world.clock.now();
    const children = alarmsIn(rule).flatMap((name) => alarms.get(name) ?? []);
    this.change(alarm, { value, ...compositeReason(alarm, value, children), at }, place, path);
  }

  private change(alarm: Alarm, state: AlarmState, place: AlarmPlace, path: readonly Alarm[] = []): void {
    const previous = alarm.state;
    alarm.state = state;
    alarm.transitionedAt = state.at;
    recordState(place.state.history, alarm, previous);
    void this.act({ ...alarm }, previous, place);
    for (const parent of parentsOf(alarm, place)) this.evaluateComposite(parent, place, [...path, alarm]);
  }

  /** One after the other, within the same instant. What came of it is in the history. */
  private async act(alarm: Alarm, previous: AlarmState, { accountId, region, state }: AlarmPlace): Promise<void> {
    const { actions, world } = this.tools;
    if (actions === undefined) return;
    for (const action of actionsOf(alarm)) {
      const error = await act(actions, action, { alarm, previous, place: { accountId, region } }).then(
        () => undefined,
        (reason: Error) => reason,
      );
      recordAction(state.history, { alarm, action, at: world.clock.now(), error });
    }
  }

  private evaluationTools({ accountId, region, state }: AlarmPlace): EvaluationTools {
    const { world, computed, settings } = this.tools;
    const reader = new Reader({ accountId, region }, state.metrics, computed, world.clock.now());
    return { reader, bands: state.bands, anomalyDetection: settings.anomalyDetection };
  }
}

/** The composite alarms whose rules name this one. */
function parentsOf({ name }: Alarm, { state }: AlarmPlace): Alarm[] {
  return [...state.alarms.values()].filter(
    ({ settings }) => isComposite(settings) && alarmsIn(parseRule(settings.AlarmRule)).includes(name),
  );
}

/** Here the child that changed last is the one that is named. */
function compositeReason(alarm: Alarm, value: string, children: readonly Alarm[]) {
  const [last] = [...children].sort((a, b) => b.state.at - a.state.at);
  const reason =
    last === undefined
      ? `${alarm.arn} transitioned to ${value}`
      : `${last.arn} transitioned to ${last.state.value} at ${new Date(last.state.at).toUTCString()}`;
  const triggeringAlarms = children
    .filter((child) => child === last)
    .map(({ arn, state }) => ({ arn, state: { value: state.value, timestamp: longDate(state.at) } }));
  return { reason, reasonData: JSON.stringify({ triggeringAlarms }) };
}
