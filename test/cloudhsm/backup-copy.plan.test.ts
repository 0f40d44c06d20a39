import {
  type BackupCopyGoal,
  type BackupCopyObservation,
  backupCopyReconciler,
  type CopyView,
} from '../../src/cloudhsm/backup-copy.reconciler';
import type { BackupView } from '../../src/cloudhsm/backup-view.runtime';
import { ID_TAG, OWNER_TAG, ownerOf } from '../../src/runtime/identity';
import type { PlanContext } from '../../src/runtime/reconciler';
import { CLUSTER_ID } from '../support/cluster-views';
import { ADDRESS, aRun, ID } from '../support/runs';

const SOURCE = 'backup-rtq2dwi2gq6';
const THERE = 'us-east-1';
const OUR_TAGS = { [ID_TAG]: ID, [OWNER_TAG]: ownerOf(ADDRESS) };
const GIVEN: BackupCopyGoal = { sourceBackupId: SOURCE, region: THERE, tags: {} };
const LATEST: BackupCopyGoal = { clusterId: CLUSTER_ID, region: THERE, tags: {} };

function aCopy(changes: Partial<CopyView> = {}): CopyView {
  return {
    id: 'backup-aaaaaaaaaaa',
    state: 'READY',
    region: THERE,
    tags: OUR_TAGS,
    sourceBackup: SOURCE,
    sourceCluster: CLUSTER_ID,
    ...changes,
  };
}

function aSource(state = 'READY', changes: Partial<BackupView> = {}) {
  return { backup: { id: SOURCE, state, tags: {}, ...changes }, inProgress: state === 'CREATE_IN_PROGRESS' };
}

function plan(
  goal: BackupCopyGoal | undefined,
  observed: Partial<BackupCopyObservation> = {},
  run: Partial<PlanContext<BackupCopyGoal>> = {},
) {
  const all = { copies: [], reclaimable: [], ...observed };
  return backupCopyReconciler.plan(goal, all, aRun<BackupCopyGoal>(run));
}

const act = (call: string, backupId: string, more = {}) => ({
  kind: 'act',
  action: { call, backupId, region: THERE, ...more },
});
const DONE = {
  kind: 'done',
  attributes: {
    BackupId: 'backup-aaaaaaaaaaa',
    BackupArn: 'arn:aws:cloudhsm:us-east-1:111122223333:backup/backup-aaaaaaaaaaa',
    State: 'READY',
    SourceBackupId: SOURCE,
  },
};

describe('to have a copy', () => {
  test.each([
    ['given', GIVEN],
    ['latest', LATEST],
  ])('of the %s backup it is made where there is none', (_what, goal) => {
    expect(plan(goal, { source: aSource() })).toEqual({
      kind: 'act',
      action: { call: 'CopyBackupToRegion', backupId: SOURCE, goal },
    });
  });

  test.each([
    ['given', GIVEN],
    ['latest', LATEST],
  ])('of the %s backup it is done when the copy is ready, whatever backups came later', (_what, goal) => {
    expect(plan(goal, { copies: [aCopy()] })).toEqual(DONE);
  });

  test('it waits for the copy', () => {
    expect(plan(GIVEN, { copies: [aCopy({ state: 'CREATE_IN_PROGRESS' })] })).toEqual({
      kind: 'wait',
      reason: 'backup backup-aaaaaaaaaaa in us-east-1 is in CREATE_IN_PROGRESS',
    });
  });

  test('a copy that is pending deletion is restored, the youngest of them', () => {
    const copies = [
      aCopy({ state: 'PENDING_DELETION' }),
      aCopy({ id: 'backup-bbbbbbbbbbb', state: 'PENDING_DELETION' }),
    ];
    for (const goal of [GIVEN, LATEST]) {
      expect(plan(goal, { copies, source: aSource() })).toEqual(act('RestoreBackup', 'backup-bbbbbbbbbbb'));
    }
  });

  test('of two copies the older one stays', () => {
    const copies = [aCopy(), aCopy({ id: 'backup-bbbbbbbbbbb' })];
    expect(plan(GIVEN, { copies })).toEqual(act('DeleteBackup', 'backup-bbbbbbbbbbb'));
  });

  test('of two copies the younger one is removed when both are ready', () => {
    const [first, second] = [aCopy(), aCopy({ id: 'backup-bbbbbbbbbbb', state: 'CREATE_IN_PROGRESS' })];
    expect(plan(GIVEN, { copies: [first, second] })).toEqual({
      kind: 'wait',
      reason: 'backup backup-bbbbbbbbbbb in us-east-1 is in CREATE_IN_PROGRESS; it can be deleted when it is ready',
    });
    expect(plan(GIVEN, { copies: [first, { ...second, state: 'PENDING_DELETION' }] })).toEqual(DONE);
  });

  test.each<[string, BackupCopyGoal, BackupCopyObservation['source'], string]>([
    ['given backup is being made', GIVEN, aSource('CREATE_IN_PROGRESS'), `backup ${SOURCE} is still being made`],
    ['cluster has none', LATEST, { inProgress: false }, 'AWS makes one at activation and every day'],
    ['first one of the cluster is being made', LATEST, { inProgress: true }, 'one is being made'],
  ])('it waits where the %s', (_what, goal, source, reason) => {
    expect(plan(goal, { source })).toEqual({ kind: 'wait', reason: expect.stringContaining(reason) });
  });

  test.each<[string, BackupCopyObservation['source'], string]>([
    ['does not exist', { inProgress: false }, 'does not exist'],
    ['is pending deletion', aSource('PENDING_DELETION'), 'is in PENDING_DELETION'],
  ])('it fails where the given backup %s', (_what, source, reason) => {
    expect(plan(GIVEN, { source })).toEqual({
      kind: 'fail',
      reason: `backup ${SOURCE} ${reason} and cannot be copied; give a backup that is READY`,
    });
  });

  test('it fails where the destination is the region of the backup itself', () => {
    expect(plan({ ...GIVEN, region: 'eu-central-1' }, { source: aSource() })).toEqual({
      kind: 'fail',
      reason: 'the destination region eu-central-1 is that of the backup itself; give another destinationRegion',
    });
  });

  describe('again, after it was removed', () => {
    const former = aCopy({
      id: 'backup-ccccccccccc',
      state: 'PENDING_DELETION',
      tags: { ...OUR_TAGS, [ID_TAG]: 'old' },
    });

    test('the deleted copy of the same backup is claimed, to be restored then', () => {
      const tags = { team: 'crypto', ...OUR_TAGS };
      const goal = { ...GIVEN, tags: { team: 'crypto' } };
      expect(plan(goal, { reclaimable: [former], source: aSource() })).toEqual(
        act('TagResource', 'backup-ccccccccccc', { tags }),
      );
    });

    test('even if its source is gone', () => {
      expect(plan(GIVEN, { reclaimable: [former], source: { inProgress: false } })).toMatchObject({
        action: { call: 'TagResource' },
      });
    });

    test('of the latest backup it is, if none came after it', () => {
      expect(plan(LATEST, { reclaimable: [former], source: aSource() })).toMatchObject({
        action: { call: 'TagResource' },
      });
      expect(
        plan(LATEST, { reclaimable: [former], source: aSource('READY', { id: 'backup-later222222' }) }),
      ).toMatchObject({
        action: { call: 'CopyBackupToRegion', backupId: 'backup-later222222' },
      });
    });

    test('one of another backup or in another region is left alone', () => {
      for (const changes of [{ sourceBackup: 'backup-other222222' }, { region: 'us-west-2' }]) {
        expect(plan(GIVEN, { reclaimable: [{ ...former, ...changes }], source: aSource() })).toMatchObject({
          action: { call: 'CopyBackupToRegion' },
        });
      }
    });
  });

  describe('with tags', () => {
    const goal = { ...GIVEN, tags: { team: 'crypto', stage: 'live' } };

    test('what differs is set, with the owner', () => {
      const copies = [aCopy({ tags: { ...OUR_TAGS, team: 'crypto', theirs: 'x' } })];
      const tags = { stage: 'live', [OWNER_TAG]: ownerOf(ADDRESS) };
      expect(plan(goal, { copies })).toEqual(act('TagResource', 'backup-aaaaaaaaaaa', { tags }));
    });

    test('what is no longer named is removed, and nothing that others set', () => {
      const copies = [aCopy({ tags: { ...OUR_TAGS, ...goal.tags, old: 'x', theirs: 'x' } })];
      const previous = { ...goal, tags: { old: 'x', gone: 'x' } };
      expect(plan(goal, { copies }, { previous })).toEqual(
        act('UntagResource', 'backup-aaaaaaaaaaa', { keys: ['old'] }),
      );
    });
  });
});

describe('to have another copy', () => {
  const unfit = aCopy({ sourceBackup: 'backup-other222222' });

  test.each<[string, BackupCopyGoal, CopyView, string[]]>([
    ['same', GIVEN, aCopy(), []],
    ['same cluster', LATEST, aCopy(), []],
    ['another region', GIVEN, aCopy({ region: 'us-west-2' }), ['the destination region changes']],
    ['another backup', GIVEN, unfit, ['the source backup changes']],
    ['another cluster', LATEST, aCopy({ sourceCluster: 'cluster-another1234' }), ['the source cluster changes']],
  ])('%s', (_what, goal, own, reasons) => {
    expect(backupCopyReconciler.replacementReasons(goal, own)).toEqual(reasons);
  });

  test('what an earlier try of the replacement has left is removed', () => {
    expect(plan(GIVEN, { copies: [unfit] }, { fresh: true })).toEqual(act('DeleteBackup', 'backup-aaaaaaaaaaa'));
    expect(plan(GIVEN, { copies: [{ ...unfit, state: 'CREATE_IN_PROGRESS' }] }, { fresh: true })).toMatchObject({
      kind: 'wait',
    });
    expect(
      plan(GIVEN, { copies: [{ ...unfit, state: 'PENDING_DELETION' }], source: aSource() }, { fresh: true }),
    ).toMatchObject({ action: { call: 'CopyBackupToRegion' } });
  });

  test('a copy that is not what it was when the update began fails', () => {
    expect(plan(GIVEN, { copies: [unfit] })).toEqual({
      kind: 'fail',
      reason: 'backup backup-aaaaaaaaaaa changed during the update (the source backup changes); deploy again',
    });
  });
});

describe('to have it no more', () => {
  test('all ready copies are deleted, one by one', () => {
    expect(plan(undefined, { copies: [aCopy(), aCopy({ id: 'backup-bbbbbbbbbbb' })] })).toEqual(
      act('DeleteBackup', 'backup-aaaaaaaaaaa'),
    );
  });

  test('a copy that is being made is waited for', () => {
    expect(plan(undefined, { copies: [aCopy({ state: 'CREATE_IN_PROGRESS' })] })).toEqual({
      kind: 'wait',
      reason: 'backup backup-aaaaaaaaaaa in us-east-1 is in CREATE_IN_PROGRESS; it can be deleted when it is ready',
    });
  });

  test('it is done when they are pending deletion, or gone', () => {
    expect(plan(undefined, { copies: [aCopy({ state: 'PENDING_DELETION' })] })).toEqual({
      kind: 'done',
      attributes: {},
    });
    expect(plan(undefined)).toEqual({ kind: 'done', attributes: {} });
  });
});
