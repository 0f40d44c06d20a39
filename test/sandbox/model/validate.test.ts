import type { ServiceModel } from '../../../sandbox/model/model';
import { validate, validateOutput, validationMessage } from '../../../sandbox/model/validate';

const model: ServiceModel = {
  signingName: 'test',
  protocol: 'rest-json',
  apiVersion: '2030-01-01',
  operations: {},
  shapes: {
    Request: {
      type: 'structure',
      members: {
        Name: { shape: 'Name' },
        Rate: { shape: 'Rate' },
        Count: { shape: 'Count' },
        Big: { shape: 'Big' },
        Enabled: { shape: 'Boolean' },
        Mode: { shape: 'Mode' },
        Pages: { shape: 'Pages' },
        Tags: { shape: 'Tags' },
        At: { shape: 'Time' },
        Data: { shape: 'Blob' },
        Inner: { shape: 'Inner' },
      },
      required: ['Name'],
    },
    Inner: { type: 'structure', members: { Value: { shape: 'Name' } }, required: ['Value'] },
    Name: { type: 'string', min: 2, max: 4, pattern: '^(?:[a-z]+)$' },
    Emoji: { type: 'string', max: 2 },
    Rate: { type: 'double', min: 0, max: 1 },
    Count: { type: 'integer', min: 1 },
    Big: { type: 'long' },
    Boolean: { type: 'boolean' },
    Mode: { type: 'string', values: ['ON', 'OFF'] },
    Pages: { type: 'list', member: 'Name', min: 1, max: 2 },
    Tags: { type: 'map', key: 'TagKey', value: 'Name', max: 1 },
    TagKey: { type: 'string', max: 3, pattern: '^(?:(?!aws:)\\p{L}+)$' },
    Time: { type: 'timestamp' },
    Blob: { type: 'blob' },
  },
};

const failed = (value: string, path: string, constraint: string) =>
  `Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`;

describe('an input is checked against its model', () => {
  test.each<[string, object, string[]]>([
    ['nothing wrong', { Name: 'abc' }, []],
    ['a required member that is missing', {}, [failed('null', 'name', 'Member must not be null')]],
    ['null for a required member', { Name: null }, [failed('null', 'name', 'Member must not be null')]],
    ['null for another member', { Name: 'abc', Rate: null }, []],
    ['an unknown member', { Name: 'abc', Other: 1 }, []],
    ['too short', { Name: 'a' }, [failed("'a'", 'name', 'Member must have length greater than or equal to 2')]],
    ['too long', { Name: 'abcde' }, [failed("'abcde'", 'name', 'Member must have length less than or equal to 4')]],
    [
      'a pattern that only a part of the value matches',
      { Name: 'ab1' },
      [failed("'ab1'", 'name', 'Member must satisfy regular expression pattern: ^(?:[a-z]+)$')],
    ],
    ['a number for text', { Name: 5 }, [failed("'5'", 'name', 'Member must be of type string')]],
    ['text for a number', { Name: 'abc', Rate: '0.1' }, [failed("'0.1'", 'rate', 'Member must be of type double')]],
    [
      'a number above the range',
      { Name: 'abc', Rate: 2 },
      [failed("'2'", 'rate', 'Member must have value less than or equal to 1')],
    ],
    [
      'a number below the range',
      { Name: 'abc', Count: 0 },
      [failed("'0'", 'count', 'Member must have value greater than or equal to 1')],
    ],
    [
      'a fraction for an integer',
      { Name: 'abc', Count: 1.5 },
      [failed("'1.5'", 'count', 'Member must be of type integer')],
    ],
    [
      'an integer of more than 32 bits',
      { Name: 'abc', Count: 2 ** 31 },
      [failed("'2147483648'", 'count', 'Member must be of type integer')],
    ],
    ['a long of more than 32 bits', { Name: 'abc', Big: 2 ** 40 }, []],
    [
      'text for a boolean',
      { Name: 'abc', Enabled: 'true' },
      [failed("'true'", 'enabled', 'Member must be of type boolean')],
    ],
    [
      'a value outside its enumeration',
      { Name: 'abc', Mode: 'on' },
      [failed("'on'", 'mode', 'Member must satisfy enum value set: [ON, OFF]')],
    ],
    [
      'an empty list',
      { Name: 'abc', Pages: [] },
      [failed("'[]'", 'pages', 'Member must have length greater than or equal to 1')],
    ],
    [
      'a long list with a wrong member',
      { Name: 'abc', Pages: ['ab', 'cd', 'e'] },
      [
        failed("'[ab, cd, e]'", 'pages', 'Member must have length less than or equal to 2'),
        failed("'e'", 'pages.3.member', 'Member must have length greater than or equal to 2'),
      ],
    ],
    ['null in a list', { Name: 'abc', Pages: [null] }, [failed('null', 'pages.1.member', 'Member must not be null')]],
    ['a list for a map', { Name: 'abc', Tags: [] }, [failed("'[]'", 'tags', 'Member must be of type map')]],
    ['a map for a list', { Name: 'abc', Pages: {} }, [failed("'{}'", 'pages', 'Member must be of type list')]],
    [
      'a wrong key and a wrong value of a map',
      { Name: 'abc', Tags: { 'aws:x': 'V' } },
      [
        failed(
          "'{aws:x=V}'",
          'tags',
          'Map keys must satisfy constraint: [Member must have length less than or equal to 3, ' +
            'Member must satisfy regular expression pattern: ^(?:(?!aws:)\\p{L}+)$]',
        ),
        failed("'V'", 'tags.aws:x.member', 'Member must have length greater than or equal to 2'),
        failed("'V'", 'tags.aws:x.member', 'Member must satisfy regular expression pattern: ^(?:[a-z]+)$'),
      ],
    ],
    ['letters outside ASCII', { Name: 'abc', Tags: { äé: 'ab' } }, []],
    ['a nested member', { Name: 'abc', Inner: {} }, [failed('null', 'inner.value', 'Member must not be null')]],
    ['a date', { Name: 'abc', At: new Date(0) }, []],
    ['seconds since the epoch', { Name: 'abc', At: 1.5 }, []],
    ['a date as text', { Name: 'abc', At: '2030-01-01T00:00:00Z' }, []],
    ['no date', { Name: 'abc', At: 'today' }, [failed("'today'", 'at', 'Member must be of type timestamp')]],
    ['bytes', { Name: 'abc', Data: new Uint8Array(1) }, []],
  ])('%s', (_case, input, violations) => {
    expect(validate(model, 'Request', input)).toEqual(violations);
  });

  test('no input at all is an empty one', () => {
    expect(validate(model, 'Request', undefined)).toHaveLength(1);
  });

  test('characters are counted, not code units', () => {
    expect(validate(model, 'Emoji', '😀😀')).toEqual([]);
    expect(validate(model, 'Emoji', '😀😀😀')).toHaveLength(1);
  });

  test('a shape that the model lacks is a fault of the sandbox', () => {
    expect(() => validate(model, 'Nothing', {})).toThrow("has no shape 'Nothing'");
  });

  test('all violations make one message', () => {
    expect(validationMessage(['a'])).toBe('1 validation error detected: a');
    expect(validationMessage(['a', 'b'])).toBe('2 validation errors detected: a; b');
  });
});

describe('an output is checked against its model', () => {
  test.each<[string, object, string[]]>([
    ['members may be missing', {}, []],
    [
      'lengths and patterns do not count',
      { Name: 'Much too long', Pages: [], Tags: { 'aws:cloudformation:x': 'A1' } },
      [],
    ],
    [
      'unknown members are faults',
      { Other: 1, Inner: { More: 2 } },
      ["Member 'inner.more' is not one of shape Inner", "Member 'other' is not one of shape Request"],
    ],
    ['other types are faults', { Name: 5 }, [failed("'5'", 'name', 'Member must be of type string')]],
    [
      'unknown enumeration values are faults',
      { Mode: 'NO' },
      [failed("'NO'", 'mode', 'Member must satisfy enum value set: [ON, OFF]')],
    ],
  ])('%s', (_case, output, violations) => {
    expect(validateOutput(model, 'Request', output)).toEqual(violations);
  });

  test('no output is an empty one', () => {
    expect(validateOutput(model, 'Request', undefined)).toEqual([]);
  });
});
