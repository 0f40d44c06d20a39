import type { Service, World } from '../service';
import { invalid } from './errors';
import { type MetricId, metricKey } from './metric-id';
import type { Place } from './reading';
import type { CloudWatchState } from './state';

/** Dashboards and anomaly detectors: kept, and nothing acts on them. Bands need no detector here. */
export class Visuals {
  constructor(
    private readonly world: World,
    private readonly service: Service<CloudWatchState>,
  ) {}

  /** Makes or replaces a dashboard. The body is JSON; its widgets are not looked at. */
  putDashboard(place: Place, name: string, body: string): void {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
    if (!/^[\w-]{1,255}$/.test(name))
      throw invalid(`a dashboard's name has 1 to 255 letters, digits, - and _, got '${name}'`);
    if (!isObjectJson(body)) throw invalid(`The dashboard body is invalid, it must be a JSON object: ${name}`);
    this.state(place).dashboards.set(name, body);
  }

  dashboard(place: Place, name: string): string | undefined {
    return this.state(place).dashboards.get(name);
  }

  deleteDashboard(place: Place, name: string): void {
    this.state(place).dashboards.delete(name);
  }

  /** There is one for a metric and a statistic. */
  putDetector(place: Place, metric: MetricId, stat: string): string {
    const id = `${metricKey(metric)} ${stat}`;
    this.state(place).detectors.add(id);
    return id;
  }

  deleteDetector(place: Place, id: string): void {
    this.state(place).detectors.delete(id);
  }

  private state({ accountId, region }: Place): CloudWatchState {
    return this.world.state(this.service, accountId, region);
  }
}

function isObjectJson(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
