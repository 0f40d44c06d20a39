import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { StackEvent } from '../sandbox/cloudformation/events';
import { cloudhsm } from '../src';
import { QUERY_INTERVAL } from '../src/core/settled-provider';
import { atMost, type Measure, type Row } from './measure';
import { onStage } from './stage';

/** What AWS itself takes for each stage in the sandbox, in seconds: `sandbox/services/cloudhsm/options.ts`. */
const STAGES: ReadonlyArray<readonly [stage: string, logicalId: RegExp, seconds: number]> = [
  ['cluster', /^Hsm[0-9A-F]{8}$/, 150],
  ['first HSM', /^HsmHsm1/, 480],
  ['initialization', /^HsmInitialization/, 60],
  ['activation', /^HsmActivation/, 90 + 80],
  ['second HSM', /^HsmHsm2/, 480],
];

/** The calls of a stage, of which each takes up to 80 ms in the sandbox: note, claim, question, act, look. */
const CALLS_SECONDS = 1.5;

const NOTE = 'Virtual time of the stage in the stack, less what AWS itself takes. The activation is a build and a lag.';

/** What the library adds to AWS's own durations when a cluster with two HSMs is made. */
export const cloudHsm: Measure = () =>
  onStage({}, async (stage) => {
    const { events } = await stage.deploy(synthesizeCluster());
    const writes = stage.sandbox.journal.calls.filter(isWrite).length;
    const reads = stage.sandbox.journal.calls.filter(({ service }) => service === 'cloudhsm').length - writes;
    return [...STAGES.map((each) => row(each, events)), callsRow(writes, reads)];
  });

function synthesizeCluster(): string {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'App');
  const vpc = new ec2.Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 });
  new cloudhsm.Cluster(stack, 'Hsm', { vpc, hsmCount: 2, removalPolicy: RemovalPolicy.DESTROY });
  return app.synth().directory;
}

function row([stage, logicalId, seconds]: (typeof STAGES)[number], events: readonly StackEvent[]): Row {
  const own = events.filter((event) => logicalId.test(event.logicalId) && event.type.startsWith('Custom::'));
  const took = (own.at(-1)!.at - own[0]!.at) / 1000;
  const beyond = took - seconds;
  return {
    name: `cloudhsm: ${stage}`,
    value: `${beyond.toFixed(1)} s beyond AWS`,
    figures: { beyondSeconds: beyond, seconds: took },
    beside: `${seconds} s of AWS`,
    target: atMost(beyond, QUERY_INTERVAL.toSeconds() + CALLS_SECONDS, `≤ 5 s + ${CALLS_SECONDS} s of calls`),
    note: NOTE,
  };
}

function isWrite({ service, operation }: { readonly service: string; readonly operation: string }): boolean {
  return service === 'cloudhsm' && !operation.startsWith('Describe');
}

function callsRow(writes: number, reads: number): Row {
  return {
    name: 'cloudhsm: calls for two HSMs',
    value: `${writes} writes, ${reads} reads`,
    figures: { writes, reads },
    note: 'Reads are looks, one each 5 seconds while AWS works.',
  };
}
