/** What CloudFormation has made and not deleted, per account and region. */
export class Inventory {
  private readonly standing = new Map<string, Set<string>>();

  add(accountId: string, region: string, type: string, physicalId: string): void {
    const place = `${accountId}/${region}`;
    const names = this.standing.get(place) ?? new Set();
    this.standing.set(place, names.add(`${type} ${physicalId}`));
  }

  remove(accountId: string, region: string, type: string, physicalId: string): void {
    this.standing.get(`${accountId}/${region}`)?.delete(`${type} ${physicalId}`);
  }

  list(accountId: string, region: string): string[] {
    return [...(this.standing.get(`${accountId}/${region}`) ?? [])].sort();
  }

  /** `account/region` */
  places(): string[] {
    return [...this.standing.keys()];
  }
}
