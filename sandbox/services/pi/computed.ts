import type { Place } from '../rds/place';
import type { DbInstance } from '../rds/state';
import { ServiceError, type World } from '../service';
import type { ComputedMetrics, MetricPoint, NativeMetric } from './computed-metrics';
import { sumOf } from './keys';
import type { Load } from './load';
import { questionOf } from './questions';
import { Readings } from './series';
import type { Sources } from './sources';

const MINUTE = 60;

/**
 * AWS/RDS and DB_PERF_INSIGHTS from the same load that the API reads.
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.Cloudwatch.html
 */
export class ComputedFromLoad implements ComputedMetrics {
  constructor(
    private readonly world: World,
    private readonly sources: Sources,
  ) {}

  points(place: Place, metric: NativeMetric, from: Date, to: Date): readonly MetricPoint[] {
    const value = METRICS[metric.metricName];
    if (metric.namespace !== 'AWS/RDS' || value === undefined) return [];
    const points: MetricPoint[] = [];
    // A minute is published when it is over and measured.
    const end = Math.min(to.getTime() / 1000, this.visibleUntil() - MINUTE + 1);
    for (let minute = Math.ceil(from.getTime() / 1000 / MINUTE) * MINUTE; minute < end; minute += MINUTE) {
      for (const instance of this.instancesOf(place, metric.dimensions, minute)) {
        const number = valueAt(this.sources.load(instance), minute, value);
        if (number !== undefined) points.push({ timestamp: new Date(minute * 1000), value: number });
      }
    }
    return points;
  }

  performanceInsights(
    place: Place,
    serviceType: string,
    resourceId: string,
    metric: string,
    from: Date,
    to: Date,
    periodSeconds: number,
  ): readonly MetricPoint[] {
    const instance = this.sources.enabled(place, serviceType, resourceId, this.world.clock.now());
    if (instance === undefined) return [];
    const load = this.sources.load(instance);
    const question = known(() => questionOf({ Metric: metric }, load.family, 1));
    if (question === undefined) return [];
    const start = Math.ceil(from.getTime() / 1000 / periodSeconds) * periodSeconds;
    const end = Math.max(start, Math.ceil(to.getTime() / 1000 / periodSeconds) * periodSeconds);
    const readings = new Readings(load, { start, end, period: periodSeconds }, this.visibleUntil());
    const [series] = readings.series(question, this.sources.settings);
    return readings.starts.flatMap((at, index) => {
      const value = series!.values[index];
      return value === undefined || Number.isNaN(value) ? [] : [{ timestamp: new Date(at * 1000), value }];
    });
  }

  /** The instances that had these dimensions at a time; what has since been deleted counts too. */
  private instancesOf(place: Place, dimensions: NativeMetric['dimensions'], second: number): readonly DbInstance[] {
    const { instances, clusters } = this.sources.databases.state(place);
    const { DBInstanceIdentifier: own, DBClusterIdentifier: name, Role, ...others } = dimensions;
    if (Object.keys(others).length > 0) return [];
    if (own !== undefined)
      return (name ?? Role) !== undefined ? [] : instances.filter(({ identifier }) => identifier === own);
    const cluster = clusters.find(({ identifier }) => identifier === name);
    if (cluster === undefined || Role === undefined) return [];
    const writer = cluster.writer.at(second * 1000);
    return instances.filter(
      ({ clusterIdentifier, identifier }) =>
        clusterIdentifier === name &&
        (Role === 'WRITER' ? identifier === writer : Role === 'READER' && identifier !== writer),
    );
  }

  private visibleUntil(): number {
    return this.sources.visibleUntil(this.world.clock.now());
  }
}

interface Sessions {
  readonly all: number;
  readonly onCpu: number;
  readonly vcpus: number;
}

const METRICS: Readonly<Record<string, (sessions: Sessions) => number>> = {
  DBLoad: ({ all }) => all,
  DBLoadCPU: ({ onCpu }) => onCpu,
  DBLoadNonCPU: ({ all, onCpu }) => all - onCpu,
  DBLoadRelativeToNumVCPUs: ({ all, vcpus }) => all / vcpus,
};

function valueAt(load: Load, minute: number, value: (sessions: Sessions) => number): number | undefined {
  const { sums, seconds, nan } = load.measured(minute, minute + MINUTE);
  if (seconds === 0 || nan) return undefined;
  const average = (cells: readonly number[]) => sumOf(sums, cells) / seconds;
  return value({ all: average(load.all), onCpu: average(load.onCpu), vcpus: load.vcpus(minute) });
}

/** Nothing where the question cannot be asked. */
function known<Result>(ask: () => Result): Result | undefined {
  try {
    return ask();
  } catch (error) {
    if (error instanceof ServiceError) return undefined;
    throw error;
  }
}
