import type { Document } from '../service';
import { type Dimension, dimensionList, type MetricId } from './metric-id';
import { pageOf } from './pages';
import type { CloudWatchState } from './state';

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
const PAGE = 500;

/** Custom metrics only. AWS takes up to fifteen minutes to list a new one, the sandbox as long as for its points. */
export function listMetrics(input: Document, state: CloudWatchState, now: number): Document {
  const { items, ...rest } = pageOf(
    state.metrics.list(now).filter((metric) => fits(metric, input)),
    PAGE,
    input.NextToken,
  );
  const Metrics = items.map(({ namespace, metricName, dimensions }) => ({
    Namespace: namespace,
    MetricName: metricName,
    Dimensions: dimensionList(dimensions),
  }));
  return { Metrics, ...rest };
}

/** A filter without a value asks only whether there is such a dimension. */
function fits({ namespace, metricName, dimensions }: MetricId, { Namespace, MetricName, Dimensions = [] }: Document) {
  if (Namespace !== undefined && Namespace !== namespace) return false;
  if (MetricName !== undefined && MetricName !== metricName) return false;
  return (Dimensions as ReadonlyArray<Partial<Dimension>>).every(({ Name, Value }) => {
    return Value === undefined ? dimensions[Name!] !== undefined : dimensions[Name!] === Value;
  });
}
