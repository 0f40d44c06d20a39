import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnAppMonitor } from 'aws-cdk-lib/aws-rum';
import { rum } from '../src';
import { atMost, type Measure, median, type Row } from './measure';

const MAX_RATIO = 1.5;
const MAX_GROWTH = 1.5;
const PAIRS = 15;

const METHOD =
  'CPU time of constructing and app.synth(), which other work on the machine disturbs less than the clock on the wall. ' +
  'AppMonitor and CfnAppMonitor alternate in one process after a warm-up; medians, and the median of the ratios of the pairs. ' +
  "The provider's 14 resources come once a stack: the line of one monitor shows what they cost.";

/** Synthesis of many monitors beside as many of the CDK's own L1. */
export const synth: Measure = async () => {
  pairs(450, 2);
  const [one, few, many] = [pairs(1), pairs(100), pairs(450)];
  const growth = many.oursMs / 450 / (few.oursMs / 100);
  const further = (many.oursMs - few.oursMs) / (many.l1Ms - few.l1Ms);
  return [
    against(few, atMost(few.ratio, MAX_RATIO, '≤ 1.5 × L1')),
    against(many, atMost(many.ratio, MAX_RATIO, '≤ 1.5 × L1')),
    against(one),
    {
      name: 'synth: each monitor from the 101st to the 450th',
      value: `${further.toFixed(2)} × L1`,
      figures: { ratio: further },
      note: METHOD,
    },
    {
      name: 'synth: time per monitor at 450 over that at 100',
      value: `${growth.toFixed(2)} ×`,
      figures: { growth },
      target: atMost(growth, MAX_GROWTH, '≤ 1.5 ×'),
      note: METHOD,
    },
  ];
};

interface Pairs {
  readonly count: number;
  readonly oursMs: number;
  readonly l1Ms: number;
  readonly ratio: number;
}

function pairs(count: number, times = PAIRS): Pairs {
  const ours: number[] = [];
  const l1: number[] = [];
  for (let pair = 0; pair < times; pair++) {
    ours.push(millisecondsFor(count, addAppMonitor));
    l1.push(millisecondsFor(count, addCfnAppMonitor));
  }
  const ratio = median(ours.map((ms, index) => ms / l1[index]!));
  return { count, oursMs: median(ours), l1Ms: median(l1), ratio };
}

function against({ count, oursMs, l1Ms, ratio }: Pairs, target?: Row['target']): Row {
  return {
    name: `synth: ${count} AppMonitor${count === 1 ? '' : 's'}`,
    value: `${ratio.toFixed(2)} × L1 (${oursMs.toFixed(0)} ms)`,
    figures: { count, oursMs, l1Ms, ratio },
    beside: `${l1Ms.toFixed(0)} ms CfnAppMonitor`,
    target,
    note: METHOD,
  };
}

function millisecondsFor(count: number, add: (stack: Stack, index: number) => void): number {
  const outdir = mkdtempSync(path.join(tmpdir(), 'cdk-settled-bench-'));
  const start = process.cpuUsage();
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'App');
  for (let index = 0; index < count; index++) add(stack, index);
  app.synth();
  const { user, system } = process.cpuUsage(start);
  rmSync(outdir, { recursive: true });
  return (user + system) / 1000;
}

function addAppMonitor(stack: Stack, index: number): void {
  new rum.AppMonitor(stack, `Monitor${index}`, {
    domain: `site${index}.example.com`,
    authorization: rum.Authorization.none(),
  });
}

/** With the values that an AppMonitor has by default, so that the templates say the same. */
function addCfnAppMonitor(stack: Stack, index: number): void {
  new CfnAppMonitor(stack, `Monitor${index}`, {
    name: `App-Monitor${index}`,
    domain: `site${index}.example.com`,
    appMonitorConfiguration: {
      sessionSampleRate: 0.1,
      telemetries: ['errors', 'performance', 'http'],
      allowCookies: false,
      enableXRay: false,
    },
    cwLogEnabled: false,
    customEvents: { status: 'DISABLED' },
    platform: 'Web',
  });
}
