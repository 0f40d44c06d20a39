import type { ServiceModel } from '../../model/model';

/**
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html,
 * API_DescribeExecution.html and API_DescribeStateMachine.html
 */
export const statesModel: ServiceModel = {
  signingName: 'states',
  protocol: 'aws-json',
  jsonVersion: '1.0',
  targetPrefix: 'AWSStepFunctions',
  apiVersion: '2016-11-23',
  operations: {
    StartExecution: {
      input: 'StartExecutionInput',
      output: 'StartExecutionOutput',
      errors: [
        'ExecutionAlreadyExists',
        'ExecutionLimitExceeded',
        'InvalidArn',
        'InvalidExecutionInput',
        'InvalidName',
        'StateMachineDeleting',
        'StateMachineDoesNotExist',
      ],
    },
    DescribeExecution: {
      input: 'DescribeExecutionInput',
      output: 'DescribeExecutionOutput',
      errors: ['ExecutionDoesNotExist', 'InvalidArn'],
    },
    DescribeStateMachine: {
      input: 'DescribeStateMachineInput',
      output: 'DescribeStateMachineOutput',
      errors: ['InvalidArn', 'StateMachineDoesNotExist'],
    },
  },
  shapes: {
    StartExecutionInput: {
      type: 'structure',
      required: ['stateMachineArn'],
      members: {
        stateMachineArn: { shape: 'Arn' },
        name: { shape: 'Name' },
        input: { shape: 'Data' },
        traceHeader: { shape: 'TraceHeader' },
      },
    },
    StartExecutionOutput: {
      type: 'structure',
      required: ['executionArn', 'startDate'],
      members: { executionArn: { shape: 'Arn' }, startDate: { shape: 'Timestamp' } },
    },
    DescribeExecutionInput: {
      type: 'structure',
      required: ['executionArn'],
      members: { executionArn: { shape: 'Arn' } },
    },
    DescribeExecutionOutput: {
      type: 'structure',
      required: ['executionArn', 'stateMachineArn', 'status', 'startDate'],
      members: {
        executionArn: { shape: 'Arn' },
        stateMachineArn: { shape: 'Arn' },
        name: { shape: 'Name' },
        status: { shape: 'ExecutionStatus' },
        startDate: { shape: 'Timestamp' },
        stopDate: { shape: 'Timestamp' },
        input: { shape: 'Data' },
        output: { shape: 'Data' },
        error: { shape: 'Data' },
        cause: { shape: 'Data' },
      },
    },
    DescribeStateMachineInput: {
      type: 'structure',
      required: ['stateMachineArn'],
      members: { stateMachineArn: { shape: 'Arn' } },
    },
    DescribeStateMachineOutput: {
      type: 'structure',
      required: ['stateMachineArn', 'name', 'definition', 'roleArn', 'type', 'creationDate'],
      members: {
        stateMachineArn: { shape: 'Arn' },
        name: { shape: 'Name' },
        status: { shape: 'String' },
        definition: { shape: 'Definition' },
        roleArn: { shape: 'Arn' },
        type: { shape: 'String' },
        creationDate: { shape: 'Timestamp' },
      },
    },
    Arn: { type: 'string', min: 1, max: 256 },
    Name: { type: 'string', min: 1, max: 80 },
    // Too long an input is the operation's own error, InvalidExecutionInput.
    Data: { type: 'string' },
    Definition: { type: 'string', min: 1, max: 1_048_576 },
    TraceHeader: { type: 'string', min: 0, max: 256 },
    ExecutionStatus: { type: 'string', values: ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
    String: { type: 'string' },
    Timestamp: { type: 'timestamp' },
    ExecutionAlreadyExists: error(),
    ExecutionDoesNotExist: error(),
    ExecutionLimitExceeded: error(),
    InvalidArn: error(),
    InvalidExecutionInput: error(),
    InvalidName: error(),
    StateMachineDeleting: error(),
    StateMachineDoesNotExist: error(),
  },
};

function error() {
  return { type: 'structure', httpStatus: 400, members: { message: { shape: 'String' } } } as const;
}
