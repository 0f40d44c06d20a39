import { randomUUID } from 'node:crypto';
import { kept } from '../../../sandbox/crypto/kept';

test('what is kept is made once, and is the same for whoever asks later', () => {
  const name = `test-${randomUUID()}`;
  const made: string[] = [];
  const make = () => {
    made.push('made');
    return `text ${made.length}`;
  };
  expect([kept(name, make), kept(name, make)]).toEqual(['text 1', 'text 1']);
  expect(made).toHaveLength(1);
});
