import { invalidValue } from './errors';

/** The port and, where a request names none, the version of each engine that the sandbox knows. */
const ENGINES: Readonly<Record<string, { readonly port: number; readonly version: string }>> = {
  'aurora-mysql': { port: 3306, version: '8.0.mysql_aurora.3.08.0' },
  'aurora-postgresql': { port: 5432, version: '16.4' },
  docdb: { port: 27017, version: '5.0.0' },
  mariadb: { port: 3306, version: '10.11.9' },
  mysql: { port: 3306, version: '8.0.40' },
  'oracle-ee': { port: 1521, version: '19.0.0.0.ru-2024-10.rur-2024-10.r1' },
  'oracle-se2': { port: 1521, version: '19.0.0.0.ru-2024-10.rur-2024-10.r1' },
  postgres: { port: 5432, version: '16.4' },
  'sqlserver-ee': { port: 1433, version: '15.00.4415.2.v1' },
  'sqlserver-ex': { port: 1433, version: '15.00.4415.2.v1' },
  'sqlserver-se': { port: 1433, version: '15.00.4415.2.v1' },
  'sqlserver-web': { port: 1433, version: '15.00.4415.2.v1' },
};

export function engineDefaults(engine: string): { readonly port: number; readonly version: string } {
  const known = ENGINES[engine];
  if (known !== undefined) return known;
  throw invalidValue(`Invalid DB engine ${engine}; the sandbox knows ${Object.keys(ENGINES).join(', ')}`);
}
