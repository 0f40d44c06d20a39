import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { CallRecord, Journal } from '../kernel/journal';
import type { Functions } from '../lambda/functions';
import type { World } from '../services/service';
import type { StateMachines } from '../states/state-machines';
import { type AssetLookup, AssetStore } from './assets';
import { createStack } from './create';
import { deleteStack } from './delete';
import { Engine, type StackOptions } from './engine';
import { evaluatorBefore, pseudoParameters } from './evaluation';
import type { StackEvent, StackStatus } from './events';
import { type Export, Exports } from './exports';
import { Graph } from './graph';
import { Inventory } from './inventory';
import { Operation } from './operation';
import { Pace } from './pace';
import { resolveParameters } from './parameters';
import { checkReferences, dependencies } from './references';
import { checkResourceTypes } from './resource-types/registry';
import type { ServiceTools } from './resource-types/resource-type';
import type { ResponseReceiver } from './response-receiver';
import { rollbackCreation, rollbackUpdate } from './rollback';
import { checkRules } from './rules';
import { inProgress, type Stack, snapshotOf } from './stack';
import { parseTemplate, type Template } from './template';
import { TemplateError } from './template-error';
import { updateStack } from './update';
import { same } from './values';

/** The stacks of all accounts: CloudFormation as its users see it. */
export class Stacks {
  private readonly engine: Engine;
  private readonly assets = new AssetStore();
  private readonly byId = new Map<string, Stack>();
  private readonly running = new Map<string, Running>();
  private readonly watchers = new Map<string, (what: StackEvent | CallRecord) => boolean>();

  constructor(private readonly o: StacksConfiguration) {
    const { world, iam, credentials, functions, stateMachines, receiver, services } = o;
    const options = { ...DEFAULTS, ...o.options };
    const pace = new Pace(world.clock, options.requestDistanceMs);
    this.engine = new Engine(
      { world, iam, credentials, functions, stateMachines, receiver, ...services, assets: this.assets, pace },
      options,
      new Inventory(),
      new Exports(),
    );
    this.engine.onEvent((event) => this.cancelWhereAsked(event));
    o.journal?.onCall((call) => this.cancelWhereAsked(call));
  }

  /** Creates the stack, or updates it when there is one. Rejects what CloudFormation refuses before it starts. */
  async deploy(document: object, o: DeployOptions): Promise<StackResult> {
    const template = parseTemplate(document);
    checkResourceTypes(template);
    checkReferences(template);
    this.assets.add(o.assets);
    await this.engine.sleep(0);
    const existing = this.get(o.stackName, o.accountId, o.region);
    return existing === undefined ? this.create(template, o) : this.update(existing, template, o);
  }

  /** Deletes the stack, also one that is being created. */
  async delete(
    nameOrId: string,
    accountId: string,
    region: string,
    o: { readonly retainResources?: readonly string[] } = {},
  ): Promise<StackResult> {
    await this.engine.sleep(0);
    const stack = this.existing(nameOrId, accountId, region);
    const before = stack.events.length;
    const retained = o.retainResources ?? [];
    if (stack.status === 'CREATE_IN_PROGRESS') this.running.get(stack.id)?.operation?.cancel();
    if (stack.status === 'CREATE_IN_PROGRESS' || stack.status === 'DELETE_IN_PROGRESS') {
      await this.running.get(stack.id)?.ended;
      return resultOf(stack, before);
    }
    if (inProgress(stack)) {
      throw new TemplateError(`Stack [${stack.name}] cannot be deleted while in status ${stack.status}`);
    }
    if (retained.length > 0 && stack.status !== 'DELETE_FAILED') {
      throw new TemplateError(
        `Invalid operation on stack [${stack.id}]: resources can be retained in DELETE_FAILED only`,
      );
    }
    this.engine.exports.checkRemovable(stack);
    return this.run(stack, () => deleteStack(this.engine, stack, { retainResources: retained }));
  }

  /**
   * Stops an update, which is then rolled back, or a creation, whose stack is then deleted: CloudFormation knows no other
   * way. It can be called at any moment, also by a listener; it takes effect in the next turn of the clock.
   */
  cancel(nameOrId: string, accountId: string, region: string): void {
    const stack = this.existing(nameOrId, accountId, region);
    if (!isCancellable(stack)) {
      throw new TemplateError(
        `CancelUpdateStack cannot be called from current stack status: ${stack.name} is in ${stack.status}`,
      );
    }
    this.cancelSoon(stack);
  }

  /** Tries a failed rollback of an update again, without the resources to skip. */
  continueRollback(nameOrId: string, accountId: string, region: string, skip: readonly string[] = []) {
    const stack = this.inStatus(this.existing(nameOrId, accountId, region), ['UPDATE_ROLLBACK_FAILED']);
    return this.run(stack, () => rollbackUpdate(this.engine, stack, 'User Initiated', skip));
  }

  /** Brings a stack whose operation failed without rollback back to its last stable state. */
  rollback(nameOrId: string, accountId: string, region: string): Promise<StackResult> {
    const stack = this.inStatus(this.existing(nameOrId, accountId, region), ['CREATE_FAILED', 'UPDATE_FAILED']);
    const undo = stack.status === 'CREATE_FAILED' ? rollbackCreation : rollbackUpdate;
    return this.run(stack, () => undo(this.engine, stack, 'User Initiated'));
  }

  /** A stack by its name, unless it is deleted, or by its id for ever. */
  get(nameOrId: string, accountId: string, region: string): Stack | undefined {
    const byId = this.byId.get(nameOrId);
    if (byId !== undefined) return isAt(byId, accountId, region) ? byId : undefined;
    return this.list(accountId, region).find((stack) => stack.name === nameOrId);
  }

  /** The stacks that are not deleted, in the order of their creation. */
  list(accountId: string, region: string): Stack[] {
    return [...this.byId.values()].filter(
      (stack) => isAt(stack, accountId, region) && stack.status !== 'DELETE_COMPLETE',
    );
  }

  exports(accountId: string, region: string): Export[] {
    return this.engine.exports.list({ accountId, region });
  }

  /** Tells of every further event of any stack; the returned function ends that. */
  onEvent(listener: (event: StackEvent) => void): () => void {
    return this.engine.onEvent(listener);
  }

  /** All events of all stacks, deleted ones included. */
  events(): readonly StackEvent[] {
    return [...this.byId.values()].flatMap(({ events }) => events);
  }

  /** What stacks have made in the account and not deleted, the retained included. */
  inventory(accountId: string, region: string): string[] {
    return this.engine.inventory.list(accountId, region);
  }

  /** The `account/region` of everything that stacks have made at any time. */
  places(): string[] {
    return this.engine.inventory.places();
  }

  private create(template: Template, o: DeployOptions): Promise<StackResult> {
    if (!/^[A-Za-z][-A-Za-z0-9]{0,127}$/.test(o.stackName)) {
      throw new TemplateError(`stack name ${o.stackName} must be letters, digits and hyphens, at most 128 of them`);
    }
    const { world } = this.engine.tools;
    const id = `arn:${world.partition}:cloudformation:${o.region}:${o.accountId}:stack/${o.stackName}/${world.random.uuid()}`;
    const draft: Stack = {
      id,
      name: o.stackName,
      accountId: o.accountId,
      region: o.region,
      creationTime: this.engine.now,
      status: 'CREATE_IN_PROGRESS',
      disableRollback: o.disableRollback ?? false,
      roleArn: o.deployRole,
      template,
      parameters: new Map(),
      tags: o.tags ?? {},
      outputs: [],
      resources: new Map(),
      surplus: [],
      removed: new Map(),
      events: [],
    };
    draft.parameters = this.checked(draft, template, o);
    draft.stable = snapshotOf(draft, []);
    this.byId.set(id, draft);
    const operation = new Operation(this.engine, draft);
    return this.run(draft, () => createStack(this.engine, draft, operation), operation, o.cancelWhen);
  }

  private async update(stack: Stack, template: Template, o: DeployOptions): Promise<StackResult> {
    if (!UPDATABLE.includes(stack.status)) {
      throw new TemplateError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
    }
    checkTypesStay(stack, template);
    const parameters = this.checked(stack, template, o);
    const tags = o.tags ?? stack.tags;
    if (!stack.status.endsWith('_FAILED') && isUnchanged(stack, template, parameters, tags)) {
      return {
        ...resultOf(stack, stack.events.length),
        statusReason: 'No updates are to be performed.',
        noChanges: true,
      };
    }
    stack.stable ??= snapshotOf(stack, this.engine.exports.importsOf(stack));
    Object.assign(stack, { template, parameters, tags, disableRollback: o.disableRollback ?? false });
    const operation = new Operation(this.engine, stack);
    return this.run(stack, () => updateStack(this.engine, stack, operation), operation, o.cancelWhen);
  }

  /** The stack's new parameters, after all was checked that can be checked before anything happens. */
  private checked(stack: Stack, template: Template, o: DeployOptions): Stack['parameters'] {
    const store = (name: string) => this.parameterStoreEntry(name, o);
    const parameters = resolveParameters(template, o.parameters ?? {}, stack.parameters, store);
    const evaluator = evaluatorBefore(template, parameters, pseudoParameters(this.engine, stack));
    checkRules(template, evaluator);
    for (const name of Object.keys(template.conditions)) evaluator.condition(name, `Conditions.${name}`);
    new Graph(dependencies(template, evaluator)).checkAcyclic();
    return parameters;
  }

  private parameterStoreEntry(name: string, place: { accountId: string; region: string }): string | undefined {
    if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) return BOOTSTRAP_VERSION;
    const given = this.o.options?.parameterStore?.(name);
    if (given !== undefined) return given;
    return this.o.services.parameters.value(place.accountId, place.region, name);
  }

  private async run(
    stack: Stack,
    work: () => Promise<void>,
    operation?: Operation,
    cancelWhen?: DeployOptions['cancelWhen'],
  ): Promise<StackResult> {
    const before = stack.events.length;
    const ended = Promise.resolve().then(work);
    if (cancelWhen !== undefined) this.watchers.set(stack.id, cancelWhen);
    this.running.set(stack.id, { operation, ended });
    try {
      await ended;
    } finally {
      this.running.delete(stack.id);
      this.watchers.delete(stack.id);
    }
    return resultOf(stack, before);
  }

  private cancelWhereAsked(what: StackEvent | CallRecord): void {
    for (const [id, isTheMoment] of this.watchers) {
      const stack = this.byId.get(id)!;
      if (!isCancellable(stack) || !isTheMoment(what)) continue;
      this.watchers.delete(id);
      this.cancelSoon(stack);
    }
  }

  private cancelSoon(stack: Stack): void {
    const operation = this.running.get(stack.id)?.operation;
    this.engine.tools.world.clock.schedule(0, () => {
      if (isCancellable(stack)) operation?.cancel();
    });
  }

  private existing(nameOrId: string, accountId: string, region: string): Stack {
    const stack = this.get(nameOrId, accountId, region);
    if (stack === undefined) throw new TemplateError(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  private inStatus(stack: Stack, allowed: readonly StackStatus[]): Stack {
    if (allowed.includes(stack.status)) return stack;
    throw new TemplateError(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  }
}

export interface StacksConfiguration {
  readonly world: World;
  readonly iam: Iam;
  readonly credentials: Credentials;
  readonly functions: Functions;
  readonly stateMachines: StateMachines;
  readonly receiver: ResponseReceiver;
  readonly services: ServiceTools;
  /** Lets `cancelWhen` see the calls at the endpoint. */
  readonly journal?: Pick<Journal, 'onCall'>;
  readonly options?: StackOptions;
}

export interface DeployOptions {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
  readonly assets: AssetLookup;
  /** Leaves what a failed operation has made, for the next update or a rollback. */
  readonly disableRollback?: boolean;
  /** The role of CloudFormation; shown with the stack, its permissions are not enforced. */
  readonly deployRole?: string;
  /** The user cancels the operation at the first event or call for which this is true. */
  readonly cancelWhen?: (what: StackEvent | CallRecord) => boolean;
}

export interface StackResult {
  readonly stackId: string;
  readonly status: StackStatus;
  readonly statusReason?: string;
  /** The events of this operation. */
  readonly events: readonly StackEvent[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Template, parameters and tags were as before, so nothing was done. */
  readonly noChanges?: boolean;
}

interface Running {
  readonly operation?: Operation;
  readonly ended: Promise<void>;
}

const DEFAULTS = {
  rollbackDelaySeconds: 3,
  rollbackTouchesLastUpdated: false,
  rollbackOfReplacement: 'update-new',
  failedCreatesAreRetained: true,
  requestDistanceMs: 100,
} as const;

/** Of the bootstrap stack that comes with CDK 2.245. */
const BOOTSTRAP_VERSION = '21';

const UPDATABLE: readonly StackStatus[] = [
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_FAILED',
];

function isCancellable(stack: Stack): boolean {
  return stack.status === 'CREATE_IN_PROGRESS' || stack.status === 'UPDATE_IN_PROGRESS';
}

function isAt(stack: Stack, accountId: string, region: string): boolean {
  return stack.accountId === accountId && stack.region === region;
}

function isUnchanged(stack: Stack, template: Template, parameters: Stack['parameters'], tags: Stack['tags']): boolean {
  const before = [stack.template.source, [...stack.parameters.values()], stack.tags];
  return same(before, [template.source, [...parameters.values()], tags]);
}

function checkTypesStay(stack: Stack, template: Template): void {
  const changed = [...stack.resources.values()].filter((resource) => {
    const definition = template.resources.get(resource.logicalId);
    return definition !== undefined && definition.type !== resource.type;
  });
  if (changed.length === 0) return;
  throw new TemplateError(
    'Update of resource type is not permitted. The new template modifies resource type of the following resources: ' +
      `[${changed.map((resource) => resource.logicalId).join(', ')}]`,
  );
}

function resultOf(stack: Stack, before: number): StackResult {
  return {
    stackId: stack.id,
    status: stack.status,
    statusReason: stack.statusReason,
    events: stack.events.slice(before),
    outputs: Object.fromEntries(stack.outputs.map((output) => [output.key, output.value])),
  };
}
