import type { Properties } from '../stack';

interface Tag {
  readonly Key: string;
  readonly Value: string;
}

export function tagsOf(properties: Properties): Record<string, string> {
  const tags = (properties.Tags ?? []) as readonly Tag[];
  return Object.fromEntries(tags.map((tag) => [tag.Key, String(tag.Value)]));
}

/** The stack's tags reach the resources that can have tags; a tag of the resource itself goes before. */
export function withStackTags(properties: Properties, stackTags: Readonly<Record<string, string>>): Properties {
  const own = (properties.Tags ?? []) as readonly Tag[];
  const keys = new Set(own.map((tag) => tag.Key));
  const added = Object.entries(stackTags).filter(([key]) => !keys.has(key));
  if (added.length === 0) return properties;
  return { ...properties, Tags: [...own, ...added.map(([Key, Value]) => ({ Key, Value }))] };
}
