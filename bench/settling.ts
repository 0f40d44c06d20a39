import type { StackResult } from '../sandbox/cloudformation/stacks';
import type { CallRecord } from '../sandbox/kernel/journal';
import { QUERY_INTERVAL } from '../src/core/settled-provider';
import { atMost, type Measure, type Row } from './measure';
import { MONITOR, onStage, type Stage } from './stage';

const INTERVAL_MS = QUERY_INTERVAL.toMilliseconds();
/** The most that a call takes in the sandbox (`sandbox/endpoint/endpoint.ts`). */
const MAX_CALL_MS = 80;

/** Time for the waiter to come into its rhythm. */
const FIRST_GUESS_SECONDS = 60;

const METHOD =
  "Virtual time from the change in AWS to the monitor's event in the stack, at worst: the change comes 1 ms after a look. " +
  `The calls are those after that look; the sandbox gives each 20 to ${MAX_CALL_MS} ms.`;
const AT_ONCE =
  'From the effect of CreateAppMonitor. CREATED and ACTIVE both mean ready, so a creation has no state to wait for; in the ' +
  'line below its reads are throttled until a known moment.';

/** How long a resource that has settled goes unnoticed. */
export const settling: Measure = async () => [
  row('settling: creation, ready at once', await creation(), AT_ONCE),
  row('settling: creation, held up by throttling', await atWorst(heldUpCreation), METHOD),
  row('settling: deletion, DELETING for a minute', await atWorst(deletion), METHOD),
];

interface Delay {
  readonly ms: number;
  /** Calls after the last look before the change. */
  readonly calls: number;
  /** When that look was, from the call that began it all. */
  readonly lastLookMs: number;
}

/** Runs are the same for the same seed: the second one knows when the first one looked. */
async function atWorst(measure: (seconds: number) => Promise<Delay>): Promise<Delay> {
  const { lastLookMs } = await measure(FIRST_GUESS_SECONDS);
  return measure((lastLookMs + 1) / 1000);
}

function creation(): Promise<Delay> {
  return onStage({ rum: { steadyState: 'ACTIVE', settleSeconds: FIRST_GUESS_SECONDS } }, async (stage) => {
    const result = await stage.deploy(stage.synth(1));
    return delay(stage, 'CreateAppMonitor', 0, result);
  });
}

/** Every look after the first is throttled, until the moment comes. */
function heldUpCreation(seconds: number): Promise<Delay> {
  return onStage({}, async (stage) => {
    const { clock, faults, journal } = stage.sandbox;
    faults.add({ match: { service: 'rum', operation: 'GetAppMonitor', from: 2 }, kind: 'throttle' });
    journal.onCall(({ operation }) => {
      if (operation === 'CreateAppMonitor') clock.schedule(seconds * 1000, () => faults.clear());
    });
    const result = await stage.deploy(stage.synth(1));
    return delay(stage, 'CreateAppMonitor', seconds, result);
  });
}

function deletion(seconds: number): Promise<Delay> {
  return onStage({ rum: { deletingSeconds: seconds } }, async (stage) => {
    await stage.deploy(stage.synth(1));
    return delay(stage, 'DeleteAppMonitor', seconds, await stage.destroy());
  });
}

/** The change comes some seconds after the effect of a call. */
function delay(stage: Stage, operation: string, seconds: number, { events }: StackResult): Delay {
  const { calls } = stage.sandbox.journal;
  const start = calls.find((call) => call.operation === operation)!.at;
  const change = start + seconds * 1000;
  const end = events.filter(({ type, status }) => type === MONITOR && status.endsWith('_COMPLETE')).at(-1)!.at;
  const looks = calls.filter((call) => isLook(call) && call.at <= change);
  const lastLook = looks.at(-1)!;
  const after = calls.slice(calls.indexOf(lastLook) + 1).filter(({ at }) => at <= end);
  return { ms: end - change, calls: after.length, lastLookMs: lastLook.at - start };
}

function isLook({ service, operation }: CallRecord): boolean {
  return service === 'rum' && operation === 'GetAppMonitor';
}

function row(name: string, { ms, calls }: Delay, note: string): Row {
  const beyondMs = Math.max(0, ms - INTERVAL_MS);
  return {
    name,
    value: seconds(ms),
    figures: { ms, beyondIntervalMs: beyondMs, calls },
    beside: `${beyondMs > 0 ? `${seconds(beyondMs)} beyond the interval; ` : ''}${calls} calls`,
    target: atMost(
      ms,
      INTERVAL_MS + calls * MAX_CALL_MS,
      `≤ ${seconds(INTERVAL_MS, 0)} + ${calls} × ${seconds(MAX_CALL_MS)}`,
    ),
    note,
  };
}

function seconds(ms: number, digits = 2): string {
  return `${(ms / 1000).toFixed(digits)} s`;
}
