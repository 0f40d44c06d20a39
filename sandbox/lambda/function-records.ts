import type { Iam } from '../iam/iam';
import type { PolicyDocument } from '../iam/principal';
import type { LambdaState } from '../services/lambda/lambda';
import { type Service, ServiceError, type World } from '../services/service';
import { checkEventInvokeConfig, DEFAULT_EVENT_INVOKE_CONFIG, type EventInvokeConfig } from './async-events';
import {
  checkConfiguration,
  type FunctionConfiguration,
  type FunctionPatch,
  type FunctionRecord,
} from './function-configuration';
import { checkPermission, type FunctionPermission, policyOf } from './function-policy';

/** The functions of all accounts as they are configured, with their resource policies. */
export abstract class FunctionRecords {
  protected abstract readonly service: Service<LambdaState>;

  constructor(private readonly tools: { readonly world: World; readonly iam: Iam }) {}

  /** The function changed or is gone: its environments are of no use any more. */
  protected abstract retire(arn: string): void;

  create(configuration: FunctionConfiguration): FunctionRecord {
    const { world, iam } = this.tools;
    const { accountId, region, name, roleArn } = configuration;
    const arn = `arn:${world.partition}:lambda:${region}:${accountId}:function:${name}`;
    const { functions } = this.state(accountId, region);
    if (functions.has(name))
      throw new ServiceError('ResourceConflictException', `Function already exist: ${name}`, 409);
    checkConfiguration(configuration, iam.role(roleArn));
    const record = this.complete(arn, configuration);
    functions.set(name, record);
    return record;
  }

  /** Invocations that run go on with the old configuration; the next one gets a new process. */
  update(arn: string, patch: FunctionPatch): FunctionRecord {
    const record = this.existing(arn);
    const configuration = { ...record, ...patch };
    checkConfiguration(configuration, this.tools.iam.role(configuration.roleArn));
    const updated = this.complete(record.arn, configuration);
    this.state(record.accountId, record.region).functions.set(record.name, updated);
    this.retire(record.arn);
    return updated;
  }

  delete(arn: string): void {
    const record = this.existing(arn);
    const { functions, permissions, eventInvokeConfigs } = this.state(record.accountId, record.region);
    for (const kept of [functions, permissions, eventInvokeConfigs]) kept.delete(record.name);
    this.retire(record.arn);
  }

  /** By name, partial ARN (`account:function:name`) or ARN; `$LATEST` is the only version. */
  get(arnOrName: string, accountId: string, region: string): FunctionRecord | undefined {
    const parts = FUNCTION_NAME.exec(arnOrName)?.groups;
    if (parts?.name === undefined) return undefined;
    return this.state(parts.account ?? accountId, parts.region ?? region).functions.get(parts.name);
  }

  list(accountId: string, region: string): readonly FunctionRecord[] {
    return [...this.state(accountId, region).functions.values()];
  }

  addPermission(arn: string, permission: FunctionPermission): void {
    checkPermission(permission);
    const { accountId, region, name } = this.existing(arn);
    const { permissions } = this.state(accountId, region);
    const statements = permissions.get(name) ?? new Map<string, FunctionPermission>();
    permissions.set(name, statements.set(permission.statementId, permission));
  }

  removePermission(arn: string, statementId: string): void {
    const { accountId, region, name } = this.existing(arn);
    this.state(accountId, region).permissions.get(name)?.delete(statementId);
  }

  /** Who may invoke the function beside those whose own policies say so; of a function that is not there, nobody. */
  policy(arn: string): PolicyDocument {
    const { name, place } = partsOf(arn);
    const permissions = this.state(...place).permissions.get(name);
    return policyOf(arn, permissions?.values() ?? []);
  }

  /** How asynchronous events are retried; without a configuration, Lambda's defaults count again. */
  setEventInvokeConfig(arn: string, config: EventInvokeConfig | undefined): void {
    if (config !== undefined) checkEventInvokeConfig(config);
    const { accountId, region, name } = this.existing(arn);
    const { eventInvokeConfigs } = this.state(accountId, region);
    if (config === undefined) eventInvokeConfigs.delete(name);
    else eventInvokeConfigs.set(name, config);
  }

  eventInvokeConfig(arn: string): EventInvokeConfig {
    const { name, place } = partsOf(arn);
    return this.state(...place).eventInvokeConfigs.get(name) ?? DEFAULT_EVENT_INVOKE_CONFIG;
  }

  protected existing(arn: string): FunctionRecord {
    const [, , , region = '', accountId = ''] = arn.split(':');
    const record = this.get(arn, accountId, region);
    if (record === undefined) throw functionNotFound(arn);
    return record;
  }

  private complete(arn: string, configuration: FunctionConfiguration): FunctionRecord {
    const { name, memoryMb = 128, logGroup = `/aws/lambda/${name}` } = configuration;
    return { ...configuration, arn, memoryMb, logGroup, lastModified: this.tools.world.clock.now() };
  }

  private state(accountId: string, region: string): LambdaState {
    return this.tools.world.state(this.service, accountId, region);
  }
}

function functionNotFound(arn: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `Function not found: ${arn}`, 404, { Type: 'User' });
}

function partsOf(arn: string) {
  const [, , , region = '', accountId = '', , name = ''] = arn.split(':');
  return { name, place: [accountId, region] as const };
}

const FUNCTION_NAME =
  /^(?:arn:[\w-]+:lambda:(?<region>[a-z0-9-]+):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]+)(?::\$LATEST)?$/;
