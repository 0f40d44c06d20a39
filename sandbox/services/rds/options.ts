/**
 * How long things take, in virtual seconds. No source says: AWS takes minutes, and what they depend on is not documented
 * [U].
 */
export interface RdsOptions {
  readonly durations?: Partial<RdsDurations>;
}

export interface RdsDurations {
  /** @default 420 */
  readonly instanceCreate: number;
  /** Of the statuses `backing-up` and `configuring-enhanced-monitoring`, where an instance has them. @default 60 */
  readonly instanceConfigure: number;
  /** @default 60 */
  readonly instanceModify: number;
  /** @default 180 */
  readonly instanceDelete: number;
  /** @default 120 */
  readonly instanceStop: number;
  /** @default 300 */
  readonly instanceStart: number;
  /** @default 90 */
  readonly clusterCreate: number;
  /** @default 30 */
  readonly clusterModify: number;
  /** @default 90 */
  readonly clusterDelete: number;
  /** From the call to the new writer. The guide says typically less than 60. @default 30 */
  readonly failover: number;
}

export function durationsOf({ durations }: RdsOptions): RdsDurations {
  return { ...DURATIONS, ...durations };
}

const DURATIONS: RdsDurations = {
  instanceCreate: 420,
  instanceConfigure: 60,
  instanceModify: 60,
  instanceDelete: 180,
  instanceStop: 120,
  instanceStart: 300,
  clusterCreate: 90,
  clusterModify: 30,
  clusterDelete: 90,
  failover: 30,
};
