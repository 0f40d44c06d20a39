import type { StandardUnit } from '@aws-sdk/client-cloudwatch';
import type { ServiceType } from '@aws-sdk/client-pi';
import { type AssumedRole, decodeAssumedRole } from '../runtime/assumed-role';
import { SettlingError } from '../runtime/errors';
import { Properties } from '../runtime/properties';
import { MINUTE } from './poll-plan.runtime';

/** What one schedule sends to the poller, each minute. */
export interface PollRequest {
  /** Full minute for which the run was scheduled, in milliseconds. */
  readonly scheduledTime: number;
  readonly source: PolledSource;
  /** Of the published metrics. */
  readonly namespace: string;
  /** How old a missed minute may be when it is caught up; since that is tried every four minutes, a multiple of these. */
  readonly catchUpMinutes: number;
  readonly questions: readonly PolledQuestion[];
  /** For the calls to Performance Insights and RDS; what is published stays in the own account. */
  readonly assumeRole?: AssumedRole;
}

/** A database instance, told by the first of these that is there. */
export interface SourceAddress {
  readonly serviceType: ServiceType;
  /** The cluster whose writer is meant, whichever instance that is at the time. */
  readonly writerOf?: string;
  /** What Performance Insights knows the instance by, where that is known at deployment. */
  readonly resourceId?: string;
  readonly instanceIdentifier?: string;
}

export interface PolledSource extends SourceAddress {
  /** Of all published metrics. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What is to be known each minute: one series. */
export interface PolledQuestion {
  readonly metricName: string;
  /** Beyond those of the source. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: StandardUnit;
  /** With its statistic, such as `db.load.avg`. */
  readonly metric: string;
  /** One key of a group of dimensions, or the largest one's share of the total; undefined for the metric as a whole. */
  readonly slice?: { readonly group: string; readonly dimension: string; readonly value?: string };
  /** Divided by the number of vCPUs. */
  readonly perVcpu: boolean;
}

const MAX_CATCH_UP_MINUTES = 1440;
/** GetMetricStatistics, with which catching up begins, answers 1,440 minutes at once: these, and the run's own. */
const READABLE_MINUTES = 1439;

/** Fails with the name of the property where the request is not one of ours: a defect, which no later run mends. */
export function decodePollRequest(event: unknown, region: string): PollRequest {
  const values = recordOf(event, 'the request');
  const properties = new Properties(values);
  return {
    scheduledTime: decodeScheduledTime(properties.string('scheduledTime')),
    source: {
      ...decodeSourceAddress(values.source),
      dimensions: stringsOf(recordOf(values.source, 'source').dimensions, 'source.dimensions'),
    },
    namespace: properties.string('namespace'),
    catchUpMinutes: decodeCatchUp(properties.optionalNumber('catchUpMinutes') ?? 60),
    questions: decodeQuestions(values.questions),
    assumeRole: decodeAssumedRole(new Properties({ AssumeRole: values.assumeRole }), region),
  };
}

/** The part of a source that tells which instance it is. */
export function decodeSourceAddress(value: unknown): SourceAddress {
  const properties = new Properties(recordOf(value, 'source'), 'source.');
  const serviceType = properties.string('serviceType');
  if (serviceType !== 'RDS' && serviceType !== 'DOCDB') {
    throw new SettlingError(`property source.serviceType must be RDS or DOCDB, got "${serviceType}"`);
  }
  const address = {
    writerOf: properties.optionalString('writerOf'),
    resourceId: properties.optionalString('resourceId'),
    instanceIdentifier: properties.optionalString('instanceIdentifier'),
  };
  if (Object.values(address).every((name) => name === undefined)) {
    throw new SettlingError(
      'property source must have writerOf, resourceId or instanceIdentifier, got none of them; name one',
    );
  }
  return { serviceType, ...address };
}

function decodeScheduledTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new SettlingError(
      `property scheduledTime must be a time such as 2030-01-01T00:05:00Z, got "${text}"; let the schedule's input contain <aws.scheduler.scheduled-time>`,
    );
  }
  return Math.floor(time / MINUTE) * MINUTE;
}

function decodeCatchUp(minutes: number): number {
  if (!Number.isInteger(minutes) || minutes < 0 || minutes > MAX_CATCH_UP_MINUTES) {
    throw new SettlingError(
      `property catchUpMinutes must be an integer between 0 and ${MAX_CATCH_UP_MINUTES}, got ${minutes}`,
    );
  }
  return Math.min(minutes, READABLE_MINUTES);
}

function decodeQuestions(value: unknown): PolledQuestion[] {
  if (!Array.isArray(value)) {
    throw new SettlingError(`property questions must be a list, got ${JSON.stringify(value)}`);
  }
  return value.map((item, index) => decodeQuestion(item, `questions[${index}]`));
}

function decodeQuestion(value: unknown, path: string): PolledQuestion {
  const values = recordOf(value, path);
  const properties = new Properties(values, `${path}.`);
  return {
    metricName: properties.string('metricName'),
    dimensions: stringsOf(values.dimensions ?? {}, `${path}.dimensions`),
    unit: (properties.optionalString('unit') ?? 'None') as StandardUnit,
    metric: properties.string('metric'),
    slice: decodeSlice(properties, path),
    perVcpu: properties.optionalBoolean('perVcpu') ?? false,
  };
}

function decodeSlice(properties: Properties, path: string): PolledQuestion['slice'] {
  const group = properties.optionalString('group');
  const value = properties.optionalString('value');
  const share = properties.optionalBoolean('share') ?? false;
  if (share !== (value === undefined) && group !== undefined) {
    throw new SettlingError(
      `property ${path}.value must be ${share ? 'left out where the share of the largest key is asked for' : 'the key of the group that is asked for'}, got ${JSON.stringify(value)}`,
    );
  }
  if (group === undefined) {
    if (!share && value === undefined) return undefined;
    throw new SettlingError(`property ${path}.group is required where value or share is given, but missing or empty`);
  }
  return { group, dimension: properties.string('dimension'), value };
}

export function recordOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new SettlingError(`property ${path} must be an object, got ${JSON.stringify(value)}`);
}

export function stringsOf(value: unknown, path: string): Readonly<Record<string, string>> {
  const record = recordOf(value, path);
  for (const [name, item] of Object.entries(record)) {
    if (typeof item !== 'string') {
      throw new SettlingError(`property ${path}.${name} must be a string, got ${JSON.stringify(item)}`);
    }
  }
  return record as Record<string, string>;
}
