import * as path from 'node:path';
import type { TemporaryCredentials } from '../iam/credentials';
import type { FunctionRecord } from './function-configuration';

/** Where a function finds the sandbox. */
export interface Surroundings {
  readonly endpointUrl: string;
  readonly logStream: string;
}

/**
 * The environment of a function's process: what Lambda's runtime sets ("Defined runtime environment variables" of the
 * developer guide), the function's own variables, and the few that lead to the sandbox. Nothing of ours gets through.
 */
export function functionEnvironment(
  record: FunctionRecord,
  credentials: TemporaryCredentials,
  { endpointUrl, logStream }: Surroundings,
): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    // Not a real folder: no AWS configuration file of this machine is to be found.
    HOME: '/home/sbx_user1051',
    NODE_PATH: REPOSITORY_MODULES,
    ...record.environment,
    AWS_REGION: record.region,
    AWS_DEFAULT_REGION: record.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${record.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: record.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: record.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    LAMBDA_TASK_ROOT: record.codeDirectory,
    _HANDLER: record.handler,
    AWS_ENDPOINT_URL: endpointUrl,
  };
}

/** Lambda's runtime brings the SDK along; here the repository's own copy stands in. */
const REPOSITORY_MODULES = path.resolve(__dirname, '../../node_modules');
