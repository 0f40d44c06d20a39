import type { Properties } from '../runtime/properties';
import type { HeartbeatSeries } from './poll-heartbeats.runtime';
import { decodeSourceAddress, type SourceAddress } from './poll-request.runtime';

/** What alarms need of a data source. */
export interface ReadinessGoal {
  readonly source: SourceAddress;
  /** Counters, with or without their statistic. */
  readonly metrics: readonly string[];
  /** Groups of dimensions. */
  readonly groups: readonly string[];
  /** Whether to wait for a first data point. */
  readonly firstDataPoint: boolean;
  /** What the poller must have published, where it polls for the alarms. */
  readonly heartbeat?: HeartbeatSeries;
}

export function readyGoal(properties: Properties): ReadinessGoal {
  const source = properties.optionalObject('Source');
  return {
    source: decodeSourceAddress({
      serviceType: source?.optionalString('serviceType'),
      writerOf: source?.optionalString('writerOf'),
      resourceId: source?.optionalString('resourceId'),
      instanceIdentifier: source?.optionalString('instanceIdentifier'),
    }),
    metrics: properties.optionalStrings('Metrics') ?? [],
    groups: properties.optionalStrings('Groups') ?? [],
    firstDataPoint: properties.optionalBoolean('FirstDataPoint') ?? true,
    heartbeat: heartbeatOf(properties.optionalObject('Heartbeat')),
  };
}

function heartbeatOf(heartbeat: Properties | undefined): HeartbeatSeries | undefined {
  return heartbeat && { namespace: heartbeat.string('Namespace'), dimensions: heartbeat.tags('Dimensions') };
}

/** The source as a user knows it. */
export function nameOf({ writerOf, instanceIdentifier, resourceId }: SourceAddress): string {
  return writerOf === undefined ? `instance ${instanceIdentifier ?? resourceId}` : `the writer of cluster ${writerOf}`;
}

const STATISTIC = /\.(avg|min|max|sum|sample_count)$/;

/** A counter's name as the list of available ones has it. */
export function withoutStatistic(metric: string): string {
  return metric.replace(STATISTIC, '');
}
