/** The values that policy variables and condition keys stand for in one request. Keys are not case-sensitive. */
export class ConditionContext {
  private readonly values = new Map<string, readonly string[]>();

  /** Later sources win. An empty list counts as absent, as IAM has it. */
  constructor(...sources: ReadonlyArray<Readonly<Record<string, string | readonly string[]>> | undefined>) {
    for (const source of sources) {
      for (const [key, value] of Object.entries(source ?? {})) {
        const values = typeof value === 'string' ? [value] : value;
        if (values.length > 0) this.values.set(key.toLowerCase(), values);
      }
    }
  }

  get(key: string): readonly string[] | undefined {
    return this.values.get(key.toLowerCase());
  }
}

/** How the text of a policy is read: which context its variables refer to, if its version has variables at all. */
export interface Reading {
  readonly context: ConditionContext;
  readonly variables: boolean;
}

/** Whether `text` is what `pattern` says, where `*` is any text and `?` any character. */
export function matchesPattern(pattern: string, text: string, reading: Reading, caseless = false): boolean {
  const parts = parse(pattern, reading);
  if (parts === undefined) return false;
  const source = parts.map((part) => (part.wildcard ? ANY[part.text]! : literal(part.text))).join('');
  return new RegExp(`^${source}$`, caseless ? 'is' : 's').test(text);
}

/**
 * As {@link matchesPattern} for ARNs, where a wildcard stays within its component, the last excepted.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function matchesArn(pattern: string, arn: string, reading: Reading): boolean {
  if (pattern === '*') return true;
  const parts = parse(pattern, reading);
  if (parts === undefined) return false;
  let source = '';
  let colons = 0;
  for (const part of parts) {
    if (part.wildcard) {
      source += colons < 5 ? WITHIN_COMPONENT[part.text]! : ANY[part.text]!;
    } else {
      source += literal(part.text);
      colons += part.text.split(':').length - 1;
    }
  }
  return new RegExp(`^${source}$`, 's').test(arn);
}

/** The text with its variables replaced; `undefined` when one of them has no value. */
export function expand(text: string, reading: Reading): string | undefined {
  return parse(text, reading)
    ?.map((part) => part.text)
    .join('');
}

/** A wildcard, or literal text; a wildcard sign that comes out of a variable is literal. */
interface Part {
  readonly text: string;
  readonly wildcard: boolean;
}

const ANY: Readonly<Record<string, string>> = { '*': '.*', '?': '.' };
const WITHIN_COMPONENT: Readonly<Record<string, string>> = { '*': '[^:]*', '?': '[^:]' };

function parse(pattern: string, reading: Reading): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (const token of pattern.match(/\$\{[^}]*\}|[*?]|[^*?$]+|\$/g) ?? []) {
    if (token === '*' || token === '?') {
      parts.push({ text: token, wildcard: true });
    } else if (reading.variables && token.startsWith('${')) {
      const value = variable(token.slice(2, -1), reading.context);
      if (value === undefined) return undefined;
      parts.push({ text: value, wildcard: false });
    } else {
      parts.push({ text: token, wildcard: false });
    }
  }
  return parts;
}

/** `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the signs themselves. */
function variable(expression: string, context: ConditionContext): string | undefined {
  if (['*', '?', '$'].includes(expression)) return expression;
  const [, key, fallback] = /^\s*([^,]+?)\s*(?:,\s*'(.*)'\s*)?$/s.exec(expression) ?? [];
  const values = key === undefined ? undefined : context.get(key);
  return values?.length === 1 ? values[0] : fallback;
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
