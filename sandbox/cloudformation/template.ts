import { TemplateError } from './template-error';
import { isObject } from './values';

/** A template after its form was checked: every section there, and every attribute known. */
export interface Template {
  readonly source: object;
  readonly description?: string;
  readonly parameters: Readonly<Record<string, ParameterDefinition>>;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly rules: Readonly<Record<string, RuleDefinition>>;
  readonly resources: ReadonlyMap<string, ResourceDefinition>;
  readonly outputs: ReadonlyMap<string, OutputDefinition>;
}

export interface ParameterDefinition {
  readonly Type: string;
  readonly Default?: unknown;
  readonly NoEcho?: boolean | string;
  readonly AllowedPattern?: string;
  readonly AllowedValues?: readonly unknown[];
  readonly ConstraintDescription?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly Description?: string;
}

export interface RuleDefinition {
  readonly RuleCondition?: unknown;
  readonly Assertions: ReadonlyArray<{ readonly Assert: unknown; readonly AssertDescription?: string }>;
}

export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';

export interface ResourceDefinition {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly metadata?: unknown;
}

export interface OutputDefinition {
  readonly name: string;
  readonly value: unknown;
  readonly description?: string;
  readonly condition?: string;
  readonly exportName?: unknown;
}

/** Quotas of https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LIMITS = { bytes: 1_000_000, resources: 500, parameters: 200, outputs: 200, mappings: 200 };

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Resources',
  'Outputs',
];
const RESOURCE_ATTRIBUTES = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
];
const DELETION_POLICIES = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'];
const PARAMETER_ATTRIBUTES = [
  'Type',
  'Default',
  'NoEcho',
  'AllowedPattern',
  'AllowedValues',
  'ConstraintDescription',
  'MinLength',
  'MaxLength',
  'MinValue',
  'MaxValue',
  'Description',
];

/** Checks a template's form and its limits. What its values mean is told only when they are resolved. */
export function parseTemplate(source: object): Template {
  const bytes = Buffer.byteLength(JSON.stringify(source));
  if (bytes > LIMITS.bytes) throw formatError(`the template has ${bytes} bytes, at most ${LIMITS.bytes} are allowed`);
  onlyKeys(source, SECTIONS, 'template');
  const resources = sectionOf(source, 'Resources');
  const outputs = sectionOf(source, 'Outputs');
  const parameters = sectionOf(source, 'Parameters');
  const mappings = sectionOf(source, 'Mappings');
  atMost(resources, LIMITS.resources, 'resources');
  atMost(outputs, LIMITS.outputs, 'outputs');
  atMost(parameters, LIMITS.parameters, 'parameters');
  atMost(mappings, LIMITS.mappings, 'mappings');
  if (Object.keys(resources).length === 0) throw formatError('at least one resource must be defined');
  return {
    source,
    description: (source as { Description?: string }).Description,
    parameters: mapValues(parameters, parseParameter),
    mappings,
    conditions: sectionOf(source, 'Conditions'),
    rules: mapValues(sectionOf(source, 'Rules'), parseRule),
    resources: new Map(Object.entries(resources).map(([id, body]) => [id, parseResource(id, body)])),
    outputs: new Map(Object.entries(outputs).map(([name, body]) => [name, parseOutput(name, body)])),
  };
}

function parseParameter(name: string, body: unknown): ParameterDefinition {
  const path = `Parameters.${name}`;
  if (!isObject(body) || typeof body.Type !== 'string') throw formatError(`${path} must have a Type`);
  onlyKeys(body, PARAMETER_ATTRIBUTES, path);
  return body as unknown as ParameterDefinition;
}

function parseRule(name: string, body: unknown): RuleDefinition {
  const path = `Rules.${name}`;
  if (!isObject(body) || !Array.isArray(body.Assertions)) throw formatError(`${path} must have Assertions`);
  onlyKeys(body, ['RuleCondition', 'Assertions'], path);
  return body as unknown as RuleDefinition;
}

function parseResource(logicalId: string, body: unknown): ResourceDefinition {
  const path = `Resources.${logicalId}`;
  if (!/^[A-Za-z0-9]{1,255}$/.test(logicalId)) {
    throw formatError(`resource name ${logicalId} is not alphanumeric`);
  }
  if (!isObject(body) || typeof body.Type !== 'string') throw formatError(`${path} must have a Type`);
  onlyKeys(body, RESOURCE_ATTRIBUTES, path);
  const properties = body.Properties ?? {};
  if (!isObject(properties)) throw formatError(`${path}.Properties must be an object`);
  return {
    logicalId,
    type: body.Type,
    properties,
    dependsOn: stringList(body.DependsOn, `${path}.DependsOn`),
    condition: optionalString(body.Condition, `${path}.Condition`),
    deletionPolicy: policy(body.DeletionPolicy, `${path}.DeletionPolicy`),
    updateReplacePolicy: policy(
      body.UpdateReplacePolicy,
      `${path}.UpdateReplacePolicy`,
      DELETION_POLICIES.filter((name) => name !== 'RetainExceptOnCreate'),
    ),
    metadata: body.Metadata,
  };
}

function parseOutput(name: string, body: unknown): OutputDefinition {
  const path = `Outputs.${name}`;
  if (!isObject(body) || body.Value === undefined) throw formatError(`${path} must have a Value`);
  onlyKeys(body, ['Value', 'Description', 'Condition', 'Export'], path);
  const exported = body.Export;
  if (exported !== undefined && (!isObject(exported) || exported.Name === undefined)) {
    throw formatError(`${path}.Export must have a Name`);
  }
  return {
    name,
    value: body.Value,
    description: optionalString(body.Description, `${path}.Description`),
    condition: optionalString(body.Condition, `${path}.Condition`),
    exportName: exported?.Name,
  };
}

function policy(value: unknown, path: string, allowed: readonly string[] = DELETION_POLICIES): DeletionPolicy {
  if (value === undefined) return 'Delete';
  if (typeof value !== 'string' || !allowed.includes(value)) {
    throw formatError(`${path} is ${JSON.stringify(value)}, but must be one of ${allowed.join(', ')}`);
  }
  return value as DeletionPolicy;
}

function stringList(value: unknown, path: string): string[] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === 'string')) throw formatError(`${path} must be a name or a list of names`);
  return list;
}

function optionalString(value: unknown, path: string): string | undefined {
  if (value !== undefined && typeof value !== 'string') throw formatError(`${path} must be a string`);
  return value;
}

function sectionOf(source: object, name: string): Readonly<Record<string, unknown>> {
  const section = (source as Record<string, unknown>)[name] ?? {};
  if (!isObject(section)) throw formatError(`${name} must be an object`);
  return section;
}

function onlyKeys(body: object, known: readonly string[], path: string): void {
  const unknown = Object.keys(body).filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw formatError(
      `${path} has ${unknown.join(', ')}, which the sandbox does not know; it knows ${known.join(', ')}`,
    );
  }
}

function atMost(section: object, limit: number, what: string): void {
  const count = Object.keys(section).length;
  if (count > limit) throw formatError(`the template has ${count} ${what}, at most ${limit} are allowed`);
}

function mapValues<T>(section: Readonly<Record<string, unknown>>, parse: (key: string, value: unknown) => T) {
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, parse(key, value)]));
}

function formatError(message: string): TemplateError {
  return new TemplateError(`Template format error: ${message}`);
}
