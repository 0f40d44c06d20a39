/**
 * The data plane, as far as a deployment can notice it: events are kept, can be read back, and the first one of a
 * monitor that copies to CloudWatch Logs makes the log group (in the account, outside every stack, and for good).
 *
 * - GetAppMonitorData takes its times for milliseconds [U] and answers each event as JSON in the names that RUM's log
 *   events have. The filter key `Invert` is not modelled and refused.
 * - Retention of 30 days, sampling, sessions and metrics are not modelled.
 */
import type { Context, Permission, PolicyDocument } from '../../iam/principal';
import type { Call, Document } from '../service';
import { logGroupName } from './app-monitors';
import { notFound, throttled, validationError } from './errors';
import { page } from './pages';
import { onMonitor } from './permissions';
import {
  type AppMonitor,
  existingMonitor,
  monitorArn,
  type RumContext,
  type RumEvent,
  type RumOperations,
  type RumState,
} from './state';

export function eventOperations(context: RumContext): RumOperations {
  return {
    PutRumEvents: {
      permissions: putPermissions,
      handle: (input, state, call) => put(input, state, call, context),
    },
    GetAppMonitorData: {
      permissions: (input, call, state) => [onMonitor('GetAppMonitorData', input.Name, call, state)],
      handle: read,
    },
  };
}

/** The request names the monitor by its id, the permission by its name. */
function putPermissions(input: Document, call: Call, state: RumState): Permission[] {
  const monitor = monitorById(state, input.Id);
  if (monitor === undefined) return [{ action: 'rum:PutRumEvents', resource: monitorArn(call, input.Id) }];
  const permission = onMonitor('PutRumEvents', monitor.name, call, state);
  const alias: Context = input.Alias === undefined ? {} : { 'rum:alias': input.Alias };
  const context = { ...permission.context, ...alias };
  if (monitor.policy === undefined) return [{ ...permission, context }];
  const document: PolicyDocument = JSON.parse(monitor.policy.document);
  return [{ ...permission, context, resourcePolicy: { document } }];
}

function put(input: Document, state: RumState, call: Call, context: RumContext): Document {
  countCall(state, call, context.settings.quotas.putRumEventsPerSecond);
  const monitor = monitorById(state, input.Id);
  // Collection stops the moment a monitor is deleted.
  if (monitor === undefined || monitor.deleting) throw notFound('AppMonitor', input.Id);
  const events: RumEvent[] = input.RumEvents.map((event: Document) => eventOf(event, input));
  monitor.events.push(...events);
  if (monitor.cwLogEnabled && events.length > 0) state.logGroups.add(logGroupName(monitor));
  return {};
}

function countCall(state: RumState, call: Call, quota: number): void {
  const second = Math.floor(call.world.clock.now() / 1000);
  if (state.eventCalls.second !== second) Object.assign(state.eventCalls, { second, count: 0 });
  state.eventCalls.count += 1;
  if (state.eventCalls.count > quota) throw throttled(`More than ${quota} PutRumEvents calls in a second`);
}

function eventOf(event: Document, request: Document): RumEvent {
  const at = instant(event.timestamp);
  const metadata = parseJson(event.metadata ?? '{}', 'metadata');
  const text = JSON.stringify({
    event_timestamp: at,
    event_type: event.type,
    event_id: event.id,
    event_details: parseJson(event.details, 'details'),
    batch_id: request.BatchId,
    user_details: request.UserDetails,
    metadata,
  });
  return { at, type: event.type, metadata, text };
}

/** Milliseconds since the epoch of a timestamp, which travels as seconds. */
function instant(timestamp: Date | number | string): number {
  return typeof timestamp === 'number' ? timestamp * 1000 : new Date(timestamp).getTime();
}

function parseJson(text: string, member: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    throw validationError(`RumEvents: ${member} is not JSON`);
  }
}

function read(input: Document, state: RumState, call: Call): Document {
  const monitor = existingMonitor(state, input.Name);
  const { After: after, Before: before = call.world.clock.now() } = input.TimeRange;
  const filters: Filter[] = (input.Filters ?? []).map(checkedFilter);
  const numbered = monitor.events
    .filter((event) => event.at >= after && event.at <= before)
    .filter((event) => filters.length === 0 || filters.some((filter) => passes(event, filter)))
    .map((event, index) => ({ event, key: String(index).padStart(9, '0') }));
  const { items, nextToken } = page(numbered, ({ key }) => key, input);
  return { Events: items.map(({ event }) => event.text), ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}

interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

/** The metadata attribute behind a filter's name. */
const FILTERS: Readonly<Record<string, string>> = {
  Browser: 'browserName',
  Device: 'deviceType',
  Country: 'countryCode',
  Page: 'pageId',
  OS: 'osName',
};

function checkedFilter(filter: Document): Filter {
  const name = filter.Name ?? '';
  if (name !== 'EventType' && FILTERS[name] === undefined) {
    throw validationError(`Filter '${name}' is not one of EventType, ${Object.keys(FILTERS).join(', ')}`);
  }
  return { name, values: filter.Values ?? [] };
}

function passes(event: RumEvent, { name, values }: Filter): boolean {
  const attribute = FILTERS[name];
  const value = attribute === undefined ? event.type : event.metadata[attribute];
  return values.includes(String(value));
}

function monitorById(state: RumState, id: string): AppMonitor | undefined {
  return [...state.monitors.values()].find((monitor) => monitor.id === id);
}
