import type { Size } from 'aws-cdk-lib';
import { Validation } from '../core/validation';

/** How a size or a date is compared with that of an object. */
export enum Comparison {
  /** The same. */
  EQUAL = 'EQ',
  /** Another one. */
  NOT_EQUAL = 'NE',
  /** Larger, or later. */
  GREATER = 'GT',
  /** Larger or the same; later or the same. */
  GREATER_OR_EQUAL = 'GTE',
  /** Smaller, or earlier. */
  LESS = 'LT',
  /** Smaller or the same; earlier or the same. */
  LESS_OR_EQUAL = 'LTE',
}

/** A tag of an object. */
export interface ObjectTag {
  /** Key of the tag. */
  readonly key: string;

  /**
   * Value of the tag.
   *
   * @default - any value
   */
  readonly value?: string;
}

/**
 * A property of S3 objects by which a job includes or excludes them. Several values in one condition are alternatives;
 * several conditions must all hold.
 *
 * @see https://docs.aws.amazon.com/macie/latest/user/discovery-jobs-scope.html
 */
export class ObjectCondition {
  /** The key of the object begins with one of these. */
  static keyStartsWith(...prefixes: string[]): ObjectCondition {
    return simple('OBJECT_KEY', 'STARTS_WITH', prefixes);
  }

  /** The extension of the object's name is one of these, such as `docx`, without the dot. */
  static extensionIs(...extensions: string[]): ObjectCondition {
    return extension('EQ', extensions);
  }

  /** The extension of the object's name is none of these. */
  static extensionIsNot(...extensions: string[]): ObjectCondition {
    return extension('NE', extensions);
  }

  /** The object has such a size: `size(Comparison.LESS, Size.mebibytes(1))` is one of less than a mebibyte. */
  static size(comparison: Comparison, size: Size): ObjectCondition {
    return simple('OBJECT_SIZE', comparison, [`${size.toBytes()}`]);
  }

  /** The object was last changed at such a time. */
  static lastModified(comparison: Comparison, time: Date): ObjectCondition {
    return simple('OBJECT_LAST_MODIFIED_DATE', comparison, [time.toISOString()]);
  }

  /** The object has one of these tags. */
  static tagIs(...tags: ObjectTag[]): ObjectCondition {
    return tagged('EQ', tags);
  }

  /** The object has none of these tags. */
  static tagIsNot(...tags: ObjectTag[]): ObjectCondition {
    return tagged('NE', tags);
  }

  /** @internal */
  static _of(term: Readonly<Record<string, unknown>>): ObjectCondition {
    return new ObjectCondition(term);
  }

  private constructor(private readonly term: Readonly<Record<string, unknown>>) {}

  /**
   * The API's `JobScopeTerm`.
   *
   * @internal
   */
  _render(): Readonly<Record<string, unknown>> {
    return this.term;
  }
}

const SUBJECT = 'macie.ObjectCondition';

function simple(key: string, comparator: string, values: string[]): ObjectCondition {
  const validation = new Validation(SUBJECT).filled('values', values);
  for (const value of values) validation.check('values', value, value !== '', 'not be empty');
  validation.throwIfInvalid();
  return ObjectCondition._of({ simpleScopeTerm: { key, comparator, values } });
}

function extension(comparator: string, extensions: string[]): ObjectCondition {
  const validation = new Validation(SUBJECT);
  for (const name of extensions) validation.pattern('extensions', name, /^[^.]/, 'be given without the dot');
  validation.throwIfInvalid();
  return simple('OBJECT_EXTENSION', comparator, extensions);
}

function tagged(comparator: string, tags: ObjectTag[]): ObjectCondition {
  const validation = new Validation(SUBJECT).filled('tags', tags);
  for (const { key } of tags) validation.length('tags key', key, 1, 128);
  validation.throwIfInvalid();
  // To Macie, an empty value means any.
  const tagValues = tags.map(({ key, value = '' }) => ({ key, value }));
  return ObjectCondition._of({ tagScopeTerm: { key: 'TAG', target: 'S3_OBJECT', comparator, tagValues } });
}
