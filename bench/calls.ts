import type { CallRecord } from '../sandbox/kernel/journal';
import { rum } from '../src';
import type { Measure, Row } from './measure';
import { onStage, type Stage } from './stage';

const { ERRORS, HTTP } = rum.Telemetry;

/** In this order; each starts where the one before has ended. */
const STEPS: ReadonlyArray<readonly [string, (stage: Stage) => Promise<unknown>]> = [
  ['create', (stage) => stage.deploy(stage.synth(1, { telemetries: [ERRORS, HTTP] }))],
  // Another order is a change of the template, but none of the monitor.
  ['update that changes nothing', (stage) => stage.deploy(stage.synth(1, { telemetries: [HTTP, ERRORS] }))],
  ['update', (stage) => stage.deploy(stage.synth(1, { telemetries: [HTTP] }))],
  ['delete', (stage) => stage.destroy()],
];

const READS_OF_THE_STACK =
  "Reads of CloudFormation are the run's note of the stack's operation, and the question before each write whether it is still wanted.";

/** What the handler asks of AWS in the life of one monitor. */
export const calls: Measure = () =>
  onStage({}, async (stage) => {
    const { journal } = stage.sandbox;
    const rows: Row[] = [];
    for (const [name, run] of STEPS) {
      const before = journal.calls.length;
      await run(stage);
      rows.push(row(name, journal.calls.slice(before)));
    }
    return rows;
  });

function row(name: string, made: readonly CallRecord[]): Row {
  const ofRum = made.filter(({ service, execution }) => service === 'rum' && execution !== undefined);
  const reads = ofRum.filter(({ operation }) => /^(Get|List)/.test(operation)).length;
  const writes = ofRum.length - reads;
  const cloudFormationReads = made.filter(({ service }) => service === 'cloudformation').length;
  return {
    name: `calls: ${name}`,
    value: `${writes} write${writes === 1 ? '' : 's'}, ${reads} read${reads === 1 ? '' : 's'}`,
    figures: { writes, reads, cloudFormationReads },
    beside: `${cloudFormationReads} reads of CloudFormation`,
    note: READS_OF_THE_STACK,
  };
}
