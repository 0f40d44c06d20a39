import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import type { CallRecord } from '../../sandbox/kernel/journal';
import { rum } from '../../src';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

const PROPS: rum.AppMonitorProps = { domain: 'example.com', authorization: rum.Authorization.none() };

const monitor =
  (props: Partial<rum.AppMonitorProps> = {}) =>
  (stack: Stack) => {
    new rum.AppMonitor(stack, 'Monitor', { ...PROPS, ...props });
  };

/** Whatever happened before: the stack can be deleted, and then nothing is left, also when all waiters have ended. */
async function expectNothingLeft(bed: Testbed): Promise<void> {
  const { stacks, accountId, region } = bed.sandbox;
  if (stacks.get('App', accountId, region) !== undefined) {
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
  }
  await bed.settle();
  expect(bed.sandbox.inventory()).toEqual([]);
}

describe('a creation whose CreateAppMonitor', () => {
  test.each(['throttle', 'internal-error', 'unavailable', 'cut-before', 'cut-after'] as const)(
    'meets "%s" completes with exactly one monitor',
    async (kind) => {
      const bed = await Testbed.start();
      bed.sandbox.faults.add({ match: { service: 'rum', operation: 'CreateAppMonitor' }, kind });
      expect((await bed.deploy(monitor())).status).toBe('CREATE_COMPLETE');
      expect(bed.sandbox.faults.unused()).toEqual([]);
      expect(await bed.monitorNames()).toHaveLength(1);
      await expectNothingLeft(bed);
    },
  );

  test('took effect while its answer was lost is not repeated', async () => {
    const bed = await Testbed.start();
    bed.sandbox.faults.add({ match: { service: 'rum', operation: 'CreateAppMonitor' }, kind: 'cut-after' });
    await bed.deploy(monitor());
    expect(bed.writes()).toEqual(['CreateAppMonitor']);
  });

  test('is denied fails with the action and the remedy, and leaves nothing', async () => {
    const bed = await Testbed.start();
    bed.sandbox.faults.add({ match: { service: 'rum', operation: 'CreateAppMonitor' }, kind: 'deny' });
    const result = await bed.deploy(monitor());
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(
      /CreateAppMonitor for App-Monitor\S+ failed: AccessDenied.*add {"Effect":"Allow","Action":"rum:CreateAppMonitor",/s,
    );
    await expectNothingLeft(bed);
  });

  test.each(['kill-before', 'kill-after'] as const)(
    'ends with the function (%s) rolls back to nothing',
    async (kind) => {
      const bed = await Testbed.start();
      bed.sandbox.faults.add({ match: { service: 'rum', operation: 'CreateAppMonitor' }, kind });
      expect((await bed.deploy(monitor())).status).toBe('ROLLBACK_COMPLETE');
      expect(bed.sandbox.faults.unused()).toEqual([]);
      expect(await bed.monitorNames()).toEqual([]);
      await expectNothingLeft(bed);
    },
  );
});

describe('a deployment', () => {
  test('that asks CloudFormation in vain at first completes', async () => {
    const bed = await Testbed.start();
    for (const nth of [1, 2, 3]) {
      bed.sandbox.faults.add({
        match: { service: 'cloudformation', operation: 'DescribeStacks', nth },
        kind: 'throttle',
      });
    }
    expect((await bed.deploy(monitor())).status).toBe('CREATE_COMPLETE');
    expect(bed.sandbox.faults.unused()).toEqual([]);
    await expectNothingLeft(bed);
  });

  test('whose event is delivered twice makes one monitor', async () => {
    const bed = await Testbed.start();
    bed.sandbox.functions.duplicateNextAsync();
    expect((await bed.deploy(monitor())).status).toBe('CREATE_COMPLETE');
    await bed.settle();
    expect(bed.writes()).toEqual(['CreateAppMonitor']);
    await expectNothingLeft(bed);
  });

  test('whose deletion meets a lost answer is complete and leaves nothing', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    bed.sandbox.faults.add({ match: { service: 'rum', operation: 'DeleteAppMonitor' }, kind: 'cut-after' });
    await expectNothingLeft(bed);
    expect(bed.sandbox.faults.unused()).toEqual([]);
  });

  test('that replaces a monitor leaves no old one, although its first deletion dies', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    bed.sandbox.faults.add({ match: { service: 'rum', operation: 'DeleteAppMonitor' }, kind: 'kill-before' });
    expect((await bed.deploy(monitor({ platform: rum.Platform.IOS }))).status).toBe('UPDATE_COMPLETE');
    expect(await bed.monitorNames()).toHaveLength(1);
    await expectNothingLeft(bed);
  });

  test('that never settles fails before CloudFormation gives up, and says what it last saw', async () => {
    const bed = await Testbed.start();
    bed.sandbox.faults.add({ match: { service: 'rum', operation: 'CreateAppMonitor', from: 1 }, kind: 'throttle' });
    const start = bed.sandbox.clock.now();
    const result = await bed.deploy(monitor());
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(
      /did not settle in time; last seen: CreateAppMonitor for .* failed: Throttling/,
    );
    expect(bed.sandbox.clock.now() - start).toBeLessThan(60 * 60_000);
  });
});

/** From the next CreateAppMonitor on, RUM answers no look at a monitor for a minute: its creation stays in progress. */
function keepInProgress(bed: Testbed): void {
  const stop = bed.sandbox.journal.onCall(({ operation }) => {
    if (operation !== 'CreateAppMonitor') return;
    stop();
    bed.sandbox.faults.add({
      match: { service: 'rum', operation: 'GetAppMonitor', from: 1 },
      kind: 'throttle',
      times: 12,
    });
  });
}

describe('a cancelled deployment', () => {
  test('whose sibling fails while the monitor is being made leaves nothing, although the first run lives on', async () => {
    const bed = await Testbed.start();
    keepInProgress(bed);
    const result = await bed.deploy((stack) => {
      monitor()(stack);
      failing(stack, 'create', 25);
    });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    const deleted = result.events.find(
      ({ type, status }) => /AppMonitor/.test(type) && status === 'DELETE_IN_PROGRESS',
    );
    expect(deleted?.physicalId).toMatch(/^App-Monitor[0-9A-F]{8}-[0-9A-Z]{12,13}$/);
    expect(bed.writes()).toEqual(['CreateAppMonitor', 'DeleteAppMonitor']);
    await expectNothingLeft(bed);
  });

  test('of an update whose sibling fails while a replacement is being made keeps the old monitor alone', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    const old = await bed.onlyMonitor();
    keepInProgress(bed);
    const result = await bed.deploy((stack) => {
      monitor({ platform: rum.Platform.IOS })(stack);
      failing(stack, 'create', 12);
    });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(bed.writes()).toEqual(['CreateAppMonitor', 'CreateAppMonitor', 'DeleteAppMonitor']);
    await bed.settle();
    expect((await bed.onlyMonitor()).Id).toBe(old.Id);
    await expectNothingLeft(bed);
  });

  test('spares a monitor of the same logical id that was retained long before', async () => {
    const bed = await Testbed.start();
    const retained = monitor({ appMonitorName: 'mine', removalPolicy: RemovalPolicy.RETAIN });
    const other = (stack: Stack) => {
      new rum.AppMonitor(stack, 'Other', PROPS);
    };
    await bed.deploy((stack) => {
      retained(stack);
      other(stack);
    });
    await bed.deploy(other);
    await bed.sandbox.clock.sleep(25 * 60 * 60_000);
    const result = await bed.deploy((stack) => {
      other(stack);
      retained(stack);
      failing(stack, 'create', 0.01);
    });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await bed.monitorNames()).toContain('mine');
  });

  /** The user cancels at every fifth call that functions make in a deployment; the campaign does so at each. */
  const lifecycles: ReadonlyArray<[string, ReadonlyArray<(stack: Stack) => void>]> = [
    ['creation', [monitor()]],
    ['update in place', [monitor(), monitor({ allowCookies: true, tags: { a: '1' } })]],
    ['replacement', [monitor(), monitor({ platform: rum.Platform.IOS })]],
  ];

  test.each(lifecycles)('at every fifth call of the %s leaves nothing', async (_name, builds) => {
    for (let at = 3; ; at += 5) {
      const bed = await Testbed.start({ seed: at });
      for (const build of builds.slice(0, -1)) await bed.deploy(build);
      const before = await bed.monitorNames();
      let seen = 0;
      const cancelWhen = (what: object) => isFunctionCall(what) && ++seen === at;
      const result = await bed.deploy(builds.at(-1)!, { cancelWhen });
      const cancelled = seen >= at;
      if (cancelled && builds.length > 1) {
        expect([at, result.status]).toEqual([at, expect.stringMatching(/^UPDATE_(ROLLBACK_)?COMPLETE$/)]);
        await bed.settle();
        if (result.status === 'UPDATE_ROLLBACK_COMPLETE') expect([at, await bed.monitorNames()]).toEqual([at, before]);
      }
      await expectNothingLeft(bed);
      await Testbed.stopAll();
      if (!cancelled) {
        expect(at).toBeGreaterThan(5);
        return;
      }
    }
  });
});

function isFunctionCall(what: object): boolean {
  return 'service' in what && (what as CallRecord).execution !== undefined;
}
