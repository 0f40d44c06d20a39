import { DatabaseEngine, DimensionGroup, ServiceType } from '../../src/performanceinsights';
import { messageOf } from '../support/synthesis';

const ENGINES = {
  'aurora-mysql': DatabaseEngine.AURORA_MYSQL,
  'aurora-postgresql': DatabaseEngine.AURORA_POSTGRESQL,
  mysql: DatabaseEngine.MYSQL,
  mariadb: DatabaseEngine.MARIADB,
  postgres: DatabaseEngine.POSTGRES,
  oracle: DatabaseEngine.of('oracle-ee'),
  sqlserver: DatabaseEngine.of('sqlserver-web'),
  docdb: DatabaseEngine.DOCDB,
} as const;
type EngineName = keyof typeof ENGINES;

const ALL = Object.keys(ENGINES) as EngineName[];
const RELATIONAL = ALL.filter((name) => name !== 'docdb');

const GROUPS: Array<[DimensionGroup, string, string[], EngineName[]]> = [
  [DimensionGroup.WAIT_EVENT, 'db.wait_event', ['name', 'type'], RELATIONAL],
  [DimensionGroup.WAIT_EVENT_TYPE, 'db.wait_event_type', ['name'], RELATIONAL],
  [DimensionGroup.WAIT_STATE, 'db.wait_state', ['name'], ['docdb']],
  [DimensionGroup.SQL, 'db.sql', ['id', 'db_id', 'statement', 'tokenized_id'], RELATIONAL],
  [DimensionGroup.SQL_TOKENIZED, 'db.sql_tokenized', ['id', 'db_id', 'statement'], RELATIONAL],
  [DimensionGroup.QUERY, 'db.query', ['id', 'db_id', 'statement', 'tokenized_id'], ['docdb']],
  [DimensionGroup.QUERY_TOKENIZED, 'db.query_tokenized', ['id', 'db_id', 'statement'], ['docdb']],
  [DimensionGroup.USER, 'db.user', ['id', 'name'], RELATIONAL],
  [DimensionGroup.HOST, 'db.host', ['id', 'name'], ALL],
  [
    DimensionGroup.DATABASE,
    'db',
    ['name'],
    ['aurora-mysql', 'aurora-postgresql', 'mysql', 'mariadb', 'postgres', 'docdb'],
  ],
  [DimensionGroup.APPLICATION, 'db.application', ['name'], ['aurora-postgresql', 'postgres', 'docdb']],
  [DimensionGroup.SESSION_TYPE, 'db.session_type', ['name'], ['aurora-postgresql', 'postgres', 'docdb']],
  [DimensionGroup.PLANS, 'db.plans', [], ['aurora-postgresql']],
  [DimensionGroup.BLOCKING_SQL, 'db.blocking_sql', ['id', 'sql'], ALL],
  [DimensionGroup.BLOCKING_SESSION, 'db.blocking_session', ['id'], ALL],
  [DimensionGroup.BLOCKING_OBJECT, 'db.blocking_object', ['id', 'type', 'value'], ALL],
];

describe.each(GROUPS)('%s', (group, name, dimensions, engines) => {
  test('has its documented name and dimensions', () => {
    expect(group.name).toBe(name);
    expect(group.dimensions).toEqual(dimensions.map((dimension) => `${name}.${dimension}`));
  });

  test.each(ALL)('is known to exist on %s, or not', (engine) => {
    const serviceType = engine === 'docdb' ? ServiceType.DOCDB : ServiceType.RDS;
    const missing = group._missingOn(serviceType, ENGINES[engine]);
    if (engines.includes(engine)) expect(missing).toBeUndefined();
    else expect(missing).toMatch(/ha(s|ve) it$/);
  });
});

test('groups of DocumentDB alone are missing on RDS, even on an engine that is not known', () => {
  const missing = GROUPS.filter(([group]) => group._missingOn(ServiceType.RDS, undefined)).map(([{ name }]) => name);
  expect(missing).toEqual(['db.wait_state', 'db.query', 'db.query_tokenized']);
});

test('a group without a name here may exist anywhere', () => {
  const group = DimensionGroup.of('db.new', ['db.new.id', 'db.new.name']);
  expect(group).toMatchObject({ name: 'db.new', dimensions: ['db.new.id', 'db.new.name'] });
  for (const engine of Object.values(ENGINES)) expect(group._missingOn(ServiceType.RDS, engine)).toBeUndefined();
});

const INVALID: Array<[string, string[], string]> = [
  ['wait_event', ['db.wait_event.name'], 'name must be the name of a dimension group, such as db.wait_event, got'],
  ['db.x', [], 'dimensions must have 1 to 10 entries, got "0 entries"'],
  ['db.x', ['name'], 'dimensions must be full names, such as db.x.name, got "name"'],
];
test.each(INVALID)('%s with the dimensions %j is no group', (name, dimensions, message) => {
  expect(messageOf(() => DimensionGroup.of(name, dimensions))).toContain(message);
});

test('an engine has the name that RDS gives it', () => {
  expect(DatabaseEngine.of('oracle-se2-cdb')).toMatchObject({ name: 'oracle-se2-cdb' });
  expect(`${DatabaseEngine.AURORA_MYSQL}`).toBe('aurora-mysql');
  expect(messageOf(() => DatabaseEngine.of('Aurora MySQL'))).toContain(
    'name must be the name of an engine in the API of RDS, such as aurora-mysql, got "Aurora MySQL"',
  );
});
