import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { DataSource } from './data-source';
import { MetricEngine } from './metric-engine';
import { LOAD, polled, type SingleQuestion, VCPUS } from './question';

/** Namespace of all metrics that the poller publishes. */
export const NAMESPACE = 'CdkSettled/PerformanceInsights';

export interface SeriesPresentation {
  readonly label?: string;
  readonly period?: Duration;
}

/** The series that answers a question, from one of the engines. */
export function seriesOf(
  engine: MetricEngine,
  source: DataSource,
  question: SingleQuestion,
  { label, period = Duration.minutes(1) }: SeriesPresentation,
): cloudwatch.IMetric {
  switch (engine) {
    case MetricEngine.NATIVE:
      return new cloudwatch.Metric({
        namespace: 'AWS/RDS',
        metricName: question.kind === 'load' && question.perVcpu ? 'DBLoadRelativeToNumVCPUs' : 'DBLoad',
        dimensionsMap: { DBInstanceIdentifier: source.instanceIdentifier! },
        statistic: cloudwatch.Stats.AVERAGE,
        label,
        period,
      });
    case MetricEngine.METRIC_MATH:
      return new InsightsExpression({ expression: expressionOf(source, question), label, period });
    case MetricEngine.POLLER: {
      const { metricName, dimensions } = polled(question);
      return publishedMetric(source, metricName, dimensions, { label, period });
    }
  }
}

/** A metric that the poller publishes. */
export function publishedMetric(
  source: DataSource,
  metricName: string,
  dimensions: Readonly<Record<string, string>> = {},
  options: cloudwatch.MetricOptions = {},
): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { ...source._publishedDimensions, ...dimensions },
    statistic: cloudwatch.Stats.AVERAGE,
    period: Duration.minutes(1),
    ...options,
  });
}

function expressionOf(source: DataSource, question: SingleQuestion): string {
  const ask = (metric: string) => `DB_PERF_INSIGHTS('${source.serviceType}', '${source.resourceId}', '${metric}')`;
  if (question.kind === 'counter') return ask(`${question.name}.${question.statistic}`);
  return question.kind === 'load' && question.perVcpu ? `${ask(LOAD)} / ${ask(`${VCPUS}.avg`)}` : ask(LOAD);
}

/** The CDK takes the words in the quoted arguments for metrics that are missing, and warns of them. */
class InsightsExpression extends cloudwatch.MathExpression {
  override readonly warnings?: string[] = undefined;
  override readonly warningsV2?: { [id: string]: string } = undefined;
}
