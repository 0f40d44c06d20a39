/** What answers a question. The first one that can is taken: each needs more machinery than the one before it. */
export enum MetricEngine {
  /** The metrics that RDS publishes itself. Nothing is deployed for it, and nothing is to be paid. */
  NATIVE = 'NATIVE',

  /** The function DB_PERF_INSIGHTS of CloudWatch's metric math. Nothing is deployed for it. */
  METRIC_MATH = 'METRIC_MATH',

  /** A function that asks Performance Insights each minute and publishes the answers: one for a stack. */
  POLLER = 'POLLER',
}
