import {
  afterReading,
  afterRun,
  isGap,
  isLastTurn,
  isRepeated,
  mustRead,
  NO_MEMORY,
  ownPeriod,
  type PollMemory,
  periodsToPublish,
  turnEnd,
} from '../../src/performanceinsights/poll-plan.runtime';

const MINUTE = 60_000;
const T = Date.parse('2030-01-01T12:00:00Z');
const REACH = 60;

/** The periods whose owners are scheduled so many minutes before T. */
const owned = (...minutes: number[]) => minutes.map((minute) => ownPeriod(T) - minute * MINUTE);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

/** An environment that had the minute before, for a source whose first period is the oldest within reach. */
function aMemory(changes: Partial<PollMemory> = {}): PollMemory {
  return {
    runs: [T - MINUTE],
    published: new Set(owned(...range(1, REACH))),
    first: owned(REACH)[0],
    ...changes,
  };
}
const without = (...minutes: number[]) =>
  aMemory({ published: new Set(owned(...range(1, REACH).filter((minute) => !minutes.includes(minute)))) });

test('a run owns the full minute that ended a minute before', () => {
  expect(new Date(ownPeriod(T)).toISOString()).toBe('2030-01-01T11:58:00.000Z');
});

test('its turn ends two minutes after its scheduled time', () => {
  expect(new Date(turnEnd(T)).toISOString()).toBe('2030-01-01T12:02:00.000Z');
});

test.each<[string, PollMemory, boolean]>([
  ['it had the minute before and nothing is missing', aMemory(), false],
  ['what is missing has its turn in another minute', without(1, 2, 3, 5, 6, 7), false],
  ['what is missing has its turn', without(8), true],
  ['it never had a run', NO_MEMORY, true],
  ['it had an earlier minute only', aMemory({ runs: [T - 2 * MINUTE] }), true],
  ['it had the minute before, but could not read what is published', aMemory({ first: undefined }), true],
])('whether an environment reads what is published: %s', (_what, memory, expected) => {
  expect(mustRead(memory, T, REACH)).toBe(expected);
});

describe('what a run publishes', () => {
  test.each<[string, PollMemory, number[]]>([
    ['its own period, where nothing is missing', aMemory(), [0]],
    ['its own, where nothing else is known', NO_MEMORY, [0]],
    [
      'nothing, where its own was published by another delivery',
      aMemory({ published: new Set(owned(...range(0, 60))) }),
      [],
    ],
    [
      'its own, and then the oldest of what is missing, each fourth minute',
      without(...range(1, 16)),
      [0, 16, 12, 8, 4],
    ],
    ['nothing that is out of reach', aMemory({ published: new Set(owned(...range(1, 59))), first: 0 }), [0, 60]],
    ['nothing from before the first period', aMemory({ published: new Set(), first: owned(6)[0] }), [0, 4]],
    [
      'fifteen periods at most',
      aMemory({ published: new Set() }),
      [0, 60, 56, 52, 48, 44, 40, 36, 32, 28, 24, 20, 16, 12, 8],
    ],
  ])('%s', (_what, memory, expected) => {
    expect(periodsToPublish(memory, T, REACH)).toEqual(owned(...expected));
  });

  test('only its own without catching up', () => {
    expect(periodsToPublish(without(4, 8), T, 0)).toEqual(owned(0));
  });

  test('every missing period has a turn, four minutes after the one before', () => {
    const turns = range(0, 12).filter((minute) => {
      const memory = aMemory({ published: new Set(), first: owned(1)[0] });
      return periodsToPublish(memory, T + minute * MINUTE, REACH).includes(owned(1)[0]!);
    });
    expect(turns).toEqual([3, 7, 11]);
  });
});

describe('what is known after reading', () => {
  const read = (memory: PollMemory, periods: number[], anyBefore = false) =>
    afterReading(memory, T, REACH, { periods, anyBefore });

  test('a new source begins with the period of the run', () => {
    expect(read(NO_MEMORY, []).first).toBe(owned(0)[0]);
  });

  test('a source begins with the first of its periods', () => {
    expect(read(NO_MEMORY, owned(5, 7, 6)).first).toBe(owned(7)[0]);
  });

  test('where any was published before, all within reach is to be', () => {
    expect(read(NO_MEMORY, [], true).first).toBe(owned(REACH)[0]);
  });

  test('what this environment has published counts before it shows', () => {
    const memory = aMemory({ runs: [T - 3 * MINUTE], published: new Set(owned(3)) });
    expect([...read(memory, owned(5, 4)).published].sort()).toEqual(owned(5, 4, 3));
  });
});

describe('what is known after a run', () => {
  test('a repeated delivery is known, as long as its turn lasts', () => {
    const memory = afterRun(NO_MEMORY, T, REACH, []);
    expect(isRepeated(memory, T)).toBe(true);
    expect(isRepeated(memory, T + MINUTE)).toBe(false);
    const later = range(1, 10).reduce((known, minute) => afterRun(known, T + minute * MINUTE, REACH, []), memory);
    expect(isRepeated(later, T + 7 * MINUTE)).toBe(true);
    expect(later.runs).toHaveLength(4);
  });

  test('what is out of reach is forgotten', () => {
    const memory = afterRun(aMemory(), T + 10 * MINUTE, REACH, []);
    expect(Math.min(...memory.published)).toBe(owned(50)[0]);
  });

  test('a run that comes after a later one adds what it has published', () => {
    const memory = afterRun(aMemory({ runs: [T] }), T - MINUTE, REACH, owned(1));
    expect(memory.runs).toEqual([T, T - MINUTE]);
    expect(memory.published.has(owned(1)[0]!)).toBe(true);
  });
});

test.each([
  [0, false],
  [299_999, false],
  [300_000, true],
])('a period without data is a gap when its end is five minutes ago: %d ms', (age, expected) => {
  expect(isGap(T, T + MINUTE + age)).toBe(expected);
});

test.each([
  [0, 0, true],
  [3, 0, true],
  [4, 0, false],
  [4, 4, true],
  [60, 56, false],
  [60, 60, true],
])(
  'caught up for %d minutes, a period %d minutes older than the own one has its last turn: %s',
  (catchUp, age, last) => {
    expect(isLastTurn(ownPeriod(T) - age * MINUTE, T, catchUp)).toBe(last);
  },
);
