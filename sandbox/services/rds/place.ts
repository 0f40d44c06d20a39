/** Where databases stand. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
}
