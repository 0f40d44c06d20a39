'use strict';

/**
 * Runs the bundled poller (first argument) on the input of a schedule (second) again and again in this process, each time
 * a minute later, and sends what a warm run takes.
 */

const WARM_UP = 30;
const RUNS = 100;
const MINUTE = 60_000;
const PLACEHOLDER = '<aws.scheduler.scheduled-time>';

const [bundle, input] = process.argv.slice(2);

const start = Math.floor(Date.now() / MINUTE) * MINUTE;
let now = start;
Date.now = () => now;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now] : args, newTarget),
});

const { handler } = require(bundle);

async function run(index) {
  now = start + index * MINUTE + 2_000;
  const scheduled = new Date(start + index * MINUTE).toISOString();
  await handler(JSON.parse(input.replace(PLACEHOLDER, scheduled)), { getRemainingTimeInMillis: () => 55_000 });
}

async function main() {
  for (let index = 0; index < WARM_UP; index++) await run(index);
  const before = process.cpuUsage();
  for (let index = 0; index < RUNS; index++) await run(WARM_UP + index);
  const { user, system } = process.cpuUsage(before);
  const residentMb = process.memoryUsage().rss / 1024 / 1024;
  process.send({ runs: WARM_UP + RUNS, cpuMs: (user + system) / 1000 / RUNS, residentMb }, () => process.exit());
}

main();
