import type { Role } from '../iam/iam';
import { evaluateTrust } from '../iam/trust';
import { ServiceError } from '../services/service';

export interface FunctionConfiguration {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  /** Where the unpacked code lies. */
  readonly codeDirectory: string;
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMb?: number;
  /** How many invocations may run at a time; any number when absent. */
  readonly reservedConcurrency?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  readonly logGroup?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What may change while the function stays the same one. */
export type FunctionPatch = Partial<Omit<FunctionConfiguration, 'accountId' | 'region' | 'name'>>;

export interface FunctionRecord extends FunctionConfiguration {
  readonly arn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
  /** Virtual time of the last change. */
  readonly lastModified: number;
}

/** Limits from the API reference of CreateFunction and from "Lambda quotas". */
const MAX_TIMEOUT_SECONDS = 900;
const MEMORY_MB = { min: 128, max: 10_240 };
const MAX_ENVIRONMENT_BYTES = 4_096;
const NAME = /^[a-zA-Z0-9-_]{1,64}$/;
/** "Defined runtime environment variables" of the developer guide: those that a function cannot set. */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** Throws what CreateFunction and UpdateFunctionConfiguration answer to values that they do not take. */
export function checkConfiguration(c: FunctionConfiguration, role: Role | undefined): void {
  if (!NAME.test(c.name)) throw invalid(`function name "${c.name}" must match ${NAME.source}`);
  if (!c.runtime.startsWith('nodejs')) {
    throw invalid(`runtime "${c.runtime}" of function ${c.name} cannot run in the sandbox: use a nodejs runtime`);
  }
  checkRange(c.name, 'timeout', c.timeoutSeconds, 1, MAX_TIMEOUT_SECONDS);
  checkRange(c.name, 'memory size', c.memoryMb ?? MEMORY_MB.min, MEMORY_MB.min, MEMORY_MB.max);
  checkEnvironment(c);
  if (!isAssumable(role)) throw invalid(NOT_ASSUMABLE);
}

function checkRange(name: string, what: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw invalid(`${what} ${value} of function ${name} must be a whole number from ${min} to ${max}`);
}

function checkEnvironment({ name, environment }: FunctionConfiguration): void {
  const reserved = Object.keys(environment).filter((key) => RESERVED_VARIABLES.has(key));
  if (reserved.length > 0) {
    throw invalid(`environment of function ${name} sets variables that are reserved: ${reserved.join(', ')}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw invalid(`environment of function ${name} has ${bytes} bytes, at most ${MAX_ENVIRONMENT_BYTES} are allowed`);
  }
}

function invalid(message: string): ServiceError {
  return new ServiceError('InvalidParameterValueException', message, 400);
}

export function isAssumable(role: Role | undefined): role is Role {
  return role !== undefined && evaluateTrust(role, { service: 'lambda.amazonaws.com' }, 'sts:AssumeRole') === 'allowed';
}

export const NOT_ASSUMABLE = 'The role defined for the function cannot be assumed by Lambda.';
