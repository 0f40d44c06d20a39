/**
 * The syntax of metric math.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
import { invalid } from '../errors';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  /** The id of a query, or a word such as REPEAT. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | { readonly kind: 'operation'; readonly operator: string; readonly left: Expression; readonly right: Expression };

/** Throws a ValidationError that quotes the text. */
export function parse(text: string): Expression {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const expression = new Parser(text).whole();
  parsed.set(text, expression);
  return expression;
}

/** Alarms ask for the same expressions every minute. */
const parsed = new Map<string, Expression>();

/** The expression and all its parts. */
export function* parts(expression: Expression): Generator<Expression> {
  yield expression;
  const inner =
    expression.kind === 'list'
      ? expression.items
      : expression.kind === 'call'
        ? expression.arguments
        : expression.kind === 'negation'
          ? [expression.operand]
          : expression.kind === 'operation'
            ? [expression.left, expression.right]
            : [];
  for (const part of inner) yield* parts(part);
}

/** From the loosest to the tightest. */
const LEVELS: ReadonlyArray<readonly string[]> = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|'([^']*)'|"([^"]*)"|(\|\||&&|[=!<>]=|[-+*/^<>()[\],]))/y;

interface Token {
  readonly kind: 'number' | 'word' | 'text' | 'sign' | 'end';
  readonly text: string;
}

class Parser {
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(private readonly text: string) {
    this.tokens = this.scan();
  }

  whole(): Expression {
    const expression = this.level(0);
    if (this.next.kind !== 'end') throw this.error(`unexpected '${this.next.text}'`);
    return expression;
  }

  private level(depth: number): Expression {
    const operators = LEVELS[depth];
    if (operators === undefined) return this.unary();
    let left = this.level(depth + 1);
    for (let operator = this.accept(...operators); operator !== undefined; operator = this.accept(...operators)) {
      left = { kind: 'operation', operator, left, right: this.level(depth + 1) };
    }
    return left;
  }

  private unary(): Expression {
    if (this.accept('-') !== undefined) return { kind: 'negation', operand: this.unary() };
    const left = this.primary();
    return this.accept('^') === undefined ? left : { kind: 'operation', operator: '^', left, right: this.unary() };
  }

  private primary(): Expression {
    if (this.accept('(') !== undefined) {
      const inner = this.level(0);
      this.expect(')');
      return inner;
    }
    if (this.accept('[') !== undefined) return { kind: 'list', items: this.items(']') };
    const { kind, text } = this.next;
    this.position += 1;
    if (kind === 'number') return { kind, value: Number(text) };
    if (kind === 'text') return { kind, text };
    if (kind !== 'word') throw this.error(kind === 'end' ? 'it ends too early' : `unexpected '${text}'`);
    return this.accept('(') === undefined
      ? { kind: 'name', name: text }
      : { kind: 'call', name: text, arguments: this.items(')') };
  }

  private items(close: string): Expression[] {
    const items: Expression[] = [];
    if (this.accept(close) !== undefined) return items;
    do items.push(this.level(0));
    while (this.accept(',') !== undefined);
    this.expect(close);
    return items;
  }

  private get next(): Token {
    return this.tokens[this.position]!;
  }

  private accept(...signs: readonly string[]): string | undefined {
    const { kind, text } = this.next;
    if ((kind !== 'sign' && kind !== 'word') || !signs.includes(text)) return undefined;
    this.position += 1;
    return text;
  }

  private expect(sign: string): void {
    if (this.accept(sign) === undefined) throw this.error(`expected '${sign}', got '${this.next.text}'`);
  }

  private scan(): Token[] {
    const tokens: Token[] = [];
    const end = this.text.trimEnd().length;
    for (TOKEN.lastIndex = 0; TOKEN.lastIndex < end; ) {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(this.text);
      if (match === null) throw this.error(`unexpected '${this.text.slice(start).trim()[0]}'`);
      const [, number, word, single, double, sign] = match;
      if (number !== undefined) tokens.push({ kind: 'number', text: number });
      else if (word !== undefined) tokens.push({ kind: 'word', text: word });
      else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
      else tokens.push({ kind: 'text', text: single ?? double ?? '' });
    }
    return [...tokens, { kind: 'end', text: 'the end' }];
  }

  private error(what: string) {
    return invalid(`Error in expression '${this.text}': ${what}`);
  }
}
