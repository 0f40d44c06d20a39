/**
 * Rules of composite alarms: `ALARM("a") AND NOT OK(b) OR TRUE`.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, AlarmRule
 */
import { invalid } from '../errors';
import type { StateValue } from './alarm';

export type AlarmRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: 'not'; readonly operand: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly AlarmRule[] };

const MAX_LENGTH = 10_240;
const MAX_ALARMS = 100;

/** Throws a ValidationError when the text is no rule. */
export function parseRule(text: string): AlarmRule {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  if (text.length < 1 || text.length > MAX_LENGTH)
    throw invalid(`AlarmRule has 1 to ${MAX_LENGTH} characters, got ${text.length}`);
  const rule = new RuleParser(text).whole();
  if (alarmsIn(rule).length > MAX_ALARMS) throw invalid(`AlarmRule names at most ${MAX_ALARMS} alarms`);
  parsed.set(text, rule);
  return rule;
}

const parsed = new Map<string, AlarmRule>();

export function holds(rule: AlarmRule, stateOf: (alarm: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'not':
      return !holds(rule.operand, stateOf);
    case 'and':
      return rule.operands.every((operand) => holds(operand, stateOf));
    case 'or':
      return rule.operands.some((operand) => holds(operand, stateOf));
  }
}

/** The names of the alarms that a rule is about. */
export function alarmsIn(rule: AlarmRule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [rule.alarm];
    case 'not':
      return alarmsIn(rule.operand);
    default:
      return [...new Set(rule.operands.flatMap(alarmsIn))];
  }
}

const STATE = /\s*(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^)"']*?))\s*\)/y;
const WORD = /\s*(?:(AND|OR|NOT|TRUE|FALSE)(?!\w)|([()]))/iy;

/** AND binds more tightly than OR. */
class RuleParser {
  private position = 0;

  constructor(private readonly text: string) {}

  whole(): AlarmRule {
    const rule = this.any();
    if (this.position < this.text.trimEnd().length) throw this.error();
    return rule;
  }

  private any(): AlarmRule {
    const operands = [this.all()];
    while (this.accept('OR')) operands.push(this.all());
    return operands.length === 1 ? operands[0]! : { kind: 'or', operands };
  }

  private all(): AlarmRule {
    const operands = [this.single()];
    while (this.accept('AND')) operands.push(this.single());
    return operands.length === 1 ? operands[0]! : { kind: 'and', operands };
  }

  private single(): AlarmRule {
    if (this.accept('NOT')) return { kind: 'not', operand: this.single() };
    if (this.accept('TRUE')) return { kind: 'constant', value: true };
    if (this.accept('FALSE')) return { kind: 'constant', value: false };
    if (this.accept('(')) {
      const rule = this.any();
      if (!this.accept(')')) throw this.error();
      return rule;
    }
    return this.state();
  }

  private state(): AlarmRule {
    STATE.lastIndex = this.position;
    const match = STATE.exec(this.text);
    if (match === null) throw this.error();
    this.position = STATE.lastIndex;
    const [, state, double, single, bare] = match;
    const alarm = nameOf((double?.replace(/\\(.)/g, '$1') ?? single ?? bare ?? '').trim());
    return { kind: 'state', state: state as StateValue, alarm };
  }

  private accept(word: string): boolean {
    WORD.lastIndex = this.position;
    const [, name, sign] = WORD.exec(this.text) ?? [];
    if ((name?.toUpperCase() ?? sign) !== word) return false;
    this.position = WORD.lastIndex;
    return true;
  }

  private error() {
    return invalid(
      `AlarmRule is not valid at '${this.text.slice(this.position, this.position + 40).trim()}': ${this.text}`,
    );
  }
}

/** Alarms are named by name or ARN. */
function nameOf(reference: string): string {
  return /^arn:[\w-]+:cloudwatch:[\w-]+:\d{12}:alarm:(.+)$/.exec(reference)?.[1] ?? reference;
}
