import { elapsed, eventLine, printEvents } from '../../../sandbox/report/event-lines';
import { standing, summary } from '../../../sandbox/report/summary';
import { Lab, plain } from '../cloudformation/lab';

test('each event is one aligned line', async () => {
  const it = new Lab();
  const printed: string[] = [];
  printEvents(it.stacks, (line) => printed.push(line), { start: it.clock.now() });
  await it.deploy({ A: plain({ Seconds: 90 }) });
  expect(printed).toHaveLength(5);
  expect(printed[3]).toMatch(/^ {3}\+01:30 {2}CREATE_COMPLETE +A +Sandbox::Failing$/);
  expect(new Set(printed.slice(1, 4).map((line) => line.indexOf('Sandbox::')))).toHaveProperty('size', 1);
});

test('printing ends when it is told to', async () => {
  const it = new Lab();
  const printed: string[] = [];
  const stop = printEvents(it.stacks, (line) => printed.push(line), { start: it.clock.now() });
  await it.deploy({ A: plain() });
  const before = printed.length;
  stop();
  await it.delete();
  expect([before, printed.length]).toEqual([5, 5]);
});

test('statuses are coloured on request', () => {
  const event = { at: 0, status: 'CREATE_FAILED', logicalId: 'A', type: 'T' } as never;
  expect(eventLine(event, { start: 0, colours: true })).toContain('\u001b[31mCREATE_FAILED');
  expect(eventLine(event, { start: 0 })).not.toContain('\u001b');
});

test.each([
  [0, '+00:00'],
  [61_999, '+01:01'],
  [3_600_000, '+01:00:00'],
])('%i ms are shown as %s', (milliseconds, text) => expect(elapsed(milliseconds)).toBe(text));

test('what stands is told without a run', () => {
  expect(standing([])).toBe('standing      nothing');
  expect(standing(['b', 'a'])).toBe('standing      2\n  a\n  b');
});

test('the summary counts the calls of each operation and tells what is left', () => {
  const call = (operation: string, outcome = 'ok') => ({ service: 'rum', operation, outcome }) as never;
  const text = summary({
    start: 0,
    end: 83_000,
    calls: [call('GetAppMonitor'), call('GetAppMonitor', 'ThrottlingException'), call('CreateAppMonitor')],
    invocations: 5,
    inventory: ['b', 'a'],
  });
  expect(text.split('\n')).toEqual([
    'virtual time  +01:23',
    'invocations   5',
    'API calls     3',
    '  rum:CreateAppMonitor  1',
    '  rum:GetAppMonitor     2  1 ThrottlingException',
    'left          2',
    '  a',
    '  b',
  ]);
});
