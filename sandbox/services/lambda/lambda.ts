import type { EventInvokeConfig } from '../../lambda/async-events';
import type { FunctionRecord } from '../../lambda/function-configuration';
import type { FunctionPermission } from '../../lambda/function-policy';
import type { Functions } from '../../lambda/functions';
import { type Call, type Operation, type Service, ServiceError } from '../service';
import { lambdaModel } from './model';

export interface LambdaState {
  /** By name. */
  readonly functions: Map<string, FunctionRecord>;
  /** The statements of resource policies, by the name of the function and by their id. */
  readonly permissions: Map<string, Map<string, FunctionPermission>>;
  /** By the name of the function. */
  readonly eventInvokeConfigs: Map<string, EventInvokeConfig>;
}

/** Lambda's API in front of the sandbox's functions. */
export function lambdaService(functions: Functions): Service<LambdaState> {
  return {
    name: 'lambda',
    model: lambdaModel,
    operations: { Invoke: invoke(functions), GetFunction: getFunction(functions) },
    newState: () => ({ functions: new Map(), permissions: new Map(), eventInvokeConfigs: new Map() }),
    inventory: (state) => [...state.functions.keys()].map((name) => `function ${name}`),
  };
}

function invoke(functions: Functions): Operation<LambdaState> {
  return {
    permissions(input, call) {
      const resource = arnOf(functions, input, call);
      const resourcePolicy = { document: functions.policy(resource) };
      return [{ action: 'lambda:InvokeFunction', resource, resourcePolicy }];
    },
    async handle(input, _state, call) {
      const record = found(functions, input, call);
      const { background } = call;
      const asynchronous = input.InvocationType === 'Event';
      const event = eventOf(input.Payload, asynchronous ? MAX_EVENT_BYTES : MAX_REQUEST_BYTES);
      if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
      if (asynchronous) {
        functions.invokeAsync(record.arn, event, { background });
        return { StatusCode: 202 };
      }
      const { payload, functionError } = await functions.invoke(record.arn, event, { background });
      const failure = functionError && { FunctionError: functionError };
      return { StatusCode: 200, ExecutedVersion: '$LATEST', ...failure, Payload: Buffer.from(payload) };
    },
  };
}

function getFunction(functions: Functions): Operation<LambdaState> {
  return {
    permissions: (input, call) => [{ action: 'lambda:GetFunction', resource: arnOf(functions, input, call) }],
    handle(input, _state, call) {
      const record = found(functions, input, call);
      return {
        Configuration: {
          FunctionName: record.name,
          FunctionArn: record.arn,
          Runtime: record.runtime,
          Role: record.roleArn,
          Handler: record.handler,
          Timeout: record.timeoutSeconds,
          MemorySize: record.memoryMb,
          LastModified: new Date(record.lastModified).toISOString().replace('Z', '+0000'),
          Version: '$LATEST',
          Environment: { Variables: record.environment },
          // A function without a VPC can be invoked at once.
          State: 'Active',
          LastUpdateStatus: 'Successful',
          PackageType: 'Zip',
        },
        Code: { RepositoryType: 'S3', Location: `file://${record.codeDirectory}` },
        ...(record.tags && { Tags: record.tags }),
      };
    },
  };
}

/** Payloads of a synchronous and an asynchronous invocation. Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_REQUEST_BYTES = 6_291_456;
const MAX_EVENT_BYTES = 262_144;

function eventOf(payload: Uint8Array | string | undefined, limit: number): string {
  const text = payload === undefined || payload.length === 0 ? '{}' : Buffer.from(payload as Uint8Array).toString();
  const size = Buffer.byteLength(text);
  if (size > limit) {
    const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation, got ${size}`;
    throw new ServiceError('RequestTooLargeException', message, 413, { Type: 'User' });
  }
  try {
    JSON.parse(text);
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new ServiceError('InvalidRequestContentException', message, 400, { Type: 'User' });
  }
  return text;
}

interface Named {
  readonly FunctionName: string;
  readonly Qualifier?: string;
}

function found(functions: Functions, input: Named, call: Call): FunctionRecord {
  const record = functions.get(input.FunctionName, call.accountId, call.region);
  const latest = input.Qualifier === undefined || input.Qualifier === '$LATEST';
  if (record !== undefined && latest) return record;
  const message = `Function not found: ${arnOf(functions, input, call)}`;
  throw new ServiceError('ResourceNotFoundException', message, 404, { Type: 'User' });
}

/** Also of a function that does not exist: a caller without permission is not told. */
function arnOf(functions: Functions, { FunctionName, Qualifier }: Named, call: Call): string {
  const record = functions.get(FunctionName, call.accountId, call.region);
  const name = FunctionName.replace(/^.*function:/, '');
  const arn = record?.arn ?? `arn:${call.world.partition}:lambda:${call.region}:${call.accountId}:function:${name}`;
  return Qualifier === undefined ? arn : `${arn}:${Qualifier}`;
}
