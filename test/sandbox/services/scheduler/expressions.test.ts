import { parseExpression } from '../../../../sandbox/services/scheduler/expressions';

/** The first times after an instant. */
function times(expression: string, after: string, count: number, zone?: string): string[] {
  const recurrence = parseExpression(expression, zone);
  const base = Date.parse(after);
  const found: string[] = [];
  let at: number | undefined = base;
  while (found.length < count) {
    at = recurrence.next(at, base);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().slice(0, 16));
  }
  return found;
}

describe('cron', () => {
  test.each([
    ['* * * * ? *', ['2030-01-31T23:59', '2030-02-01T00:00']],
    ['0/15 * * * ? *', ['2030-02-01T00:00', '2030-02-01T00:15']],
    [
      '5,10-12 3 * * ? *',
      ['2030-02-01T03:05', '2030-02-01T03:10', '2030-02-01T03:11', '2030-02-01T03:12', '2030-02-02T03:05'],
    ],
    ['0 8 1 * ? *', ['2030-02-01T08:00', '2030-03-01T08:00']],
    ['0 18 ? * MON-FRI *', ['2030-02-01T18:00', '2030-02-04T18:00']],
    ['0 0 L * ? *', ['2030-02-28T00:00', '2030-03-31T00:00']],
    ['15 10 ? * 6L 2030-2031', ['2030-02-22T10:15', '2030-03-29T10:15']],
    ['0 9 ? * 2#1 *', ['2030-02-04T09:00', '2030-03-04T09:00']],
    ['0 9 ? * L *', ['2030-02-02T09:00', '2030-02-09T09:00']],
    // The 2nd of February 2030 is a Saturday, the 1st of June a Saturday, the 30th of June a Sunday.
    ['0 9 2W FEB ? *', ['2030-02-01T09:00', '2031-02-03T09:00']],
    ['0 9 1W JUN ? *', ['2030-06-03T09:00']],
    ['0 9 30W 6 ? *', ['2030-06-28T09:00']],
    ['0 0 29 2 ? *', ['2032-02-29T00:00', '2036-02-29T00:00']],
    ['0 0 1 1 ? 2032/2', ['2032-01-01T00:00', '2034-01-01T00:00']],
    ['0 0 30 2 ? *', []],
    ['0 0 1 1 ? 2029', []],
  ])('(%s) fires at the right times', (fields, expected) => {
    expect(times(`cron(${fields})`, '2030-01-31T23:58:30Z', expected.length || 1)).toEqual(expected);
  });

  test.each([
    ['* * * * *', 'expected 6 fields, got 5'],
    ['* * * * * *', 'exactly one of the two day fields must be ?'],
    ['* * ? * ? *', 'exactly one of the two day fields must be ?'],
    ['60 * * * ? *', '"60" is not between 0 and 59'],
    ['* 24 * * ? *', '"24" is not between 0 and 23'],
    ['* * 32 * ? *', '"32" is not between 1 and 31'],
    ['* * * 13 ? *', '"13" is not between 1 and 12'],
    ['* * ? * 8 *', '"8" is not between 1 and 7'],
    ['* * ? * 3#1,6#3 *', 'more than one expression beside #'],
    ['9-5 * * * ? *', '"9-5" ends before it begins'],
    ['*/0 * * * ? *', '"0" is not between 1 and 59'],
    ['x * * * ? *', '"x" is not between 0 and 59'],
  ])('(%s) is refused', (fields, message) => {
    expect(() => parseExpression(`cron(${fields})`)).toThrow(message);
  });
});

describe('time zones', () => {
  test('a local time follows summer time', () => {
    expect(times('cron(0 9 30-31 3 ? 2030)', '2030-03-01T00:00:00Z', 2, 'Europe/Berlin')).toEqual([
      '2030-03-30T08:00',
      '2030-03-31T07:00',
    ]);
  });

  test('the hour that clocks leave out is left out', () => {
    expect(times('cron(30 2 * * ? *)', '2030-03-30T00:00:00Z', 3, 'Europe/Berlin')).toEqual([
      '2030-03-30T01:30',
      '2030-04-01T00:30',
      '2030-04-02T00:30',
    ]);
  });

  test('the hour that clocks show twice counts once', () => {
    expect(times('cron(30 2,3 * * ? *)', '2030-10-26T12:00:00Z', 3, 'Europe/Berlin')).toEqual([
      '2030-10-27T00:30',
      '2030-10-27T02:30',
      '2030-10-28T01:30',
    ]);
  });

  test('one that nobody knows is refused', () => {
    expect(() => parseExpression('rate(1 minute)', 'Mars/Olympus')).toThrow('Timezone Mars/Olympus');
  });
});

test('a rate counts from its first time', () => {
  expect(times('rate(90 minutes)', '2030-01-01T00:00:00Z', 2)).toEqual(['2030-01-01T01:30', '2030-01-01T03:00']);
  const first = Date.parse('2030-01-01T06:00:00Z');
  expect(parseExpression('rate(1 day)').next(0, first)).toBe(first);
  expect(parseExpression('rate(1 day)').next(first, first)).toBe(first + 86_400_000);
});

test('a single time counts once, in its zone', () => {
  expect(times('at(2030-07-01T12:00:00)', '2030-01-01T00:00:00Z', 2, 'Europe/Berlin')).toEqual(['2030-07-01T10:00']);
  expect(times('at(2029-07-01T12:00:00)', '2030-01-01T00:00:00Z', 1)).toEqual([]);
});

test.each(['rate(0 minutes)', 'rate(5 weeks)', 'rate(5)', 'at(tomorrow)', 'at(2030-13-01T00:00:00)', 'every minute'])(
  '%s is refused',
  (expression) => {
    expect(() => parseExpression(expression)).toThrow(`Invalid Schedule Expression ${expression}.`);
  },
);
