/**
 * Why an alarm is in its state, in the sentences of AWS. Examples:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
import type { AlarmState, MetricAlarmSettings, StateValue } from './alarm';
import { COMPARISONS, type Threshold } from './comparison';
import type { Verdict } from './verdict';

export const UNCHECKED = 'Unchecked: Initial alarm creation';

export interface Datapoint {
  readonly timestamp: number;
  readonly value?: number;
  readonly sampleCount?: number;
  readonly threshold?: Threshold;
}

export interface Evaluated {
  readonly now: number;
  readonly periodSeconds: number;
  readonly stat?: string;
  /** Of the whole evaluation range, the oldest first. */
  readonly datapoints: readonly Datapoint[];
  readonly verdict: Verdict;
}

export function reasonOf(
  settings: MetricAlarmSettings,
  from: StateValue,
  to: StateValue,
  evaluated: Evaluated,
): string {
  const { counted, filled } = evaluated.verdict;
  if (to === 'INSUFFICIENT_DATA') return `Insufficient Data: ${count(filled, 'datapoint')} ${were(filled)} unknown.`;
  if (counted.length === 0) {
    const treated = settings.TreatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    return (
      `Threshold Crossed: no datapoints were received for ${count(filled, 'period')} and ` +
      `${count(filled, 'missing datapoint')} ${were(filled)} treated as [${treated}].`
    );
  }
  return crossed(settings, from, to, evaluated);
}

function crossed(settings: MetricAlarmSettings, from: StateValue, to: StateValue, evaluated: Evaluated): string {
  const { datapoints, verdict } = evaluated;
  const { EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods } = settings;
  const points = verdict.counted.map((index) => datapoints[index]!);
  const matching = points.filter(({ value, threshold }) => {
    return threshold !== undefined && breaches(settings, value!, threshold) === (to === 'ALARM');
  });
  // The newest first, as in the examples.
  const shown = [...matching].reverse().map(({ value, timestamp }) => `${decimal(value!)} (${shortDate(timestamp)})`);
  const verb = `${matching.length === 1 ? 'was' : 'were'}${to === 'ALARM' ? '' : ' not'}`;
  const least = to === 'ALARM' ? DatapointsToAlarm : EvaluationPeriods - DatapointsToAlarm + 1;
  return (
    `${settings.Threshold === undefined ? 'Thresholds' : 'Threshold'} Crossed: ` +
    `${matching.length} out of the last ${EvaluationPeriods} datapoints [${shown.join(', ')}] ${verb} ` +
    `${words(settings, matching)} (minimum ${count(least, 'datapoint')} for ${from} -> ${to} transition).`
  );
}

export function breaches({ ComparisonOperator }: MetricAlarmSettings, value: number, threshold: Threshold): boolean {
  return COMPARISONS[ComparisonOperator]!.breaches(value, threshold);
}

/** `greater than the threshold (50.0)`, or with the bounds of a band at each data point. */
function words({ ComparisonOperator, Threshold: fixed }: MetricAlarmSettings, points: readonly Datapoint[]): string {
  const text = COMPARISONS[ComparisonOperator]!.words;
  if (fixed !== undefined) return `${text} (${decimal(fixed)})`;
  const bounds = (side: 'lower' | 'upper') => points.map(({ threshold }) => decimal(threshold![side])).join(', ');
  return text.replace(/(lower|upper) thresholds/g, (all, side) => `${all} [${bounds(side)}]`);
}

/** The JSON beside the reason. */
export function reasonDataOf(
  settings: MetricAlarmSettings,
  { now, periodSeconds, stat, datapoints, verdict }: Evaluated,
): string {
  const real = verdict.counted.map((index) => datapoints[index]!);
  const evaluated = datapoints.slice(-settings.EvaluationPeriods);
  return JSON.stringify({
    version: '1.0',
    queryDate: longDate(now),
    ...(real.length > 0 && { startDate: longDate(real[0]!.timestamp) }),
    ...(stat !== undefined && { statistic: stat }),
    period: periodSeconds,
    recentDatapoints: real.map(({ value }) => value),
    ...(settings.Threshold === undefined
      ? {
          recentLowerThresholds: real.map(({ threshold }) => threshold?.lower),
          recentUpperThresholds: real.map(({ threshold }) => threshold?.upper),
        }
      : { threshold: settings.Threshold }),
    evaluatedDatapoints: [...new Set([...real, ...evaluated])]
      .sort((a, b) => b.timestamp - a.timestamp)
      .map(({ timestamp, sampleCount, value }) => ({ timestamp: longDate(timestamp), sampleCount, value })),
  });
}

/** For an alarm that has never had another state. */
export function initialState(now: number): AlarmState {
  return { value: 'INSUFFICIENT_DATA', reason: UNCHECKED, at: now };
}

/** `2029-12-31T23:59:30.000+0000`. */
export function longDate(time: number): string {
  return new Date(time).toISOString().replace('Z', '+0000');
}

/** `31/12/29 23:59:00`. */
function shortDate(time: number): string {
  const [, year, month, day, clock] = /^\d\d(\d\d)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)/.exec(new Date(time).toISOString())!;
  return `${day}/${month}/${year} ${clock}`;
}

/** Whole numbers show that they are decimals. */
function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function were(number: number): string {
  return number === 1 ? 'was' : 'were';
}
