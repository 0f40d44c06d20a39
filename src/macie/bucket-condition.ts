import { Validation } from '../core/validation';

/** Who can reach a bucket, as Macie finds it out of all settings. */
export enum EffectivePermission {
  /** The public has read or write access. */
  PUBLIC = 'PUBLIC',
  /** The public has no access. */
  NOT_PUBLIC = 'NOT_PUBLIC',
  /** Macie could not find out. */
  UNKNOWN = 'UNKNOWN',
}

/** With whom a bucket is shared. */
export enum SharedAccess {
  /** With accounts that are not part of the Macie organization, CloudFront identities included. */
  EXTERNAL = 'EXTERNAL',
  /** With accounts of the Macie organization only. */
  INTERNAL = 'INTERNAL',
  /** With nobody. */
  NOT_SHARED = 'NOT_SHARED',
  /** Macie could not find out. */
  UNKNOWN = 'UNKNOWN',
}

/** A tag of a bucket; at least one of key and value. */
export interface BucketTag {
  /**
   * Key of the tag.
   *
   * @default - any key
   */
  readonly key?: string;

  /**
   * Value of the tag.
   *
   * @default - any value
   */
  readonly value?: string;
}

/**
 * A property of buckets by which a job finds those to analyze, each time it runs. Several values in one condition are
 * alternatives; several conditions must all hold.
 *
 * @see https://docs.aws.amazon.com/macie/latest/APIReference/jobs.html
 */
export class BucketCondition {
  /** The bucket is owned by one of these accounts, 12 digits. */
  static accountIs(...accountIds: string[]): BucketCondition {
    return simple('ACCOUNT_ID', 'EQ', accountIds);
  }

  /** The bucket is owned by none of these accounts, 12 digits. */
  static accountIsNot(...accountIds: string[]): BucketCondition {
    return simple('ACCOUNT_ID', 'NE', accountIds);
  }

  /** The bucket has one of these names, in full. */
  static nameIs(...bucketNames: string[]): BucketCondition {
    return simple('S3_BUCKET_NAME', 'EQ', bucketNames);
  }

  /** The bucket has none of these names. */
  static nameIsNot(...bucketNames: string[]): BucketCondition {
    return simple('S3_BUCKET_NAME', 'NE', bucketNames);
  }

  /** The bucket can be reached in one of these ways. */
  static effectivePermissionIs(...permissions: EffectivePermission[]): BucketCondition {
    return simple('S3_BUCKET_EFFECTIVE_PERMISSION', 'EQ', permissions);
  }

  /** The bucket can be reached in none of these ways. */
  static effectivePermissionIsNot(...permissions: EffectivePermission[]): BucketCondition {
    return simple('S3_BUCKET_EFFECTIVE_PERMISSION', 'NE', permissions);
  }

  /** The bucket is shared in one of these ways. */
  static sharedAccessIs(...accesses: SharedAccess[]): BucketCondition {
    return simple('S3_BUCKET_SHARED_ACCESS', 'EQ', accesses);
  }

  /** The bucket is shared in none of these ways. */
  static sharedAccessIsNot(...accesses: SharedAccess[]): BucketCondition {
    return simple('S3_BUCKET_SHARED_ACCESS', 'NE', accesses);
  }

  /** The bucket has one of these tags. */
  static tagIs(...tags: BucketTag[]): BucketCondition {
    return tagged('EQ', tags);
  }

  /** The bucket has none of these tags. */
  static tagIsNot(...tags: BucketTag[]): BucketCondition {
    return tagged('NE', tags);
  }

  /** @internal */
  static _of(criterion: Readonly<Record<string, unknown>>): BucketCondition {
    return new BucketCondition(criterion);
  }

  private constructor(private readonly criterion: Readonly<Record<string, unknown>>) {}

  /**
   * The API's `CriteriaForJob`.
   *
   * @internal
   */
  _render(): Readonly<Record<string, unknown>> {
    return this.criterion;
  }
}

const SUBJECT = 'macie.BucketCondition';

function simple(key: string, comparator: string, values: string[]): BucketCondition {
  const validation = new Validation(SUBJECT).filled('values', values);
  for (const value of values) {
    validation.length('values', value, 1, 255);
    if (key === 'ACCOUNT_ID') validation.pattern('values', value, /^\d{12}$/, 'be the 12 digits of an account');
  }
  validation.throwIfInvalid();
  return BucketCondition._of({ simpleCriterion: { key, comparator, values } });
}

function tagged(comparator: string, tags: BucketTag[]): BucketCondition {
  const validation = new Validation(SUBJECT).filled('tags', tags);
  for (const tag of tags) {
    validation.check('tags', tag, Boolean(tag.key) || Boolean(tag.value), 'each have a key, a value or both');
  }
  validation.throwIfInvalid();
  const tagValues = tags.map(({ key, value }) => ({ key, value }));
  return BucketCondition._of({ tagCriterion: { comparator, tagValues } });
}
