import { invalidValue } from './errors';
import { type Sample, valuesOf } from './minutes';

const SIMPLE: Readonly<Record<string, (sample: Sample) => number>> = {
  SampleCount: ({ sampleCount }) => sampleCount,
  Sum: ({ sum }) => sum,
  Average: ({ sum, sampleCount }) => sum / sampleCount,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

export const SIMPLE_STATISTICS = Object.keys(SIMPLE);

/** `undefined` where the sample cannot tell: percentiles of statistic sets and of negative values. */
export type Statistic = (sample: Sample) => number | undefined;

/**
 * The statistic of this name: a simple one, or a percentile such as `p99.9`. The others (trimmed means and the like) are not
 * modelled. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
 */
export function statistic(name: string): Statistic {
  const simple = SIMPLE[name];
  if (simple !== undefined) return simple;
  const percent = Number(/^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(name)?.[1]);
  if (percent >= 0 && percent <= 100) return (sample) => percentile(sample, percent / 100);
  const known = `${SIMPLE_STATISTICS.join(', ')} and percentiles such as p99`;
  throw invalidValue(`the sandbox does not know the statistic '${name}': it knows ${known}`);
}

/** Between neighbours, linearly. How AWS does it is not known, except for the ends. */
function percentile(sample: Sample, share: number): number | undefined {
  const values = valuesOf(sample);
  if (values === undefined || sample.minimum < 0) return undefined;
  const ordered = [...values].sort(([a], [b]) => a - b);
  const rank = share * (sample.sampleCount - 1);
  const [low, high] = [valueAt(ordered, Math.floor(rank)), valueAt(ordered, Math.ceil(rank))];
  return low + (high - low) * (rank - Math.floor(rank));
}

function valueAt(ordered: ReadonlyArray<readonly [number, number]>, rank: number): number {
  let passed = 0;
  for (const [value, count] of ordered) {
    passed += count;
    if (rank < passed) return value;
  }
  return ordered.at(-1)![0];
}
