/**
 * A documented pattern as a regular expression. AWS writes patterns for Java; Unicode classes need JavaScript's `u`
 * flag and superfluous escapes forbid it, so it is used where it can be.
 */
export function compilePattern(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const expression = compile(pattern);
  compiled.set(pattern, expression);
  return expression;
}

const compiled = new Map<string, RegExp>();

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    if (/\\p\{/i.test(pattern)) {
      throw new Error(`pattern ${pattern} is not valid in JavaScript, rewrite it in the model: ${String(error)}`);
    }
    return new RegExp(pattern);
  }
}
