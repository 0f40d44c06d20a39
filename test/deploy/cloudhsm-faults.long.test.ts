import {
  aCluster,
  aVpc,
  cluster,
  clustersIn,
  countOf,
  expectNothingLeft,
  onlyCluster,
  startHsmBed,
  ZONES,
  zonesOf,
} from './cloudhsm-bed';
import { failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

describe('an activation', () => {
  test('whose build fails tells the end of its log and where to look, and the rollback leaves nothing', async () => {
    const log = ['Installed: cloudhsm-cli', 'could not connect to 10.0.0.4:2225'];
    const bed = await startHsmBed({ supporting: { codeBuild: { runner: () => ({ succeeded: false, log }) } } });
    const result = await bed.deploy(cluster({ hsmCount: 2 }));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    const reason = failureReason(result);
    expect(reason).toContain('could not connect to 10.0.0.4:2225');
    expect(reason).toMatch(/https:\/\/eu-central-1\.console\.aws\.amazon\.com\/codesuite\/codebuild\/111111111111\//);
    expect(countOf(bed, 'CreateHsm')).toBe(1);
    expect(await clustersIn(bed)).toEqual([]);
    await expectNothingLeft(bed);
  });
});

describe('an exceeded quota', () => {
  test.each([
    ['clusters', { clusters: 0 }, /CreateCluster .*failed/],
    ['HSMs', { hsms: 1 }, /CreateHsm .*failed/],
  ])('of %s is told, and the rollback leaves nothing', async (_what, quotas, reason) => {
    const bed = await startHsmBed({ cloudHsm: { quotas: { clusters: 4, hsms: 6, hsmsPerCluster: 28, ...quotas } } });
    const result = await bed.deploy(cluster({ hsmCount: 2 }));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(reason);
    expect(failureReason(result)).toMatch(/quota|limit/i);
    expect(await clustersIn(bed)).toEqual([]);
    await expectNothingLeft(bed);
  });
});

describe('a call', () => {
  test.each(['cut-before', 'cut-after', 'throttle', 'internal-error'] as const)(
    'of CreateCluster that meets "%s" comes to exactly one cluster',
    async (kind) => {
      const bed = await startHsmBed();
      bed.sandbox.faults.add({ match: { service: 'cloudhsm', operation: 'CreateCluster' }, kind });
      expect((await bed.deploy(cluster({ hsmCount: 0 }))).status).toBe('CREATE_COMPLETE');
      expect(bed.sandbox.faults.unused()).toEqual([]);
      await onlyCluster(bed);
      await expectNothingLeft(bed);
    },
  );

  test.each([1, 2])('of CreateHsm for HSM %d whose answer is lost comes to exactly the wanted HSMs', async (nth) => {
    const bed = await startHsmBed();
    bed.sandbox.faults.add({ match: { service: 'cloudhsm', operation: 'CreateHsm', nth }, kind: 'cut-after' });
    expect((await bed.deploy(cluster({ hsmCount: 2 }))).status).toBe('CREATE_COMPLETE');
    expect(bed.sandbox.faults.unused()).toEqual([]);
    expect(zonesOf(await onlyCluster(bed))).toEqual(ZONES.slice(0, 2));
    expect(countOf(bed, 'CreateHsm')).toBe(2);
    await expectNothingLeft(bed);
  });

  test.each([
    ['CreateCluster', 'kill-before', 1],
    ['CreateCluster', 'kill-after', 1],
    ['CreateHsm', 'kill-before', 1],
    ['CreateHsm', 'kill-after', 1],
    ['CreateHsm', 'kill-after', 2],
  ] as const)(
    'of %s with which the function ends (%s, call %d) leaves nothing in the end',
    async (operation, kind, nth) => {
      const bed = await startHsmBed();
      bed.sandbox.faults.add({ match: { service: 'cloudhsm', operation, nth }, kind });
      const { status } = await bed.deploy(cluster({ hsmCount: 2 }));
      expect(status).toMatch(/^(CREATE|ROLLBACK)_COMPLETE$/);
      expect(bed.sandbox.faults.unused()).toEqual([]);
      if (status === 'CREATE_COMPLETE') expect(zonesOf(await onlyCluster(bed))).toEqual(ZONES.slice(0, 2));
      else expect(await clustersIn(bed)).toEqual([]);
      await expectNothingLeft(bed);
    },
  );
});

test('two clusters of which one fails are both rolled back to nothing', async () => {
  const bed = await startHsmBed({ cloudHsm: { quotas: { clusters: 1, hsms: 6, hsmsPerCluster: 28 } } });
  const result = await bed.deploy((stack) => {
    const vpc = aVpc(stack);
    aCluster(stack, { vpc }, 'First');
    aCluster(stack, { vpc }, 'Second');
  });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  await expectNothingLeft(bed);
});
