import { generatedName } from '../physical-names';
import type { Instance } from '../stack';
import { isObject } from '../values';
import { immediate } from './immediate';
import type { Task } from './resource-type';
import { ResourceFailure } from './resource-type';
import { tagsOf } from './tags';

/** Lambda's own defaults. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

/** A function whose code is an asset of the cloud assembly. Layers, inline code and images are refused. */
export const lambdaFunction = immediate({
  name: 'AWS::Lambda::Function',
  properties: [
    'Architectures',
    'Code',
    'Description',
    'Environment',
    'FunctionName',
    'Handler',
    'LoggingConfig',
    'MemorySize',
    'ReservedConcurrentExecutions',
    'Role',
    'Runtime',
    'Tags',
    'Timeout',
    'TracingConfig',
  ],
  required: ['Code', 'Handler', 'Role', 'Runtime'],
  taggable: true,
  replacedBy: ['FunctionName'],

  make(task) {
    const { functions, world } = task.tools;
    const given = task.properties.FunctionName as string | undefined;
    const record = functions.create({
      accountId: task.accountId,
      region: task.region,
      name: given ?? generatedName(world.random, task.stack.name, task.logicalId),
      ...configuration(task),
    });
    return { physicalId: record.name, attributes: { Arn: record.arn } };
  },

  change(task, current) {
    task.tools.functions.update(arnOf(current), configuration(task));
    return { physicalId: current.physicalId, attributes: current.attributes };
  },

  remove(task, current) {
    const { functions } = task.tools;
    if (functions.get(arnOf(current), task.accountId, task.region) !== undefined) functions.delete(arnOf(current));
  },
});

function configuration(task: Task) {
  const { properties } = task;
  const environment = isObject(properties.Environment) ? properties.Environment.Variables : undefined;
  const reserved = properties.ReservedConcurrentExecutions;
  const logging = isObject(properties.LoggingConfig) ? properties.LoggingConfig : {};
  return {
    codeDirectory: codeDirectory(task),
    handler: properties.Handler as string,
    runtime: properties.Runtime as string,
    timeoutSeconds: Number(properties.Timeout ?? DEFAULT_TIMEOUT_SECONDS),
    memoryMb: Number(properties.MemorySize ?? DEFAULT_MEMORY_MB),
    reservedConcurrency: reserved === undefined ? undefined : Number(reserved),
    environment: isObject(environment) ? texts(environment) : {},
    roleArn: properties.Role as string,
    logGroup: logging.LogGroup as string | undefined,
    tags: tagsOf(properties),
  };
}

function codeDirectory(task: Task): string {
  const code = task.properties.Code;
  if (!isObject(code) || typeof code.S3Bucket !== 'string' || typeof code.S3Key !== 'string') {
    throw new ResourceFailure('the sandbox runs functions from assets only: Code must have S3Bucket and S3Key');
  }
  const directory = task.tools.assets.directory(code.S3Bucket, code.S3Key);
  if (directory === undefined) {
    throw new ResourceFailure(`s3://${code.S3Bucket}/${code.S3Key} is no asset directory of the cloud assembly`);
  }
  return directory;
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
}

function arnOf(instance: Instance): string {
  return instance.attributes.Arn as string;
}
