import { authorize } from '../iam/authorization';
import type { Credentials } from '../iam/credentials';
import type { Iam } from '../iam/iam';
import type { Principal } from '../iam/principal';
import { evaluateTrust } from '../iam/trust';
import type { Functions } from '../lambda/functions';
import { type Service, ServiceError, type World } from '../services/service';
import { type StatesState, statesService } from '../services/states/states';
import { type Definition, type Json, LAMBDA_INVOKE, parseDefinition } from './definition';
import { Abandoned, interpret, MAX_DATA_BYTES } from './interpreter';
import { StateError } from './state-error';

export interface NewStateMachine {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** Amazon States Language. */
  readonly definition: string;
  readonly roleArn: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface StateMachine extends NewStateMachine {
  readonly arn: string;
  readonly parsed: Definition;
  /** Virtual time in milliseconds. */
  readonly created: number;
}

export interface StateExecution {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly input: string;
  readonly started: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  stopped?: number;
  output?: string;
  error?: string;
  cause?: string;
}

/** The Step Functions state machines of all accounts (standard workflows), and their executions. */
export class StateMachines {
  /** The API in front of them, for the endpoint. */
  readonly service: Service<StatesState> = statesService(this);
  private runningCount = 0;

  constructor(
    private readonly o: {
      readonly world: World;
      readonly iam: Iam;
      readonly credentials: Credentials;
      readonly functions: Functions;
    },
  ) {}

  create(machine: NewStateMachine): StateMachine {
    const { accountId, region, name } = machine;
    const { machines } = this.state(accountId, region);
    const arn = `arn:${this.o.world.partition}:states:${region}:${accountId}:stateMachine:${name}`;
    if (!NAME.test(name)) throw new ServiceError('InvalidName', `Invalid Name: '${name}'`);
    if (machines.has(arn)) {
      throw new ServiceError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const record = this.complete(arn, machine, this.o.world.clock.now());
    machines.set(arn, record);
    return record;
  }

  /** Executions that run go on with the old definition. */
  update(arn: string, patch: Partial<Pick<NewStateMachine, 'definition' | 'roleArn' | 'tags'>>): StateMachine {
    const existing = this.existing(arn);
    const record = this.complete(arn, { ...existing, ...patch }, existing.created);
    this.state(existing.accountId, existing.region).machines.set(arn, record);
    return record;
  }

  /** Executions that run end at their next transition. */
  delete(arn: string): void {
    const { accountId, region } = this.existing(arn);
    this.state(accountId, region).machines.delete(arn);
  }

  get(arn: string): StateMachine | undefined {
    const [, , , region = '', accountId = ''] = arn.split(':');
    return this.state(accountId, region).machines.get(arn);
  }

  list(accountId: string, region: string): readonly StateMachine[] {
    return [...this.state(accountId, region).machines.values()];
  }

  execution(executionArn: string): StateExecution | undefined {
    const [, , , region = '', accountId = ''] = executionArn.split(':');
    return this.state(accountId, region).executions.get(executionArn);
  }

  /** All executions of an account and region, those of deleted machines included. */
  executions(accountId: string, region: string): readonly StateExecution[] {
    return [...this.state(accountId, region).executions.values()];
  }

  /** Executions that have not ended. */
  running(): number {
    return this.runningCount;
  }

  startExecution(arn: string, input: string, name?: string): StateExecution {
    const machine = this.existing(arn);
    const { clock, random } = this.o.world;
    const { executions } = this.state(machine.accountId, machine.region);
    const data = parseInput(input);
    const executionName = name ?? random.uuid();
    const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:${executionName}`;
    const earlier = executions.get(executionArn);
    if (earlier !== undefined) {
      // Starting once more what runs with the same input is not an error.
      if (earlier.status === 'RUNNING' && earlier.input === input) return earlier;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
    }
    const execution: StateExecution = {
      executionArn,
      stateMachineArn: arn,
      name: executionName,
      input,
      started: clock.now(),
      status: 'RUNNING',
    };
    executions.set(executionArn, execution);
    void this.run(machine, execution, data);
    return execution;
  }

  private async run(machine: StateMachine, execution: StateExecution, data: Json): Promise<void> {
    const { clock } = this.o.world;
    const end = (status: StateExecution['status'], outcome: Partial<StateExecution> = {}) => {
      if (execution.status === 'RUNNING') Object.assign(execution, { status, stopped: clock.now(), ...outcome });
    };
    const limit = machine.parsed.TimeoutSeconds;
    const cancel = limit === undefined ? undefined : clock.schedule(limit * 1000, () => end('TIMED_OUT', TIMED_OUT));
    this.runningCount += 1;
    try {
      const output = await interpret(machine.parsed, data, {
        clock,
        runTask: (resource, input) => this.runTask(machine, resource, input),
        wanted: () => execution.status === 'RUNNING' && this.get(machine.arn)?.created === machine.created,
      });
      end('SUCCEEDED', { output: JSON.stringify(output) });
    } catch (error) {
      if (error instanceof StateError) end('FAILED', { error: error.error, cause: error.cause });
      else if (error instanceof Abandoned) end('ABORTED');
      else end('FAILED', { error: 'States.Runtime', cause: String(error) });
    } finally {
      cancel?.();
      this.runningCount -= 1;
    }
  }

  private async runTask(machine: StateMachine, resource: string, input: Json): Promise<Json> {
    if (!LAMBDA_INVOKE.test(resource)) return this.invoke(machine, resource, input);
    const { FunctionName, Payload = {} } = input;
    const result = await this.invoke(machine, FunctionName, Payload);
    return { ExecutedVersion: '$LATEST', Payload: result, StatusCode: 200 };
  }

  private async invoke(machine: StateMachine, functionName: string, input: Json): Promise<Json> {
    const { functions, iam } = this.o;
    const record = functions.get(functionName, machine.accountId, machine.region);
    const resource = record?.arn ?? functionName;
    const verdict = authorize(iam, this.principal(machine), { action: 'lambda:InvokeFunction', resource });
    if (verdict.decision !== 'allowed') throw new StateError('Lambda.AWSLambdaException', verdict.message);
    const result = await functions.invoke(resource, JSON.stringify(input)).catch((error: unknown) => {
      throw lambdaError(error);
    });
    if (result.functionError === undefined) return JSON.parse(result.payload);
    throw new StateError(JSON.parse(result.payload).errorType ?? 'Lambda.Unknown', result.payload);
  }

  /** The role as it is now: its policies and even the role may have changed since the machine was made. */
  private principal(machine: StateMachine): Principal {
    const { iam, credentials } = this.o;
    const role = iam.role(machine.roleArn);
    const session = role && credentials.find(credentials.forRole(role, 'states').accessKeyId);
    if (session !== undefined) return session.principal;
    throw new StateError('States.TaskFailed', notAssumable(machine.roleArn));
  }

  private complete(arn: string, machine: NewStateMachine, created: number): StateMachine {
    const parsed = parseDefinition(machine.definition);
    const role = this.o.iam.role(machine.roleArn);
    if (role === undefined || !this.assumes(role, machine.region)) {
      throw new ServiceError('AccessDeniedException', notAssumable(machine.roleArn));
    }
    return { ...machine, arn, parsed, created };
  }

  private assumes(role: Parameters<typeof evaluateTrust>[0], region: string): boolean {
    const names = ['states.amazonaws.com', `states.${region}.amazonaws.com`];
    return names.some((service) => evaluateTrust(role, { service }, 'sts:AssumeRole') === 'allowed');
  }

  private existing(arn: string): StateMachine {
    const record = this.get(arn);
    if (record === undefined) {
      throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    }
    return record;
  }

  private state(accountId: string, region: string): StatesState {
    return this.o.world.state(this.service, accountId, region);
  }
}

const NAME = /^[\w+!@.()=,'-]{1,80}$/;

const TIMED_OUT = { error: 'States.Timeout', cause: '' };

function notAssumable(roleArn: string): string {
  return `Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the provided role: ${roleArn}`;
}

function parseInput(input: string): Json {
  const size = Buffer.byteLength(input);
  if (size <= MAX_DATA_BYTES) {
    try {
      return JSON.parse(input);
    } catch (error) {
      throw new ServiceError(
        'InvalidExecutionInput',
        `Invalid State Machine Execution Input: ${(error as Error).message}`,
      );
    }
  }
  throw new ServiceError(
    'InvalidExecutionInput',
    `Invalid State Machine Execution Input: it has ${size} bytes, at most ${MAX_DATA_BYTES} are allowed`,
  );
}

/** The name that Step Functions gives to an error of the Invoke call itself. */
function lambdaError(error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  const name = error.code === 'ResourceNotFoundException' ? error.code : 'AWSLambdaException';
  return new StateError(`Lambda.${name}`, error.message);
}
