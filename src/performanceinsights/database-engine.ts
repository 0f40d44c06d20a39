import { Validation } from '../core/validation';

/** The engine of a database: it decides which dimension groups there are. */
export class DatabaseEngine {
  /** Aurora MySQL. */
  static readonly AURORA_MYSQL = new DatabaseEngine('aurora-mysql');

  /** Aurora PostgreSQL. */
  static readonly AURORA_POSTGRESQL = new DatabaseEngine('aurora-postgresql');

  /** RDS for MySQL. */
  static readonly MYSQL = new DatabaseEngine('mysql');

  /** RDS for MariaDB. */
  static readonly MARIADB = new DatabaseEngine('mariadb');

  /** RDS for PostgreSQL. */
  static readonly POSTGRES = new DatabaseEngine('postgres');

  /** RDS for Oracle, in all editions. */
  static readonly ORACLE = new DatabaseEngine('oracle');

  /** RDS for SQL Server, in all editions. */
  static readonly SQL_SERVER = new DatabaseEngine('sqlserver');

  /** Amazon DocumentDB. */
  static readonly DOCDB = new DatabaseEngine('docdb');

  /** The engine with this name in the API of RDS, such as `oracle-ee`. */
  static of(name: string): DatabaseEngine {
    new Validation('performanceinsights.DatabaseEngine')
      .pattern('name', name, /^[a-z][a-z0-9-]*$/, 'be the name of an engine in the API of RDS, such as aurora-mysql')
      .throwIfInvalid();
    return new DatabaseEngine(name);
  }

  private constructor(
    /** Name of the engine, as RDS spells it. */
    readonly name: string,
  ) {}

  /**
   * Whether this is that engine, in whatever edition.
   *
   * @internal
   */
  _is(other: DatabaseEngine): boolean {
    return this.name === other.name || this.name.startsWith(`${other.name}-`);
  }

  /** The name. */
  toString(): string {
    return this.name;
  }
}
