import type { Place } from '../../services/rds/place';
import type { Timeline } from '../../services/rds/timeline';
import { canonical } from '../values';
import type { Made, ResourceType, Task } from './resource-type';

/** What an instance and a cluster have alike. */
interface Database {
  readonly identifier: string;
  readonly status: Timeline<string>;
}

/** The instances or the clusters of RDS. */
interface Databases<Kind extends Database, Changes> {
  update(place: Place, name: string, changes: Changes): Kind;
  delete(place: Place, name: string): Kind;
  find(place: Place, name: string): Kind | undefined;
}

/** One face of a kind of database. */
export interface DatabaseFace<Kind extends Database> {
  readonly name: string;
  readonly properties: readonly string[];
  readonly required?: readonly string[];
  readonly replacedBy: readonly string[];
  /** The engine of a face that has no property for it. */
  readonly engine?: string;
  attributes(database: Kind): Readonly<Record<string, unknown>>;
}

interface DatabaseKind<Kind extends Database, Changes> {
  databases(task: Task): Databases<Kind, Changes>;
  create(task: Task, engine: string | undefined): Kind;
  changes(task: Task, engine: string | undefined): Changes;
}

/** A database, which CloudFormation waits for until it is available, or gone. */
export function databaseType<Kind extends Database, Changes>(
  { name, properties, required, replacedBy, engine, attributes }: DatabaseFace<Kind>,
  kind: DatabaseKind<Kind, Changes>,
): ResourceType {
  const made = (database: Kind): Made => ({ physicalId: database.identifier, attributes: attributes(database) });
  return {
    name,
    properties,
    required,
    secretProperties: ['MasterUsername', 'MasterUserPassword'],
    taggable: true,
    standing: false,
    replaces: (before, after) => replacedBy.some((key) => canonical(before[key]) !== canonical(after[key])),

    async create(task) {
      const database = kind.create(task, engine);
      task.initiated(made(database));
      await settled(task, database);
      return made(database);
    },

    async update(task, { physicalId }) {
      const database = kind.databases(task).update(task, physicalId, kind.changes(task, engine));
      await settled(task, database);
      return made(database);
    },

    async delete(task, { physicalId }) {
      const databases = kind.databases(task);
      const database = databases.find(task, physicalId);
      if (database === undefined) return;
      if (database.status.at(task.tools.world.clock.now()) !== 'deleting') databases.delete(task, physicalId);
      await settled(task, database);
    },
  };
}

/** Waits until nothing is under way any more in a database, with at least a moment of CloudFormation's own. */
async function settled(task: Task, { status }: Database): Promise<void> {
  const { clock, random } = task.tools.world;
  await clock.sleep(Math.max(random.integer(1_000, 2_000), status.settledAt - clock.now()));
}
