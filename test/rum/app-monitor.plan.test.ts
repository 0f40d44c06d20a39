import {
  appMonitorReconciler,
  type MonitorAction,
  type MonitorObservation,
  type OwnMonitor,
} from '../../src/rum/app-monitor.reconciler';
import type { Configuration, MonitorGoal } from '../../src/rum/app-monitor-configuration.runtime';
import { ID_TAG, OWNER_TAG, ownerOf } from '../../src/runtime/identity';
import { type PlanContext, REPLACES_TAG } from '../../src/runtime/reconciler';
import { FULL_PROPERTIES, goalOf, MINIMAL_PROPERTIES } from '../support/monitor-goals';
import { ADDRESS, aRun, ID } from '../support/runs';

const FULL = goalOf({ ...FULL_PROPERTIES, Tags: [{ Key: 'team', Value: 'web' }] });
const OUR_TAGS = { [ID_TAG]: ID, [OWNER_TAG]: ownerOf(ADDRESS) };
const STATES_TO_WAIT_FOR = ['CREATING', 'UPDATING', 'FAILED', ''];

function observed(changes: Partial<OwnMonitor> = {}, configuration: Partial<Configuration> = {}): MonitorObservation {
  const own = {
    name: ID,
    id: '0123456789abcdef',
    state: 'CREATED',
    tags: { ...FULL.tags, ...OUR_TAGS },
    ...changes,
    configuration: { ...FULL.configuration, ...configuration },
  };
  return { own, foreign: [] };
}

function plan(
  goal: MonitorGoal | undefined,
  observation: MonitorObservation,
  run: Partial<PlanContext<MonitorGoal>> = {},
) {
  return appMonitorReconciler.plan(goal, observation, aRun<MonitorGoal>(run));
}

const act = (action: MonitorAction) => ({ kind: 'act', action });

describe('to have a monitor', () => {
  describe('where there is none', () => {
    test('it is created under the id of the run', () => {
      expect(plan(FULL, { foreign: [] })).toEqual(act({ call: 'CreateAppMonitor', name: ID, goal: FULL }));
    });

    test('it is created under the name that is given', () => {
      const goal = { ...FULL, name: 'shop' };
      expect(plan(goal, { foreign: [] })).toEqual(act({ call: 'CreateAppMonitor', name: 'shop', goal }));
    });

    test('it is created although another name, the one before, belongs to someone else', () => {
      const goal = { ...FULL, name: 'shop' };
      expect(plan(goal, { foreign: ['old-shop'] })).toMatchObject({
        action: { call: 'CreateAppMonitor', name: 'shop' },
      });
    });

    test('nothing is done if the name belongs to someone else: it fails, naming the place and the remedy', () => {
      expect(plan({ ...FULL, name: 'shop' }, { foreign: ['shop'] })).toEqual({
        kind: 'fail',
        reason:
          'an app monitor named "shop" already exists in 111122223333/eu-central-1 and was not made by this stack; choose another appMonitorName, or delete that monitor first',
      });
    });
  });

  describe('where ours is as wanted', () => {
    test.each(['CREATED', 'ACTIVE'])('it is done in state %s, with the attributes', (state) => {
      expect(plan(FULL, observed({ state, logGroupName: '/aws/vendedlogs/its-own' }))).toEqual({
        kind: 'done',
        attributes: {
          Name: ID,
          Id: '0123456789abcdef',
          Arn: `arn:aws:rum:eu-central-1:111122223333:appmonitor/${ID}`,
          State: state,
          LogGroupName: '/aws/vendedlogs/its-own',
        },
      });
    });

    test('the log group has the documented name until RUM answers one', () => {
      const LogGroupName = `/aws/vendedlogs/RUMService_${ID}01234567`;
      expect(plan(FULL, observed())).toMatchObject({ attributes: { LogGroupName } });
    });

    test('the ARN is in the place of the monitor', () => {
      const place = { partition: 'aws-cn', region: 'cn-north-1', accountId: '444455556666' };
      const Arn = `arn:aws-cn:rum:cn-north-1:444455556666:appmonitor/${ID}`;
      expect(plan(FULL, observed(), { place })).toMatchObject({ kind: 'done', attributes: { Arn } });
    });

    test.each(STATES_TO_WAIT_FOR)('it waits in state "%s"', (state) => {
      expect(plan(FULL, observed({ state }))).toEqual({
        kind: 'wait',
        reason: `app monitor ${ID} is in state ${state || '(none)'}`,
      });
    });

    test('the tags of others stay', () => {
      const tags = { ...FULL.tags, ...OUR_TAGS, [REPLACES_TAG]: 'x', 'cost-center': '7' };
      expect(plan(FULL, observed({ tags }))).toMatchObject({ kind: 'done' });
      expect(plan(FULL, observed({ tags }), { previous: FULL })).toMatchObject({ kind: 'done' });
    });
  });

  describe('where ours differs', () => {
    const DIFFERENT: Partial<Configuration>[] = [
      { domains: ['other.example.com'] },
      { domains: ['shop.example.com', 'other.example.com'] },
      { cwLogEnabled: false },
      { sessionSampleRate: 0.1 },
      { telemetries: [] },
      { allowCookies: false },
      { enableXRay: false },
      { includedPages: ['https://shop.example.com/a'] },
      { excludedPages: [] },
      { favoritePages: [] },
      { customEvents: 'DISABLED' },
      { sourceMaps: undefined },
      { sourceMaps: 's3://maps/other' },
      { identityPoolId: undefined },
      { identityPoolId: 'eu-central-1:other' },
      { guestRoleArn: undefined },
      { guestRoleArn: 'arn:aws:iam::111122223333:role/Other' },
    ];

    test.each(DIFFERENT)('in %p it is updated, with what was observed', (configuration) => {
      const observation = observed({}, configuration);
      for (const fresh of [false, true]) {
        expect(plan(FULL, observation, { fresh })).toEqual(
          act({
            call: 'UpdateAppMonitor',
            name: ID,
            goal: FULL,
            observed: observation.own?.configuration as Configuration,
          }),
        );
      }
    });

    test('it is updated before its tags are', () => {
      const observation = observed({ tags: OUR_TAGS }, { enableXRay: false });
      expect(plan(FULL, observation)).toMatchObject({ action: { call: 'UpdateAppMonitor' } });
    });

    test.each([...STATES_TO_WAIT_FOR, 'DELETING'])('it is not updated in state "%s"', (state) => {
      expect(plan(FULL, observed({ state }, { enableXRay: false }))).toMatchObject({ kind: 'wait' });
    });

    test('in the order of lists alone it is done', () => {
      expect(plan(FULL, observed({}, { telemetries: ['http', 'errors'] }))).toMatchObject({ kind: 'done' });
    });
  });

  describe('its tags', () => {
    const goal = { ...FULL, tags: { team: 'web', stage: 'prod' } };
    const previous = { ...FULL, tags: { team: 'old', stage: 'prod', old: '1' } };

    test.each<[string, Record<string, string>, Record<string, string>]>([
      ['missing', {}, { team: 'web', stage: 'prod' }],
      ['partly missing', { stage: 'prod' }, { team: 'web' }],
      ['changed', { team: 'old', stage: 'prod' }, { team: 'web' }],
    ])('that are %s are set, and only those', (_what, tags, expected) => {
      expect(plan(goal, observed({ tags: { ...OUR_TAGS, ...tags } }))).toEqual(
        act({ call: 'TagResource', name: ID, tags: expected }),
      );
    });

    test('that the properties before named and the new ones do not are removed, after the new ones are set', () => {
      const before = { ...OUR_TAGS, ...previous.tags, theirs: '1' };
      expect(plan(goal, observed({ tags: before }), { previous })).toEqual(
        act({ call: 'TagResource', name: ID, tags: { team: 'web' } }),
      );
      const between = { ...before, team: 'web' };
      expect(plan(goal, observed({ tags: between }), { previous })).toEqual(
        act({ call: 'UntagResource', name: ID, keys: ['old'] }),
      );
      const { old: _removed, ...after } = between;
      expect(plan(goal, observed({ tags: after }), { previous })).toMatchObject({ kind: 'done' });
    });

    test('that were not named before are not removed', () => {
      const tags = { ...OUR_TAGS, ...goal.tags, old: '1' };
      expect(plan(goal, observed({ tags }))).toMatchObject({ kind: 'done' });
      expect(plan(goal, observed({ tags }), { previous: goal })).toMatchObject({ kind: 'done' });
    });
  });

  describe('where ours cannot become what is wanted', () => {
    const CASES: Array<[string, MonitorGoal, MonitorObservation]> = [
      ['the name changes', { ...FULL, name: 'shop' }, observed()],
      ['the name is to be generated', FULL, observed({ name: 'shop' })],
      ['the platform changes', FULL, observed({}, { platform: 'Android' })],
      ['the identity pool is removed', withoutPool(FULL), observed()],
      ['the guest role is removed', withoutRole(FULL), observed()],
      [
        'the platform changes; the identity pool is removed; the guest role is removed',
        withoutPool(withoutRole(FULL)),
        observed({}, { platform: 'iOS' }),
      ],
    ];

    test.each(CASES)('since %s, that is a reason to replace it', (reasons, goal, { own }) => {
      expect(appMonitorReconciler.replacementReasons(goal, own as OwnMonitor).join('; ')).toBe(reasons);
    });

    test.each(CASES)(
      'since %s, an update that has begun in place fails and touches nothing',
      (reasons, goal, observation) => {
        expect(plan(goal, observation, { requestType: 'Update' })).toEqual({
          kind: 'fail',
          reason: `app monitor ${observation.own?.name} changed during the update (${reasons}); deploy again`,
        });
      },
    );

    test.each(CASES)(
      'since %s, what an earlier try has left under a fresh id is deleted',
      (_reasons, goal, observation) => {
        expect(plan(goal, observation, { fresh: true })).toEqual(
          act({ call: 'DeleteAppMonitor', name: observation.own?.name as string }),
        );
      },
    );

    test('and is being deleted, it waits', () => {
      expect(plan(withoutPool(FULL), observed({ state: 'DELETING' }), { fresh: true })).toMatchObject({ kind: 'wait' });
    });
  });

  test.each([false, true])('it waits while ours is being deleted (fresh: %p)', (fresh) => {
    expect(plan(FULL, observed({ state: 'DELETING' }), { fresh })).toEqual({
      kind: 'wait',
      reason: `app monitor ${ID} is being deleted`,
    });
  });
});

describe('reasons to replace', () => {
  const own = (configuration: Partial<Configuration>) => observed({}, configuration).own as OwnMonitor;

  test('are none for what UpdateAppMonitor can change', () => {
    const minimal = own(goalOf(MINIMAL_PROPERTIES).configuration);
    expect(appMonitorReconciler.replacementReasons(FULL, minimal)).toEqual([]);
  });

  test('are none for another pool or role, which can be set', () => {
    const others = own({ identityPoolId: 'eu-central-1:other', guestRoleArn: 'arn:aws:iam::1:role/Other' });
    expect(appMonitorReconciler.replacementReasons(FULL, others)).toEqual([]);
  });

  test('are none for a name that is given as it is', () => {
    const named = observed({ name: 'shop' }).own as OwnMonitor;
    expect(appMonitorReconciler.replacementReasons({ ...FULL, name: 'shop' }, named)).toEqual([]);
  });
});

describe('a replacement beside the old monitor', () => {
  const named = observed({ name: 'shop' }).own as OwnMonitor;

  test('is impossible under the same fixed name; the message has the remedy', () => {
    expect(appMonitorReconciler.replacementObstacle?.({ ...FULL, name: 'shop' }, named)).toBe(
      'an app monitor with the fixed name "shop" cannot be replaced while it exists; change appMonitorName, or leave it out to have names generated',
    );
  });

  test.each([undefined, 'other-shop'])('is possible under the name %p', (name) => {
    expect(appMonitorReconciler.replacementObstacle?.({ ...FULL, name }, named)).toBeUndefined();
  });
});

describe('to have no monitor', () => {
  test.each<[string, readonly string[]]>([
    ['nothing', []],
    ["someone else's", ['shop', ID]],
  ])('it is done where there is %s', (_what, foreign) => {
    expect(plan(undefined, { foreign })).toEqual({ kind: 'done', attributes: {} });
  });

  test.each(['CREATED', 'ACTIVE', ...STATES_TO_WAIT_FOR])('ours is deleted in state "%s"', (state) => {
    expect(plan(undefined, observed({ state }))).toEqual(act({ call: 'DeleteAppMonitor', name: ID }));
  });

  test('ours is deleted under the name that it has', () => {
    expect(plan(undefined, observed({ name: 'shop' }))).toEqual(act({ call: 'DeleteAppMonitor', name: 'shop' }));
  });

  test('it waits while ours is being deleted', () => {
    expect(plan(undefined, observed({ state: 'DELETING' }))).toMatchObject({ kind: 'wait' });
  });
});

function withoutPool(goal: MonitorGoal): MonitorGoal {
  return { ...goal, configuration: { ...goal.configuration, identityPoolId: undefined } };
}

function withoutRole(goal: MonitorGoal): MonitorGoal {
  return { ...goal, configuration: { ...goal.configuration, guestRoleArn: undefined } };
}
