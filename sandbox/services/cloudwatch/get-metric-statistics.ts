import type { Document } from '../service';
import { invalidCombination, invalidValue, missingParameter } from './errors';
import { dimensionsOf } from './metric-id';
import type { Sample } from './minutes';
import { type Grid, type Reader, timestampsOf } from './reading';
import { SIMPLE_STATISTICS, statistic } from './statistics';
import { milliseconds, resolutionMs, roundedStart } from './time';

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
const MAX_DATAPOINTS = 1_440;

/** One data point for each period that has any, and for each unit. AWS gives them in no order, here the oldest is first. */
export function getMetricStatistics(input: Document, reader: Reader): Document {
  const grid = gridOf(input, reader.now);
  const describe = describer(input);
  const metric = {
    namespace: input.Namespace,
    metricName: input.MetricName,
    dimensions: dimensionsOf(input.Dimensions),
  };
  const timestamps = timestampsOf(grid);
  const found = grid.length === 0 ? [] : reader.byUnit(metric, input.Unit, grid);
  const Datapoints = found.flatMap(({ unit, periods }) =>
    periods.flatMap((sample, index) => (sample === undefined ? [] : [describe(sample, timestamps[index]!, unit)])),
  );
  return { Label: input.MetricName, Datapoints };
}

/** Empty where the period is too short for what is kept of so long ago. */
function gridOf({ StartTime, EndTime, Period: periodSeconds }: Document, now: number): Grid {
  const [start, end] = [milliseconds(StartTime), milliseconds(EndTime)];
  if (start >= end) throw invalidCombination('The parameter StartTime must be less than the parameter EndTime.');
  if (periodSeconds < 60 || periodSeconds % 60 !== 0) {
    throw invalidValue(
      `The parameter Period must be a multiple of 60, got ${periodSeconds}: the sandbox keeps minutes`,
    );
  }
  const from = roundedStart(start, now);
  const length = Math.ceil((end - from) / (periodSeconds * 1000));
  if (length > MAX_DATAPOINTS) {
    throw invalidCombination(
      `You have requested up to ${length} datapoints, which exceeds the limit of ${MAX_DATAPOINTS}. ` +
        'You may reduce the datapoints requested by increasing Period, or decreasing the time range.',
    );
  }
  return { from, periodSeconds, length: (periodSeconds * 1000) % resolutionMs(start, now) === 0 ? length : 0 };
}

function describer({ Statistics: simple, ExtendedStatistics: extended }: Document) {
  if (simple === undefined && extended === undefined) {
    throw missingParameter('Either Statistics or ExtendedStatistics must be specified.');
  }
  if (simple !== undefined && extended !== undefined) {
    throw invalidCombination('The parameters Statistics and ExtendedStatistics cannot both be specified.');
  }
  const wrong = (extended ?? []).find((name: string) => SIMPLE_STATISTICS.includes(name));
  if (wrong !== undefined) throw invalidValue(`The value ${wrong} for parameter ExtendedStatistics is invalid.`);
  const named = ((simple ?? extended) as readonly string[]).map((name) => [name, statistic(name)] as const);
  return (sample: Sample, timestamp: number, Unit: string): Document => {
    const values = Object.fromEntries(
      named.map(([name, of]) => [name, of(sample)]).filter(([, value]) => value !== undefined),
    );
    return {
      Timestamp: new Date(timestamp),
      Unit,
      ...(simple === undefined ? { ExtendedStatistics: values } : values),
    };
  };
}
