import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { DataSource } from './data-source';
import type { Question } from './question';
import { NAMESPACE, type SeriesPresentation } from './series';

type Breakdown = Extract<Question, { kind: 'breakdown' }>;

/**
 * All series of a group that are published for a data source, the largest first. It finds what is polled, and polls
 * nothing by itself: a series for each key that there may be would cost more than it tells.
 */
export function breakdownOf(
  source: DataSource,
  { group, limit }: Breakdown,
  { label, period = Duration.minutes(1) }: SeriesPresentation,
): cloudwatch.IMetric {
  const dimensions = source._publishedDimensions;
  const key = group.dimensions.find((name) => name.endsWith('.name')) ?? group.dimensions[0] ?? `${group.name}.id`;
  const schema = [NAMESPACE, ...Object.keys(dimensions), key].map(quoted).join(',');
  const values = Object.entries(dimensions).map(([name, value]) => `${quoted(name)}="${value}"`);
  const search = `SEARCH('{${schema}} MetricName="DBLoad" ${values.join(' ')}', 'Average', ${period.toSeconds()})`;
  return new cloudwatch.MathExpression({
    expression: `SORT(${search}, AVG, DESC, ${limit})`,
    label: label ?? '',
    period,
  });
}

/** Only names that are not words are quoted. */
function quoted(name: string): string {
  return /^[\w/]+$/.test(name) ? name : `"${name}"`;
}
