/**
 * Turns a machine-readable AWS API model (the form that botocore ships) into the sandbox's compact form:
 *
 *     tsx sandbox/model/import-model.ts <model.json> <out.json> [Operation …]
 *
 * Kept is what a server needs to decode, validate and answer; documentation and client hints are dropped. Operations
 * that are not named (when any are) are left out, and so is every shape that no operation reaches. What the compact
 * form cannot express is an error, never dropped silently.
 *
 * Patterns are anchored, because AWS matches the whole value. They are carried over as the model has them, also where
 * an older printed reference is stricter: today's model of RUM begins some with `.*` (`Arn`, `Url`, `IdentityPoolId`,
 * `Namespace`, `DestinationArn`, `IamRoleArn`), the reference of 2022 does not.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type {
  ListShape,
  MapShape,
  Member,
  OperationModel,
  ScalarShape,
  ServiceModel,
  Shape,
  StructureShape,
} from './model';
import { compilePattern } from './pattern';

/** The imported model; of the named operations only, when there are any. */
export function importModel(source: SourceModel, only: readonly string[] = []): ServiceModel {
  const names = only.length > 0 ? only : Object.keys(source.operations);
  const operations = Object.fromEntries(names.map((name) => [name, importOperation(name, source)]));
  const shapes = Object.fromEntries(reachable(source, operations).map((name) => [name, importShape(name, source)]));
  const { metadata } = source;
  return compact({
    signingName: metadata.signingName ?? metadata.endpointPrefix,
    protocol: protocolOf(metadata.protocol),
    jsonVersion: metadata.protocol === 'json' ? metadata.jsonVersion : undefined,
    targetPrefix: metadata.targetPrefix,
    apiVersion: metadata.apiVersion,
    xmlNamespace: metadata.xmlNamespace,
    operations,
    shapes,
  });
}

/** The part of the source form that matters here. */
export interface SourceModel {
  readonly metadata: {
    readonly apiVersion: string;
    readonly endpointPrefix: string;
    readonly protocol: string;
    readonly signingName?: string;
    readonly jsonVersion?: string;
    readonly targetPrefix?: string;
    readonly xmlNamespace?: string;
  };
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly shapes: Readonly<Record<string, SourceShape>>;
}

interface SourceOperation {
  readonly http: { readonly method: string; readonly requestUri: string };
  readonly input?: { readonly shape: string };
  readonly output?: { readonly shape: string; readonly resultWrapper?: string };
  readonly errors?: ReadonlyArray<{ readonly shape: string }>;
}

interface SourceShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, SourceMember>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly key?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly timestampFormat?: ScalarShape['timestampFormat'];
  readonly exception?: boolean;
  readonly fault?: boolean;
  readonly error?: { readonly httpStatusCode?: number; readonly code?: string };
  readonly payload?: string;
  readonly streaming?: boolean;
  readonly document?: boolean;
  readonly eventstream?: boolean;
}

interface SourceMember {
  readonly shape: string;
  readonly location?: string;
  readonly locationName?: string;
}

const SCALARS = ['string', 'boolean', 'integer', 'long', 'double', 'float', 'timestamp', 'blob'] as const;
const LOCATIONS = ['uri', 'querystring', 'header', 'statusCode'] as const;
const UNSUPPORTED = ['streaming', 'document', 'eventstream'] as const;

function protocolOf(protocol: string): ServiceModel['protocol'] {
  switch (protocol) {
    case 'rest-json':
      return 'rest-json';
    case 'json':
      return 'aws-json';
    case 'query':
      return 'aws-query';
    default:
      throw new Error(`protocol '${protocol}' is not one that the sandbox speaks (rest-json, json, query)`);
  }
}

function importOperation(name: string, source: SourceModel): OperationModel {
  const operation = source.operations[name];
  if (operation === undefined) throw new Error(`the model has no operation '${name}'; check its spelling`);
  const rest = source.metadata.protocol === 'rest-json';
  return compact({
    method: rest ? operation.http.method : undefined,
    uri: rest ? operation.http.requestUri : undefined,
    input: operation.input?.shape,
    output: operation.output?.shape,
    resultWrapper: operation.output?.resultWrapper,
    errors: operation.errors?.map((error) => error.shape),
  });
}

/** The shapes that the operations use, directly or through others, in the order of the source. */
function reachable(source: SourceModel, operations: Readonly<Record<string, OperationModel>>): string[] {
  const found = new Set<string>();
  const visit = (name: string | undefined) => {
    if (name === undefined || found.has(name)) return;
    found.add(name);
    for (const used of usedBy(shapeOf(name, source))) visit(used);
  };
  for (const { input, output, errors } of Object.values(operations)) {
    for (const name of [input, output, ...(errors ?? [])]) visit(name);
  }
  return Object.keys(source.shapes).filter((name) => found.has(name));
}

function usedBy(shape: SourceShape): string[] {
  const members = Object.values(shape.members ?? {});
  return [...members, shape.member, shape.key, shape.value].flatMap((used) => (used === undefined ? [] : [used.shape]));
}

function shapeOf(name: string, source: SourceModel): SourceShape {
  const shape = source.shapes[name];
  if (shape === undefined) throw new Error(`the model refers to shape '${name}' and does not have it`);
  return shape;
}

function importShape(name: string, source: SourceModel): Shape {
  const shape = shapeOf(name, source);
  for (const trait of UNSUPPORTED) {
    if (shape[trait] !== undefined) throw new Error(`shape '${name}' has '${trait}', which the sandbox does not model`);
  }
  switch (shape.type) {
    case 'structure':
      return importStructure(name, shape);
    case 'list':
      return compact<ListShape>({ type: 'list', member: part(name, shape.member), min: shape.min, max: shape.max });
    case 'map':
      return compact<MapShape>({
        type: 'map',
        key: part(name, shape.key),
        value: part(name, shape.value),
        min: shape.min,
        max: shape.max,
      });
    default:
      return importScalar(name, shape);
  }
}

function part(name: string, reference: { readonly shape: string } | undefined): string {
  if (reference === undefined) throw new Error(`shape '${name}' does not say what it holds; the model is damaged`);
  return reference.shape;
}

function importStructure(name: string, shape: SourceShape): StructureShape {
  const members = Object.entries(shape.members ?? {}).map(([key, member]) => [key, importMember(name, key, member)]);
  return compact<StructureShape>({
    type: 'structure',
    members: Object.fromEntries(members),
    required: shape.required,
    payload: shape.payload,
    // An error without a status of its own is the caller's fault (400) or the service's (500).
    httpStatus: shape.exception ? (shape.error?.httpStatusCode ?? (shape.fault ? 500 : 400)) : undefined,
    errorCode: shape.error?.code,
  });
}

function importMember(structure: string, key: string, member: SourceMember): Member {
  const location = LOCATIONS.find((known) => known === member.location);
  if (location === undefined && member.location !== undefined) {
    throw new Error(`member '${structure}.${key}' has location '${member.location}', which the sandbox does not model`);
  }
  const locationName = member.locationName === key && location === undefined ? undefined : member.locationName;
  return compact<Member>({ shape: member.shape, location, locationName });
}

function importScalar(name: string, shape: SourceShape): ScalarShape {
  const type = SCALARS.find((known) => known === shape.type);
  if (type === undefined) throw new Error(`shape '${name}' has type '${shape.type}', which the sandbox does not model`);
  return compact<ScalarShape>({
    type,
    min: shape.min,
    max: shape.max,
    pattern: shape.pattern === undefined ? undefined : anchored(name, shape.pattern),
    values: shape.enum,
    timestampFormat: shape.timestampFormat,
  });
}

function anchored(shape: string, pattern: string): string {
  const whole = `^(?:${pattern})$`;
  try {
    compilePattern(whole);
  } catch (error) {
    throw new Error(`shape '${shape}': ${String(error)}`);
  }
  return whole;
}

/** Without the members that are undefined. */
function compact<T extends object>(value: { [Key in keyof T]: T[Key] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}

function main([input, output, ...only]: readonly string[]): void {
  if (input === undefined || output === undefined) {
    throw new Error('usage: tsx sandbox/model/import-model.ts <model.json> <out.json> [Operation …]');
  }
  const model = importModel(JSON.parse(readFileSync(input, 'utf8')), only);
  writeFileSync(output, `${JSON.stringify(model, null, 2)}\n`);
}

if (require.main === module) main(process.argv.slice(2));
