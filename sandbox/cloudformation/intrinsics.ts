import { cidrBlocks } from './cidr';
import { TemplateError } from './template-error';
import { isObject, same, scalarText } from './values';

/** What the intrinsic functions of a template can refer to. */
export interface Scope {
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  /** A parameter's or pseudo parameter's value; {@link NO_VALUE} for `AWS::NoValue`. */
  parameter(name: string): unknown;
  /** A resource that exists by now. */
  resource(logicalId: string): Referable | undefined;
  importValue(exportName: string): string;
}

export interface Referable {
  readonly ref: string;
  /** Throws an error that says why when there is no such attribute. */
  attribute(name: string): unknown;
}

export const NO_VALUE: unique symbol = Symbol('AWS::NoValue');

/**
 * Resolves the intrinsic functions in template values. What it does not know is an error that names the place, never a
 * guess. Properties whose value is `AWS::NoValue` or null disappear.
 */
export class Evaluator {
  private readonly conditions = new Map<string, boolean | 'pending'>();

  constructor(private readonly scope: Scope) {}

  resolve(value: unknown, path: string): unknown {
    if (Array.isArray(value)) return this.list(value, path);
    if (!isObject(value)) return value;
    const name = intrinsicOf(value);
    if (name !== undefined) return this.call(name, value[name], path);
    const resolved: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(value)) {
      const result = this.resolve(inner, `${path}.${key}`);
      if (result !== NO_VALUE && result !== null && result !== undefined) resolved[key] = result;
    }
    return resolved;
  }

  /** The value of a named condition. */
  condition(name: string, path: string): boolean {
    const known = this.conditions.get(name);
    if (known === 'pending') throw new TemplateError(`Circular dependency in condition ${name}`);
    if (known !== undefined) return known;
    if (!Object.hasOwn(this.scope.conditions, name)) {
      throw new TemplateError(`Template format error: ${path} names the condition ${name}, which is not defined`);
    }
    this.conditions.set(name, 'pending');
    const result = this.truth(this.scope.conditions[name], `Conditions.${name}`);
    this.conditions.set(name, result);
    return result;
  }

  /** A condition function's value. Only here is `{ Condition: name }` a call; elsewhere it is an ordinary key. */
  truth(value: unknown, path: string): boolean {
    if (isObject(value) && typeof value.Condition === 'string' && Object.keys(value).length === 1) {
      return this.condition(value.Condition, path);
    }
    const result = this.resolve(value, path);
    if (result === true || result === 'true') return true;
    if (result === false || result === 'false') return false;
    throw new TemplateError(`${path} must be true or false, got ${JSON.stringify(result)}`);
  }

  private list(values: readonly unknown[], path: string): unknown[] {
    return values
      .map((inner, index) => this.resolve(inner, `${path}[${index}]`))
      .filter((inner) => inner !== NO_VALUE && inner !== null);
  }

  private call(name: string, argument: unknown, path: string): unknown {
    const place = `${path}.${name}`;
    const intrinsic = INTRINSICS[name];
    if (intrinsic === undefined) throw new TemplateError(`${path} calls ${name}, which the sandbox does not know`);
    return intrinsic({ evaluator: this, scope: this.scope, argument, path: place });
  }
}

/** The name of the intrinsic function that a value calls. */
export function intrinsicOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const keys = Object.keys(value);
  const name = keys[0];
  if (keys.length !== 1 || name === undefined) return undefined;
  return name === 'Ref' || name.startsWith('Fn::') ? name : undefined;
}

/** `Fn::GetAtt` as a list or as a dotted text. The attribute may be a call itself. */
export function getAttParts(argument: unknown, path: string): [logicalId: string, attribute: unknown] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    if (dot > 0) return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string') {
    return [argument[0], argument[1]];
  }
  throw new TemplateError(`${path} must have a logical id and an attribute, got ${JSON.stringify(argument)}`);
}

/** The pieces of an `Fn::Sub` text: literals and what stands in `${}`. */
export function subPieces(text: string): Array<{ readonly literal: string } | { readonly name: string }> {
  const pieces: Array<{ literal: string } | { name: string }> = [];
  let end = 0;
  for (const match of text.matchAll(/\$\{([^}]*)\}/g)) {
    pieces.push({ literal: text.slice(end, match.index) });
    const name = match[1] ?? '';
    pieces.push(name.startsWith('!') ? { literal: `\${${name.slice(1)}}` } : { name: name.trim() });
    end = match.index + match[0].length;
  }
  pieces.push({ literal: text.slice(end) });
  return pieces;
}

/** The text and the variables of `Fn::Sub`. */
export function subParts(argument: unknown, path: string): [text: string, variables: Record<string, unknown>] {
  if (typeof argument === 'string') return [argument, {}];
  if (Array.isArray(argument) && argument.length === 2 && typeof argument[0] === 'string' && isObject(argument[1])) {
    return [argument[0], argument[1]];
  }
  throw new TemplateError(`${path} must be a text, or a list of a text and its variables`);
}

interface IntrinsicCall {
  readonly evaluator: Evaluator;
  readonly scope: Scope;
  readonly argument: unknown;
  readonly path: string;
}

const INTRINSICS: Readonly<Record<string, (call: IntrinsicCall) => unknown>> = {
  Ref: ({ argument, scope, path }) => reference(asText(argument, path), scope, path),
  'Fn::GetAtt': (call) => {
    const [logicalId, name] = getAttParts(call.argument, call.path);
    return attribute(logicalId, asText(call.evaluator.resolve(name, call.path), call.path), call);
  },
  'Fn::Sub': substitute,
  'Fn::Join': (call) => {
    const [delimiter, list] = tuple(call, 2);
    const items = asList(call.evaluator.resolve(list, call.path), call.path);
    return items.map((item, index) => asText(item, `${call.path}[1][${index}]`)).join(asText(delimiter, call.path));
  },
  'Fn::Select': (call) => {
    const [index, list] = tuple(call, 2).map((item) => call.evaluator.resolve(item, call.path));
    const items = asList(list, call.path);
    const position = Number(index);
    if (!Number.isInteger(position) || position < 0 || position >= items.length) {
      throw new TemplateError(`${call.path} selects ${index} of a list of ${items.length}`);
    }
    return items[position];
  },
  'Fn::Split': (call) => {
    const [delimiter, text] = tuple(call, 2).map((item) => call.evaluator.resolve(item, call.path));
    return asText(text, call.path).split(asText(delimiter, call.path));
  },
  'Fn::FindInMap': findInMap,
  'Fn::If': (call) => {
    const [name, yes, no] = tuple(call, 3);
    const chosen = call.evaluator.condition(asText(name, call.path), call.path) ? yes : no;
    return call.evaluator.resolve(chosen, call.path);
  },
  'Fn::Equals': (call) => {
    const [a, b] = tuple(call, 2).map((item) => call.evaluator.resolve(item, call.path));
    return same(scalarText(a) ?? a, scalarText(b) ?? b);
  },
  'Fn::And': (call) => several(call).every((item) => call.evaluator.truth(item, call.path)),
  'Fn::Or': (call) => several(call).some((item) => call.evaluator.truth(item, call.path)),
  'Fn::Not': (call) => !call.evaluator.truth(tuple(call, 1)[0], call.path),
  'Fn::Contains': (call) => {
    const [list, value] = tuple(call, 2).map((item) => call.evaluator.resolve(item, call.path));
    return asList(list, call.path).some((item) => scalarText(item) === scalarText(value));
  },
  'Fn::Base64': (call) =>
    Buffer.from(asText(call.evaluator.resolve(call.argument, call.path), call.path)).toString('base64'),
  'Fn::ImportValue': (call) =>
    call.scope.importValue(asText(call.evaluator.resolve(call.argument, call.path), call.path)),
  'Fn::GetAZs': (call) => {
    const asked = asText(call.evaluator.resolve(call.argument, call.path), call.path);
    const region = asked === '' ? asText(call.scope.parameter('AWS::Region'), call.path) : asked;
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::Cidr': (call) => {
    const items = asList(call.argument, call.path).map((item) => call.evaluator.resolve(item, call.path));
    if (items.length < 2 || items.length > 3) throw new TemplateError(`${call.path} must have two or three arguments`);
    return cidrBlocks(asText(items[0], call.path), Number(items[1]), Number(items[2] ?? 8), call.path);
  },
};

function reference(name: string, scope: Scope, path: string): unknown {
  const value = scope.parameter(name) ?? scope.resource(name)?.ref;
  if (value === undefined)
    throw new TemplateError(`${path} refers to ${name}, which is neither parameter nor resource`);
  return value;
}

function attribute(logicalId: string, name: string, { scope, path }: IntrinsicCall): unknown {
  const resource = scope.resource(logicalId);
  if (resource === undefined)
    throw new TemplateError(`${path} refers to the resource ${logicalId}, which does not exist`);
  return resource.attribute(name);
}

function substitute(call: IntrinsicCall): string {
  const [text, variables] = subParts(call.argument, call.path);
  const pieces = subPieces(text).map((piece) => {
    if ('literal' in piece) return piece.literal;
    const place = `${call.path}.\${${piece.name}}`;
    if (Object.hasOwn(variables, piece.name)) {
      return asText(call.evaluator.resolve(variables[piece.name], place), place);
    }
    if (!piece.name.includes('.')) return asText(reference(piece.name, call.scope, place), place);
    const [logicalId, name] = getAttParts(piece.name, place);
    return asText(attribute(logicalId, name as string, { ...call, path: place }), place);
  });
  return pieces.join('');
}

function findInMap(call: IntrinsicCall): unknown {
  const keys = tuple(call, 3).map((item) => asText(call.evaluator.resolve(item, call.path), call.path));
  let found: unknown = call.scope.mappings;
  for (const key of keys) {
    found = isObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
    if (found === undefined) {
      throw new TemplateError(`Template error: ${call.path} finds no mapping for ${keys.join('.')}`);
    }
  }
  return found;
}

function tuple(call: IntrinsicCall, length: number): readonly unknown[] {
  if (!Array.isArray(call.argument) || call.argument.length !== length) {
    throw new TemplateError(`${call.path} must have a list of ${length}, got ${JSON.stringify(call.argument)}`);
  }
  return call.argument;
}

/** Fn::And and Fn::Or take two to ten conditions. */
function several(call: IntrinsicCall): readonly unknown[] {
  if (!Array.isArray(call.argument) || call.argument.length < 2 || call.argument.length > 10) {
    throw new TemplateError(`${call.path} must have between two and ten conditions`);
  }
  return call.argument;
}

function asText(value: unknown, path: string): string {
  const text = scalarText(value);
  if (text === undefined) throw new TemplateError(`${path} needs a string, got ${describe(value)}`);
  return text;
}

function asList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TemplateError(`${path} needs a list, got ${describe(value)}`);
  return value;
}

function describe(value: unknown): string {
  return value === NO_VALUE ? 'AWS::NoValue' : JSON.stringify(value);
}
