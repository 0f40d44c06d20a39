import type { Context } from '../../iam/principal';
import type { Document } from '../service';
import { invalidRequest, tagLimitExceeded, tagRefused } from './errors';

/** A cluster or a backup. */
export interface Tagged {
  readonly tags: Map<string, string>;
}

/** https://docs.aws.amazon.com/cloudhsm/latest/userguide/tagging-resources.html */
const MAX_TAGS = 50;

/**
 * The tags of a `TagList`. Keys must differ, and `aws:` is reserved; which errors AWS uses for this is not documented.
 */
export function tagsOf(input: Document): Map<string, string> {
  const list: ReadonlyArray<{ readonly Key: string; readonly Value: string }> = input.TagList ?? [];
  const tags = new Map(list.map(({ Key, Value }) => [Key, Value]));
  if (tags.size < list.length) throw invalidRequest('TagList names a key more than once; give each key one value');
  const reserved = [...tags.keys()].find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) throw tagRefused(`tag key '${reserved}' begins with 'aws:', which is reserved`);
  return tags;
}

export function addTags(resource: Tagged, added: ReadonlyMap<string, string>): void {
  const count = new Set([...resource.tags.keys(), ...added.keys()]).size;
  if (count > MAX_TAGS) throw tagLimitExceeded(`at most ${MAX_TAGS} tags are allowed, and this makes it ${count}`);
  for (const [key, value] of added) resource.tags.set(key, value);
}

/** The `TagList` of an answer. */
export function tagList(tags: ReadonlyMap<string, string>): Document[] {
  return [...tags].map(([Key, Value]) => ({ Key, Value }));
}

/** The condition keys of a request that brings tags. */
export function tagContext(input: Document): Context {
  const list: ReadonlyArray<{ readonly Key: string; readonly Value: string }> = input.TagList ?? [];
  const context: Record<string, string | readonly string[]> = {};
  for (const { Key, Value } of list) context[`aws:RequestTag/${Key}`] = Value;
  if (list.length > 0) context['aws:TagKeys'] = list.map(({ Key }) => Key);
  return context;
}
