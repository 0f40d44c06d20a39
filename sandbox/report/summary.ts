import type { CallRecord } from '../kernel/journal';
import { elapsed } from './event-lines';

export interface SummaryInput {
  /** Virtual times in milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly calls: readonly CallRecord[];
  readonly invocations: number;
  /** What stands in the accounts. */
  readonly inventory: readonly string[];
}

/** What a run did: virtual time, API calls by operation with their errors, invocations, and what is left. */
export function summary(input: SummaryInput): string {
  const { start, end, calls, invocations, inventory } = input;
  return [
    `virtual time  ${elapsed(end - start)}`,
    `invocations   ${invocations}`,
    `API calls     ${calls.length}`,
    ...table(countCalls(calls)).map((line) => `  ${line}`),
    `left          ${inventory.length === 0 ? 'nothing' : inventory.length}`,
    ...names(inventory),
  ].join('\n');
}

/** What stands in the accounts, without a run. */
export function standing(inventory: readonly string[]): string {
  return [`standing      ${inventory.length === 0 ? 'nothing' : inventory.length}`, ...names(inventory)].join('\n');
}

function names(inventory: readonly string[]): string[] {
  return [...inventory].sort().map((name) => `  ${name}`);
}

interface CallCount {
  calls: number;
  readonly errors: Map<string, number>;
}

function countCalls(calls: readonly CallRecord[]): Map<string, CallCount> {
  const counts = new Map<string, CallCount>();
  for (const { service, operation, outcome } of calls) {
    const name = `${service}:${operation}`;
    const count = counts.get(name) ?? { calls: 0, errors: new Map() };
    counts.set(name, count);
    count.calls += 1;
    if (outcome !== 'ok') count.errors.set(outcome, (count.errors.get(outcome) ?? 0) + 1);
  }
  return counts;
}

function table(counts: ReadonlyMap<string, CallCount>): string[] {
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  const nameWidth = Math.max(0, ...rows.map(([name]) => name.length));
  const countWidth = Math.max(0, ...rows.map(([, { calls }]) => String(calls).length));
  return rows.map(([name, { calls, errors }]) => {
    const failed = [...errors].map(([code, count]) => `${count} ${code}`).join(', ');
    return `${name.padEnd(nameWidth)}  ${String(calls).padStart(countWidth)}  ${failed}`.trimEnd();
  });
}
