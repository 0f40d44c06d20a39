import { describeFailure } from '../runtime/errors';
import { logger } from '../runtime/logger';
import { SECOND_LOOK_AFTER_MS } from '../runtime/loop';
import { deleteParameter, putParameter } from '../runtime/parameter';
import type { Properties } from '../runtime/properties';
import type { Act, Place, PlanContext, Reconciler, Run, Step } from '../runtime/reconciler';
import { planAbsence, planPresence, type RecordAction, type Sight, type Terms } from './association-plan.runtime';
import { type Association, type AssociationSet, setOf } from './association-set.runtime';
import {
  messageOf,
  type Refusal,
  refusalsIn,
  remember,
  saysNotAssociated,
  unavailability,
} from './macie-classic.runtime';
import { readRecord } from './record.runtime';

/** What S3 resources and member accounts do not have in common. */
export interface AssociationKind<Goal, A extends Association, Action extends Act> {
  decode(properties: Properties): Goal;
  wanted(goal: Goal, place: Place): readonly A[];
  /** Why Macie Classic would never make what is wanted. */
  impossibility?(goal: Goal, place: Place): string | undefined;
  /** All that is associated of an account. */
  list(run: Run<Goal>, accountId: string): Promise<readonly A[]>;
  readonly perCall: number;
  readonly call: Terms<A, Action>['call'];
  attributes(goal: Goal, preExisting: number): Readonly<Record<string, string>>;
  /** Makes one call, and answers what it has refused. */
  act(action: Action, run: Run<Goal>): Promise<readonly Refusal[]>;
}

export interface AssociationObservation<A extends Association> extends Sight<A> {
  readonly own?: { readonly tags: Readonly<Record<string, string>> };
  /** What the properties of a Delete name. */
  readonly stated: AssociationSet<A>;
}

/** The reconciler of associations of one kind. Nothing replaces: all changes by difference. */
export function associationReconciler<Goal, A extends Association, Action extends Act>(
  kind: AssociationKind<Goal, A, Action>,
): Reconciler<Goal, AssociationObservation<A>, Action | RecordAction> {
  return {
    decode: (properties) => kind.decode(properties),
    replacementReasons: () => [],
    observe: (run) => observe(kind, run),
    plan: (goal, observed, run) => plan(kind, goal, observed, run),
    act: (action, run) => act(kind, action, run),
  };
}

async function observe<Goal, A extends Association, Action extends Act>(
  kind: AssociationKind<Goal, A, Action>,
  run: Run<Goal>,
): Promise<AssociationObservation<A>> {
  const record = await readRecord(run);
  const named = setOf(namedIn(kind, run));
  const base = {
    record,
    own: record.own && { tags: record.own.tags },
    stated: named,
    settled: run.now.getTime() - Date.parse(run.note.startedAt) >= SECOND_LOOK_AFTER_MS,
  };
  // Without a record nothing was associated, and there is nothing to look for; what is not ours is in the way first.
  const needless = record.own === undefined && (run.requestType === 'Delete' || record.other !== undefined);
  if (needless) return { ...base, present: new Map(), strangers: [], refusals: [] };
  return { ...base, ...(await look(kind, run, named)), refusals: refusalsIn(run) };
}

/** What the properties name, and those before. What cannot be decoded was never acted on. */
function namedIn<Goal, A extends Association, Action extends Act>(
  kind: AssociationKind<Goal, A, Action>,
  { properties, previousProperties, place }: Run<Goal>,
): A[] {
  return [properties, previousProperties].flatMap((each) => {
    try {
      return each === undefined ? [] : kind.wanted(kind.decode(each), place);
    } catch {
      return [];
    }
  });
}

async function look<Goal, A extends Association, Action extends Act>(
  kind: AssociationKind<Goal, A, Action>,
  run: Run<Goal>,
  named: AssociationSet<A>,
): Promise<Pick<Sight<A>, 'present' | 'strangers' | 'unavailable'>> {
  const present: A[] = [];
  const strangers: string[] = [];
  for (const accountId of new Set([...named.values()].map((each) => each.accountId))) {
    try {
      present.push(...(await kind.list(run, accountId)));
    } catch (error) {
      const unavailable = unavailability(error, run.place.region);
      if (unavailable !== undefined) return { present: new Map(), strangers, unavailable };
      if (!saysNotAssociated(messageOf(error))) throw error;
      strangers.push(accountId);
    }
  }
  return { present: setOf(present), strangers };
}

function plan<Goal, A extends Association, Action extends Act>(
  kind: AssociationKind<Goal, A, Action>,
  goal: Goal | undefined,
  observed: AssociationObservation<A>,
  { place, previous, rollback, unknownId }: PlanContext<Goal>,
): Step<Action | RecordAction> {
  if (goal === undefined) return planAbsence<A, Action>(observed.stated, observed, kind, unknownId || rollback);
  const impossibility = kind.impossibility?.(goal, place);
  if (impossibility !== undefined) return { kind: 'fail', reason: impossibility };
  const wanted = setOf(kind.wanted(goal, place));
  const former = setOf(previous === undefined ? [] : kind.wanted(previous, place));
  const terms = {
    perCall: kind.perCall,
    call: kind.call,
    attributes: (preExisting: number) => kind.attributes(goal, preExisting),
  };
  return planPresence<A, Action>({ wanted, former, rollback }, observed, terms);
}

async function act<Goal, A extends Association, Action extends Act>(
  kind: AssociationKind<Goal, A, Action>,
  action: Action | RecordAction,
  run: Run<Goal>,
): Promise<void> {
  if (isRecordAction(action)) {
    if (action.call === 'DeleteParameter') await deleteParameter(run, action.name);
    else await putParameter(run, action.name, action.value, action.overwrite);
    return;
  }
  try {
    remember(run, await kind.act(action, run));
  } catch (error) {
    const looksAgain = unavailability(error, run.place.region) !== undefined || saysNotAssociated(messageOf(error));
    if (!looksAgain) throw error;
    // What is true now, the next look tells.
    logger.warn('refused as a whole', { reason: describeFailure(action.call, error) });
  }
}

function isRecordAction(action: Act): action is RecordAction {
  return action.call === 'PutParameter' || action.call === 'DeleteParameter';
}
