import type { ChoiceRule, Json } from './definition';
import { hasPath, isPath, select } from './paths';
import { StateError } from './state-error';

/** What the sandbox cannot interpret in a rule, if anything. */
export function checkChoiceRule(rule: ChoiceRule): string | undefined {
  const parts = [...(rule.And ?? []), ...(rule.Or ?? []), ...(rule.Not === undefined ? [] : [rule.Not])];
  if (parts.length > 0) return parts.map(checkChoiceRule).find((fault) => fault !== undefined);
  if (rule.Variable === undefined || !isPath(rule.Variable)) return `Variable "${rule.Variable}" is not a simple path`;
  const comparisons = operators(rule);
  const [operator] = comparisons;
  if (comparisons.length !== 1 || operator === undefined) return 'a choice needs exactly one comparison';
  if (!(operator in TESTS) && parseComparison(operator) === undefined) {
    return `the sandbox does not know the comparison ${operator}`;
  }
  return operator.endsWith('Path') && !isPath(rule[operator]) ? `${operator} is not a simple path` : undefined;
}

/** Whether the rule holds for the input. */
export function matches(rule: ChoiceRule, input: Json): boolean {
  if (rule.And !== undefined) return rule.And.every((part) => matches(part, input));
  if (rule.Or !== undefined) return rule.Or.some((part) => matches(part, input));
  if (rule.Not !== undefined) return !matches(rule.Not, input);
  const variable = rule.Variable ?? '$';
  const [operator = ''] = operators(rule);
  if (operator === 'IsPresent') return hasPath(input, variable) === rule.IsPresent;
  const value = select(input, variable);
  const test = TESTS[operator];
  if (test !== undefined) return test(value, rule[operator]);
  return compare(operator, value, rule[operator], input);
}

function operators(rule: ChoiceRule): string[] {
  return Object.keys(rule).filter((key) => !['Variable', 'Next', 'Comment'].includes(key));
}

const TESTS: Readonly<Record<string, (value: Json, operand: Json) => boolean>> = {
  IsPresent: () => true,
  IsNull: (value, operand) => (value === null) === operand,
  IsString: (value, operand) => (typeof value === 'string') === operand,
  IsNumeric: (value, operand) => (typeof value === 'number') === operand,
  IsBoolean: (value, operand) => (typeof value === 'boolean') === operand,
  IsTimestamp: (value, operand) => isTimestamp(value) === operand,
  StringMatches: (value, operand) => typeof value === 'string' && wildcard(operand).test(value),
};

/** `\*` is an asterisk, `*` anything. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.match(/\\[\s\S]|\*|[^\\*]+/g) ?? [];
  const source = parts.map((part) => (part === '*' ? '[\\s\\S]*' : escapeRegExp(part.replace(/^\\/, ''))));
  return new RegExp(`^${source.join('')}$`);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function parseComparison(operator: string) {
  return /^(?<type>String|Numeric|Timestamp|Boolean)(?<relation>Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(?<path>Path)?$/.exec(
    operator,
  )?.groups as { type: string; relation: string; path?: string } | undefined;
}

function compare(operator: string, value: Json, operand: Json, input: Json): boolean {
  const comparison = parseComparison(operator);
  if (comparison === undefined) throw new StateError('States.Runtime', `unknown comparison ${operator}`);
  const other = comparison.path === undefined ? operand : select(input, operand);
  const a = comparable(comparison.type, value);
  const b = comparable(comparison.type, other);
  // Values of another type than the comparison's never match.
  if (a === undefined || b === undefined) return false;
  switch (comparison.relation) {
    case 'Equals':
      return a === b;
    case 'LessThan':
      return a < b;
    case 'GreaterThan':
      return a > b;
    case 'LessThanEquals':
      return a <= b;
    default:
      return a >= b;
  }
}

function comparable(type: string, value: Json): string | number | boolean | undefined {
  if (type === 'Timestamp') return isTimestamp(value) ? Date.parse(value) : undefined;
  const expected = { String: 'string', Numeric: 'number', Boolean: 'boolean' }[type];
  return typeof value === expected ? value : undefined;
}

function isTimestamp(value: Json): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value);
}
