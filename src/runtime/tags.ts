export type Tags = Readonly<Record<string, string>>;

/** What is to be set and what to be removed, for tags to be as wanted. */
export interface TagChanges {
  readonly changed?: Tags;
  readonly removed?: readonly string[];
}

/** Tags by difference: what the previous properties named and the new ones do not is removed; what others set stays. */
export function tagChanges(wanted: Tags, previous: Tags | undefined, present: Tags): TagChanges {
  const changed = Object.entries(wanted).filter(([key, value]) => present[key] !== value);
  const removed = Object.keys(previous ?? {}).filter((key) => key in present && !(key in wanted));
  return {
    ...(changed.length > 0 && { changed: Object.fromEntries(changed) }),
    ...(removed.length > 0 && { removed }),
  };
}

/** Tags as most services take them. */
export function tagList(tags: Tags): Array<{ Key: string; Value: string }> {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags as most services answer them. */
export function tagsOf(list: ReadonlyArray<{ readonly Key?: string; readonly Value?: string }> = []): Tags {
  return Object.fromEntries(list.map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
