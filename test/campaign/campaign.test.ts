import { dryRun } from '../../campaign/dry-run';
import { LIFECYCLES } from '../../campaign/lifecycles';
import { sample, trialsOf } from '../../campaign/plan';
import { failureLines } from '../../campaign/table';
import { runTrial } from '../../campaign/trial';

jest.setTimeout(120_000);

/** Another one each day finds other things; the failure names it. */
const SEED = 20_300_101;

/** All trials with all their calls take minutes: `npm run campaign`. */
describe.each([
  ['rum', 8],
  ['performanceinsights', 3],
  ['cloudhsm', 3],
])('the campaign over the lifecycle %s', (lifecycle, size) => {
  test(`keeps its promises in ${size} trials (seed ${SEED})`, async () => {
    const trials = (await dryRun(lifecycle, SEED)).flatMap(trialsOf);
    for (const trial of sample(trials, size, SEED)) {
      expect(failureLines([await runTrial(trial)])).toEqual([]);
    }
  });
});

test('every lifecycle has a limit for what costs by the hour', () => {
  for (const { builds, atMost } of Object.values(LIFECYCLES)) {
    expect(builds.length).toBeGreaterThan(0);
    expect(Object.keys(atMost)).toEqual(['clusters', 'hsms']);
  }
});
