import {
  type ActivationGoal,
  type ActivationObservation,
  activationReconciler,
} from '../../src/cloudhsm/activation.reconciler';
import type { BuildView } from '../../src/cloudhsm/activation-builds.runtime';
import type { ClusterView } from '../../src/cloudhsm/cluster-view.runtime';
import type { PlanContext } from '../../src/runtime/reconciler';
import { aCluster, anHsm, CLUSTER_ID } from '../support/cluster-views';
import { aRun } from '../support/runs';

const GOAL: ActivationGoal = { clusterId: CLUSTER_ID, projectName: 'activation' };

function aBuild(changes: Partial<BuildView> = {}): BuildView {
  return { id: 'activation:1', status: 'IN_PROGRESS', clusterId: CLUSTER_ID, current: true, ...changes };
}

function plan(
  cluster: Partial<ClusterView>,
  observed: Partial<ActivationObservation> = {},
  run: Partial<PlanContext<ActivationGoal>> = {},
) {
  return activationReconciler.plan(
    GOAL,
    { cluster: aCluster(cluster), builds: [], ...observed },
    aRun<ActivationGoal>(run),
  );
}

const STARTED = {
  kind: 'act',
  action: { call: 'StartBuild', projectName: 'activation', clusterId: CLUSTER_ID, address: '10.0.1.5' },
};
const INITIALIZED = { state: 'INITIALIZED' };
const done = (State: string) => ({ kind: 'done', attributes: { State } });

describe('to have a cluster active', () => {
  test.each(['ACTIVE', 'MODIFY_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'])(
    'it is done in state %s, whatever builds say',
    (state) => {
      for (const status of ['IN_PROGRESS', 'SUCCEEDED', 'FAILED']) {
        expect(plan({ state }, { builds: [aBuild({ status })] })).toEqual(done(state));
      }
      expect(plan({ state, hsms: [] }, { builds: undefined })).toEqual(done(state));
    },
  );

  test.each<[string, Partial<ClusterView>, string]>([
    ['being created', { state: 'CREATE_IN_PROGRESS' }, 'is in CREATE_IN_PROGRESS'],
    ['without a certificate request', { state: 'UNINITIALIZED' }, 'no certificate request yet'],
    ['uninitialized', { state: 'UNINITIALIZED', csr: 'request' }, 'it has to be initialized first'],
    ['degraded and uninitialized', { state: 'DEGRADED', csr: 'request' }, 'it has to be initialized first'],
    ['being initialized', { state: 'INITIALIZE_IN_PROGRESS' }, 'is in INITIALIZE_IN_PROGRESS'],
    ['without an HSM', { state: 'INITIALIZED', hsms: [] }, 'no active HSM to be activated through'],
    [
      'without an HSM that works',
      { state: 'INITIALIZED', hsms: [anHsm({ state: 'DEGRADED' })] },
      'no active HSM to be activated through (hsm-lgoqitns6ri is in DEGRADED)',
    ],
  ])('it waits, saying why, for a cluster %s', (_what, cluster, reason) => {
    expect(plan(cluster)).toEqual({ kind: 'wait', reason: expect.stringContaining(reason) });
  });

  test.each(['DELETE_IN_PROGRESS', 'DELETED'])('it fails in state %s', (state) => {
    expect(plan({ state })).toMatchObject({ kind: 'fail' });
  });

  test('it fails where there is no cluster', () => {
    expect(activationReconciler.plan(GOAL, { builds: [] }, aRun())).toMatchObject({ kind: 'fail' });
  });

  test('it fails where there is no project', () => {
    expect(plan(INITIALIZED, { builds: undefined })).toEqual({
      kind: 'fail',
      reason: 'CodeBuild project activation does not exist; deploy it again',
    });
  });

  describe('which is initialized', () => {
    test('a build is started, through the first HSM that works', () => {
      const hsms = [anHsm({ state: 'DEGRADED', address: '10.0.1.4' }), anHsm()];
      expect(plan({ ...INITIALIZED, hsms })).toEqual(STARTED);
    });

    test('it waits for a build, also for one of an earlier run', () => {
      for (const current of [true, false]) {
        expect(plan(INITIALIZED, { builds: [aBuild({ current })] })).toEqual({
          kind: 'wait',
          reason: `build activation:1 is activating ${CLUSTER_ID}`,
        });
      }
    });

    test('it waits for both of two builds, one of which was started by a call with a lost answer', () => {
      const builds = [aBuild({ id: 'activation:2', status: 'SUCCEEDED' }), aBuild()];
      expect(plan(INITIALIZED, { builds })).toEqual({ kind: 'wait', reason: expect.stringContaining('activation:1') });
    });

    test('it waits for the control plane when a build has succeeded, also if another one failed', () => {
      const builds = [aBuild({ id: 'activation:2', status: 'FAILED' }), aBuild({ status: 'SUCCEEDED' })];
      expect(plan(INITIALIZED, { builds })).toEqual({
        kind: 'wait',
        reason: `build activation:1 has activated ${CLUSTER_ID}, which AWS still shows as INITIALIZED`,
      });
    });

    test.each(['SUCCEEDED', 'FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED'])(
      'a build of an earlier run, or for another cluster, that is %s does not count',
      (status) => {
        expect(plan(INITIALIZED, { builds: [aBuild({ status, current: false })] })).toEqual(STARTED);
        expect(plan(INITIALIZED, { builds: [aBuild({ status, clusterId: 'cluster-another1234' })] })).toEqual(STARTED);
      },
    );

    test.each(['FAILED', 'FAULT', 'TIMED_OUT', 'STOPPED'])(
      'it fails when its build is %s, with log and link',
      (status) => {
        const builds = [aBuild({ status, problem: 'BUILD: exit status 1' })];
        expect(plan(INITIALIZED, { builds, log: ['one', 'two'] })).toEqual({
          kind: 'fail',
          reason: `build activation:1, which was to activate ${CLUSTER_ID}, ended as ${status} (BUILD: exit status 1); see https://eu-central-1.console.aws.amazon.com/codesuite/codebuild/111122223333/projects/activation/build/activation%3A1/?region=eu-central-1, mend what it names and deploy again\nthe end of its log:\none\ntwo`,
        });
      },
    );

    test('of a long log the end is told', () => {
      const log = ['x'.repeat(5000), 'the reason'];
      const step = plan(INITIALIZED, { builds: [aBuild({ status: 'FAILED' })], log });
      const { reason } = step as { reason: string };
      expect(reason.length).toBeLessThan(1700);
      expect(reason).toMatch(/x\nthe reason$/);
    });

    test('without a log the failure is told all the same', () => {
      expect(plan(INITIALIZED, { builds: [aBuild({ status: 'FAILED' })] })).toMatchObject({
        reason: expect.stringMatching(/deploy again$/),
      });
    });

    test.each([
      ['aws-cn', 'console.amazonaws.cn'],
      ['aws-us-gov', 'console.amazonaws-us-gov.com'],
    ])('the link leads to the console of %s', (partition, host) => {
      const place = { partition, region: 'a-region-1', accountId: '111122223333' };
      expect(plan(INITIALIZED, { builds: [aBuild({ status: 'FAILED' })] }, { place })).toMatchObject({
        reason: expect.stringContaining(`https://a-region-1.${host}/`),
      });
    });
  });

  describe('which is degraded', () => {
    const DEGRADED = { state: 'DEGRADED' };

    test('it is done if a build has activated it, or if it has a second HSM', () => {
      for (const current of [true, false]) {
        expect(plan(DEGRADED, { builds: [aBuild({ status: 'SUCCEEDED', current })] })).toEqual(done('DEGRADED'));
      }
      expect(plan({ ...DEGRADED, hsms: [anHsm(), anHsm({ eniId: 'eni-2' })] })).toEqual(done('DEGRADED'));
    });

    test('else a build finds out', () => {
      expect(plan(DEGRADED)).toEqual(STARTED);
    });
  });
});

describe('to have it no more', () => {
  const remove = (builds: readonly BuildView[] | undefined) =>
    activationReconciler.plan(undefined, { builds, cluster: aCluster(INITIALIZED) }, aRun());

  test('builds in progress are stopped, of whichever run', () => {
    for (const current of [true, false]) {
      expect(remove([aBuild({ id: 'activation:2', status: 'SUCCEEDED' }), aBuild({ current })])).toEqual({
        kind: 'act',
        action: { call: 'StopBuild', buildId: 'activation:1' },
      });
    }
  });

  test.each(['SUCCEEDED', 'FAILED', 'STOPPED'])('it is done when the last build is %s', (status) => {
    expect(remove([aBuild({ status })])).toEqual({ kind: 'done', attributes: {} });
  });

  test('it is done where there is no build, or no project', () => {
    expect(remove([])).toEqual({ kind: 'done', attributes: {} });
    expect(remove(undefined)).toEqual({ kind: 'done', attributes: {} });
  });
});

test('another cluster means another activation', () => {
  const own = { clusterId: CLUSTER_ID, tags: {} };
  expect(activationReconciler.replacementReasons(GOAL, own)).toEqual([]);
  expect(activationReconciler.replacementReasons({ ...GOAL, projectName: 'other' }, own)).toEqual([]);
  expect(activationReconciler.replacementReasons({ ...GOAL, clusterId: 'cluster-another1234' }, own)).toEqual([
    'the cluster changes',
  ]);
});
