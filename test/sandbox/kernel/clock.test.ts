import { Clock } from '../../../sandbox/kernel/clock';

const turns = () => new Promise((resolve) => setTimeout(resolve, 20));

/** A minute's tick that goes on for ever. */
function tick(clock: Clock, seen: string[]): void {
  const next = () => {
    seen.push(clock.iso().slice(11, 16));
    clock.schedule(60_000, next, { background: true });
  };
  clock.schedule(60_000, next, { background: true });
}

test('what is in the background happens on the way to what somebody waits for', async () => {
  const clock = new Clock();
  const seen: string[] = [];
  tick(clock, seen);
  await clock.sleep(150_000);
  expect(seen).toEqual(['00:01', '00:02']);
});

test('what is in the background does not move time on its own', async () => {
  const clock = new Clock();
  const seen: string[] = [];
  tick(clock, seen);
  await turns();
  await clock.sleep(150_000);
  const stopped = clock.now();
  await turns();
  expect([clock.now(), seen.length]).toEqual([stopped, 2]);
  await clock.sleep(30_000);
  expect(seen).toEqual(['00:01', '00:02', '00:03']);
});

test('what was cancelled is not waited for', async () => {
  const clock = new Clock();
  const seen: string[] = [];
  tick(clock, seen);
  const cancel = clock.schedule(3_600_000, () => seen.push('never'));
  cancel();
  cancel();
  await clock.sleep(60_000);
  await turns();
  expect(seen).toEqual(['00:01']);
});

test('events of one instant keep the order of their registration, background or not', async () => {
  const clock = new Clock();
  const seen: number[] = [];
  clock.schedule(10, () => seen.push(1), { background: true });
  clock.schedule(10, () => seen.push(2));
  clock.schedule(10, () => seen.push(3), { background: true });
  await clock.sleep(10);
  expect(seen).toEqual([1, 2, 3]);
});
