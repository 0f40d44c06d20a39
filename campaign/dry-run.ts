import { lifecycleNamed, phasesOf } from './lifecycles';
import { Stage } from './stage';

/** A phase without a fault: what there is to disturb, and what it comes to. */
export interface PhaseRecord {
  readonly lifecycle: string;
  readonly phase: string;
  readonly seed: number;
  /** The calls that functions make, in order. */
  readonly calls: readonly PhaseCall[];
  /** The events that CloudFormation sends to functions. */
  readonly events: number;
  readonly seconds: number;
  /** How many things stand before and after, as `Stage.size` counts them. */
  readonly standingBefore: number;
  readonly standingAfter: number;
}

export interface PhaseCall {
  /** Such as `rum:CreateAppMonitor`. */
  readonly name: string;
  /** Whether a user can cancel the deployment at this call. */
  readonly cancellable: boolean;
}

/** Goes through the lifecycle without a fault. Throws when even that fails. */
export async function dryRun(lifecycle: string, seed: number): Promise<PhaseRecord[]> {
  const stage = await Stage.start(lifecycleNamed(lifecycle), seed);
  const records: PhaseRecord[] = [];
  try {
    for (const phase of phasesOf(lifecycleNamed(lifecycle))) records.push(await record(stage, lifecycle, phase, seed));
    const stay = await stage.leave();
    if (stay.length > 0) throw new Error(`${lifecycle} cannot be cleaned up: ${stay.join(', ')}`);
  } finally {
    await stage.stop();
  }
  return records;
}

async function record(stage: Stage, lifecycle: string, phase: string, seed: number): Promise<PhaseRecord> {
  const { journal, functions, clock } = stage.sandbox;
  const calls: PhaseCall[] = [];
  await stage.prepare(phase);
  const before = { at: clock.now(), events: functions.asyncEvents, standing: stage.size() };
  const end = journal.onCall(({ service, operation, execution }) => {
    if (execution === undefined) return;
    calls.push({
      name: `${service}:${operation}`,
      cancellable: /^(CREATE|UPDATE)_IN_PROGRESS$/.test(stage.status ?? ''),
    });
  });
  const { status, events } = await stage.run(phase);
  end();
  if (!/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(status)) {
    const reason = events.find((event) => event.status.endsWith('_FAILED'))?.reason;
    throw new Error(`${lifecycle} ${phase} ends in ${status} without any fault: ${reason}`);
  }
  const seconds = (clock.now() - before.at) / 1000;
  await stage.settle();
  return {
    lifecycle,
    phase,
    seed,
    calls,
    events: functions.asyncEvents - before.events,
    seconds,
    standingBefore: before.standing,
    standingAfter: stage.size(),
  };
}
