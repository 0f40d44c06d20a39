import { App, Stack } from 'aws-cdk-lib';
import type { Sandbox } from '../sandbox/sandbox';
import { performanceinsights as pi } from '../src';
import { atMost, type Measure } from './measure';
import { onStage } from './stage';

const [DATABASES, QUESTIONS, MINUTES] = [100, 15, 10] as const;
const MINUTE_MS = 60_000;
/** Until the databases are measured, and until the first points are published. */
const BEGINNING_MINUTES = 10;
/** One question to Performance Insights, one publication, and one look at the heartbeats in an environment that is new. */
const MOST_CALLS = 3;

/** Many databases that one function polls: calls, and minutes that were lost or published twice. */
export const pollingScale: Measure = () =>
  onStage({}, async (stage) => {
    const { sandbox, folder } = stage;
    const names = Array.from({ length: DATABASES }, (_, index) => `database${index}`);
    const resourceIds = names.map((name) => make(sandbox, name));
    await sandbox.clock.sleep(BEGINNING_MINUTES * MINUTE_MS);
    await stage.deploy(synthesize(folder, names, resourceIds));
    await sandbox.clock.sleep(BEGINNING_MINUTES * MINUTE_MS);
    const from = sandbox.clock.now();
    const before = sandbox.journal.calls.length;
    await sandbox.clock.sleep(MINUTES * MINUTE_MS);
    const calls = (sandbox.journal.calls.length - before) / (DATABASES * MINUTES);
    const wrong = names.reduce((sum, name) => sum + wrongMinutes(sandbox, name, from), 0);
    return [
      {
        name: `performanceinsights: ${DATABASES} databases with ${QUESTIONS} questions, calls a minute of each`,
        value: calls.toFixed(2),
        figures: { databases: DATABASES, questions: QUESTIONS, calls, wrongMinutes: wrong },
        beside: `${wrong} minutes lost or doubled`,
        target: { text: `≤ ${MOST_CALLS}, none lost or doubled`, met: atMost(calls, MOST_CALLS).met && wrong === 0 },
        note: `Over ${MINUTES} virtual minutes in the sandbox, polled by several environments of one function.`,
      },
    ];
  });

function make({ accountId, region, supporting }: Sandbox, identifier: string): string {
  const settings = { identifier, engine: 'postgres', performanceInsights: true };
  return supporting.tools.databases.instances.create({ accountId, region }, settings).resourceId;
}

function synthesize(folder: string, names: readonly string[], resourceIds: readonly string[]): string {
  const app = new App({ outdir: `${folder}/cdk.out`, analyticsReporting: false });
  const stack = new Stack(app, 'App');
  for (const [index, instanceIdentifier] of names.entries()) {
    const source = pi.DataSource.fromResourceId(resourceIds[index]!, { instanceIdentifier, heartbeatAlarm: false });
    source.metric(stack, pi.Metric.topShare(pi.DimensionGroup.SQL_TOKENIZED));
    for (let question = 1; question < QUESTIONS; question++) {
      source.metric(stack, pi.Metric.waitEvent(`event${question}`));
    }
  }
  return app.synth().directory;
}

/** Of the minutes whose turn has come, those without one point, or with several. */
function wrongMinutes({ world, accountId, region, supporting }: Sandbox, name: string, from: number): number {
  const samples = supporting.cloudWatch.samples(
    { world, accountId, region },
    'CdkSettled/PerformanceInsights',
    'DBLoad',
    { DBInstanceIdentifier: name, 'db.wait_event.name': 'event1' },
  );
  const counts = new Map(samples.map(({ timestamp, sampleCount }) => [timestamp, sampleCount]));
  const first = Math.ceil(from / MINUTE_MS) * MINUTE_MS;
  const minutes = Array.from({ length: MINUTES - 3 }, (_, index) => first + index * MINUTE_MS);
  return minutes.filter((minute) => counts.get(minute) !== 1).length;
}
