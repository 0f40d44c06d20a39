import type { ScalarShape, ServiceModel, Shape, StructureShape } from '../model/model';
import type { ServiceError } from '../services/service';
import { errorShape } from './error-shape';
import { formatBlob, formatTimestamp, parseTimestamp } from './text-values';
import { UnreadableRequest } from './unreadable-request';

/** Parses a JSON body; an empty one is an empty object. */
export function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableRequest('the body is not JSON');
  }
}

/**
 * A value of a JSON body as services see it. Unknown members and nulls are dropped, as AWS does. A value of a wrong type
 * stays what it is: the validation says so.
 */
export function fromJson(model: ServiceModel, shapeName: string, value: unknown): unknown {
  return convert(model, shapeName, value, 'read');
}

export function toJson(model: ServiceModel, shapeName: string, value: unknown): unknown {
  return convert(model, shapeName, value, 'write');
}

/** The JSON body of an error, in which the message has the name that the error's shape gives it. */
export function errorBody(model: ServiceModel | undefined, error: ServiceError): Record<string, unknown> {
  const shape = errorShape(model, error.code);
  const name = shape?.members.Message !== undefined && shape.members.message === undefined ? 'Message' : 'message';
  const known = Object.entries(error.members).filter(([key]) => (shape?.members[key]?.location ?? 'body') === 'body');
  const members = Object.fromEntries(known);
  const converted = model === undefined || shape === undefined ? members : structure(model, shape, members, 'write');
  return { [name]: error.message, ...members, ...converted };
}

type Direction = 'read' | 'write';

function convert(model: ServiceModel, shapeName: string, value: unknown, direction: Direction): unknown {
  const shape = model.shapes[shapeName] as Shape;
  switch (shape.type) {
    case 'structure':
      return isObject(value) ? structure(model, shape, value, direction) : value;
    case 'list':
      return Array.isArray(value) ? value.map((item) => convert(model, shape.member, item, direction)) : value;
    case 'map':
      return isObject(value) ? mapValues(value, (item) => convert(model, shape.value, item, direction)) : value;
    default:
      return direction === 'read' ? readScalar(shape, value) : writeScalar(shape, value);
  }
}

function structure(
  model: ServiceModel,
  shape: StructureShape,
  value: Readonly<Record<string, unknown>>,
  direction: Direction,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(shape.members)) {
    if (member.location !== undefined || shape.payload === name) continue;
    const wireName = member.locationName ?? name;
    const [from, to] = direction === 'read' ? [wireName, name] : [name, wireName];
    const item = value[from];
    if (item !== undefined && item !== null) result[to] = convert(model, member.shape, item, direction);
  }
  return result;
}

function readScalar(shape: ScalarShape, value: unknown): unknown {
  if (shape.type === 'timestamp' && (typeof value === 'number' || typeof value === 'string')) {
    return parseTimestamp(String(value));
  }
  if (shape.nonFinite === true && (value === 'NaN' || value === 'Infinity' || value === '-Infinity')) {
    return Number(value);
  }
  return shape.type === 'blob' && typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}

function writeScalar(shape: ScalarShape, value: unknown): unknown {
  if (shape.type === 'timestamp') return formatTimestamp(value, shape.timestampFormat ?? 'unixTimestamp');
  // JSON has no such numbers; the protocol sends them as the texts NaN, Infinity and -Infinity.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return shape.type === 'blob' ? formatBlob(value) : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapValues(value: Readonly<Record<string, unknown>>, change: (item: unknown) => unknown) {
  const present = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(present.map(([key, item]) => [key, change(item)]));
}
