/** Finds the files behind the S3 locations of a template. */
export interface AssetLookup {
  /** The directory of a zipped file asset. */
  directory(bucket: string, key: string): string | undefined;
}

/**
 * All assets that were ever deployed. As in S3 they stay when the next assembly comes: a rollback goes back to the code
 * of before. Keys are hashes of the contents, so they cannot contradict each other.
 */
export class AssetStore implements AssetLookup {
  private readonly lookups: AssetLookup[] = [];

  add(lookup: AssetLookup): void {
    if (!this.lookups.includes(lookup)) this.lookups.unshift(lookup);
  }

  directory(bucket: string, key: string): string | undefined {
    for (const lookup of this.lookups) {
      const found = lookup.directory(bucket, key);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
