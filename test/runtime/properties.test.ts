import { Properties } from '../../src/runtime/properties';

function of(value: unknown): Properties {
  return new Properties({ P: value });
}

const MISSING: unknown[] = [undefined, null];

describe('a string', () => {
  test('is answered as it is', () => {
    expect(of('a b').string('P')).toBe('a b');
    expect(of('true').optionalString('P')).toBe('true');
  });

  test.each([...MISSING, ''])('is missing when it is %p', (value) => {
    expect(of(value).optionalString('P')).toBeUndefined();
    expect(() => of(value).string('P')).toThrow('property P is required but missing or empty');
  });

  test.each([
    [1, '1'],
    [true, 'true'],
    [['a'], '["a"]'],
    [{ a: 1 }, '{"a":1}'],
  ])('is not %p', (value, shown) => {
    expect(() => of(value).string('P')).toThrow(`property P must be a string, got ${shown}`);
  });
});

describe('a number', () => {
  test.each([
    ['0.1', 0.1],
    ['0', 0],
    ['-5', -5],
    ['900', 900],
    ['1e3', 1000],
    [0, 0],
    [0.25, 0.25],
  ])('is read from %p', (value, number) => {
    expect(of(value).optionalNumber('P')).toBe(number);
  });

  test.each([...MISSING, ''])('is missing when it is %p', (value) => {
    expect(of(value).optionalNumber('P')).toBeUndefined();
  });

  test.each([
    ['ten', '"ten"'],
    ['1,5', '"1,5"'],
    ['NaN', '"NaN"'],
    ['Infinity', '"Infinity"'],
    [true, 'true'],
    [['1'], '["1"]'],
  ])('is not %p', (value, shown) => {
    expect(() => of(value).optionalNumber('P')).toThrow(`property P must be a number, got ${shown}`);
  });
});

describe('a boolean', () => {
  test.each([
    ['true', true],
    ['false', false],
    [true, true],
    [false, false],
  ])('is read from %p', (value, boolean) => {
    expect(of(value).optionalBoolean('P')).toBe(boolean);
  });

  test.each([...MISSING, ''])('is missing when it is %p', (value) => {
    expect(of(value).optionalBoolean('P')).toBeUndefined();
  });

  test.each([
    ['True', '"True"'],
    ['yes', '"yes"'],
    ['1', '"1"'],
    [0, '0'],
    [[], '[]'],
  ])('is not %p', (value, shown) => {
    expect(() => of(value).optionalBoolean('P')).toThrow(`property P must be true or false, got ${shown}`);
  });
});

describe('a list of strings', () => {
  test.each([[[]], [['a']], [['b', 'a', 'b']]])('is answered as it is: %p', (value) => {
    expect(of(value).optionalStrings('P')).toEqual(value);
  });

  test.each(MISSING)('is missing when it is %p', (value) => {
    expect(of(value).optionalStrings('P')).toBeUndefined();
  });

  test.each([
    ['a', '"a"'],
    [[1], '[1]'],
    [['a', null], '["a",null]'],
    [{}, '{}'],
  ])('is not %p', (value, shown) => {
    expect(() => of(value).optionalStrings('P')).toThrow(`property P must be a list of strings, got ${shown}`);
  });
});

describe('an object', () => {
  test('is read like the properties themselves', () => {
    expect(of({ Q: '5' }).optionalObject('P')?.optionalNumber('Q')).toBe(5);
  });

  test('has its path in the errors', () => {
    const inner = of({ Q: { R: 'x' } })
      .optionalObject('P')
      ?.optionalObject('Q');
    expect(() => inner?.optionalNumber('R')).toThrow('property P.Q.R must be a number, got "x"');
    expect(() => inner?.string('S')).toThrow('property P.Q.S is required but missing or empty');
  });

  test.each(MISSING)('is missing when it is %p', (value) => {
    expect(of(value).optionalObject('P')).toBeUndefined();
  });

  test.each([
    ['{}', '"{}"'],
    [[], '[]'],
    [1, '1'],
  ])('is not %p', (value, shown) => {
    expect(() => of(value).optionalObject('P')).toThrow(`property P must be an object, got ${shown}`);
  });
});

describe('tags', () => {
  test('are read from a list of keys and values', () => {
    const value = [
      { Key: 'a', Value: '1' },
      { Key: 'b', Value: '' },
    ];
    expect(of(value).tags('P')).toEqual({ a: '1', b: '' });
  });

  test.each([...MISSING, []])('are none when the property is %p', (value) => {
    expect(of(value).tags('P')).toEqual({});
  });

  test('are not a map', () => {
    expect(() => of({ a: '1' }).tags('P')).toThrow('property P must be a list of tags, got {"a":"1"}');
  });

  test.each([
    [{ Key: 'a' }, '{"Key":"a"}'],
    [{ Value: 'a' }, '{"Value":"a"}'],
    [{ key: 'a', value: 'b' }, '{"key":"a","value":"b"}'],
    [{ Key: 'a', Value: 1 }, '{"Key":"a","Value":1}'],
    ['a=1', '"a=1"'],
    [null, 'null'],
  ])('do not contain %p', (tag, shown) => {
    expect(() => of([tag]).tags('P')).toThrow(`property P must be a tag with Key and Value, got ${shown}`);
  });
});

describe('lists of objects and documents', () => {
  test('a mismatch inside of a list names the item', () => {
    const [, second] = new Properties({ Items: [{ Name: 'a' }, { Name: 2 }] }).objects('Items');
    expect(() => second?.string('Name')).toThrow('property Items.1.Name must be a string, got 2');
  });

  test('an absent list is empty, and a document is passed on as it is', () => {
    expect(new Properties({}).objects('Items')).toEqual([]);
    expect(new Properties({ Document: { a: ['b'] } }).document('Document')).toEqual({ a: ['b'] });
  });
});
