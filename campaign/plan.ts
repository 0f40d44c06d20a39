import type { PhaseRecord } from './dry-run';
import { CALL_FAULTS, EVENT_FAULTS, type Trial, type TrialFault } from './trial';

/** All trials that a phase has room for: call by call, and for each the faults in their order. */
export function trialsOf(recorded: PhaseRecord): Trial[] {
  const { calls, ...record } = recorded;
  const ofCalls = calls.flatMap(({ name, cancellable }, index) => {
    const faults: readonly TrialFault[] = cancellable ? [...CALL_FAULTS, 'cancel'] : CALL_FAULTS;
    return faults.map((fault): Trial => ({ record, call: index + 1, what: name, fault }));
  });
  const events = Array.from({ length: record.events }, (_, index) => index + 1);
  const ofEvents = events.flatMap((call) =>
    (Object.keys(EVENT_FAULTS) as TrialFault[]).map((fault): Trial => ({ record, call, what: 'event', fault })),
  );
  return [...ofCalls, ...ofEvents];
}

/** What the command line asks for; nothing asks for all. */
export interface Selection {
  readonly phase?: string;
  readonly call?: number;
  readonly fault?: string;
}

export function select(trials: readonly Trial[], { phase, call, fault }: Selection): Trial[] {
  return trials.filter(
    (trial) =>
      (phase === undefined || trial.record.phase === phase) &&
      (call === undefined || trial.call === call) &&
      (fault === undefined || trial.fault === fault),
  );
}

/** So many of the trials, in their order. The same seed takes the same ones. */
export function sample(trials: readonly Trial[], size: number, seed: number): Trial[] {
  if (size >= trials.length) return [...trials];
  const next = generator(seed);
  const places = trials.map((_, index) => index);
  for (let place = 0; place < size; place++) {
    const other = place + Math.floor(next() * (places.length - place));
    [places[place], places[other]] = [places[other]!, places[place]!];
  }
  const chosen = new Set(places.slice(0, size));
  return trials.filter((_, index) => chosen.has(index));
}

/** Deals the trials out, so that each process gets its part of every phase: those of one phase take about as long. */
export function shards<T>(trials: readonly T[], count: number): T[][] {
  const dealt: T[][] = Array.from({ length: Math.max(1, Math.min(count, trials.length)) }, () => []);
  trials.forEach((trial, index) => {
    dealt[index % dealt.length]!.push(trial);
  });
  return dealt;
}

/** The command that repeats one trial and nothing else. */
export function repeatCommand({ record, call, fault }: Trial): string {
  const { lifecycle, phase, seed } = record;
  return `npm run campaign -- --lifecycle ${lifecycle} --phase ${phase} --call ${call} --fault ${fault} --seed ${seed}`;
}

/** Mulberry32: a sample needs no better chance. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
