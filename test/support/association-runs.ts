import { converge } from '../../src/runtime/loop';
import { Properties } from '../../src/runtime/properties';
import type { Reconciler, Run } from '../../src/runtime/reconciler';
import { FakeClock } from './fake-clock';
import type { FakeMacieClassic } from './fake-macie-classic';
import { aNote, aRun, ID, MADE_UP_ID } from './runs';

export const RECORD_PREFIX = '/cdk-settled/shop/macie-classic/';

type Values = Readonly<Record<string, unknown>>;

/** What CloudFormation asks for. */
export interface Request {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly values: Values;
  readonly previous?: Values;
  readonly rollback?: boolean;
  readonly unknownId?: boolean;
  readonly changes?: Partial<Run<never>>;
}

export interface Result {
  readonly attributes?: Readonly<Record<string, string>>;
  readonly failure?: string;
  /** It was cut off before its end. */
  readonly cut?: boolean;
}

/** Far less than the steps that a fault can cost, and those that need none. */
const MAX_INVOCATIONS = 60;

/** Runs of associations against Macie Classic in memory, over as many invocations as they need. */
export class AssociationRuns {
  readonly clock = new FakeClock();

  constructor(
    // biome-ignore lint/suspicious/noExplicitAny: each reconciler has its own types
    private readonly reconciler: Reconciler<any, any, any>,
    readonly macie: FakeMacieClassic,
  ) {}

  /** After `invocations` the run is cancelled: what it was doing stays as it is. */
  async settle(request: Request, invocations = MAX_INVOCATIONS, steps = Number.POSITIVE_INFINITY): Promise<Result> {
    const note = aNote({ startedAt: this.clock.now().toISOString() });
    let acts = 0;
    const stillWanted = async () => {
      acts += 1;
      return acts > steps ? { wanted: false as const, reason: 'it was cancelled' } : { wanted: true as const };
    };
    for (let invocation = 1; invocation <= invocations; invocation++) {
      const run = this.run(request, { note, now: this.clock.now() });
      const goal = request.type === 'Delete' ? undefined : this.reconciler.decode(run.properties);
      try {
        const deadline = new Date('2030-01-01T00:00:00Z');
        const environment = { clock: this.clock, stillWanted, remainingMilliseconds: () => 300_000, deadline };
        const outcome = await converge(this.reconciler, goal, run, environment);
        if (outcome.complete) return { attributes: outcome.attributes };
      } catch (error) {
        if ((error as Error).name !== 'SettlingError') throw error;
        return acts > steps ? { cut: true } : { failure: (error as Error).message };
      }
      this.clock.advance(5_000);
    }
    if (invocations === MAX_INVOCATIONS) throw new Error(`not settled after ${MAX_INVOCATIONS} invocations`);
    return { cut: true };
  }

  private run({ type, values, previous, rollback, unknownId, changes }: Request, more: Partial<Run<never>>) {
    const previousProperties = previous && new Properties({ RecordPrefix: RECORD_PREFIX, ...previous });
    return aRun<never>({
      requestType: type,
      id: unknownId === true ? MADE_UP_ID : ID,
      unknownId: unknownId ?? false,
      fresh: type === 'Create',
      rollback: rollback ?? false,
      properties: new Properties({ RecordPrefix: RECORD_PREFIX, ...values }),
      previousProperties,
      previous: previousProperties && (this.reconciler.decode(previousProperties) as never),
      aws: this.macie.aws,
      ...more,
      ...changes,
    });
  }
}
