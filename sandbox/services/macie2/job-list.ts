import { createHash } from 'node:crypto';
import type { Call, Document } from '../service';
import { validation } from './errors';
import { stateOf } from './jobs';
import { onEverything } from './permissions';
import type { Job, Macie2Operations, Macie2State } from './state';

/** Not documented. */
const PAGE = { default: 25, most: 200 };

export function jobListOperations(): Macie2Operations {
  return {
    ListClassificationJobs: { permissions: () => [onEverything('ListClassificationJobs')], handle: list },
  };
}

function list(input: Document, state: Macie2State, call: Call): Document {
  const { filterCriteria = {}, sortCriteria = {}, maxResults = PAGE.default, nextToken } = input;
  if (maxResults < 1 || maxResults > PAGE.most)
    throw validation(`maxResults must be 1 to ${PAGE.most}, got ${maxResults}`);
  const place = placeIn(sortCriteria);
  const scope = digest(JSON.stringify([call.accountId, call.region, filterCriteria, sortCriteria]));
  const after = nextToken ? decode(nextToken, scope) : undefined;
  const matching = [...state.jobs.values()]
    .filter((job) => matches(job, filterCriteria))
    .sort((a, b) => order(place(a), place(b)));
  const ordered = sortCriteria.orderBy === 'DESC' ? matching.reverse() : matching;
  const sign = sortCriteria.orderBy === 'DESC' ? -1 : 1;
  const rest = ordered.filter((job) => after === undefined || order(place(job), after) * sign > 0);
  const shown = rest.slice(0, maxResults);
  const more = shown.length < rest.length;
  return {
    items: shown.map((job) => summarize(job, call)),
    ...(more && { nextToken: encode(scope, place(shown.at(-1)!)) }),
  };
}

function summarize(job: Job, call: Call): Document {
  const { name, jobType, s3JobDefinition } = job.settings;
  const { bucketDefinitions, bucketCriteria } = s3JobDefinition;
  return {
    jobId: job.id,
    name,
    jobType,
    ...(bucketDefinitions !== undefined && { bucketDefinitions }),
    ...(bucketCriteria !== undefined && { bucketCriteria }),
    ...stateOf(job, call),
  };
}

const ATTRIBUTES: Readonly<Record<string, (job: Job) => string>> = {
  createdAt: ({ createdAt }) => new Date(createdAt).toISOString(),
  jobStatus: ({ status }) => status,
  jobType: ({ settings }) => settings.jobType,
  name: ({ settings }) => settings.name,
};

/** A job must meet all conditions of `includes` and none of `excludes`; one of a condition's values suffices. */
function matches(job: Job, { includes = [], excludes = [] }: Document): boolean {
  const meets = (term: Document) => meetsTerm(job, term);
  return includes.every(meets) && !excludes.some(meets);
}

function meetsTerm(job: Job, { key, comparator, values = [] }: Document): boolean {
  const attribute = ATTRIBUTES[key];
  const compare = COMPARATORS[comparator];
  if (attribute === undefined || compare === undefined)
    throw validation('a filter needs a key, a comparator and values');
  const actual = attribute(job);
  if (comparator === 'NE') return values.every((value: string) => compare(actual, value));
  return values.some((value: string) => compare(actual, value));
}

const COMPARATORS: Readonly<Record<string, (actual: string, value: string) => boolean>> = {
  EQ: (actual, value) => actual === value,
  NE: (actual, value) => actual !== value,
  GT: (actual, value) => actual > value,
  GTE: (actual, value) => actual >= value,
  LT: (actual, value) => actual < value,
  LTE: (actual, value) => actual <= value,
  CONTAINS: (actual, value) => actual.includes(value),
  STARTS_WITH: (actual, value) => actual.startsWith(value),
};

/** Where a job stands in the order that is asked for: no two stand at the same place. */
type Place = readonly [string, string];

function placeIn({ attributeName = 'createdAt' }: Document): (job: Job) => Place {
  const attribute = ATTRIBUTES[attributeName]!;
  return (job) => [attribute(job), job.id];
}

function order(a: Place, b: Place): number {
  const index = a[0] === b[0] ? 1 : 0;
  return a[index] === b[index] ? 0 : a[index] < b[index] ? -1 : 1;
}

function encode(scope: string, place: Place): string {
  return Buffer.from(JSON.stringify([scope, ...place])).toString('base64url');
}

function decode(token: string, scope: string): Place {
  try {
    const [mark, value, id] = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (mark === scope) return [value, id];
  } catch {
    // Not JSON: as wrong as a token of another request.
  }
  throw validation(`nextToken '${token}' is not one that this operation gave for such a request`);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
