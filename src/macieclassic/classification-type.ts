/** What Macie Classic classifies of the objects that are there when an S3 resource is associated. */
export enum OneTimeClassification {
  /** All of them. */
  FULL = 'FULL',

  /** None of them. */
  NONE = 'NONE',
}

/** What Macie Classic classifies of the objects that are added later. */
export enum ContinuousClassification {
  /** All of them. The API knows nothing else. */
  FULL = 'FULL',
}

/** What Macie Classic classifies in an S3 resource. */
export interface ClassificationType {
  /**
   * The objects that are there when the resource is associated. Updated in place.
   *
   * @default OneTimeClassification.NONE
   */
  readonly oneTime?: OneTimeClassification;

  /**
   * The objects that are added later. The API demands it, with the only value that there is.
   *
   * @default ContinuousClassification.FULL
   */
  readonly continuous?: ContinuousClassification;
}
