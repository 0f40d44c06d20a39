import type { StateExecution, StateMachine, StateMachines } from '../../states/state-machines';
import { type Operation, type Service, ServiceError } from '../service';
import { statesModel } from './model';

export interface StatesState {
  /** By ARN. */
  readonly machines: Map<string, StateMachine>;
  /** By ARN; those that have ended stay, as AWS keeps them for 90 days. */
  readonly executions: Map<string, StateExecution>;
}

/** Step Functions' API in front of the sandbox's state machines. */
export function statesService(machines: StateMachines): Service<StatesState> {
  return {
    name: 'states',
    model: statesModel,
    operations: {
      StartExecution: startExecution(machines),
      DescribeExecution: describeExecution(machines),
      DescribeStateMachine: describeStateMachine(machines),
    },
    newState: () => ({ machines: new Map(), executions: new Map() }),
    inventory: (state) => [...state.machines.values()].map(({ name }) => `state machine ${name}`),
  };
}

function startExecution(machines: StateMachines): Operation<StatesState> {
  return {
    permissions: (input) => [{ action: 'states:StartExecution', resource: input.stateMachineArn }],
    handle(input) {
      checkArn(input.stateMachineArn, 'stateMachine');
      const execution = machines.startExecution(input.stateMachineArn, input.input ?? '{}', input.name);
      return { executionArn: execution.executionArn, startDate: new Date(execution.started) };
    },
  };
}

function describeExecution(machines: StateMachines): Operation<StatesState> {
  return {
    permissions: (input) => [{ action: 'states:DescribeExecution', resource: input.executionArn }],
    handle({ executionArn }) {
      checkArn(executionArn, 'execution');
      const execution = machines.execution(executionArn);
      if (execution === undefined) {
        throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
      }
      const { started, stopped, ...rest } = execution;
      return { ...rest, startDate: new Date(started), ...(stopped !== undefined && { stopDate: new Date(stopped) }) };
    },
  };
}

function describeStateMachine(machines: StateMachines): Operation<StatesState> {
  return {
    permissions: (input) => [{ action: 'states:DescribeStateMachine', resource: input.stateMachineArn }],
    handle({ stateMachineArn }) {
      checkArn(stateMachineArn, 'stateMachine');
      const machine = machines.get(stateMachineArn);
      if (machine === undefined) {
        throw new ServiceError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
      }
      const { name, definition, roleArn, created } = machine;
      return {
        stateMachineArn,
        name,
        definition,
        roleArn,
        status: 'ACTIVE',
        type: 'STANDARD',
        creationDate: new Date(created),
      };
    },
  };
}

function checkArn(arn: string, kind: string): void {
  if (new RegExp(`^arn:[\\w-]+:states:[a-z0-9-]+:\\d{12}:${kind}:.+$`).test(arn)) return;
  throw new ServiceError('InvalidArn', `Invalid Arn: '${arn}'`);
}
