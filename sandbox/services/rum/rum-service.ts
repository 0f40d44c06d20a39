import type { ServiceModel } from '../../model/model';
import type { Operation, Service } from '../service';
import { appMonitorOperations } from './app-monitors';
import { eventOperations } from './events';
import { metricDefinitionOperations } from './metric-definitions';
import { metricsDestinationOperations } from './metrics-destinations';
import model from './model.json';
import { type RumOptions, settingsOf } from './options';
import { resourcePolicyOperations } from './resource-policies';
import { type AppMonitor, newRumState, type RumState } from './state';
import { tagOperations } from './tags';

/** Amazon CloudWatch RUM: all operations of its API. What is modelled and what is not: README.md beside this file. */
export class RumService implements Service<RumState> {
  readonly name = 'rum';
  readonly model = model as unknown as ServiceModel;
  readonly operations: Readonly<Record<string, Operation<RumState>>>;

  constructor(options: RumOptions = {}) {
    const context = { service: this, settings: settingsOf(options) };
    this.operations = {
      ...appMonitorOperations(context),
      ...tagOperations(),
      ...metricsDestinationOperations(context),
      ...metricDefinitionOperations(context),
      ...resourcePolicyOperations(),
      ...eventOperations(context),
    };
  }

  newState(): RumState {
    return newRumState();
  }

  inventory(state: RumState): readonly string[] {
    const monitors = this.monitors(state).map((monitor) => `rum app monitor ${monitor.name}`);
    return [...monitors, ...[...state.logGroups].map((group) => `log group ${group}`)];
  }

  /** The monitors of an account and region, also those that are being deleted. */
  monitors(state: RumState): readonly AppMonitor[] {
    return [...state.monitors.values()];
  }
}
