import { expand, matchesArn, matchesPattern, type Reading } from './pattern';
import type { PolicyStatement } from './principal';

/** Whether all conditions of a statement hold. An operator that is not known here is an error, never a guess. */
export function conditionsHold(block: PolicyStatement['Condition'], reading: Reading): boolean {
  return Object.entries(block ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, value]) => {
      const wanted = (Array.isArray(value) ? value : [value]).map(String);
      return holds(parseOperator(operator), key, wanted, reading);
    }),
  );
}

type Comparison = (wanted: string, actual: string, reading: Reading) => boolean;

interface Operator {
  readonly text: string;
  readonly quantifier?: string;
  readonly compare: Comparison | 'Null';
  readonly negated: boolean;
  readonly ifExists: boolean;
}

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const COMPARISONS: Readonly<Record<string, Comparison>> = {
  StringEquals: (wanted, actual, reading) => expand(wanted, reading) === actual,
  StringEqualsIgnoreCase: (wanted, actual, reading) => expand(wanted, reading)?.toLowerCase() === actual.toLowerCase(),
  StringLike: (wanted, actual, reading) => matchesPattern(wanted, actual, reading),
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (wanted, actual, reading) => expand(wanted, reading)?.toLowerCase() === actual.toLowerCase(),
  NumericEquals: numeric((wanted, actual) => actual === wanted),
  NumericLessThan: numeric((wanted, actual) => actual < wanted),
  NumericLessThanEquals: numeric((wanted, actual) => actual <= wanted),
  NumericGreaterThan: numeric((wanted, actual) => actual > wanted),
  NumericGreaterThanEquals: numeric((wanted, actual) => actual >= wanted),
  DateEquals: dated((wanted, actual) => actual === wanted),
  DateLessThan: dated((wanted, actual) => actual < wanted),
  DateLessThanEquals: dated((wanted, actual) => actual <= wanted),
  DateGreaterThan: dated((wanted, actual) => actual > wanted),
  DateGreaterThanEquals: dated((wanted, actual) => actual >= wanted),
};

const NEGATIONS: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
};

function parseOperator(text: string): Operator {
  const [, quantifier, name = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const compare = name === 'Null' ? 'Null' : COMPARISONS[NEGATIONS[name] ?? name];
  if (compare === undefined) {
    throw new Error(`the sandbox does not know the condition operator '${text}': add it to sandbox/iam/conditions.ts`);
  }
  return { text, quantifier, compare, negated: name in NEGATIONS, ifExists: ifExists !== undefined };
}

function holds(operator: Operator, key: string, wanted: readonly string[], reading: Reading): boolean {
  const actual = reading.context.get(key);
  const { compare, negated } = operator;
  if (compare === 'Null') return wanted.some((value) => (value.toLowerCase() === 'true') === (actual === undefined));
  if (actual === undefined) return absentHolds(operator);
  const matches = (value: string) => wanted.some((want) => compare(want, value, reading)) !== negated;
  if (operator.quantifier === 'ForAllValues') return actual.every(matches);
  if (operator.quantifier === 'ForAnyValue') return actual.some(matches);
  if (actual.length > 1) {
    throw new Error(
      `the condition key '${key}' has several values here, for which AWS does not define '${operator.text}': ` +
        'use ForAllValues or ForAnyValue',
    );
  }
  return matches(actual[0]!);
}

/** What an operator says of a key that the request does not have. */
function absentHolds({ ifExists, quantifier, negated }: Operator): boolean {
  return ifExists || quantifier === 'ForAllValues' || (negated && quantifier !== 'ForAnyValue');
}

function numeric(compare: (wanted: number, actual: number) => boolean): Comparison {
  return (wanted, actual, reading) => compare(Number(expand(wanted, reading)), Number(actual));
}

function dated(compare: (wanted: number, actual: number) => boolean): Comparison {
  return (wanted, actual, reading) => compare(instant(expand(wanted, reading) ?? ''), instant(actual));
}

/** ISO 8601 or seconds since the epoch. */
function instant(text: string): number {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text);
}
