import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { bundle } from './bundle';
import { calls } from './calls';
import { cloudHsm } from './cloudhsm';
import { delegation } from './delegation';
import { macie } from './macie';
import type { Measure, Row } from './measure';
import { performanceInsights } from './performanceinsights';
import { pollingScale } from './polling-scale';
import { scale } from './scale';
import { settling } from './settling';
import { synth } from './synth';
import { table } from './table';
import { template } from './template';

const MEASURES: Readonly<Record<string, Measure>> = {
  bundle,
  synth,
  template,
  calls,
  settling,
  scale,
  cloudhsm: cloudHsm,
  performanceinsights: performanceInsights,
  'polling-scale': pollingScale,
  macie,
  delegation,
};

/** Takes all measures, or those that are named, one after the other; prints a table and writes a file for machines. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'string', default: 'bench-results.json' },
      strict: { type: 'boolean', default: false },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(MEASURES);
  const rows: Row[] = [];
  for (const name of names) rows.push(...(await take(name)));
  console.log(table(rows));
  writeFileSync(values.json, `${JSON.stringify({ machine: machine(), rows }, null, 2)}\n`);
  const missed = rows.filter(({ target }) => target?.met === false).map(({ name }) => name);
  if (missed.length > 0) console.log(`\nmissed: ${missed.join('; ')}`);
  if (values.strict && missed.length > 0) process.exitCode = 1;
}

function take(name: string): Promise<Row[]> {
  const measure = MEASURES[name];
  if (measure === undefined) throw new Error(`no measure ${name}; there are ${Object.keys(MEASURES).join(', ')}`);
  // Beside the table, which may go to a file.
  console.error(`measuring ${name} …`);
  return measure();
}

function machine(): object {
  return { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model };
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
