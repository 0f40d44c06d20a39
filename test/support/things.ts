import { ID_TAG } from '../../src/runtime/identity';
import type { Properties } from '../../src/runtime/properties';
import {
  type Act,
  isOwn,
  type PlanContext,
  type Reconciler,
  type Run,
  type Step,
  settledTags,
} from '../../src/runtime/reconciler';

export interface Thing {
  color: string;
  size: number;
  state: string;
  readonly tags: Record<string, string>;
}

interface Goal {
  readonly color: string;
  readonly size: number;
  readonly fixed: boolean;
}

interface Action extends Act {
  readonly goal?: Goal;
  readonly id: string;
}

interface ThingObservation {
  readonly own?: Thing & { readonly id: string };
  readonly denial?: { readonly reason: string };
}

/**
 * A service of the simplest sort, in memory, with its reconciler: things have a color, which cannot be changed, and a
 * size, which can. They stand in an account under their id.
 */
export class Things {
  /** By account and id. */
  readonly standing = new Map<string, Thing>();
  looks: string[] = [];
  acts: string[] = [];
  /** By account or role ARN: what every call there, or with it, answers instead. */
  unreachable = new Map<string, Error>();
  /** By account: why things there cannot be told from those of others. */
  readonly denied = new Map<string, string>();
  /** What the next looks answer instead. */
  failures: Error[] = [];

  at(accountId: string, id: string): Thing | undefined {
    return this.standing.get(`${accountId} ${id}`);
  }

  put(accountId: string, id: string, thing: Partial<Thing> = {}): void {
    const tags = { [ID_TAG]: id };
    this.standing.set(`${accountId} ${id}`, { color: 'red', size: 1, state: 'READY', tags, ...thing });
  }

  /** Under which ids things stand. */
  ids(accountId: string): string[] {
    const keys = [...this.standing.keys()].filter((key) => key.startsWith(accountId));
    return keys.map((key) => key.slice(accountId.length + 1));
  }

  readonly reconciler: Reconciler<Goal, ThingObservation, Action> = {
    decode: decodeThing,
    replacementReasons: (goal, own) => (goal.color === own.color ? [] : ['the color changes']),
    replacementObstacle: (goal) => (goal.fixed ? 'a fixed thing cannot be replaced' : undefined),
    observe: async (run) => {
      const reason = this.denied.get(run.place.accountId);
      return reason === undefined ? { own: this.find(run) } : { denial: { reason } };
    },
    plan,
    act: async (action, run) => this.act(action, run),
  };

  private find(run: Run<Goal>): ThingObservation['own'] {
    this.looks.push(run.id);
    this.reach(run);
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const { accountId } = run.place;
    for (const id of run.unknownId ? this.ids(accountId) : [run.id]) {
      const thing = this.at(accountId, id);
      if (thing !== undefined && isOwn(run, thing.tags, undefined)) return { ...thing, id };
    }
    return undefined;
  }

  private act({ call, id, goal }: Action, run: Run<Goal>): void {
    this.reach(run);
    this.acts.push(`${call} ${id}`);
    if (goal === undefined) this.standing.delete(`${run.place.accountId} ${id}`);
    else this.put(run.place.accountId, id, { ...this.at(run.place.accountId, id), ...goal, tags: settledTags(run) });
  }

  private reach({ place, properties }: Run<Goal>): void {
    const roleArn = properties.optionalObject('AssumeRole')?.string('RoleArn') ?? '';
    const error = this.unreachable.get(place.accountId) ?? this.unreachable.get(roleArn);
    if (error !== undefined) throw error;
  }
}

function plan(goal: Goal | undefined, { own }: ThingObservation, run: PlanContext<Goal>): Step<Action> {
  if (goal === undefined) {
    return own ? { kind: 'act', action: { call: 'DeleteThing', id: own.id } } : { kind: 'done', attributes: {} };
  }
  if (own === undefined) return { kind: 'act', action: { call: 'CreateThing', id: run.id, goal } };
  if (own.state !== 'READY') return { kind: 'wait', reason: `the thing is ${own.state}` };
  if (own.size !== goal.size) return { kind: 'act', action: { call: 'ResizeThing', id: own.id, goal } };
  return { kind: 'done', attributes: { Id: own.id, Size: `${own.size}` } };
}

function decodeThing(properties: Properties): Goal {
  return {
    color: properties.string('Color'),
    size: properties.optionalNumber('Size') ?? 1,
    fixed: properties.optionalBoolean('Fixed') ?? false,
  };
}
