import type { Document, Operation } from '../service';
import { ServiceError } from '../service';
import { checkData, checkNamespace } from './datum-rules';
import { invalidValue } from './errors';
import { dimensionsOf } from './metric-id';
import type { Point } from './metric-store';
import { type Sample, single } from './minutes';
import type { CloudWatchSettings } from './options';
import type { CloudWatchState } from './state';
import { milliseconds } from './time';

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
const MAX_REQUEST_BYTES = 1024 * 1024;

export function putMetricData(settings: CloudWatchSettings): Operation<CloudWatchState> {
  return {
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
    permissions: ({ Namespace }) => [
      { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace } },
    ],
    handle(input, state, { world }) {
      const now = world.clock.now();
      checkRequest(input, now);
      state.metrics.put(
        ((input.MetricData ?? []) as readonly Document[]).map((datum) => pointOf(datum, input.Namespace, now)),
        now + settings.visibleAfterSeconds * 1000,
      );
      return {};
    },
  };
}

function checkRequest(input: Document, now: number): void {
  if (input.EntityMetricData !== undefined) {
    throw invalidValue('the sandbox does not model EntityMetricData: use MetricData');
  }
  // Counted before compression, which forgives less than AWS may.
  if (Buffer.byteLength(JSON.stringify(input)) > MAX_REQUEST_BYTES) {
    throw new ServiceError('RequestEntityTooLarge', `a request has at most ${MAX_REQUEST_BYTES} bytes`, 413);
  }
  checkNamespace(input.Namespace);
  checkData(input.MetricData ?? [], now);
}

function pointOf(datum: Document, namespace: string, now: number): Point {
  const { Timestamp: at, Unit: unit = 'None' } = datum;
  return {
    metric: { namespace, metricName: datum.MetricName, dimensions: dimensionsOf(datum.Dimensions) },
    unit,
    timestamp: at === undefined ? now : milliseconds(at),
    sample: sampleOf(datum),
  };
}

function sampleOf({ Value: value, Values: values, Counts: counts, StatisticValues: statistics }: Document): Sample {
  if (value !== undefined) return single(value);
  if (values !== undefined) return countedSample(values, counts ?? values.map(() => 1));
  // Of a set with one sample, or with equal ones, the values are known all the same (valuesOf).
  const { SampleCount: sampleCount, Sum: sum, Minimum: minimum, Maximum: maximum } = statistics;
  return { sampleCount, sum, minimum, maximum };
}

function countedSample(values: readonly number[], counts: readonly number[]): Sample {
  const byValue = new Map<number, number>();
  values.forEach((value, index) => {
    byValue.set(value, (byValue.get(value) ?? 0) + counts[index]!);
  });
  return {
    sampleCount: counts.reduce((total, count) => total + count, 0),
    sum: values.reduce((total, value, index) => total + value * counts[index]!, 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
    values: byValue,
  };
}
