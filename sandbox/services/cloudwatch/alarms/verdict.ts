/**
 * What the data points of an alarm come to.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html, "Evaluating an alarm" and
 * "Configuring how CloudWatch alarms treat missing data" with its tables and "Avoiding premature transitions to alarm state"
 */
import type { StateValue } from './alarm';

export type Mark = 'breaching' | 'ok' | 'missing';

export interface Rule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: string;
}

export interface Verdict {
  /** `undefined`: the state stays as it is. */
  readonly state?: StateValue;
  /** The places of the data points that counted, the oldest first. */
  readonly counted: readonly number[];
  /** How many missing ones counted as well. */
  readonly filled: number;
}

/** The marks of the evaluation range, the oldest first: at least as many as the alarm has evaluation periods. */
export function verdict(marks: readonly Mark[], rule: Rule): Verdict {
  const real = marks.flatMap((mark, index) => (mark === 'missing' ? [] : [index]));
  const counted = real.slice(-rule.evaluationPeriods);
  const filled = rule.evaluationPeriods - counted.length;
  const breaching = counted.filter((index) => marks[index] === 'breaching').length;
  return { state: stateOf(marks, rule, { real: counted.length, breaching, filled }), counted, filled };
}

interface Counts {
  readonly real: number;
  readonly breaching: number;
  readonly filled: number;
}

function stateOf(marks: readonly Mark[], rule: Rule, { real, breaching, filled }: Counts): StateValue | undefined {
  const { datapointsToAlarm, treatMissingData } = rule;
  const enough = (count: number): StateValue => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (filled === 0) return enough(breaching);
  if (treatMissingData === 'breaching') return enough(breaching + filled);
  if (treatMissingData === 'notBreaching' || breaching >= datapointsToAlarm) return enough(breaching);
  if (real > breaching) return 'OK';
  if (treatMissingData === 'ignore') return undefined;
  if (real === 0) return 'INSUFFICIENT_DATA';
  // All that is there breaches, and it is less than it takes. Once it is old enough it counts all the same; what happens
  // before that is not documented, except that the alarm does not fire.
  const age = marks.length - marks.indexOf('breaching');
  return age >= datapointsToAlarm ? 'ALARM' : undefined;
}
