import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import { atMost, type Measure, median, type Row } from './measure';

const ROOT = path.join(__dirname, '..');
const OURS = path.join(ROOT, 'assets/rum/rum.lambda/index.js');
const HANDLERS = path.join(path.dirname(require.resolve('aws-cdk-lib')), 'custom-resource-handlers/dist');
/** What runs behind AwsCustomResource. */
const AWS_CUSTOM_RESOURCE = path.join(HANDLERS, 'custom-resources/aws-custom-resource-handler/index.js');
const CLIENT = require.resolve('@aws-sdk/client-rum');

const MAX_BYTES = 409_600;
const RUNS = 15;

const LOADING =
  'Median of child processes, from before `require` to after it, without the start of node. Our bundle has its SDK ' +
  "inside. AwsCustomResource's handler loads only its own code, zlib and child_process, and the SDK from Lambda's " +
  'runtime at the first call; beside stands that, and then with @aws-sdk/client-rum required from node_modules.';

/** What of a handler goes to Lambda, and how long a cold start spends on loading it. */
export const bundle: Measure = async () => [size(), loading()];

function size(): Row {
  const { bytes, text } = codeSize(OURS);
  const others = statSync(AWS_CUSTOM_RESOURCE).size;
  return {
    name: 'bundle: size of the RUM function',
    value: text,
    figures: { bytes, awsCustomResourceBytes: others },
    beside: `${kilobytes(others)} AwsCustomResource, without SDK`,
    target: atMost(bytes, MAX_BYTES, '≤ 400 KB'),
  };
}

function loading(): Row {
  const times: Record<'ours' | 'bare' | 'withClient', number[]> = { ours: [], bare: [], withClient: [] };
  for (let run = 0; run < RUNS; run++) {
    times.ours.push(millisecondsToLoad([OURS]));
    times.bare.push(millisecondsToLoad([AWS_CUSTOM_RESOURCE]));
    times.withClient.push(millisecondsToLoad([AWS_CUSTOM_RESOURCE, CLIENT]));
  }
  const [ms, bareMs, withClientMs] = [median(times.ours), median(times.bare), median(times.withClient)];
  return {
    name: 'bundle: load time of the RUM function',
    value: `${ms.toFixed(0)} ms`,
    figures: { ms, awsCustomResourceMs: bareMs, awsCustomResourceWithClientMs: withClientMs },
    beside: `${bareMs.toFixed(0)} ms AwsCustomResource, ${withClientMs.toFixed(0)} ms with client-rum`,
    note: LOADING,
  };
}

/** In a process of its own, so that nothing is loaded yet. */
function millisecondsToLoad(files: readonly string[]): number {
  const requires = files.map((file) => `require(${JSON.stringify(file)});`).join('');
  const script = `const start=performance.now();${requires}process.stdout.write(String(performance.now()-start));process.exit()`;
  // The region is what Lambda sets; node's options of this process are not Lambda's.
  const env = { PATH: process.env.PATH, AWS_REGION: 'eu-central-1' };
  return Number(execFileSync(process.execPath, ['-e', script], { cwd: ROOT, env, encoding: 'utf8' }));
}

/** Of the code of a function. */
export function codeSize(bundle: string): { readonly bytes: number; readonly text: string } {
  const bytes = statSync(bundle).size;
  return { bytes, text: kilobytes(bytes) };
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KB`;
}
