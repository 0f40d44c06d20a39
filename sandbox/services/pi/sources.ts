import type { Databases } from '../rds/databases';
import type { Place } from '../rds/place';
import { type DbInstance, DOCUMENT_DB } from '../rds/state';
import { Disturbances } from './disturbances';
import { Load } from './load';
import type { PerformanceInsightsSettings } from './options';

/** The databases that are measured, with what happens to them. */
export class Sources {
  private readonly loads = new Map<string, Load>();
  private readonly disturbed = new Map<string, Disturbances>();

  constructor(
    readonly databases: Databases,
    readonly settings: PerformanceInsightsSettings,
  ) {}

  /** Of a resource id, whether or not there is an instance yet. */
  disturbances(resourceId: string): Disturbances {
    const known = this.disturbed.get(resourceId) ?? new Disturbances();
    this.disturbed.set(resourceId, known);
    return known;
  }

  load(instance: DbInstance): Load {
    const { resourceId } = instance;
    const { seed, warmUpSeconds } = this.settings;
    const known = this.loads.get(resourceId) ?? new Load(instance, this.disturbances(resourceId), seed, warmUpSeconds);
    this.loads.set(resourceId, known);
    return known;
  }

  /** The instance of this service type, if it has Performance Insights on now. One that is being created is not known yet. */
  enabled(place: Place, serviceType: string, resourceId: string, now: number): DbInstance | undefined {
    const instance = this.databases.byResourceId(place, resourceId);
    if (instance === undefined) return undefined;
    const { status, engine, performanceInsights } = instance;
    const known = !['creating', 'deleted'].includes(status.at(now)) && performanceInsights.at(now);
    return known && serviceTypeOf(engine) === serviceType ? instance : undefined;
  }

  /** From this second on, measurements cannot be read yet. */
  visibleUntil(now: number): number {
    return Math.floor(now / 1000) - this.settings.agentLagSeconds + 1;
  }
}

export function serviceTypeOf(engine: string): 'RDS' | 'DOCDB' {
  return engine === DOCUMENT_DB ? 'DOCDB' : 'RDS';
}
