import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import type { CallRecord } from '../sandbox/kernel/journal';
import { macieclassic } from '../src';
import { codeSize } from './bundle';
import { atMost, type Measure, type Row } from './measure';
import { onStage, type Stage } from './stage';

const HANDLERS = ['macieclassic/macie-classic', 'macie/macie'] as const;

const COUNT = 1_000;
/** What one call takes. */
const PER_CALL = 250;
const BATCHES = Math.ceil(COUNT / PER_CALL);

const NOTE =
  `Calls of the handler. A call takes ${PER_CALL} resources, so ${BATCHES} are the least for ${COUNT}, and one for a difference. ` +
  `Reads of Macie are pages of ${PER_CALL}, and all of them in each look; the record is that of what was there before the stack.`;

type Resources = macieclassic.MonitoredResource[];

const ALL = named(0, COUNT);
const FULL = { classificationType: { oneTime: macieclassic.OneTimeClassification.FULL } };

/** In this order; each starts where the one before has ended. */
const STEPS: ReadonlyArray<readonly [name: string, leastWrites: number, resources: Resources | undefined]> = [
  ['create 1,000 associations', BATCHES, ALL],
  ['one more', 1, named(0, COUNT + 1)],
  ['one less', 1, ALL],
  ['one classified otherwise', 1, [{ ...ALL[0], ...FULL }, ...named(1, COUNT)]],
  ['the same in another order', 0, [...named(1, COUNT).reverse(), { ...ALL[0], ...FULL }]],
  ['delete 1,000 associations', BATCHES, undefined],
];

/** What many associations with Macie Classic cost in calls, and the sizes of both functions. */
export const macie: Measure = () =>
  onStage({}, async (stage) => {
    const { journal } = stage.sandbox;
    const rows: Row[] = [];
    for (const [name, leastWrites, resources] of STEPS) {
      const before = journal.calls.length;
      await (resources === undefined ? stage.destroy() : stage.deploy(synthesize(stage, resources)));
      rows.push(callsRow(name, leastWrites, journal.calls.slice(before)));
    }
    return [...rows, ...HANDLERS.map(sizeRow)];
  });

function named(from: number, to: number): Resources {
  return Array.from({ length: to - from }, (_, index) => ({ bucketName: `bucket-${from + index}` }));
}

function synthesize({ folder }: Stage, resources: Resources): string {
  const app = new App({ outdir: mkdtempSync(path.join(folder, 'cdk.out-')), analyticsReporting: false });
  new macieclassic.S3ResourceAssociations(new Stack(app, 'App'), 'Set', { resources });
  return app.synth().directory;
}

function callsRow(name: string, leastWrites: number, made: readonly CallRecord[]): Row {
  const ofHandler = made.filter(({ execution }) => execution !== undefined);
  const ofMacie = ofHandler.filter(({ service }) => service === 'macie');
  const reads = ofMacie.filter(({ operation }) => operation.startsWith('List')).length;
  const writes = ofMacie.length - reads;
  const recordCalls = ofHandler.filter(({ service }) => service === 'ssm').length;
  return {
    name: `macie: ${name}`,
    value: `${writes} write${writes === 1 ? '' : 's'}, ${reads} reads`,
    figures: { writes, reads, recordCalls, leastWrites },
    beside: `${recordCalls} calls for the record`,
    target: atMost(writes, leastWrites),
    note: NOTE,
  };
}

function sizeRow(handler: (typeof HANDLERS)[number]): Row {
  const { bytes, text } = codeSize(path.join(__dirname, '../assets', `${handler}.lambda/index.js`));
  return { name: `macie: size of ${path.basename(handler)}`, value: text, figures: { bytes } };
}
