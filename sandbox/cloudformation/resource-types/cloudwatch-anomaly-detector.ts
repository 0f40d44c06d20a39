import { type Dimension, dimensionsOf } from '../../services/cloudwatch/metric-id';
import type { Properties } from '../stack';
import { isObject } from '../values';
import { immediate } from './immediate';
import { ResourceFailure } from './resource-type';

/** A detector of one metric and statistic. It is kept, and bands do without it: see sandbox/services/cloudwatch/README.md. */
export const cloudWatchAnomalyDetector = immediate({
  name: 'AWS::CloudWatch::AnomalyDetector',
  properties: [
    'Configuration',
    'Dimensions',
    'MetricCharacteristics',
    'MetricName',
    'Namespace',
    'SingleMetricAnomalyDetector',
    'Stat',
  ],
  replacedBy: ['Dimensions', 'MetricName', 'Namespace', 'SingleMetricAnomalyDetector', 'Stat'],
  standing: false,

  make(task) {
    const { Namespace, MetricName, Dimensions, Stat } = metricOf(task.properties);
    if (typeof Namespace !== 'string' || typeof MetricName !== 'string' || typeof Stat !== 'string') {
      throw new ResourceFailure('an anomaly detector needs Namespace, MetricName and Stat');
    }
    const dimensions = dimensionsOf(Dimensions as readonly Dimension[] | undefined);
    const id = task.tools.visuals.putDetector(task, { namespace: Namespace, metricName: MetricName, dimensions }, Stat);
    return { physicalId: id, attributes: { Id: id } };
  },

  change: (_task, current) => current,

  remove(task, { physicalId }) {
    task.tools.visuals.deleteDetector(task, physicalId);
  },
});

function metricOf(properties: Properties): Readonly<Record<string, unknown>> {
  const single = properties.SingleMetricAnomalyDetector;
  return isObject(single) ? single : properties;
}
