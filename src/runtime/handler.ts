import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { Context } from 'aws-lambda';
import { type AssumedRole, decodeAssumedRole } from './assumed-role';
import { AwsClients } from './clients';
import { type RuntimeClock, systemClock } from './clock';
import { describeFailure, isTransient, SettlingError } from './errors';
import { isPhysicalId, newPhysicalId, parseStackId, type ResourceAddress, successorId } from './identity';
import { logger } from './logger';
import { converge } from './loop';
import { isRollback, type OperationNote, type RequestType, StackOperation } from './operation';
import { Properties } from './properties';
import { type Observation, type Place, REPLACES_TAG, type Reconciler, type Run } from './reconciler';
import { describeEnd } from './unassumable-role';

/** What CloudFormation sends, and the provider framework passes on. */
export interface ResourceEvent {
  readonly RequestType: RequestType;
  readonly ResourceType: string;
  readonly RequestId: string;
  readonly StackId: string;
  readonly LogicalResourceId: string;
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
  readonly OldResourceProperties?: Readonly<Record<string, unknown>>;
  /** What onEvent found; its presence tells an isComplete call from an onEvent call. */
  readonly SettledRun?: RunNote;
}

interface RunNote {
  readonly note: OperationNote;
  readonly fresh: boolean;
  readonly replaces?: string;
}

export type HandlerResponse =
  | { readonly PhysicalResourceId: string; readonly SettledRun: RunNote }
  | { readonly IsComplete: boolean; readonly Data?: Readonly<Record<string, string>> };

export type Handler = (event: ResourceEvent, context: Context) => Promise<HandlerResponse>;

// biome-ignore lint/suspicious/noExplicitAny: each reconciler has its own types, which meet only inside of it
export type AnyReconciler = Reconciler<any, any, any>;

/** The one handler of a service: `reconcilers` maps custom resource types to what knows them. */
export function createHandler(
  reconcilers: Readonly<Record<string, AnyReconciler>>,
  clock: RuntimeClock = systemClock,
): Handler {
  return async (event, context) => {
    const reconciler = reconcilers[event.ResourceType];
    if (reconciler === undefined) throw new SettlingError(`unknown resource type ${event.ResourceType}`);
    logger.resetKeys();
    logger.appendKeys({
      stack: parseStackId(event.StackId).name,
      logicalId: event.LogicalResourceId,
      physicalId: event.PhysicalResourceId,
      requestType: event.RequestType,
      requestId: event.RequestId,
    });
    const request = new Request(event, reconciler, clock, context.awsRequestId);
    return event.SettledRun === undefined
      ? request.identify()
      : request.complete(event.SettledRun, () => context.getRemainingTimeInMillis());
  };
}

/** Where a set of properties puts the resource, and the clients to reach it there. */
interface Site {
  readonly properties: Properties;
  readonly place: Place;
  readonly aws: AwsClients;
  readonly assumesRole: boolean;
}

/** One invocation for one request of CloudFormation. */
class Request {
  private readonly address: ResourceAddress;
  private readonly operation: StackOperation;
  private readonly site: Site;
  /** The properties before, of an Update. */
  private readonly previousSite?: Site;

  constructor(
    private readonly event: ResourceEvent,
    private readonly reconciler: AnyReconciler,
    private readonly clock: RuntimeClock,
    private readonly invocation: string,
  ) {
    const stack = parseStackId(event.StackId);
    this.address = { stackId: event.StackId, logicalId: event.LogicalResourceId };
    const own = new AwsClients(stack.region);
    this.operation = new StackOperation(own.get(CloudFormationClient, 'CLOUDFORMATION'), this.address);
    this.site = siteOf(event.ResourceProperties, stack);
    const previous = event.OldResourceProperties;
    this.previousSite = previous && attempt(() => siteOf(previous, stack));
  }

  /** The onEvent phase: validates, chooses the physical id, and never writes. */
  async identify(): Promise<HandlerResponse> {
    const note = await this.patiently(
      () => this.operation.note(this.clock.now()),
      'asking CloudFormation for the stack',
    );
    const { RequestType, RequestId, PhysicalResourceId: id = '' } = this.event;
    if (RequestType === 'Delete') return identified(id, { note, fresh: false });
    const goal = this.reconciler.decode(this.site.properties);
    if (RequestType === 'Create') {
      const newId = newPhysicalId(this.address, RequestId);
      // A role that cannot be assumed is better found now: what fails here has no Delete, which would fail as well.
      if (this.site.assumesRole) await this.lookAt(newId, note, this.site);
      return identified(newId, { note, fresh: true });
    }
    return this.identifyUpdate(id, goal, note);
  }

  /** The isComplete phase: one turn of the loop. */
  async complete(runNote: RunNote, remainingMilliseconds: () => number): Promise<HandlerResponse> {
    const { RequestType, PhysicalResourceId: id = '' } = this.event;
    const environment = {
      clock: this.clock,
      stillWanted: () => this.operation.check(RequestType, runNote.note),
      remainingMilliseconds,
      deadline: deadlineOf(runNote.note),
    };
    const goal = RequestType === 'Delete' ? undefined : this.reconciler.decode(this.site.properties);
    const outcome = await converge(this.reconciler, goal, this.run(id, runNote, this.site), environment);
    const leftover = outcome.complete ? await this.reachable(this.leftover(id, runNote)) : undefined;
    const last = leftover === undefined ? outcome : await converge(this.reconciler, undefined, leftover, environment);
    if (outcome.complete && last.complete) return { IsComplete: true, Data: outcome.attributes };
    logger.info('waiting', { reason: last.complete ? '' : last.reason });
    return { IsComplete: false };
  }

  private async identifyUpdate(id: string, goal: unknown, note: OperationNote): Promise<HandlerResponse> {
    const here = await this.lookAt(id, note, this.site);
    const moved = here === undefined ? await this.lookAtPreviousPlace(id, note) : undefined;
    const own = here ?? moved;
    const predecessor = isRollback(note) ? own?.tags[REPLACES_TAG] : undefined;
    if (predecessor !== undefined && (await this.canReturnTo(predecessor, goal, note, moved !== undefined))) {
      return identified(predecessor, { note, fresh: false });
    }
    const reasons = own === undefined ? [] : this.reconciler.replacementReasons(goal, own);
    if (moved !== undefined) reasons.push('the account or region changes');
    if (own === undefined || reasons.length === 0) return identified(id, { note, fresh: false });
    const obstacle = moved === undefined ? this.reconciler.replacementObstacle?.(goal, own) : undefined;
    if (obstacle !== undefined) {
      if (isRollback(note) && this.canMakeDo(goal, own)) return identified(id, { note, fresh: false });
      throw new SettlingError(`${reasons.join('; ')}: ${obstacle}`);
    }
    logger.info('replacing', { reasons });
    return identified(successorId(this.address, id), { note, fresh: true, replaces: id });
  }

  private canMakeDo(goal: unknown, own: Own): boolean {
    const modest = this.reconciler.rollbackGoal?.(goal, own);
    return modest !== undefined && this.reconciler.replacementReasons(modest, own).length === 0;
  }

  private async lookAtPreviousPlace(id: string, note: OperationNote): Promise<Own | undefined> {
    const site = this.previousSite;
    if (site === undefined || samePlace(site.place, this.site.place)) return undefined;
    const { own, denial } = await this.observe(id, note, site);
    // Taken for gone, it would be left behind.
    if (own === undefined && denial !== undefined) throw new SettlingError(denial.reason);
    return own;
  }

  /** A replacement is rolled back to what it replaced, if that is still there. */
  private async canReturnTo(id: string, goal: unknown, note: OperationNote, moved: boolean): Promise<boolean> {
    const there = await this.lookAt(id, note, this.site);
    if (there === undefined || this.reconciler.replacementReasons(goal, there).length > 0) return false;
    const failed = this.previousGoal();
    // What the failed update could have changed in place was replaced by an earlier one, and retained.
    return moved || failed === undefined || this.reconciler.replacementReasons(failed, there).length > 0;
  }

  /** The goal before, of an Update. */
  private previousGoal(): unknown {
    const properties = this.previousSite?.properties;
    return properties && attempt(() => this.reconciler.decode(properties));
  }

  private async lookAt(id: string, note: OperationNote, site: Site): Promise<Own | undefined> {
    return (await this.observe(id, note, site)).own;
  }

  private observe(id: string, note: OperationNote, site: Site): Promise<Observation> {
    const run = this.run(id, { note, fresh: false }, site);
    return this.patiently(() => this.reconciler.observe(run), `looking at ${id}`, run);
  }

  /**
   * The run that removes what a failed replacement of `id` may have left behind: nobody else would, since
   * CloudFormation keeps the old id when an update fails. A successor that CloudFormation knows is the resource itself.
   */
  private leftover(id: string, { note, fresh }: RunNote): Run<unknown> | undefined {
    const successor = successorId(this.address, id);
    if (fresh || !isPhysicalId(id) || note.physicalId === successor) return undefined;
    // In the same place, with the role that has just worked.
    const { site, previousSite = site } = this;
    const there = samePlace(previousSite.place, site.place) ? site : previousSite;
    return this.run(successor, { note, fresh: false }, there);
  }

  /**
   * Answers the run if the place of its leftover can be looked at. The role of another place may be the very thing that
   * was wrong with an update: then that update has made nothing there, and its rollback must not fail.
   */
  private async reachable(leftover: Run<unknown> | undefined): Promise<Run<unknown> | undefined> {
    if (leftover === undefined || samePlace(leftover.place, this.site.place)) return leftover;
    try {
      await this.reconciler.observe(leftover);
    } catch (error) {
      const ageMs = leftover.now.getTime() - Date.parse(leftover.note.startedAt);
      if (!isTransient(error, ageMs)) {
        logger.warn('not looking for leftovers', {
          reason: describeFailure(`looking at ${leftover.id} failed`, error),
        });
        return undefined;
      }
    }
    return leftover;
  }

  private run(id: string, { note, fresh, replaces }: RunNote, site: Site): Run<unknown> {
    const { RequestType } = this.event;
    return {
      address: this.address,
      place: site.place,
      requestType: RequestType,
      id,
      previous: this.previousGoal(),
      fresh,
      properties: site.properties,
      previousProperties: this.previousSite?.properties,
      unknownId: RequestType === 'Delete' && !isPhysicalId(id),
      rollback: isRollback(note),
      invocation: this.invocation.slice(0, 8),
      replaces,
      note,
      now: this.clock.now(),
      aws: site.aws,
    };
  }

  /**
   * Reads in onEvent are repeated here, since an onEvent that fails ends the request. Short waits: the invocation is
   * paid for, and CloudFormation waits.
   */
  private async patiently<T>(read: () => Promise<T>, what: string, run?: Run<unknown>): Promise<T> {
    let waited = 0;
    for (const pause of [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, undefined]) {
      try {
        return await read();
      } catch (error) {
        if (error instanceof SettlingError) throw error;
        if (pause === undefined || !isTransient(error, waited)) {
          throw new SettlingError(describeEnd(`${what} failed`, error, run));
        }
        await this.clock.sleep(pause);
        waited += pause;
      }
    }
    throw new SettlingError(`${what} failed`);
  }
}

type Own = NonNullable<Observation['own']>;

function siteOf(values: Readonly<Record<string, unknown>>, stack: Place): Site {
  const properties = new Properties(values);
  const role = decodeAssumedRole(properties, stack.region);
  const place = placeOf(stack, role);
  return { properties, place, aws: new AwsClients(place.region, role), assumesRole: role !== undefined };
}

function samePlace(a: Place, b: Place): boolean {
  return a.accountId === b.accountId && a.region === b.region;
}

function identified(PhysicalResourceId: string, SettledRun: RunNote): HandlerResponse {
  return { PhysicalResourceId, SettledRun };
}

function placeOf(stack: Place, role: AssumedRole | undefined): Place {
  const { partition, region, accountId } = stack;
  return role === undefined
    ? { partition, region, accountId }
    : { partition, region: role.region, accountId: role.accountId };
}

/** The old properties may be what was wrong with a failed update; then they tell nothing. */
function attempt<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/** The time that the provider's waiter gives a run, less a little, so that the run can say what it waits for. */
function deadlineOf(note: OperationNote): Date {
  const totalSeconds = Number(process.env.SETTLED_TIMEOUT_SECONDS ?? 3000);
  const intervalSeconds = Number(process.env.SETTLED_INTERVAL_SECONDS ?? 5);
  return new Date(Date.parse(note.startedAt) + (totalSeconds - 3 * intervalSeconds) * 1000);
}
