import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/**
 * Collects what is wrong with the props of a construct and says all of it at once. Tokens are skipped: their values are
 * known at deployment only, where the service itself checks them.
 */
export class Validation {
  private readonly problems: string[] = [];

  constructor(private readonly subject: string) {}

  /** `remedy` completes the sentence "<property> must …, got <value>". */
  check(property: string, value: unknown, holds: boolean, remedy: string): this {
    if (!holds) this.problems.push(`${property} must ${remedy}, got ${shown(value)}`);
    return this;
  }

  /** For what no single value shows. */
  require(holds: boolean, problem: string): this {
    if (!holds) this.problems.push(problem);
    return this;
  }

  length(property: string, value: string | undefined, min: number, max: number): this {
    if (value === undefined || Token.isUnresolved(value)) return this;
    return this.check(
      property,
      value,
      value.length >= min && value.length <= max,
      `have ${min} to ${max} characters (it has ${value.length})`,
    );
  }

  pattern(property: string, value: string | undefined, pattern: RegExp, remedy: string): this {
    if (value === undefined || Token.isUnresolved(value)) return this;
    return this.check(property, value, pattern.test(value), remedy);
  }

  range(property: string, value: number | undefined, min: number, max: number, unit = ''): this {
    if (value === undefined || Token.isUnresolved(value)) return this;
    return this.check(property, value, value >= min && value <= max, `be from ${min} to ${max}${unit}`);
  }

  count(property: string, values: readonly unknown[] | undefined, min: number, max: number): this {
    if (values === undefined || Token.isUnresolved(values)) return this;
    return this.check(
      property,
      `${values.length} entries`,
      values.length >= min && values.length <= max,
      `have ${min} to ${max} entries`,
    );
  }

  whole(property: string, value: number | undefined): this {
    if (value === undefined || Token.isUnresolved(value)) return this;
    return this.check(property, value, Number.isInteger(value), 'be a whole number');
  }

  filled(property: string, values: readonly unknown[] | undefined): this {
    if (values === undefined || Token.isUnresolved(values)) return this;
    return this.check(property, `${values.length} entries`, values.length > 0, 'have at least one entry');
  }

  /** Everything that was found. */
  all(): string[] {
    return [...this.problems];
  }

  /** Fails with everything that was found. */
  throwIfInvalid(): void {
    if (this.problems.length === 0) return;
    throw new Error(`${this.subject}: ${this.problems.join('; ')}`);
  }
}

/** Path of a construct that is not made yet: a class that extends one of the CDK checks its props before. */
export function pathBelow(scope: Construct, id: string): string {
  return [scope.node.path, id].filter((part) => part !== '').join('/');
}

/** The entries of a list that can be checked: none where the list is a token. */
export function knownEntries<T>(values: readonly T[] | undefined): readonly T[] {
  return values === undefined || Token.isUnresolved(values) ? [] : values;
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
  return text.length <= 120 ? text : `${text.slice(0, 117)}…"`;
}
