import type { Place } from '../rds/place';
import type { Activity } from './activities';
import { type DetailStatus, type Incident, spanOf } from './disturbances';
import type { Sources } from './sources';

/** What a scenario does to databases, by their resource ids. Times may lie ahead; `to` is exclusive. */
export class DatabaseControls {
  constructor(private readonly sources: Sources) {}

  /** More sessions, alike in every dimension. */
  incident(incident: Incident): void {
    spanOf(incident);
    this.of(incident.resourceId).incidents.push(incident);
  }

  /** Nothing is measured: data points are null. */
  gap({ resourceId, from, to }: { resourceId: string; from: Date; to: Date }): void {
    this.of(resourceId).gaps.push(spanOf({ from, to }));
  }

  /** No session is active: the total is 0, and no key is there. */
  idle({ resourceId, from, to }: { resourceId: string; from: Date; to: Date }): void {
    this.of(resourceId).idle.push(spanOf({ from, to }));
  }

  /** Bad measurements: data points are NaN. */
  nan({ resourceId, from, to }: { resourceId: string; from: Date; to: Date }): void {
    this.of(resourceId).nan.push(spanOf({ from, to }));
  }

  /** How many sessions are active on average over a day. */
  baseline(resourceId: string, sessions: number): void {
    this.of(resourceId).baseline = sessions;
  }

  /** What GetDimensionKeyDetails says of the text of a statement, by its id. */
  detail({ resourceId, id, status }: { resourceId: string; id: string; status: DetailStatus }): void {
    this.of(resourceId).details.set(id, status);
  }

  /** What runs in a database, the most frequent first. */
  activities(place: Place, resourceId: string): readonly Activity[] {
    const instance = this.sources.databases.byResourceId(place, resourceId);
    if (instance === undefined) throw new Error(`no database has the resource id ${resourceId} in ${place.region}`);
    return this.sources.load(instance).activities;
  }

  private of(resourceId: string) {
    return this.sources.disturbances(resourceId);
  }
}
