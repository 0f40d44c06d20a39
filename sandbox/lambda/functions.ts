import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { Executions } from '../kernel/executions';
import { type LambdaState, lambdaService } from '../services/lambda/lambda';
import { type Service, ServiceError, type World } from '../services/service';
import { AsyncEvents, type DroppedEvent } from './async-events';
import { isAssumable, NOT_ASSUMABLE } from './function-configuration';
import { notPermitted, permitsService, type ServiceCaller } from './function-policy';
import { type EnvironmentOptions, FunctionPool } from './function-pool';
import { FunctionRecords } from './function-records';
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
  /** Services, as signatures name them, whose names do not resolve at present. @default none */
  readonly unresolvable?: () => readonly string[];
  readonly environments?: EnvironmentOptions;
}

export interface InvocationOptions {
  /** Nobody waits for it: it must not move time (`sandbox/kernel/clock.ts`). @default false */
  readonly background?: boolean;
}

/** The Lambda functions of all accounts, and their processes. */
export class Functions extends FunctionRecords {
  /** The API in front of them, for the endpoint. */
  readonly service: Service<LambdaState> = lambdaService(this);
  private readonly pools = new Map<string, FunctionPool>();
  private readonly lines: LogLine[] = [];
  private readonly events: AsyncEvents;
  /** By ARN. */
  private readonly limits = new Map<string, number>();
  private started = 0;
  private stopped = false;

  constructor(private readonly options: FunctionsOptions) {
    super(options);
    const { clock, random } = options.world;
    this.events = new AsyncEvents({
      clock,
      random,
      config: (arn) => this.eventInvokeConfig(arn),
      run: (arn, payload, { requestId, background }) => this.run(arn, payload, requestId, background),
    });
  }

  /** A synchronous invocation. Throws when there is no such function, or its role cannot be assumed. */
  invoke(arn: string, payload: string, { background }: InvocationOptions = {}): Promise<InvocationResult> {
    return this.run(arn, payload, this.options.world.random.uuid(), background);
  }

  /** Lambda's asynchronous invocation: an event whose handler fails is delivered again, with the same request id. */
  invokeAsync(arn: string, payload: string, { background }: InvocationOptions = {}): void {
    this.events.accept(this.existing(arn).arn, payload, background);
  }

  /**
   * An asynchronous invocation by an AWS service in its own name, such as a CloudWatch alarm. It does not move time. Throws
   * when the function's policy does not permit it.
   */
  invokeForService(caller: ServiceCaller, arn: string, payload: string): void {
    if (!permitsService(this.policy(arn), this.existing(arn).arn, caller)) throw notPermitted(arn, caller);
    this.invokeAsync(arn, payload, { background: true });
  }

  /** Delivers the next asynchronous event, or the n-th from now, a second time, as Lambda's queue now and then does. */
  duplicateNextAsync(afterMs = 1000, nth = 1): void {
    this.events.duplicateNext(afterMs, nth);
  }

  /** Ends the warm environments of a function, or of all: the next invocation is a cold start. Those at work end after it. */
  coldStart(arn?: string): void {
    for (const [key, pool] of this.pools) if (arn === undefined || arn === key) pool.retire();
  }

  /** Throttles what would run beside `limit` others, whatever the template reserves; `undefined` ends that. */
  limitConcurrency(arn: string, limit: number | undefined): void {
    if (limit === undefined) this.limits.delete(arn);
    else this.limits.set(arn, limit);
  }

  /** Asynchronous events that were given up. */
  get droppedEvents(): readonly DroppedEvent[] {
    return this.events.dropped;
  }

  /** Asynchronous events so far, each counted once. */
  get asyncEvents(): number {
    return this.events.accepted;
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
    this.events.stop();
    await Promise.all([...this.pools.values()].map((pool) => pool.stop()));
  }

  protected retire(arn: string): void {
    this.pools.get(arn)?.retire();
  }

  private async run(arn: string, payload: string, requestId: string, background?: boolean): Promise<InvocationResult> {
    this.existing(arn);
    // What follows is a turn of the clock of its own, up to where the process holds the clock.
    await this.options.world.clock.sleep(0, { background });
    const record = this.existing(arn);
    const role = this.options.iam.role(record.roleArn);
    if (this.stopped) throw new Error(`the sandbox has stopped: ${record.name} cannot be invoked`);
    if (!isAssumable(role)) throw new ServiceError('AccessDeniedException', NOT_ASSUMABLE, 403);
    const pool = this.pool(record.arn);
    if (pool.running >= (this.limits.get(record.arn) ?? record.reservedConcurrency ?? Infinity)) throw throttled();
    this.started += 1;
    const { timeoutSeconds } = record;
    const unresolvable = this.options.unresolvable?.() ?? [];
    const functionArn = record.arn;
    return pool.run(record, role, {
      requestId,
      event: payload,
      functionArn,
      timeoutSeconds,
      background,
      unresolvable,
    });
  }

  private pool(arn: string): FunctionPool {
    const existing = this.pools.get(arn);
    if (existing !== undefined) return existing;
    const pool = new FunctionPool({ ...this.options, onLine: (line) => this.lines.push(line) });
    this.pools.set(arn, pool);
    return pool;
  }
}

function throttled(): ServiceError {
  const members = { Type: 'User', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' };
  return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429, members);
}
