/**
 * What differs between engines: what sessions wait for, with its type, and which dimension groups there are.
 * Wait events: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.Waitevents.html and its
 * neighbours; groups: https://docs.aws.amazon.com/performance-insights/latest/APIReference/API_DimensionGroup.html
 */
export interface Family {
  readonly name: 'mysql' | 'postgres' | 'sqlserver' | 'oracle' | 'docdb';
  /** Names and types, by falling share of the load. */
  readonly waits: readonly Wait[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

export interface Wait {
  readonly name: string;
  readonly type: string;
  /** Whether another session holds what is waited for. */
  readonly lock?: true;
}

const CPU: Wait = { name: 'CPU', type: 'CPU' };

const USER_AND_HOST = {
  'db.host': ['db.host.id', 'db.host.name'],
  'db.user': ['db.user.id', 'db.user.name'],
};

const SQL = {
  'db.sql': ['db.sql.id', 'db.sql.db_id', 'db.sql.statement', 'db.sql.tokenized_id'],
  'db.sql_tokenized': ['db.sql_tokenized.id', 'db.sql_tokenized.db_id', 'db.sql_tokenized.statement'],
  'db.wait_event': ['db.wait_event.name', 'db.wait_event.type'],
  'db.wait_event_type': ['db.wait_event_type.name'],
  ...USER_AND_HOST,
};

const DATABASE = { db: ['db.name'] };
const APPLICATION = { 'db.application': ['db.application.name'] };

/** The reference does not say which engines have these groups; here Aurora PostgreSQL alone. */
const BLOCKING = {
  'db.blocking_sql': ['db.blocking_sql.id', 'db.blocking_sql.sql'],
  'db.blocking_session': ['db.blocking_session.id'],
  'db.blocking_object': ['db.blocking_object.id', 'db.blocking_object.type', 'db.blocking_object.value'],
};

const AURORA_MYSQL: readonly Wait[] = [
  CPU,
  { name: 'wait/io/aurora_redo_log_flush', type: 'io' },
  { name: 'wait/io/table/sql/handler', type: 'io' },
  { name: 'wait/synch/mutex/innodb/aurora_lock_thread_slot_futex', type: 'synch' },
  { name: 'wait/lock/table/sql/handler', type: 'lock', lock: true },
];

const MYSQL: readonly Wait[] = [
  CPU,
  { name: 'wait/io/table/sql/handler', type: 'io' },
  { name: 'wait/io/file/innodb/innodb_data_file', type: 'io' },
  { name: 'wait/synch/mutex/innodb/buf_pool_mutex', type: 'synch' },
  { name: 'wait/lock/table/sql/handler', type: 'lock', lock: true },
];

const POSTGRES: readonly Wait[] = [
  CPU,
  { name: 'DataFileRead', type: 'IO' },
  { name: 'WALWrite', type: 'LWLock' },
  { name: 'ClientRead', type: 'Client' },
  { name: 'transactionid', type: 'Lock', lock: true },
];

const AURORA_POSTGRES: readonly Wait[] = [
  CPU,
  { name: 'XactSync', type: 'IO' },
  { name: 'DataFileRead', type: 'IO' },
  { name: 'ClientRead', type: 'Client' },
  { name: 'transactionid', type: 'Lock', lock: true },
];

const SQL_SERVER: readonly Wait[] = [
  CPU,
  { name: 'PAGEIOLATCH_SH', type: 'Buffer I/O' },
  { name: 'WRITELOG', type: 'Tran Log I/O' },
  { name: 'ASYNC_NETWORK_IO', type: 'Network I/O' },
  { name: 'LCK_M_X', type: 'Lock', lock: true },
];

const ORACLE: readonly Wait[] = [
  CPU,
  { name: 'db file sequential read', type: 'User I/O' },
  { name: 'log file sync', type: 'Commit' },
  { name: 'SQL*Net message from client', type: 'Network' },
  { name: 'enq: TX - row lock contention', type: 'Application', lock: true },
];

/** https://docs.aws.amazon.com/documentdb/latest/developerguide/performance-insights.html */
const DOCUMENT_DB: readonly Wait[] = [
  CPU,
  { name: 'IO', type: 'IO' },
  { name: 'BufferLock', type: 'BufferLock' },
  { name: 'BackgroundActivity', type: 'BackgroundActivity' },
  { name: 'DocumentLock', type: 'DocumentLock' },
];

const POSTGRES_GROUPS = { ...SQL, ...DATABASE, ...APPLICATION, 'db.session_type': ['db.session_type.name'] };

const FAMILIES: ReadonlyArray<readonly [RegExp, Family]> = [
  [/^aurora-mysql$/, { name: 'mysql', waits: AURORA_MYSQL, groups: { ...SQL, ...DATABASE } }],
  [/^(mysql|mariadb)$/, { name: 'mysql', waits: MYSQL, groups: { ...SQL, ...DATABASE } }],
  [/^aurora-postgresql$/, { name: 'postgres', waits: AURORA_POSTGRES, groups: { ...POSTGRES_GROUPS, ...BLOCKING } }],
  [/^postgres$/, { name: 'postgres', waits: POSTGRES, groups: POSTGRES_GROUPS }],
  [/^sqlserver-/, { name: 'sqlserver', waits: SQL_SERVER, groups: SQL }],
  [/^oracle-/, { name: 'oracle', waits: ORACLE, groups: SQL }],
  [
    /^docdb$/,
    {
      name: 'docdb',
      waits: DOCUMENT_DB,
      groups: {
        'db.query': ['db.query.id', 'db.query.db_id', 'db.query.statement', 'db.query.tokenized_id'],
        'db.query_tokenized': ['db.query_tokenized.id', 'db.query_tokenized.db_id', 'db.query_tokenized.statement'],
        'db.wait_state': ['db.wait_state.name'],
        'db.host': USER_AND_HOST['db.host'],
        ...DATABASE,
        ...APPLICATION,
      },
    },
  ],
];

export function familyOf(engine: string): Family {
  const found = FAMILIES.find(([pattern]) => pattern.test(engine))?.[1];
  if (found === undefined) throw new Error(`the sandbox has no performance data for the engine '${engine}'`);
  return found;
}

/** The group that a dimension is of. */
export function groupOf(family: Family, dimension: string): string | undefined {
  return Object.entries(family.groups).find(([, dimensions]) => dimensions.includes(dimension))?.[0];
}
