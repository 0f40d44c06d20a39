import type { ServiceModel } from '../../../sandbox/model/model';
import { type Operation, type Service, ServiceError } from '../../../sandbox/services/service';

/** What the operations of a fake service were given. */
export type Seen = Array<{ readonly operation: string; readonly input: unknown }>;

function fake(model: ServiceModel, handlers: Record<string, Operation<Seen>['handle']>, resource = '*') {
  const operations = Object.entries(handlers).map(([name, handle]): [string, Operation<Seen>] => [
    name,
    {
      permissions: () => [{ action: `${model.signingName}:${name}`, resource }],
      handle: (input, state, call) => {
        state.push({ operation: name, input });
        return handle(input, state, call);
      },
    },
  ]);
  const service: Service<Seen> = {
    name: model.signingName,
    model,
    operations: Object.fromEntries(operations),
    newState: () => [],
    inventory: () => [],
  };
  return service;
}

const SCALARS = {
  String: { type: 'string' },
  Timestamp: { type: 'timestamp' },
  Blob: { type: 'blob' },
  Integer: { type: 'integer' },
  Strings: { type: 'list', member: 'String' },
  StringMap: { type: 'map', key: 'String', value: 'String' },
} as const;

/** rest-json with labels, query lists and a body; the names are those of CloudWatch RUM. */
export function fakeRum(): Service<Seen> {
  return fake(
    {
      signingName: 'rum',
      protocol: 'rest-json',
      apiVersion: '2018-05-10',
      operations: {
        CreateAppMonitor: { method: 'POST', uri: '/appmonitor', input: 'CreateRequest', output: 'CreateResponse' },
        GetAppMonitor: {
          method: 'GET',
          uri: '/appmonitor/{Name}',
          input: 'GetRequest',
          output: 'CreateResponse',
          errors: ['InternalServerException', 'ThrottlingException'],
        },
        UntagResource: { method: 'DELETE', uri: '/tags/{ResourceArn}', input: 'UntagRequest', output: 'Nothing' },
        ListAppMonitors: { method: 'POST', uri: '/appmonitors', input: 'Nothing', output: 'Nothing' },
        DeleteAppMonitor: { method: 'DELETE', uri: '/appmonitor/{Name}', input: 'GetRequest', output: 'Nothing' },
      },
      shapes: {
        ...SCALARS,
        Name: { type: 'string', min: 1, max: 10 },
        CreateRequest: {
          type: 'structure',
          members: { Name: { shape: 'Name' }, Tags: { shape: 'StringMap' } },
          required: ['Name'],
        },
        CreateResponse: { type: 'structure', members: { Id: { shape: 'String' } } },
        GetRequest: { type: 'structure', members: { Name: { shape: 'Name', location: 'uri', locationName: 'Name' } } },
        UntagRequest: {
          type: 'structure',
          members: {
            ResourceArn: { shape: 'String', location: 'uri', locationName: 'ResourceArn' },
            TagKeys: { shape: 'Strings', location: 'querystring', locationName: 'tagKeys' },
          },
        },
        Nothing: { type: 'structure', members: {} },
        ThrottlingException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 429 },
        InternalServerException: { type: 'structure', members: { message: { shape: 'String' } }, httpStatus: 500 },
        ConflictException: {
          type: 'structure',
          members: {
            message: { shape: 'String' },
            resourceName: { shape: 'String' },
            retryAfterSeconds: { shape: 'Integer', location: 'header', locationName: 'Retry-After' },
          },
        },
      },
    },
    {
      CreateAppMonitor: (input) => {
        if (input.Name === 'taken') {
          const members = { resourceName: 'taken', retryAfterSeconds: 9 };
          throw new ServiceError('ConflictException', 'a monitor of this name exists', 409, members);
        }
        return { Id: `id of ${input.Name}` };
      },
      GetAppMonitor: () => ({}),
      UntagResource: () => ({}),
      ListAppMonitors: () => ({ NotInTheModel: true }),
      DeleteAppMonitor: () => {
        throw new TypeError('a bug of the sandbox');
      },
    },
  );
}

/** JSON 1.0 with timestamps; the names are those of Step Functions. */
export function fakeStepFunctions(): Service<Seen> {
  return fake(
    {
      signingName: 'states',
      protocol: 'aws-json',
      jsonVersion: '1.0',
      targetPrefix: 'AWSStepFunctions',
      apiVersion: '2016-11-23',
      operations: { StartExecution: { input: 'StartInput', output: 'StartOutput' } },
      shapes: {
        ...SCALARS,
        StartInput: {
          type: 'structure',
          members: { stateMachineArn: { shape: 'String' }, name: { shape: 'Name' } },
          required: ['stateMachineArn'],
        },
        Name: { type: 'string', min: 1, max: 80 },
        StartOutput: {
          type: 'structure',
          members: { executionArn: { shape: 'String' }, startDate: { shape: 'Timestamp' } },
        },
      },
    },
    {
      StartExecution: (input, _state, { world }) => {
        if (input.name === 'taken') throw new ServiceError('ExecutionAlreadyExists', 'it runs already', 400);
        return { executionArn: 'arn:execution', startDate: world.clock.date() };
      },
    },
  );
}

/** rest-json with payloads and headers; the names are those of Lambda. */
export function fakeLambda(): Service<Seen> {
  return fake(
    {
      signingName: 'lambda',
      protocol: 'rest-json',
      apiVersion: '2015-03-31',
      operations: {
        Invoke: {
          method: 'POST',
          uri: '/2015-03-31/functions/{FunctionName}/invocations',
          input: 'InvokeRequest',
          output: 'InvokeResponse',
        },
      },
      shapes: {
        ...SCALARS,
        InvokeRequest: {
          type: 'structure',
          payload: 'Payload',
          members: {
            FunctionName: { shape: 'String', location: 'uri', locationName: 'FunctionName' },
            InvocationType: { shape: 'String', location: 'header', locationName: 'X-Amz-Invocation-Type' },
            Payload: { shape: 'Blob' },
          },
        },
        InvokeResponse: {
          type: 'structure',
          payload: 'Payload',
          members: {
            StatusCode: { shape: 'Integer', location: 'statusCode' },
            FunctionError: { shape: 'String', location: 'header', locationName: 'X-Amz-Function-Error' },
            Payload: { shape: 'Blob' },
          },
        },
      },
    },
    {
      Invoke: (input) => ({
        StatusCode: 202,
        FunctionError: 'Unhandled',
        Payload: Buffer.concat([Buffer.from('got '), input.Payload]),
      }),
    },
  );
}
