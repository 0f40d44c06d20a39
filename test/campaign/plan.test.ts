import type { PhaseRecord } from '../../campaign/dry-run';
import { repeatCommand, sample, select, shards, trialsOf } from '../../campaign/plan';
import { coverageTable, failureLines } from '../../campaign/table';
import { CALL_FAULTS, type Outcome, TRIAL_FAULTS } from '../../campaign/trial';

const RECORD: PhaseRecord = {
  lifecycle: 'rum',
  phase: 'deploy-1',
  seed: 5,
  calls: [
    { name: 'cloudformation:DescribeStacks', cancellable: true },
    { name: 'rum:CreateAppMonitor', cancellable: true },
    { name: 'rum:GetAppMonitor', cancellable: false },
  ],
  events: 2,
  seconds: 14,
  standingBefore: 0,
  standingAfter: 9,
};
const TRIALS = trialsOf(RECORD);
const names = TRIALS.map(({ call, what, fault }) => `${call} ${what} ${fault}`);

describe('the plan of a phase', () => {
  it('has each fault at each call, a cancellation where there can be one, and each event twice', () => {
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(3 * CALL_FAULTS.length + 2 + 2 * 2);
    expect(names).toContain('2 rum:CreateAppMonitor cut-after');
    expect(names.filter((name) => name.endsWith('cancel'))).toEqual([
      '1 cloudformation:DescribeStacks cancel',
      '2 rum:CreateAppMonitor cancel',
    ]);
    expect(names.filter((name) => name.includes('event'))).toEqual([
      '1 event duplicate',
      '1 event duplicate-late',
      '2 event duplicate',
      '2 event duplicate-late',
    ]);
  });

  it('leaves no kind of fault out', () => {
    expect(new Set(TRIALS.map(({ fault }) => fault))).toEqual(new Set(TRIAL_FAULTS));
  });

  it('is the same each time', () => {
    expect(trialsOf(RECORD)).toEqual(TRIALS);
  });

  it('does not carry the calls along', () => {
    expect(TRIALS[0]!.record).not.toHaveProperty('calls');
  });
});

describe('a selection', () => {
  it.each([
    [{}, TRIALS.length],
    [{ phase: 'destroy' }, 0],
    [{ phase: 'deploy-1', fault: 'deny' }, 3],
    [{ call: 3 }, CALL_FAULTS.length],
    [{ call: 2, fault: 'cancel' }, 1],
  ])('of %j has %i trials', (selection, size) => {
    expect(select(TRIALS, selection)).toHaveLength(size);
  });

  it('of one trial is what its command repeats', () => {
    const trial = TRIALS[9]!;
    expect(select(TRIALS, { phase: trial.record.phase, call: trial.call, fault: trial.fault })).toEqual([trial]);
    expect(repeatCommand(trial)).toBe(
      `npm run campaign -- --lifecycle rum --phase deploy-1 --call ${trial.call} --fault ${trial.fault} --seed 5`,
    );
  });
});

describe('a sample', () => {
  it('has as many trials as wanted, each once, in their order', () => {
    const chosen = sample(TRIALS, 10, 3).map((trial) => TRIALS.indexOf(trial));
    expect(chosen).toHaveLength(10);
    expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
  });

  it('is the same for the same seed, and another for another', () => {
    expect(sample(TRIALS, 10, 3)).toEqual(sample(TRIALS, 10, 3));
    expect(sample(TRIALS, 10, 4)).not.toEqual(sample(TRIALS, 10, 3));
  });

  it('of more than there are is all', () => {
    expect(sample(TRIALS, 1000, 3)).toEqual(TRIALS);
  });

  it('leaves no trial out for ever', () => {
    const seen = new Set(Array.from({ length: 200 }, (_, seed) => sample(TRIALS, 3, seed)).flat());
    expect(seen.size).toBe(TRIALS.length);
  });
});

describe('shards', () => {
  it.each([1, 2, 3, 7, 500])('for %i processes cover all trials once', (count) => {
    const dealt = shards(TRIALS, count);
    expect(dealt).toHaveLength(Math.min(count, TRIALS.length));
    expect(dealt.flat()).toHaveLength(TRIALS.length);
    expect(new Set(dealt.flat())).toEqual(new Set(TRIALS));
    const sizes = dealt.map(({ length }) => length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });
});

describe('the report', () => {
  const good: Outcome = { trial: TRIALS[0]!, problems: [], statuses: ['CREATE_COMPLETE'] };
  const bad: Outcome = { trial: TRIALS[1]!, problems: ['left: rum app monitor x'], statuses: ['ROLLBACK_COMPLETE'] };

  it('counts what was tried of what is possible', () => {
    const [, , line = ''] = coverageTable(TRIALS, [good, bad]).split('\n');
    expect(line.split(/ {2,}/)).toEqual(['rum', 'deploy-1', '3', '2', '30', '7 %', '1']);
  });

  it('says of a failure what happened and how to repeat it', () => {
    expect(failureLines([good, bad])).toEqual([
      'rum deploy-1: deny at 1 (cloudformation:DescribeStacks) → ROLLBACK_COMPLETE',
      '  left: rum app monitor x',
      `  ${repeatCommand(TRIALS[1]!)}`,
    ]);
  });
});
