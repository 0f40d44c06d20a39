import type { Family } from './families';

/** A statistic of a statement or digest, such as its calls per second. */
export interface SqlStatistic {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
}

/**
 * A selection of https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/sql-statistics.html and the pages of the
 * engines below it.
 */
const BY_FAMILY: Readonly<Record<Family['name'], readonly string[]>> = {
  mysql: ['count_star_per_sec', 'sum_timer_wait_per_sec', 'sum_rows_examined_per_sec'],
  postgres: ['calls_per_sec', 'rows_per_sec', 'total_time_per_sec'],
  sqlserver: ['execution_count_per_sec', 'total_elapsed_time_per_sec'],
  oracle: ['executions_per_sec', 'elapsed_time_per_sec'],
  docdb: [],
};

/** MySQL has them of digests only. */
export function statisticsOf(family: Family, group: 'db.sql' | 'db.sql_tokenized'): readonly SqlStatistic[] {
  if (group === 'db.sql' && family.name === 'mysql') return [];
  return BY_FAMILY[family.name].map((name) => ({
    name: `${group}.stats.${name}`,
    unit: name.includes('time') || name.includes('timer') ? 'Milliseconds per second' : 'Count per second',
    description: `${name.replaceAll('_', ' ')} of a statement`,
  }));
}
