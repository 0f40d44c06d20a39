import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { CallRecord } from '../sandbox/kernel/journal';
import type { Sandbox } from '../sandbox/sandbox';
import { performanceinsights as pi } from '../src';
import { codeSize } from './bundle';
import { atMost, type Measure, type Row } from './measure';
import { pollWarm } from './poller-process';
import { onStage } from './stage';

const HANDLERS = ['poller', 'performance-insights', 'notification'] as const;
const QUESTIONS = [1, 15, 150] as const;
/** A call takes no more. */
const MAX_QUERIES = 15;

/** Until the first points are published, and the time over which is counted. */
const [BEGINNING_MINUTES, COUNTED_MINUTES] = [10, 30];
const MINUTE_MS = 60_000;

const COUNTED =
  `Per data source and minute, over ${COUNTED_MINUTES} virtual minutes in the sandbox. The minimum is one GetResourceMetrics for ` +
  `${MAX_QUERIES} questions, and one PutMetricData. Questions are the share of the top SQL digest, and the load of wait events of ` +
  'which there are none now.';
const COUNTED_BUSY =
  'Questions are the share of the top SQL digest, and the load of digests and users that all have some: an answer of 15 is ' +
  'longer than the page of 25 series that Performance Insights gives at most.';
const WARM =
  'CPU time of one run of the bundled poller in a warm process, mean of 100, and the resident memory of that process after ' +
  'them. Performance Insights and CloudWatch are a server in another process, so that waiting for AWS is not in it.';

/** What polling costs: calls, points, time and memory of the function, by the number of questions; and sizes of code. */
export const performanceInsights: Measure = async () => {
  const rows: Row[] = [];
  for (const count of QUESTIONS) rows.push(await callsRow(count));
  rows.push(await busyCallsRow(MAX_QUERIES));
  for (const count of QUESTIONS) rows.push(await warmRow(count));
  return [...rows, ...HANDLERS.map(sizeRow)];
};

async function callsRow(count: number): Promise<Row> {
  const { calls, points } = await callsAndPoints(() => quietKeys(count - 1));
  const least = Math.ceil(count / MAX_QUERIES) + 1;
  return {
    name: `performanceinsights: ${named(count)}, calls a minute`,
    value: `${calls.toFixed(2)}, ${points} points`,
    figures: { questions: count, calls, points, leastCalls: least },
    beside: `${count + 1} points with the heartbeat`,
    target: atMost(calls, least),
    note: COUNTED,
  };
}

async function busyCallsRow(count: number): Promise<Row> {
  const { calls, points } = await callsAndPoints((sandbox, resourceId) => busyKeys(sandbox, resourceId, count - 1));
  return {
    name: `performanceinsights: ${named(count)} on busy keys, calls a minute`,
    value: `${calls.toFixed(2)}, ${points} points`,
    figures: { questions: count, calls, points },
    note: COUNTED_BUSY,
  };
}

/** Calls and points in a minute, in a sandbox with one database. */
function callsAndPoints(
  keysOf: (sandbox: Sandbox, resourceId: string) => pi.Metric[],
): Promise<{ calls: number; points: number }> {
  return onStage({}, async (stage) => {
    const { accountId, region, clock, journal, supporting } = stage.sandbox;
    const orders = { identifier: 'orders', engine: 'postgres', performanceInsights: true };
    const { resourceId } = supporting.tools.databases.instances.create({ accountId, region }, orders);
    await clock.sleep(BEGINNING_MINUTES * MINUTE_MS);
    await stage.deploy(synthesize(stage.folder, resourceId, keysOf(stage.sandbox, resourceId)).directory);
    await clock.sleep(BEGINNING_MINUTES * MINUTE_MS);
    const before = journal.calls.length;
    await clock.sleep(COUNTED_MINUTES * MINUTE_MS);
    const calls = journal.calls.slice(before);
    return { calls: calls.length / COUNTED_MINUTES, points: pointsIn(calls) / COUNTED_MINUTES };
  });
}

function pointsIn(calls: readonly CallRecord[]): number {
  const puts = calls.filter(({ operation }) => operation === 'PutMetricData');
  return puts.reduce((sum, { input }) => sum + (input as { MetricData: unknown[] }).MetricData.length, 0);
}

function quietKeys(count: number): pi.Metric[] {
  return Array.from({ length: count }, (_, index) => pi.Metric.waitEvent(`event${index}`));
}

function busyKeys({ accountId, region, supporting }: Sandbox, resourceId: string, count: number): pi.Metric[] {
  const activities = supporting.performanceInsights.controls.activities({ accountId, region }, resourceId);
  const digests = activities.map(({ statement }) => pi.Metric.sqlDigest(statement.digestId));
  const users = [...new Set(activities.map(({ user }) => user))].map((user) => pi.Metric.user(user));
  return [...digests, ...users].slice(0, count);
}

async function warmRow(count: number): Promise<Row> {
  const folder = mkdtempSync(path.join(tmpdir(), 'cdk-settled-bench-'));
  const input = scheduleInput(synthesize(folder, 'db-ABCDEFGHIJKLMNOPQRSTUVWXYZ', quietKeys(count - 1)));
  rmSync(folder, { recursive: true });
  const { cpuMs, residentMb } = await pollWarm(bundleOf('poller'), input);
  return {
    name: `performanceinsights: ${named(count)}, a warm run`,
    value: `${cpuMs.toFixed(1)} ms, ${residentMb.toFixed(0)} MB`,
    figures: { questions: count, cpuMs, residentMb },
    note: WARM,
  };
}

function sizeRow(handler: (typeof HANDLERS)[number]): Row {
  const { bytes, text } = codeSize(bundleOf(handler));
  return { name: `performanceinsights: size of ${handler}`, value: text, figures: { bytes } };
}

function named(count: number): string {
  return `${count} question${count === 1 ? '' : 's'}`;
}

function bundleOf(handler: string): string {
  return path.join(__dirname, '../assets/performanceinsights', `${handler}.lambda/index.js`);
}

/** A stack that polls the share of the top SQL digest, and the load of keys. */
function synthesize(folder: string, resourceId: string, keys: readonly pi.Metric[]) {
  const app = new App({ outdir: mkdtempSync(path.join(folder, 'cdk.out-')), analyticsReporting: false });
  const stack = new Stack(app, 'App');
  const orders = pi.DataSource.fromResourceId(resourceId, { instanceIdentifier: 'orders', heartbeatAlarm: false });
  for (const metric of [pi.Metric.topShare(pi.DimensionGroup.SQL_TOKENIZED), ...keys]) orders.metric(stack, metric);
  return app.synth();
}

function scheduleInput({ stacks }: ReturnType<typeof synthesize>): string {
  const resources: ReadonlyArray<{ Type: string; Properties: { Target: { Input: string } } }> = Object.values(
    stacks[0]!.template.Resources,
  );
  return resources.find(({ Type }) => Type === 'AWS::Scheduler::Schedule')!.Properties.Target.Input;
}
