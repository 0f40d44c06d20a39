import { dryRun } from '../../campaign/dry-run';
import { LIFECYCLES, lifecycleNamed } from '../../campaign/lifecycles';
import { sample, trialsOf } from '../../campaign/plan';
import { Stage } from '../../campaign/stage';
import { failureLines } from '../../campaign/table';
import { ROLE_DENIED, runTrial } from '../../campaign/trial';

jest.setTimeout(120_000);

/** Another one each day finds other things; the failure names it. */
const SEED = 20_300_101;

/** All trials with all their calls take minutes: `npm run campaign`. */
describe.each([
  ['rum', 8],
  ['performanceinsights', 3],
  ['cloudhsm', 3],
  ['rum-delegated', 3],
])('the campaign over the lifecycle %s', (lifecycle, size) => {
  test(`keeps its promises in ${size} trials (seed ${SEED})`, async () => {
    const trials = (await dryRun(lifecycle, SEED)).flatMap(trialsOf);
    for (const trial of sample(trials, size, SEED)) {
      expect(failureLines([await runTrial(trial)])).toEqual([]);
    }
  });
});

describe('a lifecycle in another account', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.start(lifecycleNamed('rum-delegated'), SEED);
    await stage.prepare('deploy-1');
  });

  afterEach(() => stage.stop());

  test('goes on after an AssumeRole that is denied once', async () => {
    stage.sandbox.faults.add({ match: { operation: 'AssumeRole' }, kind: 'deny' });
    expect((await stage.run('deploy-1')).status).toBe('CREATE_COMPLETE');
    expect(stage.sandbox.faults.unused()).toEqual([]);
  });

  test('says that a role could not be assumed where it is denied for good, and leaves nothing', async () => {
    stage.sandbox.faults.add({ match: { operation: 'AssumeRole', from: 1 }, kind: 'deny' });
    const { status, events } = await stage.run('deploy-1');
    expect(status).toBe('ROLLBACK_COMPLETE');
    expect(events).toContainEqual(expect.objectContaining({ reason: expect.stringMatching(ROLE_DENIED) }));
    expect((await stage.destroy()).status).toBe('DELETE_COMPLETE');
    expect(await stage.leave()).toEqual([]);
    expect(stage.standing()).toEqual([]);
  });

  test('is looked at there: what stays after its role has gone is found', async () => {
    await stage.run('deploy-1');
    expect(await stage.leave()).toEqual([]);
    expect(stage.standing()).toContainEqual(expect.stringMatching(/^222222222222\/eu-central-1 {2}rum app monitor/));
  });
});

test('every lifecycle has a limit for what costs by the hour', () => {
  for (const { builds, atMost } of Object.values(LIFECYCLES)) {
    expect(builds.length).toBeGreaterThan(0);
    expect(Object.keys(atMost)).toEqual(['clusters', 'hsms']);
  }
});
