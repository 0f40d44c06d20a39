/**
 * Checks a value against a service's model, and says what is wrong in the sentences that AWS uses
 * ("Value '2' at 'appMonitorConfiguration.sessionSampleRate' failed to satisfy constraint: …"). All violations are
 * reported, as AWS does. Members that the model does not know are ignored in an input, as the JSON protocols do; in an
 * output they are a fault of the sandbox.
 */
import type { ListShape, MapShape, ScalarShape, ServiceModel, Shape, StructureShape } from './model';
import { compilePattern } from './pattern';

/** Everything that is wrong with an input; empty when nothing is. */
export function validate(model: ServiceModel, shapeName: string, input: unknown): string[] {
  const inspection = new Inspection(model);
  inspection.value(shapeName, input ?? {}, '');
  return inspection.violations;
}

/** What an answer must not have: unknown members and values of another type. Members may be missing. */
export function validateOutput(model: ServiceModel, shapeName: string, output: unknown): string[] {
  const inspection = new Inspection(model, { output: true });
  inspection.value(shapeName, output ?? {}, '');
  return inspection.violations;
}

/** The violations as the message of one ValidationException. */
export function validationMessage(violations: readonly string[]): string {
  const count = violations.length;
  return `${count} validation error${count === 1 ? '' : 's'} detected: ${violations.join('; ')}`;
}

class Inspection {
  readonly violations: string[] = [];

  constructor(
    private readonly model: ServiceModel,
    private readonly mode: { readonly output?: boolean } = {},
  ) {}

  value(shapeName: string, value: unknown, path: string): void {
    const shape = this.shape(shapeName);
    if (value === undefined || value === null) {
      this.violations.push(violation(value, path, 'Member must not be null'));
    } else if (!hasType(shape, value, this.mode.output)) {
      this.violations.push(violation(value, path, `Member must be of type ${shape.type}`));
    } else if (shape.type === 'structure') {
      this.structure(shapeName, shape, value as Record<string, unknown>, path);
    } else if (shape.type === 'list') {
      this.list(shape, value as readonly unknown[], path);
    } else if (shape.type === 'map') {
      this.map(shape, value as Record<string, unknown>, path);
    } else {
      this.constraints(value, path, this.scalar(shape, value));
    }
  }

  private structure(name: string, shape: StructureShape, value: Readonly<Record<string, unknown>>, path: string): void {
    for (const [key, member] of Object.entries(shape.members)) {
      const given = value[key];
      const missing = given === undefined || given === null;
      const required = shape.required?.includes(key) === true && this.mode.output !== true;
      if (!missing || required) this.value(member.shape, given, join(path, lowerFirst(key)));
    }
    if (this.mode.output !== true) return;
    for (const key of Object.keys(value)) {
      if (shape.members[key] === undefined) {
        this.violations.push(`Member '${join(path, lowerFirst(key))}' is not one of shape ${name}`);
      }
    }
  }

  private list(shape: ListShape, value: readonly unknown[], path: string): void {
    this.constraints(value, path, this.size(shape, value.length));
    value.forEach((item, index) => {
      this.value(shape.member, item, join(path, `${index + 1}.member`));
    });
  }

  private map(shape: MapShape, value: Readonly<Record<string, unknown>>, path: string): void {
    this.constraints(value, path, this.size(shape, Object.keys(value).length));
    const keyShape = this.shape(shape.key) as ScalarShape;
    for (const [key, item] of Object.entries(value)) {
      const broken = this.scalar(keyShape, key);
      if (broken.length > 0) {
        this.violations.push(violation(value, path, `Map keys must satisfy constraint: [${broken.join(', ')}]`));
      }
      this.value(shape.value, item, join(path, `${key}.member`));
    }
  }

  /** The constraints that a scalar of the right type breaks. */
  private scalar(shape: ScalarShape, value: unknown): string[] {
    if (shape.values !== undefined && !shape.values.includes(String(value))) {
      return [`Member must satisfy enum value set: [${shape.values.join(', ')}]`];
    }
    if (this.mode.output === true) return [];
    if (typeof value === 'number') return range(shape, value, 'Member must have value');
    if (typeof value !== 'string') return [];
    const broken = this.size(shape, [...value].length);
    // A value that is far too long is not matched: its pattern may take very long over it.
    const farTooLong = shape.max !== undefined && value.length > 2 * shape.max;
    if (shape.pattern !== undefined && !farTooLong && !compilePattern(shape.pattern).test(value)) {
      broken.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
    }
    return broken;
  }

  private size(shape: { readonly min?: number; readonly max?: number }, length: number): string[] {
    return this.mode.output === true ? [] : range(shape, length, 'Member must have length');
  }

  private constraints(value: unknown, path: string, broken: readonly string[]): void {
    for (const constraint of broken) this.violations.push(violation(value, path, constraint));
  }

  private shape(name: string): Shape {
    const shape = this.model.shapes[name];
    if (shape === undefined) throw new Error(`the model of '${this.model.signingName}' has no shape '${name}'`);
    return shape;
  }
}

function violation(value: unknown, path: string, constraint: string): string {
  const shown = value === undefined || value === null ? 'null' : `'${show(value)}'`;
  return `Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`;
}

/** As Java prints it, which is what AWS shows: `[a, b]`, `{a=b}`. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return 'java.nio.HeapByteBuffer';
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${show(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}

const WHOLE_NUMBERS = { integer: 2 ** 31 - 1, long: Number.MAX_SAFE_INTEGER } as const;

function hasType(shape: Shape, value: unknown, output = false): boolean {
  switch (shape.type) {
    case 'structure':
    case 'map':
      return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
    case 'list':
      return Array.isArray(value);
    case 'boolean':
    case 'string':
      return typeof value === shape.type;
    case 'integer':
    case 'long':
      return Number.isInteger(value) && Math.abs(value as number) <= WHOLE_NUMBERS[shape.type];
    case 'double':
    case 'float':
      // Services may answer NaN, as Performance Insights does for a bad measurement.
      return typeof value === 'number' && (Number.isFinite(value) || output || shape.nonFinite === true);
    case 'timestamp':
      return isTimestamp(value);
    case 'blob':
      return typeof value === 'string' || value instanceof Uint8Array;
  }
}

/** A date, seconds since the epoch, or text that names an instant. */
function isTimestamp(value: unknown): boolean {
  if (value instanceof Date) return !Number.isNaN(value.getTime());
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}T/.test(value) && !Number.isNaN(Date.parse(value));
  return typeof value === 'number' && Number.isFinite(value);
}

function range(shape: { readonly min?: number; readonly max?: number }, size: number, what: string): string[] {
  const broken: string[] = [];
  if (shape.max !== undefined && size > shape.max) broken.push(`${what} less than or equal to ${shape.max}`);
  if (shape.min !== undefined && size < shape.min) broken.push(`${what} greater than or equal to ${shape.min}`);
  return broken;
}

function join(path: string, step: string): string {
  return path === '' ? step : `${path}.${step}`;
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
