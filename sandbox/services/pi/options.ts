/**
 * What no source settles about Performance Insights ([U]), and what a scenario may want otherwise. Defaults of the first
 * kind forgive a caller least, or follow the one example that there is.
 */
export interface PerformanceInsightsOptions {
  /** Of the databases that are measured. The same seed and resource id give the same load. @default 1 */
  readonly seed?: number;
  /** A measurement can be read this many seconds after it was made [U]. @default 10 */
  readonly agentLagSeconds?: number;
  /** From enabling Performance Insights, or an instance's first being available, to its first measurement [U]. @default 60 */
  readonly warmUpSeconds?: number;
  /**
   * Whether a Filter also reduces the total without dimensions. No sentence says so; in the example of the user guide it
   * does: its total is about the sum of the keys.
   * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.API.Examples.html
   * @default true
   */
  readonly filteredTotals?: boolean;
  /**
   * [U] The value of a key, or of a filtered total, in a period that has data but none of it.
   * @default 'null' - the data point has no value
   */
  readonly absentValue?: 'null' | 'zero';
  /** [U] The keys of a group whose Limit is not given. @default 10 */
  readonly defaultLimit?: number;
  /** [U] The items of a page whose MaxResults is not given, or 0. @default 25 - the most that a page can have */
  readonly defaultPage?: number;
  /** [U] The error where the caller may not use the customer's key. @default 'NotAuthorizedException' */
  readonly keyError?: 'NotAuthorizedException' | 'AccessDeniedException';
  /** Calls of an account and region within one second, from which on they are throttled. @default - no limit */
  readonly callsPerSecond?: number;
  /** Sessions above which db.sampledload tells fewer than db.load. The real threshold is internal [U]. @default 100 */
  readonly samplingThreshold?: number;
  /** [U] What GetResourceMetadata answers: no source has the names of features. @default {} */
  readonly features?: Readonly<Record<string, 'ENABLED' | 'DISABLED' | 'UNSUPPORTED' | 'UNKNOWN'>>;
}

export type PerformanceInsightsSettings = Required<Omit<PerformanceInsightsOptions, 'callsPerSecond'>> &
  Pick<PerformanceInsightsOptions, 'callsPerSecond'>;

export function settingsOf(options: PerformanceInsightsOptions): PerformanceInsightsSettings {
  return {
    seed: 1,
    agentLagSeconds: 10,
    warmUpSeconds: 60,
    filteredTotals: true,
    absentValue: 'null',
    defaultLimit: 10,
    defaultPage: 25,
    keyError: 'NotAuthorizedException',
    samplingThreshold: 100,
    features: {},
    ...options,
  };
}
