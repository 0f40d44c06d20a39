import type { SecretsManagerService } from '../secretsmanager/secretsmanager-service';
import { ServiceError } from '../service';
import type { ServiceRole } from '../service-role';
import type { SsmService } from '../ssm/ssm-service';
import type { Build, EnvironmentVariable } from './state';

interface Sources {
  readonly secretsManager: SecretsManagerService;
  readonly ssm: SsmService;
}

/** A variable that could not be read: the code is that of the failed phase's context. */
export class UnreadableVariable extends Error {
  constructor(
    readonly statusCode: string,
    message: string,
  ) {
    super(message);
  }
}

/** All variables of a build with their values, read by the project's role. Throws {@link UnreadableVariable}. */
export async function environmentOf(
  build: Build,
  role: ServiceRole,
  sources: Sources,
): Promise<Record<string, string>> {
  // A few of those that CodeBuild sets: https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
  const environment: Record<string, string> = {
    AWS_REGION: build.region,
    AWS_DEFAULT_REGION: build.region,
    CODEBUILD_BUILD_ID: build.id,
    CODEBUILD_BUILD_ARN: build.arn,
    CODEBUILD_BUILD_NUMBER: String(build.number),
  };
  for (const variable of build.variables) environment[variable.name] = await variableValue(variable, role, sources);
  return environment;
}

async function variableValue(variable: EnvironmentVariable, role: ServiceRole, sources: Sources): Promise<string> {
  switch (variable.type) {
    case 'PLAINTEXT':
      return variable.value;
    case 'SECRETS_MANAGER':
      return asVariable('Secrets Manager Error', () => secretValue(variable.value, role, sources));
    case 'PARAMETER_STORE':
      return asVariable('Decrypted Variables Error', () => parameterValue(variable.value, role, sources));
  }
}

/**
 * `id`, `id:key`, `id:key:stage` or `id:key:stage:version`, where the id may be an ARN, which has seven parts itself.
 * Source: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager
 */
async function secretValue(reference: string, role: ServiceRole, { secretsManager }: Sources): Promise<string> {
  const parts = reference.split(':');
  const idLength = reference.startsWith('arn:') ? 7 : 1;
  const id = parts.slice(0, idLength).join(':');
  const [key, stage, version] = parts.slice(idLength).map((part) => part || undefined);
  const { SecretString: text } = await role.call(secretsManager, 'GetSecretValue', {
    SecretId: id,
    ...(stage && { VersionStage: stage }),
    ...(version && { VersionId: version }),
  });
  if (key === undefined) return text;
  const value = parsed(text)?.[key];
  if (value === undefined) throw new ServiceError('JsonKeyNotFound', `the JSON key ${key} is not in the secret ${id}`);
  return String(value);
}

async function parameterValue(name: string, role: ServiceRole, { ssm }: Sources): Promise<string> {
  const { Parameters, InvalidParameters } = await role.call(ssm, 'GetParameters', {
    Names: [name],
    WithDecryption: true,
  });
  if (InvalidParameters.length > 0) throw new ServiceError('ParameterNotFound', `parameter does not exist: ${name}`);
  return Parameters[0].Value;
}

async function asVariable(statusCode: string, read: () => Promise<string>): Promise<string> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new UnreadableVariable(statusCode, `${error.code}: ${error.message}`);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
