import { CreateAppMonitorCommand, DeleteAppMonitorCommand, TagResourceCommand } from '@aws-sdk/client-rum';
import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { rum } from '../../src';
import { failing, failureReason, Testbed } from './testbed';

jest.setTimeout(60_000);
afterEach(() => Testbed.stopAll());

const none = rum.Authorization.none();
const DEFAULTS: rum.AppMonitorProps = { domain: 'example.com', authorization: none };

const monitor =
  (props: Partial<rum.AppMonitorProps> = {}) =>
  (stack: Stack) => {
    new rum.AppMonitor(stack, 'Monitor', { ...DEFAULTS, ...props });
  };

describe('a stack with one app monitor', () => {
  test('is created with a generated name, our tags and all that was asked for, and deleted without a trace', async () => {
    const bed = await Testbed.start();
    const created = await bed.deploy(monitor({ tags: { team: 'web' }, sessionSampleRate: 0.25, cwLogEnabled: true }));
    expect(created.status).toBe('CREATE_COMPLETE');
    const made = await bed.onlyMonitor();
    expect(made.Name).toMatch(/^App-Monitor[0-9A-F]{8}-[0-9a-f]{16}$/);
    expect(made.Tags).toMatchObject({
      team: 'web',
      'cdk-settled:id': made.Name,
      'cdk-settled:owner': expect.stringMatching(/^App\/[0-9a-f-]{36}\/Monitor/),
    });
    expect(made.AppMonitorConfiguration?.SessionSampleRate).toBe(0.25);
    expect(made.DataStorage?.CwLog?.CwLogEnabled).toBe(true);

    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('makes one write to create and one to delete', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    await bed.destroy();
    expect(bed.writes()).toEqual(['CreateAppMonitor', 'DeleteAppMonitor']);
  });

  test('gets its attributes: name, ARN, id, state and log group', async () => {
    const bed = await Testbed.start();
    const { outputs } = await bed.deploy((stack) => {
      const made = new rum.AppMonitor(stack, 'Monitor', DEFAULTS);
      stack.exportValue(made.appMonitorName, { name: 'name' });
      stack.exportValue(made.appMonitorArn, { name: 'arn' });
      stack.exportValue(made.appMonitorId, { name: 'id' });
      stack.exportValue(made.appMonitorState, { name: 'state' });
      stack.exportValue(made.logGroup.logGroupName, { name: 'log' });
    });
    const made = await bed.onlyMonitor();
    expect(Object.values(outputs)).toEqual(
      expect.arrayContaining([
        made.Name,
        `arn:aws:rum:eu-central-1:111111111111:appmonitor/${made.Name}`,
        made.Id,
        'CREATED',
        `/aws/vendedlogs/RUMService_${made.Name}${made.Id!.slice(0, 8)}`,
      ]),
    );
  });

  test.each(['CREATED', 'ACTIVE'] as const)('is complete when the monitor settles in %s', async (steadyState) => {
    const bed = await Testbed.start({ rum: { steadyState, settleSeconds: 20 } });
    expect((await bed.deploy(monitor())).status).toBe('CREATE_COMPLETE');
  });

  test('is deleted only when the monitor is gone, not while it is deleting', async () => {
    const bed = await Testbed.start({ rum: { deletingSeconds: 60 } });
    await bed.deploy(monitor());
    const start = bed.sandbox.clock.now();
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(bed.sandbox.clock.now() - start).toBeGreaterThanOrEqual(60_000);
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('is deleted also if somebody has deleted the monitor before', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    await bed.rum.send(new DeleteAppMonitorCommand({ Name: (await bed.monitorNames())[0] }));
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('keeps a monitor that is to be retained, with its tags', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ removalPolicy: RemovalPolicy.RETAIN }));
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect((await bed.onlyMonitor()).Tags).toHaveProperty('cdk-settled:id');
  });

  test('makes a guest role and an identity pool that the guests of the snippet can use', async () => {
    const bed = await Testbed.start();
    const result = await bed.deploy((stack) => {
      const made = new rum.AppMonitor(stack, 'Monitor', { domain: 'example.com' });
      stack.exportValue(made.webClient.configuration, { name: 'configuration' });
    });
    const made = await bed.onlyMonitor();
    const configuration = JSON.parse(Object.values(result.outputs)[0]!);
    expect(configuration.identityPoolId).toBe(made.AppMonitorConfiguration?.IdentityPoolId);
    expect(configuration).not.toHaveProperty('guestRoleArn');
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('hands the guest role of the classic flow to RUM', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ authorization: rum.Authorization.cognito({ classicFlow: true }) }));
    expect((await bed.onlyMonitor()).AppMonitorConfiguration?.GuestRoleArn).toMatch(/:role\/App-MonitorGuestRole/);
  });
});

describe('an update', () => {
  /** Property by property: a value, another value, and what RUM then says. */
  const changes: ReadonlyArray<[string, Partial<rum.AppMonitorProps>, Partial<rum.AppMonitorProps>, object]> = [
    ['domain', {}, { domain: 'other.example.com' }, { Domain: 'other.example.com' }],
    ['domainList', {}, { domain: undefined, domainList: ['a.com', 'b.com'] }, { DomainList: ['a.com', 'b.com'] }],
    ['back to domain', { domain: undefined, domainList: ['a.com', 'b.com'] }, {}, { Domain: 'example.com' }],
    ['sessionSampleRate', {}, { sessionSampleRate: 1 }, { AppMonitorConfiguration: { SessionSampleRate: 1 } }],
    ['sessionSampleRate 0', {}, { sessionSampleRate: 0 }, { AppMonitorConfiguration: { SessionSampleRate: 0 } }],
    ['telemetries', {}, { telemetries: [rum.Telemetry.HTTP] }, { AppMonitorConfiguration: { Telemetries: ['http'] } }],
    ['allowCookies', {}, { allowCookies: true }, { AppMonitorConfiguration: { AllowCookies: true } }],
    ['enableXRay', {}, { enableXRay: true }, { AppMonitorConfiguration: { EnableXRay: true } }],
    [
      'includedPages',
      {},
      { includedPages: ['https://example.com/a'] },
      { AppMonitorConfiguration: { IncludedPages: ['https://example.com/a'] } },
    ],
    [
      'excludedPages',
      {},
      { excludedPages: ['https://example.com/a'] },
      { AppMonitorConfiguration: { ExcludedPages: ['https://example.com/a'] } },
    ],
    [
      'included to excluded pages',
      { includedPages: ['https://example.com/a'] },
      { excludedPages: ['https://example.com/b'] },
      { AppMonitorConfiguration: { IncludedPages: [], ExcludedPages: ['https://example.com/b'] } },
    ],
    [
      'favoritePages',
      {},
      { favoritePages: ['https://example.com/a'] },
      { AppMonitorConfiguration: { FavoritePages: ['https://example.com/a'] } },
    ],
    ['cwLogEnabled', {}, { cwLogEnabled: true }, { DataStorage: { CwLog: { CwLogEnabled: true } } }],
    ['customEvents', {}, { customEvents: true }, { CustomEvents: { Status: 'ENABLED' } }],
    [
      'javaScriptSourceMaps',
      {},
      { javaScriptSourceMaps: 's3://maps/web' },
      { DeobfuscationConfiguration: { JavaScriptSourceMaps: { Status: 'ENABLED', S3Uri: 's3://maps/web' } } },
    ],
  ];

  test.each(changes)('of %s is made in place', async (_property, before, after, expected) => {
    const bed = await Testbed.start();
    await bed.deploy(monitor(before));
    const [name] = await bed.monitorNames();
    const result = await bed.deploy(monitor(after));
    expect(result.status).toBe('UPDATE_COMPLETE');
    expect(await bed.monitorNames()).toEqual([name]);
    expect(await bed.monitor(name!)).toMatchObject(expected);
    expect(bed.writes()).toEqual(['CreateAppMonitor', 'UpdateAppMonitor']);
  });

  const clearings: ReadonlyArray<[string, Partial<rum.AppMonitorProps>, object]> = [
    ['sessionSampleRate', { sessionSampleRate: 1 }, { AppMonitorConfiguration: { SessionSampleRate: 0.1 } }],
    [
      'telemetries',
      { telemetries: [] },
      { AppMonitorConfiguration: { Telemetries: expect.arrayContaining(['errors', 'performance', 'http']) } },
    ],
    ['allowCookies', { allowCookies: true }, { AppMonitorConfiguration: { AllowCookies: false } }],
    ['enableXRay', { enableXRay: true }, { AppMonitorConfiguration: { EnableXRay: false } }],
    ['includedPages', { includedPages: ['https://a.com/x'] }, { AppMonitorConfiguration: { IncludedPages: [] } }],
    ['excludedPages', { excludedPages: ['https://a.com/x'] }, { AppMonitorConfiguration: { ExcludedPages: [] } }],
    ['favoritePages', { favoritePages: ['https://a.com/x'] }, { AppMonitorConfiguration: { FavoritePages: [] } }],
    ['cwLogEnabled', { cwLogEnabled: true }, { DataStorage: { CwLog: { CwLogEnabled: false } } }],
    ['customEvents', { customEvents: true }, { CustomEvents: { Status: 'DISABLED' } }],
    [
      'javaScriptSourceMaps',
      { javaScriptSourceMaps: 's3://maps/web' },
      { DeobfuscationConfiguration: { JavaScriptSourceMaps: { Status: 'DISABLED' } } },
    ],
  ];

  test.each(clearings)('that takes %s out of the app resets it', async (_property, before, expected) => {
    const bed = await Testbed.start();
    await bed.deploy(monitor(before));
    const result = await bed.deploy(monitor());
    expect(result.status).toBe('UPDATE_COMPLETE');
    expect(await bed.onlyMonitor()).toMatchObject(expected);
  });

  test('that changes nothing in RUM writes nothing', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ telemetries: [rum.Telemetry.ERRORS, rum.Telemetry.HTTP] }));
    const before = bed.sandbox.journal.calls.length;
    // The order in the template is another one, so that CloudFormation sends an update.
    const result = await bed.deploy(monitor({ telemetries: [rum.Telemetry.HTTP, rum.Telemetry.ERRORS] }));
    expect(result.status).toBe('UPDATE_COMPLETE');
    expect(bed.rumCalls(before)).not.toEqual([]);
    expect(bed.writes(before)).toEqual([]);
  });

  test('changes tags by difference and leaves those of others alone', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ tags: { a: '1', b: '2' } }));
    const made = await bed.onlyMonitor();
    const ResourceArn = `arn:aws:rum:eu-central-1:111111111111:appmonitor/${made.Name}`;
    await bed.rum.send(new TagResourceCommand({ ResourceArn, Tags: { theirs: 'x' } }));
    await bed.deploy(monitor({ tags: { b: '3', c: '4' } }));
    const { Tags = {} } = await bed.onlyMonitor();
    expect(Tags).toMatchObject({ b: '3', c: '4', theirs: 'x' });
    expect(Tags).not.toHaveProperty('a');
  });

  test('makes a monitor anew that somebody has deleted', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    const [name] = await bed.monitorNames();
    await bed.rum.send(new DeleteAppMonitorCommand({ Name: name }));
    expect((await bed.deploy(monitor({ allowCookies: true }))).status).toBe('UPDATE_COMPLETE');
    expect(await bed.monitorNames()).toEqual([name]);
  });
});

describe('a replacement', () => {
  test.each<[string, Partial<rum.AppMonitorProps>, Partial<rum.AppMonitorProps>]>([
    ['the platform changes', {}, { platform: rum.Platform.ANDROID }],
    ['the identity pool is taken away', { authorization: rum.Authorization.cognito() }, {}],
    ['a name is given', {}, { appMonitorName: 'mine' }],
    ['the name changes', { appMonitorName: 'mine' }, { appMonitorName: 'yours' }],
    ['the name is left out', { appMonitorName: 'mine' }, {}],
  ])('happens when %s, and leaves the new monitor alone', async (_reason, before, after) => {
    const bed = await Testbed.start();
    await bed.deploy(monitor(before));
    const old = await bed.onlyMonitor();
    const result = await bed.deploy(monitor(after));
    expect(result.status).toBe('UPDATE_COMPLETE');
    const made = await bed.onlyMonitor();
    expect(made.Id).not.toBe(old.Id);
    expect(made.Tags?.['cdk-settled:replaces']).toBe(old.Tags?.['cdk-settled:id']);
    await bed.destroy();
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('of a monitor with a fixed name is refused with the remedy, and the rollback succeeds', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ appMonitorName: 'mine' }));
    const result = await bed.deploy(monitor({ appMonitorName: 'mine', platform: rum.Platform.IOS }));
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(failureReason(result)).toContain(
      'the platform changes: an app monitor with the fixed name "mine" cannot be replaced while it exists; change appMonitorName',
    );
    expect((await bed.onlyMonitor()).Platform).toBe('Web');
  });

  test('twice in a row goes from one id to the next', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    await bed.deploy(monitor({ platform: rum.Platform.IOS }));
    await bed.deploy(monitor({ platform: rum.Platform.ANDROID }));
    expect((await bed.onlyMonitor()).Platform).toBe('Android');
    await bed.destroy();
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('keeps the old monitor if it is to be retained', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ removalPolicy: RemovalPolicy.RETAIN }));
    await bed.deploy(monitor({ removalPolicy: RemovalPolicy.RETAIN, platform: rum.Platform.IOS }));
    expect(await bed.monitorNames()).toHaveLength(2);
  });
});

describe('a foreign monitor', () => {
  test('of the same name fails the creation, is named in the reason, and stays as it was', async () => {
    const bed = await Testbed.start();
    await bed.rum.send(new CreateAppMonitorCommand({ Name: 'taken', Domain: 'foreign.com', Tags: { theirs: 'x' } }));
    const before = await bed.monitor('taken');
    const result = await bed.deploy(monitor({ appMonitorName: 'taken' }));
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toContain(
      'an app monitor named "taken" already exists in 111111111111/eu-central-1 and was not made by this stack; choose another appMonitorName',
    );
    expect(await bed.monitor('taken')).toEqual(before);
    expect(bed.writes()).toEqual([]);
  });

  test('of the name to change to fails the update, and the rollback leaves both as they were', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ appMonitorName: 'mine' }));
    await bed.rum.send(new CreateAppMonitorCommand({ Name: 'taken', Domain: 'foreign.com' }));
    const result = await bed.deploy(monitor({ appMonitorName: 'taken' }));
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await bed.monitorNames()).sort()).toEqual(['mine', 'taken']);
    expect((await bed.monitor('taken')).Domain).toBe('foreign.com');
  });

  test('that lost our tag survives the deletion of the stack', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ appMonitorName: 'mine' }));
    await bed.rum.send(new DeleteAppMonitorCommand({ Name: 'mine' }));
    await bed.rum.send(new CreateAppMonitorCommand({ Name: 'mine', Domain: 'foreign.com' }));
    expect((await bed.destroy()).status).toBe('DELETE_COMPLETE');
    expect(await bed.monitorNames()).toEqual(['mine']);
  });
});

describe('a failure', () => {
  test('of RUM itself rolls the creation back and names what RUM said, with the remedy', async () => {
    const bed = await Testbed.start({ rum: { quotas: { appMonitors: 0 } } });
    const result = await bed.deploy(monitor());
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(failureReason(result)).toMatch(
      /CreateAppMonitor for App-Monitor\S+ failed: ServiceQuotaExceededException: .*\(AWS request id .*\); .*Service Quotas console/s,
    );
    await bed.destroy();
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('of a sibling after the monitor is made rolls the creation back to nothing', async () => {
    const bed = await Testbed.start();
    const result = await bed.deploy((stack) => {
      const made = new rum.AppMonitor(stack, 'Monitor', DEFAULTS);
      failing(stack, 'create', 1).node.addDependency(made);
    });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    await bed.destroy();
    expect(bed.sandbox.inventory()).toEqual([]);
  });

  test('removes what a creation that fails has made even if it is to be retained', async () => {
    const bed = await Testbed.start();
    const result = await bed.deploy((stack) => {
      const made = new rum.AppMonitor(stack, 'Monitor', { ...DEFAULTS, removalPolicy: RemovalPolicy.RETAIN });
      failing(stack, 'create', 1).node.addDependency(made);
    });
    expect(result.status).toBe('ROLLBACK_COMPLETE');
    expect(await bed.monitorNames()).toEqual([]);
  });

  test('of a sibling after an update in place restores every property', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ tags: { a: '1' }, includedPages: ['https://a.com/x'] }));
    const before = await bed.onlyMonitor();
    const result = await bed.deploy((stack) => {
      const made = new rum.AppMonitor(stack, 'Monitor', {
        ...DEFAULTS,
        tags: { b: '2' },
        excludedPages: ['https://a.com/y'],
        allowCookies: true,
        sessionSampleRate: 1,
      });
      failing(stack, 'create', 1).node.addDependency(made);
    });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(bed.writes().filter((call) => call === 'UpdateAppMonitor')).toHaveLength(2);
    const after = await bed.onlyMonitor();
    expect(after.Tags).toEqual(before.Tags);
    expect(after.AppMonitorConfiguration).toMatchObject({
      SessionSampleRate: 0.1,
      AllowCookies: false,
      IncludedPages: ['https://a.com/x'],
      ExcludedPages: [],
    });
  });

  test('of a sibling after a pool was added to a monitor with a fixed name ends the rollback, and the pool stays', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor({ appMonitorName: 'mine' }));
    const result = await bed.deploy((stack) => {
      const authorization = rum.Authorization.cognito();
      const made = new rum.AppMonitor(stack, 'Monitor', { ...DEFAULTS, appMonitorName: 'mine', authorization });
      failing(stack, 'create', 1).node.addDependency(made);
    });
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    // RUM has no documented way to clear it, and the name cannot be taken twice.
    expect((await bed.monitor('mine')).AppMonitorConfiguration).toHaveProperty('IdentityPoolId');
  });

  test.each(['update-new', 'restore-old'] as const)(
    'of a sibling after a replacement brings the old monitor back and removes the new one (%s)',
    async (rollbackOfReplacement) => {
      const bed = await Testbed.start({ cloudFormation: { rollbackOfReplacement } });
      await bed.deploy(monitor());
      const old = await bed.onlyMonitor();
      const result = await bed.deploy((stack) => {
        const made = new rum.AppMonitor(stack, 'Monitor', { ...DEFAULTS, platform: rum.Platform.IOS });
        failing(stack, 'create', 1).node.addDependency(made);
      });
      expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
      expect((await bed.onlyMonitor()).Id).toBe(old.Id);
      await bed.destroy();
      expect(bed.sandbox.inventory()).toEqual([]);
    },
  );

  test('of a replacement half-way leaves the old monitor alone, and nothing of the new one', async () => {
    const bed = await Testbed.start();
    await bed.deploy(monitor());
    const old = await bed.onlyMonitor();
    // The new monitor is made, and then cannot be looked at.
    const calls = bed.sandbox.journal.calls.filter(({ operation }) => operation === 'CreateAppMonitor').length;
    expect(calls).toBe(1);
    const stop = bed.sandbox.journal.onCall(({ operation }) => {
      if (operation !== 'CreateAppMonitor') return;
      stop();
      bed.sandbox.faults.add({ match: { service: 'rum', operation: 'GetAppMonitor' }, kind: 'deny' });
    });
    const result = await bed.deploy(monitor({ platform: rum.Platform.IOS }));
    expect(result.status).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(bed.sandbox.faults.unused()).toEqual([]);
    expect((await bed.onlyMonitor()).Id).toBe(old.Id);
    await bed.destroy();
    expect(bed.sandbox.inventory()).toEqual([]);
  });
});
