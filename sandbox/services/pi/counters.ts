import type { Family } from './families';
import { hashOf, noise } from './noise';

/**
 * Counters, measured once a minute. A selection of those that the guides list:
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights_Counters.html. RDS for SQL Server has
 * none of the operating system, DocumentDB no others.
 */
export interface Counter {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly value: (moment: Moment) => number;
}

/** What a counter is computed from. */
export interface Moment {
  readonly seed: number;
  readonly minute: number;
  readonly vcpus: number;
  /** Active sessions, and those of them that use a processor. */
  readonly sessions: number;
  readonly onCpu: number;
}

export function countersOf(family: Family): readonly Counter[] {
  return [...(family.name === 'sqlserver' ? [] : OS), ...DATABASE[family.name]];
}

const busy = ({ onCpu, vcpus }: Moment) => Math.min(99, (100 * onCpu) / vcpus + 1);
const MEMORY_KB = 16 * 1024 * 1024;

const OS: readonly Counter[] = [
  os('general.numVCPUs', 'vCPUs', 'The number of virtual CPUs for the DB instance', ({ vcpus }) => vcpus),
  os('cpuUtilization.user', 'Percent', 'The percentage of CPU in use by user programs', (at) => busy(at) * 0.8),
  os('cpuUtilization.system', 'Percent', 'The percentage of CPU in use by the kernel', (at) => busy(at) * 0.15),
  os('cpuUtilization.wait', 'Percent', 'The percentage of CPU unused while waiting for I/O', (at) => busy(at) * 0.05),
  os('cpuUtilization.total', 'Percent', 'The total percentage of the CPU in use', busy),
  os('cpuUtilization.idle', 'Percent', 'The percentage of CPU that is idle', (at) => 100 - busy(at)),
  os(
    'loadAverageMinute.one',
    'Processes',
    'Processes that asked for CPU time in the last minute',
    ({ onCpu }) => onCpu,
  ),
  os('loadAverageMinute.five', 'Processes', 'Processes that asked for CPU time in five minutes', ({ onCpu }) => onCpu),
  os('loadAverageMinute.fifteen', 'Processes', 'Processes that asked for CPU time in 15 minutes', ({ onCpu }) => onCpu),
  os('memory.total', 'Kilobytes', 'The total amount of memory', () => MEMORY_KB),
  os('memory.free', 'Kilobytes', 'The amount of unassigned memory', (at) => MEMORY_KB * (0.1 + 0.1 * rough(at, 1))),
  os('memory.active', 'Kilobytes', 'The amount of assigned memory', (at) => MEMORY_KB * (0.6 + 0.1 * rough(at, 2))),
  os('swap.in', 'Kilobytes', 'The memory swapped in from disk', () => 0),
  os('swap.out', 'Kilobytes', 'The memory swapped out to disk', () => 0),
  os('network.rx', 'Bytes per second', 'The number of bytes received', (at) => at.sessions * 40_000 * rough(at, 3)),
  os('network.tx', 'Bytes per second', 'The number of bytes sent', (at) => at.sessions * 90_000 * rough(at, 4)),
];

const DATABASE: Readonly<Record<Family['name'], readonly Counter[]>> = {
  mysql: [
    perSession('SQL.Queries', 'Queries per second', 400),
    perSession('SQL.Com_select', 'Queries per second', 300),
    perSession('SQL.Slow_queries', 'Queries per second', 0.2),
    perSession('SQL.Innodb_rows_read', 'Rows per second', 20_000),
    perSession('Users.Connections', 'Connections', 12),
    perSession('Users.Threads_running', 'Connections', 1),
    perSession('Temp.Created_tmp_disk_tables', 'Tables per second', 0.5),
    perSession('Locks.innodb_deadlocks', 'Deadlocks per minute', 0.01),
    perSession('Cache.innoDB_buffer_pool_hits', 'Pages per second', 5_000),
  ],
  postgres: [
    perSession('Transactions.xact_commit', 'Commits per second', 90),
    perSession('Transactions.xact_rollback', 'Rollbacks per second', 1),
    perSession('Transactions.active_transactions', 'Transactions', 1),
    perSession('Transactions.blocked_transactions', 'Transactions', 0.1),
    perSession('Concurrency.deadlocks', 'Deadlocks per minute', 0.01),
    perSession('User.numbackends', 'Connections', 12),
    perSession('SQL.tup_fetched', 'Tuples per second', 20_000),
    perSession('Cache.blks_hit', 'Blocks per second', 5_000),
    perSession('IO.blks_read', 'Blocks per second', 60),
    perSession('Temp.temp_bytes', 'Bytes per second', 3_000),
  ],
  sqlserver: [
    perSession('SQL Statistics.Batch Requests', 'Batches per second', 200),
    perSession('General Statistics.User Connections', 'Connections', 12),
    perSession('Buffer Manager.Page reads', 'Pages per second', 60),
    perSession('Locks.Number of Deadlocks (_Total)', 'Deadlocks per second', 0.001),
  ],
  oracle: [
    perSession('SQL.execute count', 'Executions per second', 300),
    perSession('User.user commits', 'Commits per second', 60),
    perSession('User.logons current', 'Connections', 12),
    perSession('Cache.physical reads', 'Blocks per second', 60),
  ],
  docdb: [],
};

function os(name: string, unit: string, description: string, value: Counter['value']): Counter {
  return { name: `os.${name}`, unit, description, value };
}

/** A counter that follows the load. */
function perSession(name: string, unit: string, factor: number): Counter {
  const salt = hashOf(name);
  return {
    name: `db.${name}`,
    unit,
    description: `The counter ${name.split('.').at(-1)} of the engine`,
    value: (moment) => moment.sessions * factor * rough(moment, salt),
  };
}

/** 0.5 to 1.5, another each minute. */
function rough({ seed, minute }: Moment, salt: number): number {
  return 0.5 + noise(seed, salt, minute);
}
