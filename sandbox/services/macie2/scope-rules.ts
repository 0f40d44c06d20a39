/** Which buckets and objects a job means; the documentation of S3JobDefinition says which conditions there are. */
import type { Document } from '../service';
import { validation } from './errors';

const EQUALITY = ['EQ', 'NE'];
const ORDER = ['EQ', 'GT', 'GTE', 'LT', 'LTE', 'NE'];

interface ScopeKey {
  readonly comparators: readonly string[];
  /** Of keys with one value only: what it must look like. */
  readonly single?: RegExp;
}

const SCOPE_KEYS: Readonly<Record<string, ScopeKey>> = {
  OBJECT_EXTENSION: { comparators: EQUALITY },
  OBJECT_KEY: { comparators: ['STARTS_WITH'] },
  OBJECT_LAST_MODIFIED_DATE: { comparators: ORDER, single: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/ },
  OBJECT_SIZE: { comparators: ORDER, single: /^\d+$/ },
};

export function checkScoping(scoping: Document): void {
  for (const term of [...(scoping.includes?.and ?? []), ...(scoping.excludes?.and ?? [])]) {
    const { simpleScopeTerm: simple, tagScopeTerm: tag } = term;
    checkOne('a term of scoping', 'simpleScopeTerm', simple, 'tagScopeTerm', tag);
    if (simple !== undefined) checkSimpleTerm(simple);
    if (tag !== undefined) checkTagTerm(tag);
  }
}

export function checkBucketCriteria(criteria: Document): void {
  for (const term of [...(criteria.includes?.and ?? []), ...(criteria.excludes?.and ?? [])]) {
    const { simpleCriterion: simple, tagCriterion: tag } = term;
    checkOne('a condition of bucketCriteria', 'simpleCriterion', simple, 'tagCriterion', tag);
    checkComparator('a condition of bucketCriteria', (simple ?? tag).comparator, EQUALITY);
    if (simple !== undefined && simple.key === undefined) throw validation('a simpleCriterion needs a key');
    checkFilled('a condition of bucketCriteria', simple?.values ?? tag?.tagValues);
  }
}

function checkSimpleTerm({ key, comparator, values }: Document): void {
  const known = SCOPE_KEYS[key];
  if (known === undefined) throw validation('a simpleScopeTerm needs a key');
  checkComparator(key, comparator, known.comparators);
  checkFilled(key, values);
  if (known.single === undefined) return;
  if (values.length > 1) throw validation(`${key} takes one value, got ${values.length}`);
  if (!known.single.test(values[0])) throw validation(`'${values[0]}' is not a value for ${key}`);
}

function checkTagTerm({ key, comparator, tagValues, target }: Document): void {
  if (key !== 'TAG') throw validation(`the key of a tagScopeTerm must be TAG, got ${key}`);
  if (target !== 'S3_OBJECT') throw validation('a tagScopeTerm needs the target S3_OBJECT');
  checkComparator(key, comparator, EQUALITY);
  checkFilled(key, tagValues);
}

function checkOne(what: string, a: string, first: unknown, b: string, second: unknown): void {
  if ((first === undefined) === (second === undefined)) throw validation(`${what} needs ${a} or ${b}, and not both`);
}

function checkComparator(what: string, comparator: string | undefined, known: readonly string[]): void {
  if (comparator !== undefined && known.includes(comparator)) return;
  throw validation(`the comparator of ${what} must be ${known.join(', ')}, got ${comparator}`);
}

function checkFilled(what: string, values: readonly unknown[] | undefined): void {
  if ((values ?? []).length === 0) throw validation(`${what} needs values`);
}
