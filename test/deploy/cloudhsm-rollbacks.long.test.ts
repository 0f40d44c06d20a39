import type { Stack } from 'aws-cdk-lib';
import type { IDependable } from 'constructs';
import type { cloudhsm } from '../../src';
import {
  aCluster,
  cluster,
  clustersIn,
  expectEverythingGone,
  expectNothingLeft,
  onlyCluster,
  startHsmBed,
  ZONES,
} from './cloudhsm-bed';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

type Stage = 'cluster' | 'first HSM' | 'initialization' | 'activation' | 'last HSM';
const STAGES: readonly Stage[] = ['cluster', 'first HSM', 'initialization', 'activation', 'last HSM'];

/** What stands when a stage is complete. */
function stageOf(made: cloudhsm.Cluster, stage: Stage): IDependable {
  const { hsms, initialization, activation } = made;
  switch (stage) {
    case 'cluster':
      return made.node.findChild('Resource');
    case 'first HSM':
      return hsms[0]!;
    case 'initialization':
      return initialization!;
    case 'activation':
      return activation!;
    case 'last HSM':
      return hsms[1]!;
  }
}

describe('a creation that is rolled back because a sibling fails', () => {
  test.each(STAGES)('after the stage "%s" leaves nothing', async (stage) => {
    const bed = await startHsmBed();
    const result = await bed.deploy((stack) => {
      failing(stack, 'create', 1).node.addDependency(stageOf(aCluster(stack, { hsmCount: 2 }), stage));
    });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toBe('on purpose');
    expect(await clustersIn(bed)).toEqual([]);
    await expectNothingLeft(bed);
  });

  /** After which stage, and how many seconds later, a stage is under way; what is seen of it then. */
  const UNDER_WAY: ReadonlyArray<[stage: Stage, after: Stage | undefined, seconds: number, seen: string]> = [
    ['cluster', undefined, 32, 'CREATE_IN_PROGRESS []'],
    ['first HSM', 'cluster', 15, 'UNINITIALIZED [CREATE_IN_PROGRESS]'],
    ['initialization', 'first HSM', 12, 'INITIALIZE_IN_PROGRESS [ACTIVE]'],
    ['activation', 'initialization', 12, 'INITIALIZED [ACTIVE]'],
    ['last HSM', 'activation', 15, 'ACTIVE [ACTIVE,CREATE_IN_PROGRESS]'],
  ];

  test.each(UNDER_WAY)('while the stage "%s" is under way leaves nothing', async (_stage, after, seconds, seen) => {
    const bed = await startHsmBed({ cloudHsm: { durations: { initialize: 40 } } });
    let state = '';
    bed.sandbox.stacks.onEvent(({ logicalId, status }) => {
      if (logicalId !== 'Sibling' || status !== 'CREATE_FAILED') return;
      const { cloudHsm, world, accountId, region } = bed.sandbox;
      const [made] = cloudHsm.clusters(world.state(cloudHsm, accountId, region));
      state = `${made?.state} [${[...(made?.hsms.values() ?? [])].map((hsm) => hsm.state)}]`;
    });
    const result = await bed.deploy((stack: Stack) => {
      const made = aCluster(stack, { hsmCount: 2 });
      const sibling = failing(stack, 'create', seconds);
      if (after !== undefined) sibling.node.addDependency(stageOf(made, after));
    });
    expect(state).toBe(seen);
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(await clustersIn(bed)).toEqual([]);
    await expectEverythingGone(bed);
  });
});

describe('a stack that is deleted', () => {
  test.each([
    ['CreateCluster', 1],
    ['CreateHsm', 1],
    ['InitializeCluster', 1],
    ['StartBuild', 1],
    ['CreateHsm', 2],
  ])('at the moment of %s, call %d, leaves nothing', async (operation, nth) => {
    const bed = await startHsmBed();
    let seen = 0;
    const result = await bed.deploy(cluster({ hsmCount: 2 }), {
      cancelWhen: (what) => 'operation' in what && what.operation === operation && ++seen === nth,
    });
    expect(result.status).toBe('DELETE_COMPLETE');
    expect(await clustersIn(bed)).toEqual([]);
    await expectEverythingGone(bed);
  });
});

describe('an update that is rolled back because a sibling fails', () => {
  test('after an HSM was added takes it away again', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster());
    const before = await onlyCluster(bed);
    const result = await bed.deploy((stack) => {
      failing(stack, 'create', 1).node.addDependency(stageOf(aCluster(stack, { hsmCount: 2 }), 'last HSM'));
    });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await onlyCluster(bed)).toMatchObject({ ClusterId: before.ClusterId, Hsms: before.Hsms });
    await expectNothingLeft(bed);
  });

  test('after a replacement keeps the old cluster and its HSMs', async () => {
    const bed = await startHsmBed();
    await bed.deploy(cluster({ availabilityZones: [ZONES[0]] }));
    const before = await onlyCluster(bed);
    const result = await bed.deploy((stack) => {
      const made = aCluster(stack, { availabilityZones: [ZONES[1]] });
      failing(stack, 'create', 1).node.addDependency(stageOf(made, 'activation'));
    });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await onlyCluster(bed)).toMatchObject({ ClusterId: before.ClusterId, State: 'ACTIVE', Hsms: before.Hsms });
    await expectNothingLeft(bed);
  });
});
