import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { Executions } from '../kernel/executions';
import { type LambdaState, lambdaService } from '../services/lambda/lambda';
import { type Service, ServiceError, type World } from '../services/service';
import {
  checkConfiguration,
  type FunctionConfiguration,
  type FunctionPatch,
  type FunctionRecord,
  isAssumable,
  NOT_ASSUMABLE,
} from './function-configuration';
import { FunctionPool } from './function-pool';
import type { InvocationResult, LogLine } from './invocation';

export interface FunctionsOptions {
  readonly world: World;
  readonly iam: Iam;
  readonly credentials: Credentials;
  readonly executions: Executions;
  readonly endpointUrl: () => string;
  /** The response receiver's certificate; none when empty. */
  readonly caFile: () => string;
  readonly responsePort: () => number;
}

/** The Lambda functions of all accounts, and their processes. */
export class Functions {
  /** The API in front of them, for the endpoint. */
  readonly service: Service<LambdaState> = lambdaService(this);
  private readonly pools = new Map<string, FunctionPool>();
  private readonly lines: LogLine[] = [];
  /** Delays by the number of the asynchronous invocation. */
  private readonly duplicates = new Map<number, number>();
  private started = 0;
  private startedAsync = 0;
  private stopped = false;

  constructor(private readonly options: FunctionsOptions) {}

  create(configuration: FunctionConfiguration): FunctionRecord {
    const { world, iam } = this.options;
    const { accountId, region, name, roleArn } = configuration;
    const arn = `arn:${world.partition}:lambda:${region}:${accountId}:function:${name}`;
    const { functions } = this.state(accountId, region);
    if (functions.has(name))
      throw new ServiceError('ResourceConflictException', `Function already exist: ${name}`, 409);
    checkConfiguration(configuration, iam.role(roleArn));
    const record = this.complete(arn, configuration);
    functions.set(name, record);
    return record;
  }

  /** Invocations that run go on with the old configuration; the next one gets a new process. */
  update(arn: string, patch: FunctionPatch): FunctionRecord {
    const record = this.existing(arn);
    const configuration = { ...record, ...patch };
    checkConfiguration(configuration, this.options.iam.role(configuration.roleArn));
    const updated = this.complete(record.arn, configuration);
    this.state(record.accountId, record.region).functions.set(record.name, updated);
    this.pools.get(record.arn)?.retire();
    return updated;
  }

  delete(arn: string): void {
    const record = this.existing(arn);
    this.state(record.accountId, record.region).functions.delete(record.name);
    this.pools.get(record.arn)?.retire();
  }

  /** By name, partial ARN (`account:function:name`) or ARN; `$LATEST` is the only version. */
  get(arnOrName: string, accountId: string, region: string): FunctionRecord | undefined {
    const parts = FUNCTION_NAME.exec(arnOrName)?.groups;
    if (parts?.name === undefined) return undefined;
    return this.state(parts.account ?? accountId, parts.region ?? region).functions.get(parts.name);
  }

  list(accountId: string, region: string): readonly FunctionRecord[] {
    return [...this.state(accountId, region).functions.values()];
  }

  /** A synchronous invocation. Throws when there is no such function, or its role cannot be assumed. */
  invoke(arn: string, payload: string): Promise<InvocationResult> {
    return this.run(arn, payload, this.options.world.random.uuid());
  }

  /** Lambda's asynchronous invocation: an event whose handler fails is delivered again, with the same request id. */
  invokeAsync(arn: string, payload: string): void {
    const { clock, random } = this.options.world;
    this.existing(arn);
    this.deliver(arn, payload, random.uuid());
    this.startedAsync += 1;
    const duplicateAfter = this.duplicates.get(this.startedAsync);
    if (duplicateAfter === undefined) return;
    const requestId = random.uuid();
    clock.schedule(duplicateAfter, () => this.deliver(arn, payload, requestId));
  }

  /** Delivers the next asynchronous event, or the n-th from now, a second time, as Lambda's queue now and then does. */
  duplicateNextAsync(afterMs = 1000, nth = 1): void {
    this.duplicates.set(this.startedAsync + nth, afterMs);
  }

  /** Asynchronous events so far, each counted once. */
  get asyncEvents(): number {
    return this.startedAsync;
  }

  /** Invocations so far, retries included. */
  get invocations(): number {
    return this.started;
  }

  /** Everything that functions printed. */
  get logs(): readonly LogLine[] {
    return this.lines;
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all([...this.pools.values()].map((pool) => pool.stop()));
  }

  private async run(arn: string, payload: string, requestId: string): Promise<InvocationResult> {
    this.existing(arn);
    // What follows is a turn of the clock of its own, up to where the process holds the clock.
    await this.options.world.clock.sleep(0);
    const record = this.existing(arn);
    const role = this.options.iam.role(record.roleArn);
    if (this.stopped) throw new Error(`the sandbox has stopped: ${record.name} cannot be invoked`);
    if (!isAssumable(role)) throw new ServiceError('AccessDeniedException', NOT_ASSUMABLE, 403);
    this.started += 1;
    return this.pool(record.arn).run(record, role, payload, requestId);
  }

  private async deliver(arn: string, payload: string, requestId: string): Promise<void> {
    for (const delay of [...RETRY_DELAYS_MS, undefined]) {
      // A function that is gone meanwhile takes its events with it.
      const result = await this.run(arn, payload, requestId).catch((error: Error) => ({ functionError: error.name }));
      if (result.functionError === undefined || delay === undefined || this.stopped) return;
      await this.options.world.clock.sleep(delay);
    }
  }

  private pool(arn: string): FunctionPool {
    const existing = this.pools.get(arn);
    if (existing !== undefined) return existing;
    const pool = new FunctionPool({ ...this.options, onLine: (line) => this.lines.push(line) });
    this.pools.set(arn, pool);
    return pool;
  }

  private existing(arn: string): FunctionRecord {
    const [, , , region = '', accountId = ''] = arn.split(':');
    const record = this.get(arn, accountId, region);
    if (record === undefined) throw functionNotFound(arn);
    return record;
  }

  private complete(arn: string, configuration: FunctionConfiguration): FunctionRecord {
    const { name, memoryMb = 128, logGroup = `/aws/lambda/${name}` } = configuration;
    return { ...configuration, arn, memoryMb, logGroup, lastModified: this.options.world.clock.now() };
  }

  private state(accountId: string, region: string): LambdaState {
    return this.options.world.state(this.service, accountId, region);
  }
}

export function functionNotFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
}

/** Before the first and the second retry. Source: Lambda developer guide, "Asynchronous invocation". */
const RETRY_DELAYS_MS = [60_000, 120_000];

const FUNCTION_NAME =
  /^(?:arn:[\w-]+:lambda:(?<region>[a-z0-9-]+):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::\$LATEST)?$/;
