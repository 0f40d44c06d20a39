import { SettlingError } from './errors';

/**
 * The properties of a custom resource, which CloudFormation delivers with every number and boolean as a string.
 * Each reader answers a typed value, or fails with the property's name and the value received.
 */
export class Properties {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    private readonly path = '',
  ) {}

  string(name: string): string {
    return this.required(name, this.optionalString(name));
  }

  optionalString(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || value === '') return undefined;
    if (typeof value !== 'string') throw this.mismatch(name, value, 'a string');
    return value;
  }

  optionalNumber(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined || value === '') return undefined;
    const number = typeof value === 'string' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) throw this.mismatch(name, value, 'a number');
    return number;
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || value === '') return undefined;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw this.mismatch(name, value, 'true or false');
  }

  optionalStrings(name: string): string[] | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
      throw this.mismatch(name, value, 'a list of strings');
    }
    return value;
  }

  optionalObject(name: string): Properties | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isRecord(value)) throw this.mismatch(name, value, 'an object');
    return new Properties(value, `${this.path}${name}.`);
  }

  /** An object in a service's own words, which is passed on as it is. */
  document(name: string): Readonly<Record<string, unknown>> {
    const value = this.required(name, this.value(name));
    if (!isRecord(value)) throw this.mismatch(name, value, 'an object');
    return value;
  }

  objects(name: string): Properties[] {
    const value = this.value(name);
    if (value === undefined) return [];
    if (!Array.isArray(value) || !value.every(isRecord)) throw this.mismatch(name, value, 'a list of objects');
    return value.map((item, index) => new Properties(item, `${this.path}${name}.${index}.`));
  }

  /** Tags as the CDK renders them: a list of `{ Key, Value }`. */
  tags(name: string): Record<string, string> {
    const value = this.value(name) ?? [];
    if (!Array.isArray(value)) throw this.mismatch(name, value, 'a list of tags');
    const tags: Record<string, string> = {};
    for (const tag of value) {
      if (!isRecord(tag) || typeof tag.Key !== 'string' || typeof tag.Value !== 'string') {
        throw this.mismatch(name, tag, 'a tag with Key and Value');
      }
      tags[tag.Key] = tag.Value;
    }
    return tags;
  }

  private value(name: string): unknown {
    return this.values[name] ?? undefined;
  }

  private required<T>(name: string, value: T | undefined): T {
    if (value === undefined) throw new SettlingError(`property ${this.path}${name} is required but missing or empty`);
    return value;
  }

  private mismatch(name: string, value: unknown, expected: string): SettlingError {
    return new SettlingError(`property ${this.path}${name} must be ${expected}, got ${JSON.stringify(value)}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
