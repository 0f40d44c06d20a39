import type { Service, World } from '../../service';
import { alarmNotFound, invalid } from '../errors';
import type { Place } from '../reading';
import type { CloudWatchState } from '../state';
import {
  type Alarm,
  type CompositeAlarmSettings,
  type HistoryItem,
  isComposite,
  type MetricAlarmSettings,
  type StateValue,
} from './alarm';
import type { AlarmClock } from './alarm-clock';
import { checkActions, checkName } from './alarm-rules';
import { alarmsIn, parseRule } from './composite-rule';
import { recordConfiguration } from './history';
import { checkMetricAlarm } from './metric-alarm-rules';
import { initialState } from './reason';

/** The alarms of all accounts and regions, for who makes them without calling the API: CloudFormation and tests. */
export class Alarms {
  constructor(
    private readonly world: World,
    private readonly service: Service<CloudWatchState>,
    private readonly clock: AlarmClock,
  ) {}

  /** Makes an alarm, or replaces all settings of one, whose state then stays. Throws a ValidationError. */
  put(place: Place, settings: MetricAlarmSettings): Alarm {
    checkMetricAlarm(settings);
    return this.store(place, settings);
  }

  putComposite(place: Place, settings: CompositeAlarmSettings): Alarm {
    checkName(settings.AlarmName);
    checkActions(settings);
    const { alarms } = this.state(place);
    const unknown = alarmsIn(parseRule(settings.AlarmRule)).filter((name) => !alarms.has(name));
    if (unknown.length > 0) {
      throw invalid(
        `Could not save the composite alarm as alarms [${unknown.join(', ')}] in the alarm rule do not exist`,
      );
    }
    return this.store(place, settings);
  }

  /** An alarm that a composite one names cannot go before it. */
  delete(place: Place, name: string): void {
    const state = this.state(place);
    const alarm = existing(state, name);
    const parents = [...state.alarms.values()].filter(
      ({ settings }) => isComposite(settings) && alarmsIn(parseRule(settings.AlarmRule)).includes(name),
    );
    if (parents.length > 0) {
      const names = parents.map((parent) => parent.name).join(', ');
      throw invalid(`Cannot delete ${name} as there are composite alarm(s) depending on it: ${names}`);
    }
    state.alarms.delete(name);
    recordConfiguration(state.history, alarm, this.world.clock.now(), 'deleted');
    this.clock.watch({ ...placeOf(place), state });
  }

  has(place: Place, name: string): boolean {
    return this.state(place).alarms.has(name);
  }

  get(place: Place, name: string): Alarm {
    return existing(this.state(place), name);
  }

  /** What has happened to an alarm, the oldest first. */
  history(place: Place, name: string): readonly HistoryItem[] {
    return this.state(place).history.filter(({ alarmName }) => alarmName === name);
  }

  /** The states that an alarm went through, each with the moment at which it began. */
  transitions(place: Place, name: string): ReadonlyArray<{ readonly at: Date; readonly state: StateValue }> {
    const updates = this.history(place, name).filter(({ type }) => type === 'StateUpdate');
    return updates.map(({ at, data }) => ({ at: new Date(at), state: JSON.parse(data).newState.stateValue }));
  }

  private store(place: Place, settings: Alarm['settings']): Alarm {
    const { world } = this;
    const state = this.state(place);
    const name = settings.AlarmName;
    const now = world.clock.now();
    const known = state.alarms.get(name);
    if (known !== undefined && isComposite(known.settings) !== isComposite(settings)) {
      throw invalid(`An alarm of another type has the name ${name} already`);
    }
    const arn = `arn:${world.partition}:cloudwatch:${place.region}:${place.accountId}:alarm:${name}`;
    const alarm = known ?? { name, arn, settings, configuredAt: now, state: initialState(now), transitionedAt: now };
    Object.assign(alarm, { settings, configuredAt: now });
    state.alarms.set(name, alarm);
    recordConfiguration(state.history, alarm, now, known === undefined ? 'created' : 'updated');
    this.clock.watch({ ...placeOf(place), state });
    return alarm;
  }

  private state({ accountId, region }: Place): CloudWatchState {
    return this.world.state(this.service, accountId, region);
  }
}

function existing({ alarms }: CloudWatchState, name: string): Alarm {
  const alarm = alarms.get(name);
  if (alarm === undefined) throw alarmNotFound(name);
  return alarm;
}

/** Callers may hand in more than a place. */
function placeOf({ accountId, region }: Place): Place {
  return { accountId, region };
}
