import { type AssembledStack, loadAssembly } from './cloudformation/assembly';
import { bucketOfStacks } from './cloudformation/buckets';
import type { StackOptions } from './cloudformation/engine';
import { ResponseReceiver } from './cloudformation/response-receiver';
import { type DeployOptions, type StackResult, Stacks } from './cloudformation/stacks';
import { Endpoint } from './endpoint/endpoint';
import { Credentials } from './iam/credentials';
import { Iam } from './iam/iam';
import { Clock } from './kernel/clock';
import { Executions } from './kernel/executions';
import { Faults } from './kernel/faults';
import { Journal } from './kernel/journal';
import { Random } from './kernel/random';
import type { EnvironmentOptions } from './lambda/function-pool';
import { Functions } from './lambda/functions';
import { cloudFormationService } from './services/cloudformation/cloudformation';
import { activationRunner } from './services/cloudhsm/activation-runner';
import { CloudHsmService } from './services/cloudhsm/cloudhsm-service';
import type { CloudHsmOptions } from './services/cloudhsm/options';
import { CognitoIdentityService } from './services/cognito-identity/cognito-identity-service';
import { IdentityPools } from './services/cognito-identity/identity-pools';
import { MacieClassicService } from './services/macie-classic/macie-classic-service';
import type { MacieClassicOptions } from './services/macie-classic/options';
import { exportWitness } from './services/macie2/export-witness';
import { Macie2Service } from './services/macie2/macie2-service';
import type { Macie2Options } from './services/macie2/options';
import type { RumOptions } from './services/rum/options';
import { RumService } from './services/rum/rum-service';
import type { SchedulerOptions } from './services/scheduler/options';
import { SchedulerService } from './services/scheduler/scheduler-service';
import type { Service, World } from './services/service';
import { Sts, type StsBehaviour } from './services/sts/sts';
import { type SupportingOptions, SupportingServices } from './services/supporting-services';
import { StateMachines } from './states/state-machines';

export interface SandboxOptions {
  /** Of all chance: latencies, ids, names. The same seed gives the same run. @default 1 */
  readonly seed?: number;
  /** Where stacks without an environment of their own go. @default 111111111111 */
  readonly accountId?: string;
  /** @default eu-central-1 */
  readonly region?: string;
  readonly rum?: RumOptions;
  readonly cloudHsm?: CloudHsmOptions;
  readonly macieClassic?: MacieClassicOptions;
  /** Buckets for results are those of stacks, unless `exportWitness` says otherwise. */
  readonly macie2?: Macie2Options;
  readonly scheduler?: SchedulerOptions;
  readonly sts?: StsBehaviour;
  /** Of Lambda's execution environments. */
  readonly environments?: EnvironmentOptions;
  /** What builds do, and how long things take, in the services that constructs lean on. */
  readonly supporting?: SupportingOptions;
  readonly cloudFormation?: StackOptions;
}

/** What a deployment of an assembly may be told beside its stacks. */
export type AssemblyDeployOptions = Pick<DeployOptions, 'parameters' | 'disableRollback' | 'cancelWhen'> & {
  /** Names of the stacks to deploy. @default all */
  readonly stacks?: readonly string[];
};

/** A local AWS: accounts, services, CloudFormation and the functions that run in it. */
export class Sandbox {
  static async start(options: SandboxOptions = {}): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    await sandbox.endpoint.start();
    await sandbox.receiver.start();
    return sandbox;
  }

  readonly accountId: string;
  readonly region: string;
  readonly clock = new Clock();
  readonly random: Random;
  readonly faults = new Faults();
  readonly journal = new Journal();
  readonly iam: Iam;
  readonly credentials: Credentials;
  readonly functions: Functions;
  readonly stateMachines: StateMachines;
  readonly stacks: Stacks;
  readonly rum: RumService;
  readonly cloudHsm: CloudHsmService;
  readonly macieClassic: MacieClassicService;
  readonly macie2: Macie2Service;
  readonly scheduler: SchedulerService;
  readonly supporting: SupportingServices;
  readonly endpoint: Endpoint;
  readonly world: World;
  readonly receiver: ResponseReceiver;
  private readonly states = new States();

  private constructor(options: SandboxOptions) {
    this.accountId = options.accountId ?? '111111111111';
    this.region = options.region ?? 'eu-central-1';
    this.random = new Random(options.seed ?? 1);
    const { clock, random, faults, journal } = this;
    const world: World = {
      clock,
      random,
      partition: 'aws',
      state: (service, accountId, region) => this.states.of(service, accountId, region),
    };
    this.world = world;
    const executions = new Executions();
    const iam = new Iam(world.partition, random, clock);
    const credentials = new Credentials(clock, random);
    this.iam = iam;
    this.credentials = credentials;
    this.receiver = new ResponseReceiver({ clock, random });
    this.functions = new Functions({
      world,
      iam,
      credentials,
      executions,
      endpointUrl: () => this.endpoint.url,
      caFile: () => this.receiver.caFile,
      responsePort: () => this.receiver.port,
      unresolvable: () => this.macieClassic.unresolvable(),
      environments: options.environments,
    });
    this.stateMachines = new StateMachines({ world, iam, credentials, functions: this.functions });
    this.scheduler = new SchedulerService(
      { world, iam, credentials, lambda: this.functions.service },
      options.scheduler,
    );
    this.rum = new RumService(options.rum);
    this.supporting = new SupportingServices(
      { world, iam, credentials, functions: this.functions },
      {
        ...options.supporting,
        codeBuild: {
          runner: (build) => activationRunner(world, this.cloudHsm)(build),
          ...options.supporting?.codeBuild,
        },
      },
    );
    this.cloudHsm = new CloudHsmService(this.supporting.tools.ec2.network, options.cloudHsm);
    this.macieClassic = new MacieClassicService(iam, options.macieClassic);
    this.macie2 = new Macie2Service({
      exportWitness: exportWitness((name) => bucketOfStacks(this.stacks, name), this.supporting.tools.kms),
      ...options.macie2,
    });
    const sts = new Sts({ iam, credentials, ...options.sts });
    const cognitoIdentity = new CognitoIdentityService({ iam, sts });
    this.stacks = new Stacks({
      world,
      iam,
      credentials,
      functions: this.functions,
      stateMachines: this.stateMachines,
      receiver: this.receiver,
      services: {
        ...this.supporting.tools,
        cognitoIdentity: new IdentityPools(world, cognitoIdentity),
        macieSessions: this.macie2.sessions(world),
        schedules: this.scheduler.schedules,
      },
      journal,
      options: options.cloudFormation,
    });
    const services = [
      this.rum,
      this.cloudHsm,
      this.macieClassic,
      this.macie2,
      this.scheduler,
      ...this.supporting.all,
      cognitoIdentity,
      sts,
      this.functions.service,
      this.stateMachines.service,
      cloudFormationService(this.stacks),
    ] as readonly Service<unknown>[];
    this.endpoint = new Endpoint({ world, services, iam, credentials, executions, faults, journal });
  }

  /** Deploys the stacks of a cloud assembly (`cdk.out`), in the order of their dependencies; ends at the first failure. */
  async deploy(directory: string, options: AssemblyDeployOptions = {}): Promise<StackResult[]> {
    const { stacks: names, ...rest } = options;
    const results: StackResult[] = [];
    for (const stack of this.load(directory, names)) {
      const result = await this.stacks.deploy(stack.template, {
        ...rest,
        ...stack,
        parameters: { ...stack.parameters, ...rest.parameters },
      });
      results.push(result);
      if (!SUCCEEDED.has(result.status)) break;
    }
    return results;
  }

  /** Deletes the stacks of a cloud assembly, in the opposite order. */
  async destroy(directory: string, options: Pick<AssemblyDeployOptions, 'stacks'> = {}): Promise<StackResult[]> {
    const results: StackResult[] = [];
    for (const { stackName, accountId, region } of this.load(directory, options.stacks).reverse()) {
      if (this.stacks.get(stackName, accountId, region) === undefined) continue;
      results.push(await this.stacks.delete(stackName, accountId, region));
    }
    return results;
  }

  /** What stands in an account and region: made by stacks, or in any service. */
  inventory(accountId = this.accountId, region = this.region): string[] {
    // Functions, state machines and identity pools come from stacks alone, which list them already.
    // CloudHSM first: looking at it carries out what is due, in EC2 as well.
    const inServices = [
      this.rum as Service<unknown>,
      this.cloudHsm as Service<unknown>,
      this.macieClassic as Service<unknown>,
      this.macie2 as Service<unknown>,
      this.scheduler as Service<unknown>,
      ...this.supporting.all,
    ].flatMap((service) => [...service.inventory(this.states.of(service, accountId, region))]);
    return [...this.stacks.inventory(accountId, region), ...inServices].sort();
  }

  /** The inventories of all places; those that are not the sandbox's own stand in front of the names. */
  wholeInventory(): string[] {
    return this.places().flatMap(({ accountId, region }) => {
      const isOwn = accountId === this.accountId && region === this.region;
      return this.inventory(accountId, region).map((name) => (isOwn ? name : `${accountId}/${region}  ${name}`));
    });
  }

  /** The accounts and regions in which something was done, the sandbox's own first. */
  places(): ReadonlyArray<{ readonly accountId: string; readonly region: string }> {
    const places = [...this.stacks.places(), ...this.states.places()];
    const distinct = new Set([`${this.accountId}/${this.region}`, ...places]);
    return [...distinct].map((place) => {
      const [accountId = '', region = ''] = place.split('/');
      return { accountId, region };
    });
  }

  /** For the configuration of an SDK client: an administrator of the account. */
  clientConfiguration(accountId = this.accountId, region = this.region) {
    return { endpoint: this.endpoint.url, region, credentials: this.credentials.forAccount(accountId), maxAttempts: 1 };
  }

  async stop(): Promise<void> {
    await this.functions.stop();
    await this.receiver.stop();
    await this.endpoint.stop();
  }

  private load(directory: string, names: readonly string[] | undefined): AssembledStack[] {
    const stacks = loadAssembly(directory, this);
    const unknown = names?.filter((name) => !stacks.some(({ stackName }) => stackName === name)) ?? [];
    if (unknown.length > 0) {
      const known = stacks.map(({ stackName }) => stackName).join(', ');
      throw new Error(`no stack ${unknown.join(', ')} in ${directory}; it has ${known || 'none'}`);
    }
    return names === undefined ? stacks : stacks.filter(({ stackName }) => names.includes(stackName));
  }
}

const SUCCEEDED: ReadonlySet<string> = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);

/** What services remember, by service, account and region. */
class States {
  private readonly all = new Map<Service<unknown>, Map<string, unknown>>();

  of<State>(service: Service<State>, accountId: string, region: string): State {
    const places = this.placesOf(service as Service<unknown>);
    const place = `${accountId}/${region}`;
    const existing = places.get(place) as State | undefined;
    if (existing !== undefined) return existing;
    const state = service.newState();
    places.set(place, state);
    return state;
  }

  places(): string[] {
    const places = [...this.all.values()].flatMap((states) => [...states.keys()]);
    // An unsigned call that does not say which account it concerns leaves a place without one.
    return places.filter((place) => !place.startsWith('/'));
  }

  private placesOf(service: Service<unknown>): Map<string, unknown> {
    const existing = this.all.get(service);
    if (existing !== undefined) return existing;
    const places = new Map<string, unknown>();
    this.all.set(service, places);
    return places;
  }
}
