import type { Family, Wait } from './families';
import { hashOf, hexOf, noise } from './noise';
import { type Statement, statementsOf } from './statements';

/** Somebody who runs a statement. */
export interface Activity {
  readonly statement: Statement;
  readonly user: string;
  readonly host: string;
  readonly database: string;
  readonly application: string;
  readonly sessionType: string;
}

/** Sessions that are alike in every dimension: the smallest part of the load. */
export interface Cell {
  readonly wait: Wait;
  readonly activity: Activity;
  /** Values of all dimensions that the engine has; those of blocking sessions only where there is a lock. */
  readonly dimensions: ReadonlyMap<string, string>;
}

export interface BaseCell extends Cell {
  /** Of the load, on average. */
  readonly share: number;
  /** The share of minutes in which there are no such sessions. */
  readonly rarity: number;
}

const WAITS_OF_ACTIVITY = 3;
const RARITIES = [0, 0, 0, 0.3, 0.7];

/** What a database does: statements of falling weight, each waiting for some of the engine's events. */
export function baseCells(family: Family, seed: number): BaseCell[] {
  const activities = statementsOf(family, seed).map((statement, index) => activityOf(statement, seed, index));
  const weighted = activities.flatMap((activity, index) =>
    waitsOf(family, seed, index).map((wait, position) => ({
      ...cellOf(family, activity, wait, activities[0]!),
      // The most frequent sessions are there in every minute.
      rarity: index < 2 ? 0 : RARITIES[Math.floor(noise(seed, 300 + index, position) * RARITIES.length)]!,
      share: (0.5 + noise(seed, 400 + index, position)) / ((index + 1) * (position + 1)),
    })),
  );
  const total = weighted.reduce((sum, { share }) => sum + share, 0);
  return weighted.map((cell) => ({ ...cell, share: cell.share / total }));
}

export function cellOf(family: Family, activity: Activity, wait: Wait, blocker: Activity): Cell {
  const known = new Set(Object.values(family.groups).flat());
  const all = Object.entries({ ...dimensionsOf(activity, wait), ...(wait.lock && blockingOf(blocker)) });
  return { wait, activity, dimensions: new Map(all.filter(([name]) => known.has(name))) };
}

function activityOf(statement: Statement, seed: number, index: number): Activity {
  const pick = (values: readonly string[], salt: number) =>
    values[Math.floor(noise(seed, salt, index) * values.length)]!;
  return {
    statement,
    user: pick(['app', 'app', 'report', 'batch'], 100),
    host: pick(['10.0.0.11', '10.0.0.12', '10.0.1.7'], 101),
    database: pick(['shop', 'shop', 'analytics'], 102),
    application: pick(['web', 'web', 'worker', 'psql'], 103),
    sessionType: index === 5 ? 'background worker' : 'client backend',
  };
}

function waitsOf({ waits }: Family, seed: number, index: number): readonly Wait[] {
  // CPU first everywhere, then two others.
  const [cpu, ...others] = waits;
  const first = Math.floor(noise(seed, 200, index) * others.length);
  return [cpu!, others[first]!, others[(first + 1) % others.length]!].slice(0, WAITS_OF_ACTIVITY);
}

function dimensionsOf({ statement, user, host, database, application, sessionType }: Activity, wait: Wait) {
  return {
    'db.sql.id': statement.id,
    'db.sql.db_id': statement.databaseId,
    'db.sql.statement': statement.text,
    'db.sql.tokenized_id': statement.digestId,
    'db.sql_tokenized.id': statement.digestId,
    'db.sql_tokenized.db_id': statement.digestDatabaseId,
    'db.sql_tokenized.statement': statement.digest,
    'db.query.id': statement.id,
    'db.query.db_id': statement.databaseId,
    'db.query.statement': statement.text,
    'db.query.tokenized_id': statement.digestId,
    'db.query_tokenized.id': statement.digestId,
    'db.query_tokenized.db_id': statement.digestDatabaseId,
    'db.query_tokenized.statement': statement.digest,
    'db.wait_event.name': wait.name,
    'db.wait_event.type': wait.type,
    'db.wait_event_type.name': wait.type,
    'db.wait_state.name': wait.name,
    'db.user.id': idOf(user),
    'db.user.name': user,
    'db.host.id': idOf(host),
    'db.host.name': host,
    'db.name': database,
    'db.application.name': application,
    'db.session_type.name': sessionType,
  };
}

function blockingOf({ statement, user }: Activity) {
  return {
    'db.blocking_sql.id': statement.id,
    'db.blocking_sql.sql': statement.text,
    'db.blocking_session.id': idOf(`session of ${user}`).slice(0, 12),
    'db.blocking_object.id': idOf('stock').slice(0, 12),
    'db.blocking_object.type': 'relation',
    'db.blocking_object.value': 'stock',
  };
}

function idOf(name: string): string {
  return hexOf(hashOf(name), 3, 40).toUpperCase();
}
