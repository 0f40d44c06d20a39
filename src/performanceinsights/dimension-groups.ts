import { Validation } from '../core/validation';
import { DatabaseEngine } from './database-engine';
import { ServiceType } from './service-type';

const { AURORA_MYSQL, AURORA_POSTGRESQL, MYSQL, MARIADB, POSTGRES, DOCDB } = DatabaseEngine;

/**
 * A dimension group: one way to divide the load of a database. Each consists of dimensions, such as `db.user.id` and
 * `db.user.name`.
 *
 * Groups, dimensions and engines are those of
 * https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_DimensionGroup.html
 */
export class DimensionGroup {
  /** `db.wait_event`: what sessions wait for. All engines but DocumentDB. */
  static readonly WAIT_EVENT = DimensionGroup.known('db.wait_event', ['name', 'type'], { not: [DOCDB] });

  /** `db.wait_event_type`: the kind of thing that sessions wait for. All engines but DocumentDB. */
  static readonly WAIT_EVENT_TYPE = DimensionGroup.known('db.wait_event_type', ['name'], { not: [DOCDB] });

  /** `db.wait_state`: what sessions wait for. DocumentDB only. */
  static readonly WAIT_STATE = DimensionGroup.known('db.wait_state', ['name'], { only: [DOCDB] });

  /** `db.sql_tokenized`: SQL digests, statements without their literals. All engines but DocumentDB. */
  static readonly SQL_TOKENIZED = DimensionGroup.known('db.sql_tokenized', ['id', 'db_id', 'statement'], {
    not: [DOCDB],
  });

  /** `db.sql`: SQL statements. All engines but DocumentDB. */
  static readonly SQL = DimensionGroup.known('db.sql', ['id', 'db_id', 'statement', 'tokenized_id'], { not: [DOCDB] });

  /** `db.query_tokenized`: query digests. DocumentDB only. */
  static readonly QUERY_TOKENIZED = DimensionGroup.known('db.query_tokenized', ['id', 'db_id', 'statement'], {
    only: [DOCDB],
  });

  /** `db.query`: queries. DocumentDB only. */
  static readonly QUERY = DimensionGroup.known('db.query', ['id', 'db_id', 'statement', 'tokenized_id'], {
    only: [DOCDB],
  });

  /** `db.user`: users of the database. All engines but DocumentDB. */
  static readonly USER = DimensionGroup.known('db.user', ['id', 'name'], { not: [DOCDB] });

  /** `db.host`: hosts of the connected clients. All engines. */
  static readonly HOST = DimensionGroup.known('db.host', ['id', 'name'], {});

  /** `db`: databases. MySQL, MariaDB and PostgreSQL, Aurora's included, and DocumentDB. */
  static readonly DATABASE = DimensionGroup.known('db', ['name'], {
    only: [AURORA_MYSQL, AURORA_POSTGRESQL, MYSQL, MARIADB, POSTGRES, DOCDB],
  });

  /** `db.application`: connected applications. PostgreSQL, Aurora's included, and DocumentDB. */
  static readonly APPLICATION = DimensionGroup.known('db.application', ['name'], {
    only: [AURORA_POSTGRESQL, POSTGRES, DOCDB],
  });

  /** `db.session_type`: types of sessions. PostgreSQL, Aurora's included; the API reference also names DocumentDB. */
  static readonly SESSION_TYPE = DimensionGroup.known('db.session_type', ['name'], {
    only: [AURORA_POSTGRESQL, POSTGRES, DOCDB],
  });

  /** `db.plans`: execution plans. Aurora PostgreSQL. The API reference does not name its dimensions. */
  static readonly PLANS = DimensionGroup.known('db.plans', [], { only: [AURORA_POSTGRESQL] });

  /** `db.blocking_sql`: the SQL statements that block the most load. */
  static readonly BLOCKING_SQL = DimensionGroup.known('db.blocking_sql', ['id', 'sql'], {});

  /** `db.blocking_session`: the sessions that block the most load. */
  static readonly BLOCKING_SESSION = DimensionGroup.known('db.blocking_session', ['id'], {});

  /** `db.blocking_object`: the objects that others have locked and that block the most load. */
  static readonly BLOCKING_OBJECT = DimensionGroup.known('db.blocking_object', ['id', 'type', 'value'], {});

  /**
   * A group that has no name here yet.
   *
   * @param name Name of the group, such as `db.wait_event`.
   * @param dimensions Full names of its dimensions; the first one tells its keys apart.
   */
  static of(name: string, dimensions: string[]): DimensionGroup {
    const validation = new Validation('performanceinsights.DimensionGroup')
      .pattern('name', name, GROUP_NAME, 'be the name of a dimension group, such as db.wait_event')
      .count('dimensions', dimensions, 1, 10);
    for (const dimension of dimensions) {
      validation.pattern('dimensions', dimension, DIMENSION_NAME, `be full names, such as ${name}.name`);
    }
    validation.throwIfInvalid();
    return new DimensionGroup(name, dimensions, {});
  }

  private static known(name: string, dimensions: string[], engines: Engines): DimensionGroup {
    return new DimensionGroup(
      name,
      dimensions.map((dimension) => `${name}.${dimension}`),
      engines,
    );
  }

  private constructor(
    /** Name of the group, such as `db.wait_event`. */
    readonly name: string,
    /** Full names of its dimensions, such as `db.wait_event.name`. The first one tells the keys of the group apart. */
    readonly dimensions: string[],
    private readonly engines: Engines,
  ) {}

  /**
   * Why a database has no such group; undefined where it has, or may have.
   *
   * @internal
   */
  _missingOn(serviceType: ServiceType, engine: DatabaseEngine | undefined): string | undefined {
    const { only, not = [] } = this.engines;
    const among = (engines: readonly DatabaseEngine[]) => engines.some((other) => engine?._is(other));
    if (engine === undefined) {
      const documentsOnly = only?.every((other) => other === DOCDB) ?? false;
      return serviceType === ServiceType.RDS && documentsOnly ? `only ${only!.join(', ')} has it` : undefined;
    }
    if (only !== undefined && !among(only)) return `only ${only.join(', ')} ${only.length === 1 ? 'has' : 'have'} it`;
    return among(not) ? `all engines but ${not.join(', ')} have it` : undefined;
  }

  /** The name. */
  toString(): string {
    return this.name;
  }
}

/** Where a group exists: on these engines alone, or on all but these. */
interface Engines {
  readonly only?: readonly DatabaseEngine[];
  readonly not?: readonly DatabaseEngine[];
}

const GROUP_NAME = /^db(\.[A-Za-z0-9_]+)*$/;
const DIMENSION_NAME = /^db(\.[A-Za-z0-9_]+)+$/;
