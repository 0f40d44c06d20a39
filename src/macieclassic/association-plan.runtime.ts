import type { Act, Step } from '../runtime/reconciler';
import {
  type Association,
  type AssociationSet,
  conflicts,
  type Difference,
  difference,
  firstBatch,
} from './association-set.runtime';
import { listed, type Refusal } from './macie-classic.runtime';
import { encodeRecord, hash, MAX_RECORD_BYTES, type RecordView, setHash } from './record.runtime';

/** What is seen of Macie Classic and of the record. */
export interface Sight<A extends Association> {
  readonly record: RecordView;
  /** Why Macie Classic as a whole cannot be used. */
  readonly unavailable?: string;
  /** The accounts of these sets that are no members. */
  readonly strangers: readonly string[];
  readonly present: AssociationSet<A>;
  readonly refusals: readonly Refusal[];
  /** What an operation before may have had under way has landed by now. */
  readonly settled: boolean;
}

export interface Wish<A extends Association> {
  readonly wanted: AssociationSet<A>;
  /** What was wanted before this update, or before this deletion. */
  readonly former: AssociationSet<A>;
  readonly rollback: boolean;
}

export type RecordAction =
  | { readonly call: 'PutParameter'; readonly name: string; readonly value: string; readonly overwrite: boolean }
  | { readonly call: 'DeleteParameter'; readonly name: string };

export type Change = 'change' | 'add' | 'remove';

/** How one kind of associations says it. */
export interface Terms<A extends Association, Action extends Act> {
  /** How many one call takes. */
  readonly perCall: number;
  call(change: Change, batch: readonly A[]): Action;
  /** `preExisting` of the wanted ones were there before. */
  attributes(preExisting: number): Readonly<Record<string, string>>;
}

type Next<Action extends Act> = Step<Action | RecordAction>;

/** The next step for all that is wanted to be there, and for all that is ours and not wanted any more to be gone. */
export function planPresence<A extends Association, Action extends Act>(
  wish: Wish<A>,
  sight: Sight<A>,
  terms: Terms<A, Action>,
): Next<Action> {
  const obstacle = sight.unavailable ?? strangersIn(wish, sight);
  const existing = existingIn(wish, sight);
  if (obstacle !== undefined) {
    return mustEnd(wish, sight) ? done(wish, existing, terms) : { kind: 'fail', reason: obstacle };
  }
  if (sight.record.other !== undefined) return planOther(sight.record.name, sight.record.other);
  const sets = { ...wish, present: sight.present, existing };
  const contested = wish.rollback ? [] : conflicts(sets);
  if (contested.length > 0) return { kind: 'fail', reason: describeConflicts(contested, sight.present) };
  if (!isExamined(wish.wanted, sight)) return planExamination(wish, sight, existing);
  const open = difference(sets);
  // What a set of which nothing is known holds may be somebody else's.
  const removed = isExamined(wish.former, sight) ? open.removed : [];
  return (
    planCalls({ ...open, removed }, wish, sight, terms) ??
    planTidying(wish, sight) ??
    done<A, Action>(wish, existing, terms)
  );
}

/**
 * The next step for nothing of ours to be there. The record goes last: of a creation that was given up a moment ago, which
 * is `unconfirmed`, a call may be under way, and lists may show only later what it has made.
 */
export function planAbsence<A extends Association, Action extends Act>(
  former: AssociationSet<A>,
  sight: Sight<A>,
  terms: Pick<Terms<A, Action>, 'perCall' | 'call'>,
  unconfirmed: boolean,
): Next<Action> {
  const { name, own } = sight.record;
  if (own === undefined) return { kind: 'done', attributes: {} };
  // Where there is no Macie Classic, nothing is associated with it.
  if (sight.unavailable === undefined && isExamined(former, sight)) {
    const wish = { wanted: new Map(), former, rollback: false };
    const { removed } = difference({ ...wish, present: sight.present, existing: existingIn(wish, sight) });
    const next = planBatch('remove', removed, sight, terms) ?? planRefused(removed, sight);
    if (next !== undefined) return next;
  }
  if (unconfirmed && !sight.settled) {
    return { kind: 'wait', reason: 'a creation that was given up may still show: its record stays for now' };
  }
  return { kind: 'act', action: { call: 'DeleteParameter', name } };
}

function strangersIn<A extends Association>({ wanted }: Wish<A>, { strangers }: Sight<A>): string | undefined {
  const stranger = strangers.find((id) => [...wanted.values()].some(({ accountId }) => accountId === id));
  return stranger === undefined
    ? undefined
    : `account ${stranger} is not associated with Macie Classic; associate it first, with a MemberAccountAssociation on which this depends`;
}

/** A rollback must end: without Macie Classic it has nothing to return to, and after an update that did not act nothing to do. */
function mustEnd<A extends Association>({ wanted, rollback }: Wish<A>, { record, unavailable }: Sight<A>): boolean {
  const { examined = [] } = record.own ?? {};
  return rollback && (unavailable !== undefined || (examined.length === 1 && examined[0] === setHash(wanted)));
}

/** What an earlier resource of this place has left was retained by its owner, and is not for us to remove any more. */
function planOther<Action extends Act>(name: string, other: 'former' | 'foreign'): Next<Action> {
  return other === 'former'
    ? { kind: 'act', action: { call: 'DeleteParameter', name } }
    : { kind: 'fail', reason: `the parameter ${name} is not this stack's; delete it, or rename it, and deploy again` };
}

function isExamined(set: AssociationSet, { record }: Sight<Association>): boolean {
  return record.own?.examined.includes(setHash(set)) === true;
}

/** The keys of what was there before us: as the record says, and, of a set that was not examined yet, as is seen now. */
function existingIn<A extends Association>({ wanted, former }: Wish<A>, sight: Sight<A>): Set<string> {
  const { own } = sight.record;
  const recorded = [...wanted.keys(), ...former.keys()].filter((key) => own?.existing.has(hash(key)));
  if (isExamined(wanted, sight)) return new Set(recorded);
  const known = isExamined(former, sight) ? former : new Map();
  const seen = [...wanted.keys()].filter((key) => sight.present.has(key) && !known.has(key));
  return new Set([...recorded, ...seen]);
}

function describeConflicts(contested: readonly Association[], present: AssociationSet): string {
  const items = contested.map(
    ({ key, name, setting }) => `${name} has ${present.get(key)?.setting} and is to have ${setting}`,
  );
  return `${contested.length} of the associations exist already, were not made by this stack, and are otherwise than wanted: ${listed(items)}; give them the classification that they have, or disassociate them first`;
}

/** Before anything is associated, the record says what was there already. */
function planExamination<A extends Association, Action extends Act>(
  { wanted }: Wish<A>,
  { record }: Sight<A>,
  existing: ReadonlySet<string>,
): Next<Action> {
  const { examined = [], existing: recorded = [] } = record.own ?? {};
  const hashes = new Set([...recorded, ...[...existing].map(hash)]);
  const value = encodeRecord({ examined: [...examined, setHash(wanted)], existing: hashes });
  if (Buffer.byteLength(value) > MAX_RECORD_BYTES) {
    const reason = `${hashes.size} of the associations were there before this stack, which is more than one resource can remember (about 680); divide them among several constructs`;
    return { kind: 'fail', reason };
  }
  const overwrite = record.own !== undefined;
  return { kind: 'act', action: { call: 'PutParameter', name: record.name, value, overwrite } };
}

/** What is new comes before what is old goes: nothing is unprotected in between. */
function planCalls<A extends Association, Action extends Act>(
  { changed, added, removed }: Difference<A>,
  { former, rollback }: Wish<A>,
  sight: Sight<A>,
  terms: Terms<A, Action>,
): Next<Action> | undefined {
  // What was wanted all the time, and is not there, was not taken away by the update that is rolled back.
  const needed = rollback ? added.filter(({ key }) => !former.has(key)) : added;
  return (
    planBatch('change', changed, sight, terms) ??
    planBatch('add', added, sight, terms) ??
    planRefused([...changed, ...needed], sight) ??
    planBatch('remove', removed, sight, terms) ??
    planRefused(removed, sight)
  );
}

function planBatch<A extends Association, Action extends Act>(
  change: Change,
  associations: readonly A[],
  { refusals }: Sight<A>,
  { perCall, call }: Pick<Terms<A, Action>, 'perCall' | 'call'>,
): Next<Action> | undefined {
  const refused = new Set(refusals.map(({ key }) => key));
  const batch = firstBatch(
    associations.filter(({ key }) => !refused.has(key)),
    perCall,
  );
  return batch.length === 0 ? undefined : { kind: 'act', action: call(change, batch) };
}

/** All that was refused is told at once, when all has been tried. */
function planRefused<A extends Association, Action extends Act>(
  associations: readonly A[],
  { refusals }: Sight<A>,
): Next<Action> | undefined {
  const keys = new Set(associations.map(({ key }) => key));
  const open = refusals.filter(({ key }) => keys.has(key));
  const describe = ({ name, reason }: Refusal) => `${name} (${reason})`;
  const failed = open.filter(({ kind }) => kind === 'final').map(describe);
  if (failed.length > 0) {
    return {
      kind: 'fail',
      reason: `Macie Classic has refused ${failed.length} of the associations: ${listed(failed)}; mend what it names and deploy again`,
    };
  }
  const passing = open.filter(({ kind }) => kind === 'passing').map(describe);
  return passing.length > 0 ? { kind: 'wait', reason: listed(passing) } : undefined;
}

/** At rest the record knows of nothing but what is wanted: what comes back later is to be examined again. */
function planTidying<A extends Association, Action extends Act>(
  { wanted, rollback }: Wish<A>,
  { record, settled }: Sight<A>,
): Next<Action> | undefined {
  const { examined = [], existing = new Set<string>() } = record.own ?? {};
  const kept = [...wanted.keys()].map(hash).filter((each) => existing.has(each));
  if (examined.length === 1 && kept.length === existing.size) return undefined;
  if (rollback && !settled) {
    return {
      kind: 'wait',
      reason: 'the update that is rolled back may still have a call under way: looking once more',
    };
  }
  const value = encodeRecord({ examined: [setHash(wanted)], existing: new Set(kept) });
  return { kind: 'act', action: { call: 'PutParameter', name: record.name, value, overwrite: true } };
}

function done<A extends Association, Action extends Act>(
  { wanted }: Wish<A>,
  existing: ReadonlySet<string>,
  terms: Terms<A, Action>,
): Next<Action> {
  const preExisting = [...wanted.keys()].filter((key) => existing.has(key)).length;
  return { kind: 'done', attributes: terms.attributes(preExisting) };
}
