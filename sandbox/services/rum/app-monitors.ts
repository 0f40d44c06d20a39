/**
 * App monitors: create, read, change, delete, list.
 *
 * - A name is taken until its monitor is gone, and cannot be changed; a second create answers Conflict whoever sends
 *   it.
 * - A monitor is `CREATED` at once and moves on to the steady state after the settling time (options).
 * - Reads return what was set and the documented defaults (sample rate 0.1, custom events DISABLED, platform Web, no
 *   copy to Logs) and leave out the rest; the modification time only appears with the first update.
 * - Times: the model and the reference give a length of exactly 19, which a time without fraction and zone has; the
 *   reference's pattern demands both (so at least 22 characters), and the documented answers have 27
 *   (`2024-04-04T16:13:09.278943Z`). Nothing satisfies all, so the form that AWS was seen to answer is used.
 * - Logs: the name of the log group shows as soon as the copy is enabled, the group itself comes with the first event.
 */
import type { Call, Document } from '../service';
import {
  checkDeobfuscation,
  checkNewDomain,
  checkOneDomain,
  checkReferences,
  resultingConfiguration,
} from './configuration';
import { conflict, quotaExceeded } from './errors';
import { page } from './pages';
import { createPermissions, onMonitor, updatePermissions } from './permissions';
import {
  type AppMonitor,
  accountState,
  changeableMonitor,
  existingMonitor,
  monitorArn,
  type RumContext,
  type RumOperations,
  type RumState,
} from './state';
import { checkTagCount } from './tags';

export function appMonitorOperations(context: RumContext): RumOperations {
  return {
    CreateAppMonitor: {
      permissions: (input, call) => createPermissions(input, call, context),
      handle: (input, state, call) => create(input, state, call, context),
    },
    GetAppMonitor: {
      permissions: (input, call, state) => [onMonitor('GetAppMonitor', input.Name, call, state)],
      handle: (input, state, call) => ({ AppMonitor: describe(existingMonitor(state, input.Name), call, context) }),
    },
    UpdateAppMonitor: {
      permissions: (input, call, state) => updatePermissions(input, call, state, context),
      handle: (input, state, call) => update(input, state, call, context),
    },
    DeleteAppMonitor: {
      permissions: (input, call, state) => [onMonitor('DeleteAppMonitor', input.Name, call, state)],
      handle: (input, state, call) => remove(input, state, call, context),
    },
    ListAppMonitors: {
      permissions: () => [{ action: 'rum:ListAppMonitors', resource: '*' }],
      handle: (input, state, call) => list(input, state, call, context),
    },
  };
}

/** Where RUM copies a monitor's events. */
export function logGroupName(monitor: AppMonitor): string {
  return `/aws/vendedlogs/RUMService_${monitor.name}${monitor.id.slice(0, 8)}`;
}

function create(input: Document, state: RumState, call: Call, context: RumContext): Document {
  const { settings } = context;
  checkNewDomain(input);
  checkDeobfuscation(input.DeobfuscationConfiguration);
  const configuration = resultingConfiguration(input.AppMonitorConfiguration, undefined, settings);
  const tags = new Map<string, string>(Object.entries(input.Tags ?? {}));
  checkTagCount(tags);
  if (state.monitors.has(input.Name)) throw conflict('AppMonitor', input.Name, 'already exists');
  checkReferences(input.AppMonitorConfiguration, call, settings);
  if (state.monitors.size >= settings.quotas.appMonitors) {
    throw quotaExceeded(`The account has ${state.monitors.size} app monitors in this region, which is its quota`);
  }
  const monitor: AppMonitor = {
    name: input.Name,
    id: call.world.random.uuid(),
    arn: monitorArn(call, input.Name),
    platform: input.Platform ?? 'Web',
    createdAt: call.world.clock.now(),
    domain: input.Domain,
    domainList: input.DomainList,
    configuration,
    cwLogEnabled: input.CwLogEnabled ?? false,
    customEvents: input.CustomEvents?.Status ?? 'DISABLED',
    deobfuscation: input.DeobfuscationConfiguration,
    tags,
    destinations: new Map(),
    events: [],
    deleting: false,
  };
  state.monitors.set(monitor.name, monitor);
  accountState(context, call).serviceLinkedRole = true;
  return { Id: monitor.id };
}

/** Changes what the request names and keeps the rest. Everything is checked before anything is changed. */
function update(input: Document, state: RumState, call: Call, context: RumContext): Document {
  const monitor = changeableMonitor(state, input.Name);
  checkOneDomain(input);
  checkDeobfuscation(input.DeobfuscationConfiguration);
  const configuration = resultingConfiguration(input.AppMonitorConfiguration, monitor.configuration, context.settings);
  checkReferences(input.AppMonitorConfiguration, call, context.settings);
  if (input.Domain !== undefined || input.DomainList !== undefined) {
    monitor.domain = input.Domain;
    monitor.domainList = input.DomainList;
  }
  monitor.configuration = configuration;
  monitor.cwLogEnabled = input.CwLogEnabled ?? monitor.cwLogEnabled;
  monitor.customEvents = input.CustomEvents?.Status ?? monitor.customEvents;
  monitor.deobfuscation = input.DeobfuscationConfiguration ?? monitor.deobfuscation;
  monitor.modifiedAt = call.world.clock.now();
  return {};
}

function remove(input: Document, state: RumState, call: Call, context: RumContext): Document {
  const monitor = changeableMonitor(state, input.Name);
  const { deletingSeconds } = context.settings;
  if (deletingSeconds > 0) {
    monitor.deleting = true;
    call.world.clock.schedule(deletingSeconds * 1000, () => state.monitors.delete(monitor.name));
  } else {
    state.monitors.delete(monitor.name);
  }
  return {};
}

function list(input: Document, state: RumState, call: Call, context: RumContext): Document {
  const monitors = [...state.monitors.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = page(monitors, (monitor) => monitor.name, input);
  const summaries = items.map((monitor) => summarize(monitor, call, context));
  return { AppMonitorSummaries: summaries, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}

function summarize(monitor: AppMonitor, call: Call, context: RumContext): Document {
  return {
    Name: monitor.name,
    Id: monitor.id,
    Created: timestamp(monitor.createdAt),
    ...(monitor.modifiedAt === undefined ? {} : { LastModified: timestamp(monitor.modifiedAt) }),
    State: stateOf(monitor, call, context),
    Platform: monitor.platform,
  };
}

function describe(monitor: AppMonitor, call: Call, context: RumContext): Document {
  return {
    ...summarize(monitor, call, context),
    ...(monitor.domain === undefined ? {} : { Domain: monitor.domain }),
    ...(monitor.domainList === undefined ? {} : { DomainList: monitor.domainList }),
    ...(monitor.tags.size === 0 ? {} : { Tags: Object.fromEntries(monitor.tags) }),
    AppMonitorConfiguration: monitor.configuration,
    DataStorage: {
      CwLog: {
        CwLogEnabled: monitor.cwLogEnabled,
        ...(monitor.cwLogEnabled ? { CwLogGroup: logGroupName(monitor) } : {}),
      },
    },
    CustomEvents: { Status: monitor.customEvents },
    ...(monitor.deobfuscation === undefined ? {} : { DeobfuscationConfiguration: monitor.deobfuscation }),
  };
}

function stateOf(monitor: AppMonitor, call: Call, { settings }: RumContext): string {
  if (monitor.deleting) return 'DELETING';
  const settled = call.world.clock.now() >= monitor.createdAt + settings.settleSeconds * 1000;
  return settled ? settings.steadyState : 'CREATED';
}

/** With six digits of a second, as AWS answers. */
function timestamp(time: number): string {
  return new Date(time).toISOString().replace(/Z$/, '000Z');
}
