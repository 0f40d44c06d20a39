import { Timeline } from '../../../../sandbox/services/rds/timeline';

test('a value is what it was last set to, and the initial one before', () => {
  const line = new Timeline('a');
  line.set(10, 'b');
  line.set(20, 'c');
  expect([0, 9, 10, 19, 20, 99].map((at) => line.at(at))).toEqual(['a', 'a', 'b', 'b', 'c', 'c']);
  expect(line.settledAt).toBe(20);
});

test('what was planned for later does not happen once something else is set', () => {
  const line = new Timeline('a');
  line.set(10, 'b');
  line.set(20, 'c');
  line.set(15, 'd');
  expect([14, 15, 20].map((at) => line.at(at))).toEqual(['b', 'd', 'd']);
});

test('changes are told between two instants, both exclusive', () => {
  const line = new Timeline(0);
  for (const at of [1, 2, 3, 4]) line.set(at, at);
  expect(line.between(1, 4)).toEqual([2, 3]);
});
