/** What can be associated with Macie Classic: an S3 resource of an account, or a member account. */
export interface Association {
  /** What tells it from all others. */
  readonly key: string;
  readonly accountId: string;
  /** In words. */
  readonly name: string;
  /** What can be changed in place, in words; empty where there is nothing. */
  readonly setting: string;
}

/** By their keys. */
export type AssociationSet<A extends Association = Association> = ReadonlyMap<string, A>;

export function setOf<A extends Association>(associations: Iterable<A>): AssociationSet<A> {
  return new Map([...associations].map((association) => [association.key, association]));
}

/** What has to be done for a set to become another. */
export interface Difference<A extends Association> {
  readonly changed: readonly A[];
  readonly added: readonly A[];
  readonly removed: readonly A[];
}

export interface Sets<A extends Association> {
  readonly wanted: AssociationSet<A>;
  /** What was wanted before. Of what is there, only this can be ours to remove. */
  readonly former: AssociationSet<A>;
  readonly present: AssociationSet<A>;
  /** What somebody else has associated: never removed, and changed only where the template itself has changed. */
  readonly existing: ReadonlySet<string>;
}

export function difference<A extends Association>(sets: Sets<A>): Difference<A> {
  const { wanted, former, present, existing } = sets;
  const all = [...wanted.values()];
  return {
    changed: all.filter((each) => differs(each, present) && (!existing.has(each.key) || differs(each, former))),
    added: all.filter(({ key }) => !present.has(key)),
    removed: [...former.values()].filter(({ key }) => !wanted.has(key) && present.has(key) && !existing.has(key)),
  };
}

/** What is there with another setting, is not ours, and was not wanted before: nobody has asked for its change. */
export function conflicts<A extends Association>({ wanted, former, present, existing }: Sets<A>): A[] {
  return [...wanted.values()].filter(
    (each) => existing.has(each.key) && !former.has(each.key) && differs(each, present),
  );
}

function differs<A extends Association>({ key, setting }: A, others: AssociationSet<A>): boolean {
  const other = others.get(key);
  return other !== undefined && other.setting !== setting;
}

/** What one call can take of a list: it is for one account, and for so many. */
export function firstBatch<A extends Association>(associations: readonly A[], size: number): A[] {
  return associations.filter(({ accountId }) => accountId === associations[0]?.accountId).slice(0, size);
}
