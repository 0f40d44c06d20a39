import { type Fault, Faults } from '../../../sandbox/kernel/faults';

const CALL = { service: 'rum', operation: 'CreateAppMonitor', accountId: '111111111111' };

/** Which of the first six calls the fault meets. */
function met(fault: Fault): number[] {
  const faults = new Faults();
  faults.add(fault);
  return [1, 2, 3, 4, 5, 6].filter(() => faults.next(CALL) !== undefined);
}

it.each([
  ['without a number, the first', {}, undefined, [1]],
  ['with times, the first ones', {}, 2, [1, 2]],
  ['with nth, that one', { nth: 3 }, undefined, [3]],
  ['with nth and times, that one and those after it', { nth: 3 }, 2, [3, 4]],
  ['with from, all from that one on', { from: 4 }, undefined, [4, 5, 6]],
  ['with from and times, so many', { from: 4 }, 2, [4, 5]],
])('meets, %s', (_, match, times, expected) => {
  expect(met({ match, kind: 'throttle', ...(times && { times }) })).toEqual(expected);
});

it.each([
  ['service', { service: 'sts' }],
  ['operation', { operation: 'DeleteAppMonitor' }],
  ['account', { accountId: '222222222222' }],
])('does not meet calls of another %s', (_, match) => {
  expect(met({ match, kind: 'deny' })).toEqual([]);
});

it('counts only calls of functions where it is told to', () => {
  const faults = new Faults();
  faults.add({ match: { execution: true, nth: 2 }, kind: 'deny' });
  const executions = [undefined, 'a', undefined, 'b', 'c'];
  const met = executions.filter((execution) => faults.next({ ...CALL, execution }) !== undefined);
  expect(met).toEqual(['b']);
});

it('lets the first of several due faults go first, and the other wait', () => {
  const faults = new Faults();
  faults.add({ match: {}, kind: 'throttle' });
  faults.add({ match: {}, kind: 'deny' });
  expect([1, 2, 3].map(() => faults.next(CALL)?.kind)).toEqual(['throttle', 'deny', undefined]);
});

it('tells which faults met no call', () => {
  const faults = new Faults();
  const late: Fault = { match: { nth: 5 }, kind: 'deny' };
  faults.add({ match: {}, kind: 'throttle' });
  faults.add(late);
  faults.next(CALL);
  expect(faults.unused()).toEqual([late]);
  faults.clear();
  expect(faults.unused()).toEqual([]);
});
