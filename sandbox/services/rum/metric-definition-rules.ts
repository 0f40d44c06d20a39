/**
 * What makes a metric definition valid, beyond the lengths in the model
 * (https://docs.aws.amazon.com/cloudwatchrum/latest/APIReference/API_MetricDefinitionRequest.html). An extended metric
 * is one without a namespace, or with `AWS/RUM`: its name, value key and the fixed part of its pattern belong together,
 * and its dimensions are a closed set. A custom metric has a namespace of its own and reads fields of RUM events.
 *
 * - For NavigationSatisfiedTransaction the reference asks for a duration above 2,000 ms, while the metric counts those
 *   below: both are taken here.
 * - HttpErrorCount also needs event details: documented nowhere, seen in 2025
 *   (https://github.com/aws-observability/application-signals-demo/pull/119).
 * - That the details of a built-in event type must be those which it has is not modelled.
 */
import type { MetricDefinition } from './state';

export const EXTENDED_NAMESPACE = 'AWS/RUM';

/** What is wrong with a definition, if anything. */
export function definitionProblem(definition: MetricDefinition): string | undefined {
  const pattern = definition.EventPattern === undefined ? undefined : parsePattern(definition.EventPattern);
  if (typeof pattern === 'string') return pattern;
  const extended = (definition.Namespace ?? EXTENDED_NAMESPACE) === EXTENDED_NAMESPACE;
  const problem = extended ? extendedProblem(definition, pattern) : customProblem(definition, pattern);
  return problem ?? missingDimension(definition, pattern ?? {});
}

type Pattern = Readonly<Record<string, unknown>>;

interface ExtendedMetric {
  readonly valueKey?: string;
  readonly eventType: string;
  /** The event details of which the pattern must have one. */
  readonly details?: readonly unknown[];
  readonly anyDetails?: true;
}

const EVENT = 'com.amazon.rum.';
const duration = (...numeric: unknown[]) => ({ duration: [{ numeric }] });
const status = (...numeric: unknown[]) => ({ response: { status: [{ numeric }] } });

const EXTENDED_METRICS: Readonly<Record<string, ExtendedMetric>> = {
  PerformanceNavigationDuration: { valueKey: 'event_details.duration', eventType: 'performance_navigation_event' },
  PerformanceResourceDuration: { valueKey: 'event_details.duration', eventType: 'performance_resource_event' },
  NavigationSatisfiedTransaction: {
    eventType: 'performance_navigation_event',
    details: [duration('>', 2000), duration('<', 2000)],
  },
  NavigationToleratedTransaction: {
    eventType: 'performance_navigation_event',
    details: [duration('>=', 2000, '<', 8000)],
  },
  NavigationFrustratedTransaction: { eventType: 'performance_navigation_event', details: [duration('>=', 8000)] },
  WebVitalsCumulativeLayoutShift: { valueKey: 'event_details.value', eventType: 'cumulative_layout_shift_event' },
  WebVitalsFirstInputDelay: { valueKey: 'event_details.value', eventType: 'first_input_delay_event' },
  WebVitalsLargestContentfulPaint: { valueKey: 'event_details.value', eventType: 'largest_contentful_paint_event' },
  JsErrorCount: { eventType: 'js_error_event' },
  HttpErrorCount: { eventType: 'http_event', anyDetails: true },
  SessionCount: { eventType: 'session_start_event' },
  PageViewCount: { eventType: 'page_view_event' },
  Http4xxCount: { eventType: 'http_event', details: [status('>=', 400, '<', 500)] },
  Http5xxCount: { eventType: 'http_event', details: [status('>=', 500, '<=', 599)] },
};

const EXTENDED_DIMENSIONS: Readonly<Record<string, string>> = {
  'metadata.pageId': 'PageId',
  'metadata.browserName': 'BrowserName',
  'metadata.deviceType': 'DeviceType',
  'metadata.osName': 'OSName',
  'metadata.countryCode': 'CountryCode',
  'event_details.fileType': 'FileType',
};

/** The fields of a RUM event; spelling as documented. */
const EVENT_FIELDS = [
  'account_id',
  'application_Id',
  'application_version',
  'application_name',
  'batch_id',
  'event_details',
  'event_id',
  'event_interaction',
  'event_timestamp',
  'event_type',
  'event_version',
  'log_stream',
  'metadata',
  'sessionId',
  'user_details',
  'userId',
];

function parsePattern(text: string): Pattern | string {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Answered below, as for any other text that is no object.
  }
  return `EventPattern '${text}' is not a JSON object`;
}

function extendedProblem(definition: MetricDefinition, pattern: Pattern | undefined): string | undefined {
  const metric = EXTENDED_METRICS[definition.Name];
  if (metric === undefined) return `Name '${definition.Name}' is not that of an extended metric; give a Namespace`;
  if (pattern === undefined) return 'EventPattern is required for an extended metric';
  if (definition.ValueKey !== metric.valueKey) {
    return `ValueKey of ${definition.Name} must be ${metric.valueKey ?? 'left out'}`;
  }
  if (!equal(pattern.event_type, [EVENT + metric.eventType])) {
    return `EventPattern of ${definition.Name} must include event_type ["${EVENT}${metric.eventType}"]`;
  }
  const details = pattern.event_details ?? {};
  if (metric.details !== undefined && !metric.details.some((wanted) => includes(details, wanted))) {
    return `EventPattern of ${definition.Name} must include event_details ${JSON.stringify(metric.details[0])}`;
  }
  if (metric.anyDetails && !isFilled(details)) return `EventPattern of ${definition.Name} must include event_details`;
  for (const [field, name] of Object.entries(definition.DimensionKeys ?? {})) {
    if (EXTENDED_DIMENSIONS[field] !== name)
      return `DimensionKeys entry ${field}=${name} is not one of an extended metric`;
  }
  return undefined;
}

function customProblem(definition: MetricDefinition, pattern: Pattern | undefined): string | undefined {
  if (definition.Namespace?.startsWith('AWS/')) return `Namespace '${definition.Namespace}' must not begin with AWS/`;
  const paths = [definition.ValueKey ?? [], Object.keys(definition.DimensionKeys ?? {}), Object.keys(pattern ?? {})];
  const unknown = paths.flat().find((path) => !EVENT_FIELDS.includes(path.split('.')[0] ?? ''));
  if (unknown !== undefined) return `'${unknown}' is not a field of a RUM event`;
  if (pattern === undefined) return undefined;
  if ('event_details' in pattern && !isFilled(pattern.event_type)) {
    return 'EventPattern has event_details and so needs an event_type';
  }
  return hasLongArray(pattern) ? 'Every array in EventPattern must have exactly one value' : undefined;
}

/** The values of a `numeric` matcher are one comparison, not a choice. */
function hasLongArray(value: unknown, key = ''): boolean {
  if (Array.isArray(value))
    return (key !== 'numeric' && value.length !== 1) || value.some((item) => hasLongArray(item));
  return isObject(value) && Object.entries(value).some(([name, member]) => hasLongArray(member, name));
}

function missingDimension(definition: MetricDefinition, pattern: Pattern): string | undefined {
  const missing = Object.keys(definition.DimensionKeys ?? {}).find((path) => valueAt(pattern, path) === undefined);
  return missing === undefined ? undefined : `Dimension '${missing}' must appear in EventPattern`;
}

/** Custom attributes may have dots in their own names, so a field is also looked for by the rest of its path. */
function valueAt(value: unknown, path: string): unknown {
  if (!isObject(value)) return undefined;
  if (path in value) return value[path];
  const dot = path.indexOf('.');
  return dot < 0 ? undefined : valueAt(value[path.slice(0, dot)], path.slice(dot + 1));
}

function includes(value: unknown, wanted: unknown): boolean {
  if (!isObject(wanted)) return equal(value, wanted);
  return isObject(value) && Object.entries(wanted).every(([key, part]) => includes(value[key], part));
}

function equal(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function isFilled(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
