import { invalidParameter } from './state';

/**
 * A filter pattern for unstructured events: terms, all of which a message must have; those after `?`, of which one will
 * do; and those after `-`, which it must not have. Patterns for JSON and for fields between spaces are refused.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function matcherOf(pattern: string | undefined): (message: string) => boolean {
  const terms = parse(pattern ?? '');
  const kind = (sign: string) => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const [all, any, none] = [kind(''), kind('?'), kind('-')];
  return (message) =>
    all.every((text) => message.includes(text)) &&
    // Beside a term that must be there, optional ones have no effect.
    (any.length === 0 || all.length > 0 || any.some((text) => message.includes(text))) &&
    !none.some((text) => message.includes(text));
}

interface Term {
  readonly sign: string;
  readonly text: string;
}

function parse(pattern: string): readonly Term[] {
  const trimmed = pattern.trim();
  if (/^[{[%]/.test(trimmed)) {
    throw invalidParameter(`Invalid filter pattern: the sandbox knows terms and "phrases" only, got ${pattern}`);
  }
  const terms = trimmed.match(/[?-]?(?:"(?:[^"\\]|\\.)*"|[^\s"]+)/g) ?? [];
  if (terms.join('').length !== trimmed.replace(/\s+(?=(?:[^"]*"[^"]*")*[^"]*$)/g, '').length) {
    throw invalidParameter(`Invalid filter pattern: ${pattern}`);
  }
  return terms.map((term) => {
    const sign = /^[?-]/.exec(term)?.[0] ?? '';
    const body = term.slice(sign.length);
    const text = body.startsWith('"') ? body.slice(1, -1).replace(/\\(.)/g, '$1') : body;
    return { sign, text };
  });
}
