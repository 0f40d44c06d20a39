import { Lazy } from 'aws-cdk-lib';
import { knownEntries, Validation } from '../../src/core/validation';

const TOKEN = Lazy.string({ produce: () => 'later' });
const NUMBER_TOKEN = Lazy.number({ produce: () => 99 });
const LIST_TOKEN = Lazy.list({ produce: () => ['later'] });

function problemsOf(check: (validation: Validation) => void): string[] {
  const validation = new Validation('Stack/Thing');
  check(validation);
  return validation.all();
}

test('a problem shows the property, the rule and the value', () => {
  expect(problemsOf((v) => v.check('color', 'mauve', false, 'be red or blue'))).toEqual([
    'color must be red or blue, got "mauve"',
  ]);
});

test('all problems are said at once, after the path of the construct', () => {
  const validation = new Validation('Stack/Thing').check('a', 1, false, 'be 2').require(false, 'pass b or c');
  expect(() => validation.throwIfInvalid()).toThrow(new Error('Stack/Thing: a must be 2, got 1; pass b or c'));
});

test('what holds is no problem', () => {
  const validation = new Validation('Stack/Thing').check('a', 1, true, 'be 1').require(true, 'never said');
  expect(validation.all()).toEqual([]);
  expect(() => validation.throwIfInvalid()).not.toThrow();
});

test('a long value is cut to 120 characters', () => {
  const [problem] = problemsOf((v) => v.check('text', 'x'.repeat(5000), false, 'be short'));
  expect(problem).toHaveLength('text must be short, got '.length + 119);
  expect(problem).toMatch(/x…"$/);
});

describe('length', () => {
  test.each(['ab', 'abcd'])('accepts the boundary %p', (value) => {
    expect(problemsOf((v) => v.length('name', value, 2, 4))).toEqual([]);
  });

  test.each(['a', 'abcde'])('rejects %p, one beyond the boundary', (value) => {
    expect(problemsOf((v) => v.length('name', value, 2, 4))).toEqual([
      `name must have 2 to 4 characters (it has ${value.length}), got "${value}"`,
    ]);
  });
});

describe('range', () => {
  test.each([0, 0.5, 1])('accepts %p', (value) => {
    expect(problemsOf((v) => v.range('rate', value, 0, 1))).toEqual([]);
  });

  test.each([-0.01, 1.01, Number.NaN, Number.POSITIVE_INFINITY])('rejects %p', (value) => {
    expect(problemsOf((v) => v.range('rate', value, 0, 1, ' percent'))).toEqual([
      expect.stringMatching(/^rate must be from 0 to 1 percent, got /),
    ]);
  });
});

describe('count', () => {
  test.each([1, 3])('accepts %p entries', (size) => {
    expect(problemsOf((v) => v.count('list', new Array(size).fill('x'), 1, 3))).toEqual([]);
  });

  test.each([0, 4])('rejects %p entries', (size) => {
    expect(problemsOf((v) => v.count('list', new Array(size).fill('x'), 1, 3))).toEqual([
      `list must have 1 to 3 entries, got "${size} entries"`,
    ]);
  });
});

test('a pattern that does not match is a problem', () => {
  expect(problemsOf((v) => v.pattern('name', 'a b', /^\w+$/, 'be one word'))).toEqual([
    'name must be one word, got "a b"',
  ]);
});

test('tokens and absent values are skipped', () => {
  const problems = problemsOf((v) =>
    v
      .length('s', TOKEN, 1, 2)
      .length('s', undefined, 1, 2)
      .pattern('s', TOKEN, /^x$/, 'be x')
      .pattern('s', undefined, /^x$/, 'be x')
      .range('n', NUMBER_TOKEN, 0, 1)
      .range('n', undefined, 0, 1)
      .count('l', LIST_TOKEN, 2, 3)
      .count('l', undefined, 2, 3),
  );
  expect(problems).toEqual([]);
});

test('a list that is a token has no known entries', () => {
  expect(knownEntries(LIST_TOKEN)).toEqual([]);
  expect(knownEntries(undefined)).toEqual([]);
  expect(knownEntries(['a', TOKEN])).toEqual(['a', TOKEN]);
});
