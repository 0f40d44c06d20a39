import type { World } from '../../service';
import type { CloudWatchSettings } from '../options';
import type { Place } from '../reading';
import type { CloudWatchState } from '../state';
import { isComposite } from './alarm';
import type { Transitions } from './transitions';

const MINUTE_MS = 60_000;

export interface AlarmPlace extends Place {
  readonly state: CloudWatchState;
}

/**
 * Evaluates all alarms once a minute, in the order of their making. It ticks only while there are alarms, and in the
 * background: a minute passes when somebody waits for it, never for the sake of an alarm (`sandbox/kernel/clock.ts`).
 */
export class AlarmClock {
  private readonly places = new Map<string, AlarmPlace>();
  private cancel?: () => void;

  constructor(
    private readonly world: World,
    private readonly settings: CloudWatchSettings,
    private readonly transitions: Transitions,
  ) {}

  /** To be called whenever a place has got or lost an alarm. */
  watch(place: AlarmPlace): void {
    const key = `${place.accountId}/${place.region}`;
    if (place.state.alarms.size > 0) this.places.set(key, place);
    else this.places.delete(key);
    if (this.places.size > 0) this.cancel ??= this.next();
    else this.stop();
  }

  private stop(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private next(): () => void {
    const offset = this.settings.evaluationSecond * 1000;
    const now = this.world.clock.now();
    const at = (Math.floor((now - offset) / MINUTE_MS) + 1) * MINUTE_MS + offset;
    return this.world.clock.schedule(at - now, () => this.tick(), { background: true });
  }

  private tick(): void {
    this.cancel = this.next();
    for (const place of this.places.values()) {
      const alarms = [...place.state.alarms.values()];
      for (const alarm of alarms.filter((one) => !isComposite(one.settings))) this.transitions.evaluate(alarm, place);
      // Composite alarms follow their children at once; this is for those that are new or have another rule.
      for (const alarm of alarms.filter((one) => isComposite(one.settings)))
        this.transitions.evaluateComposite(alarm, place);
    }
  }
}
