/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html, ComparisonOperator */

/** Between what a value is normal: one number, or the bounds of a band. */
export interface Threshold {
  readonly upper: number;
  readonly lower: number;
}

interface Comparison {
  breaches(value: number, threshold: Threshold): boolean;
  /** As the reason of a state has it. */
  readonly words: string;
  readonly range: boolean;
}

export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  GreaterThanOrEqualToThreshold: {
    breaches: (value, { upper }) => value >= upper,
    words: 'greater than or equal to the threshold',
    range: false,
  },
  GreaterThanThreshold: {
    breaches: (value, { upper }) => value > upper,
    words: 'greater than the threshold',
    range: false,
  },
  LessThanThreshold: { breaches: (value, { lower }) => value < lower, words: 'less than the threshold', range: false },
  LessThanOrEqualToThreshold: {
    breaches: (value, { lower }) => value <= lower,
    words: 'less than or equal to the threshold',
    range: false,
  },
  LessThanLowerOrGreaterThanUpperThreshold: {
    breaches: (value, { upper, lower }) => value < lower || value > upper,
    words: 'less than the lower thresholds or greater than the upper thresholds',
    range: true,
  },
  LessThanLowerThreshold: {
    breaches: (value, { lower }) => value < lower,
    words: 'less than the lower thresholds',
    range: true,
  },
  GreaterThanUpperThreshold: {
    breaches: (value, { upper }) => value > upper,
    words: 'greater than the upper thresholds',
    range: true,
  },
};
