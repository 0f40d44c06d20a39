import { validate } from '../../../../sandbox/model/validate';
import { ACCOUNT, REGION, RumHarness } from './harness';

const POOL = `${REGION}:11111111-2222-4333-a444-555555555555`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/guest`;
const PAGE = 'https://shop.example.com/a';

let aws: RumHarness;
beforeEach(() => {
  aws = new RumHarness();
});

describe('CreateAppMonitor', () => {
  test('makes a monitor with the documented defaults', async () => {
    const { Id } = await aws.create();
    expect(await aws.get()).toEqual({
      Name: 'shop',
      Id,
      Domain: 'shop.example.com',
      Created: '2030-01-01T00:00:00.000000Z',
      State: 'CREATED',
      Platform: 'Web',
      AppMonitorConfiguration: { SessionSampleRate: 0.1 },
      DataStorage: { CwLog: { CwLogEnabled: false } },
      CustomEvents: { Status: 'DISABLED' },
    });
    expect(aws.inventory()).toEqual(['rum app monitor shop']);
  });

  test('keeps everything that it is given', async () => {
    const given = {
      AppMonitorConfiguration: {
        IdentityPoolId: POOL,
        GuestRoleArn: ROLE,
        ExcludedPages: [],
        IncludedPages: [PAGE],
        FavoritePages: ['/a'],
        SessionSampleRate: 1,
        AllowCookies: true,
        EnableXRay: true,
        Telemetries: ['errors', 'performance', 'http'],
      },
      CustomEvents: { Status: 'ENABLED' },
      DeobfuscationConfiguration: { JavaScriptSourceMaps: { Status: 'ENABLED', S3Uri: 's3://maps/shop' } },
      Platform: 'iOS',
      Tags: { team: 'shop' },
    };
    await aws.create('shop', given);
    expect(await aws.get()).toMatchObject(given);
  });

  test('takes a list of domains instead of one', async () => {
    await aws.call('CreateAppMonitor', { Name: 'shop', DomainList: ['a.example.com', 'localhost'] });
    const monitor = await aws.get();
    expect(monitor.DomainList).toEqual(['a.example.com', 'localhost']);
    expect(monitor.Domain).toBeUndefined();
  });

  test('names the log group by the first eight characters of the id, and does not make it yet', async () => {
    const { Id } = await aws.create('shop', { CwLogEnabled: true });
    const { DataStorage } = await aws.get();
    expect(DataStorage.CwLog).toEqual({
      CwLogEnabled: true,
      CwLogGroup: `/aws/vendedlogs/RUMService_shop${Id.slice(0, 8)}`,
    });
    expect(aws.inventory()).toEqual(['rum app monitor shop']);
  });

  test.each<[string, object]>([
    ['neither Domain nor DomainList', { Name: 'shop' }],
    ['both Domain and DomainList', { Name: 'shop', Domain: 'a.example.com', DomainList: ['b.example.com'] }],
    [
      'pages both included and excluded',
      { Name: 'shop', Domain: 'a.com', AppMonitorConfiguration: { IncludedPages: [PAGE], ExcludedPages: [PAGE] } },
    ],
    [
      'source maps without their place',
      { Name: 'shop', Domain: 'a.com', DeobfuscationConfiguration: { JavaScriptSourceMaps: { Status: 'ENABLED' } } },
    ],
    [
      'more than 50 tags',
      { Name: 'shop', Domain: 'a.com', Tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])) },
    ],
  ])('refuses %s', async (_case, input) => {
    expect(await aws.failure('CreateAppMonitor', input)).toMatchObject({
      code: 'ValidationException',
      statusCode: 400,
    });
    expect(aws.inventory()).toEqual([]);
  });

  test('answers Conflict for a name that is taken, whoever took it', async () => {
    await aws.create();
    const error = await aws.failure('CreateAppMonitor', { Name: 'shop', Domain: 'other.example.com' });
    expect(error).toMatchObject({
      code: 'ConflictException',
      statusCode: 409,
      members: { resourceName: 'shop', resourceType: 'AppMonitor' },
    });
  });

  test('stops at the quota of 20 monitors in an account and region', async () => {
    for (let i = 0; i < 20; i++) await aws.create(`shop${i}`);
    const input = { Name: 'shop20', Domain: 'a.example.com' };
    expect(await aws.failure('CreateAppMonitor', input)).toMatchObject({
      code: 'ServiceQuotaExceededException',
      statusCode: 402,
    });
    await aws.call('CreateAppMonitor', input, { region: 'eu-west-1' });
    await aws.call('CreateAppMonitor', input, { accountId: '444455556666' });
  });

  test('lets the quota be raised', async () => {
    aws = new RumHarness({ quotas: { appMonitors: 450 } });
    for (let i = 0; i < 450; i++) await aws.create(`shop${i}`);
    expect(aws.rum.monitors(aws.state())).toHaveLength(450);
  });

  test('looks for the identity pool and the guest role only where it is told how', async () => {
    const configuration = { IdentityPoolId: POOL, GuestRoleArn: ROLE };
    const input = { Name: 'shop', Domain: 'a.example.com', AppMonitorConfiguration: configuration };
    aws = new RumHarness({ identityPoolExists: () => false });
    expect(await aws.failure('CreateAppMonitor', input)).toMatchObject({ members: { resourceName: POOL } });
    aws = new RumHarness({ roleExists: () => false });
    expect(await aws.failure('CreateAppMonitor', input)).toMatchObject({ members: { resourceName: ROLE } });
    aws = new RumHarness({ identityPoolExists: () => true, roleExists: () => true });
    await aws.call('CreateAppMonitor', input);
  });
});

describe('what the model allows', () => {
  const { model } = new RumHarness().rum;
  const problems = (input: object) => validate(model, 'CreateAppMonitorRequest', { Name: 'shop', ...input });

  test.each(['localhost', '10.1.2.3', 'a.example.com', '*.a.com', 'shop.*', 'a-b.example.com'])(
    'domain %s',
    (Domain) => {
      expect(problems({ Domain })).toEqual([]);
    },
  );

  test.each(['https://a.com', 'a.com:8080', 'foo.*.com', '-a.com', 'a..com', 'a.*', ''])(
    'not domain "%s"',
    (Domain) => {
      expect(problems({ Domain })).not.toEqual([]);
    },
  );

  test.each(['a', 'A.b-c_d#9', 'x'.repeat(255)])('name %s', (Name) => {
    expect(problems({ Name })).toEqual([]);
  });

  test.each(['.a', 'a b', 'a/b', '', 'x'.repeat(256)])('not name "%s"', (Name) => {
    expect(problems({ Name })).not.toEqual([]);
  });

  test.each(['team', 'team9', 'cdk-settled:id', 'a/b'])('tag key %s', (key) => {
    expect(problems({ Tags: { [key]: '' } })).toEqual([]);
  });

  test.each(['aws:team', 'my team', 'a@b', ''])('not tag key "%s"', (key) => {
    expect(problems({ Tags: { [key]: '' } })).not.toEqual([]);
  });

  test.each<[string, object]>([
    ['six domains', { DomainList: Array(6).fill('a.example.com') }],
    ['no domain in a list', { DomainList: [] }],
    ['51 pages', { AppMonitorConfiguration: { IncludedPages: Array(51).fill(PAGE) } }],
    ['a page without a scheme', { AppMonitorConfiguration: { IncludedPages: ['shop.example.com'] } }],
    ['a sample rate above one', { AppMonitorConfiguration: { SessionSampleRate: 1.1 } }],
    ['an unknown telemetry', { AppMonitorConfiguration: { Telemetries: ['replay'] } }],
    ['an empty identity pool id', { AppMonitorConfiguration: { IdentityPoolId: '' } }],
    ['an identity pool id of 56 characters', { AppMonitorConfiguration: { IdentityPoolId: `a:${'1'.repeat(54)}` } }],
    ['an unknown platform', { Platform: 'Desktop' }],
    ['source maps without a status', { DeobfuscationConfiguration: { JavaScriptSourceMaps: { S3Uri: 's3://maps' } } }],
  ])('not %s', (_case, input) => {
    expect(problems(input)).not.toEqual([]);
  });
});

describe('GetAppMonitor', () => {
  test('does not find what was never made', async () => {
    expect(await aws.failure('GetAppMonitor', { Name: 'shop' })).toMatchObject({
      code: 'ResourceNotFoundException',
      statusCode: 404,
      members: { resourceName: 'shop', resourceType: 'AppMonitor' },
    });
  });

  test('sees the monitor become ACTIVE when it has settled', async () => {
    aws = new RumHarness({ steadyState: 'ACTIVE', settleSeconds: 30 });
    await aws.create();
    expect((await aws.get()).State).toBe('CREATED');
    await aws.clock.sleep(30_000);
    expect((await aws.get()).State).toBe('ACTIVE');
  });
});

describe('UpdateAppMonitor', () => {
  test('changes what it names and keeps the rest, members of the configuration included', async () => {
    await aws.create('shop', {
      AppMonitorConfiguration: { AllowCookies: true, SessionSampleRate: 0.5, FavoritePages: ['/a'] },
      CustomEvents: { Status: 'ENABLED' },
      Tags: { team: 'shop' },
    });
    await aws.clock.sleep(1500);
    const change = { AppMonitorConfiguration: { SessionSampleRate: 1, FavoritePages: [] }, CwLogEnabled: true };
    await aws.call('UpdateAppMonitor', { Name: 'shop', ...change });
    expect(await aws.get()).toMatchObject({
      Domain: 'shop.example.com',
      AppMonitorConfiguration: { AllowCookies: true, SessionSampleRate: 1, FavoritePages: [] },
      CustomEvents: { Status: 'ENABLED' },
      DataStorage: { CwLog: { CwLogEnabled: true } },
      Created: '2030-01-01T00:00:00.000000Z',
      LastModified: '2030-01-01T00:00:01.500000Z',
      Tags: { team: 'shop' },
    });
  });

  test('can be told to replace the configuration as a whole', async () => {
    aws = new RumHarness({ merge: 'replace' });
    await aws.create('shop', { AppMonitorConfiguration: { AllowCookies: true, SessionSampleRate: 0.5 } });
    await aws.call('UpdateAppMonitor', { Name: 'shop', CwLogEnabled: false });
    expect((await aws.get()).AppMonitorConfiguration).toEqual({ AllowCookies: true, SessionSampleRate: 0.5 });
    await aws.call('UpdateAppMonitor', { Name: 'shop', AppMonitorConfiguration: { EnableXRay: true } });
    expect((await aws.get()).AppMonitorConfiguration).toEqual({ EnableXRay: true, SessionSampleRate: 0.1 });
  });

  test('exchanges one domain for a list', async () => {
    await aws.create();
    await aws.call('UpdateAppMonitor', { Name: 'shop', DomainList: ['a.example.com'] });
    const { Domain, DomainList } = await aws.get();
    expect([Domain, DomainList]).toEqual([undefined, ['a.example.com']]);
    const both = { Name: 'shop', Domain: 'a.example.com', DomainList: ['a.example.com'] };
    expect((await aws.failure('UpdateAppMonitor', both)).code).toBe('ValidationException');
  });

  test('switches from excluded to included pages only when the excluded ones are emptied', async () => {
    await aws.create('shop', { AppMonitorConfiguration: { ExcludedPages: [PAGE] } });
    const included = { Name: 'shop', AppMonitorConfiguration: { IncludedPages: [PAGE] } };
    expect((await aws.failure('UpdateAppMonitor', included)).code).toBe('ValidationException');
    const both = { Name: 'shop', AppMonitorConfiguration: { IncludedPages: [PAGE], ExcludedPages: [] } };
    await aws.call('UpdateAppMonitor', both);
    expect((await aws.get()).AppMonitorConfiguration).toMatchObject({ IncludedPages: [PAGE], ExcludedPages: [] });
  });

  test('can be told to look at one operation only for the pages', async () => {
    aws = new RumHarness({ exclusivePages: 'operation' });
    await aws.create('shop', { AppMonitorConfiguration: { ExcludedPages: [PAGE] } });
    await aws.call('UpdateAppMonitor', { Name: 'shop', AppMonitorConfiguration: { IncludedPages: [PAGE] } });
  });

  test('leaves everything as it was when something is wrong', async () => {
    await aws.create();
    const before = await aws.get();
    const input = {
      Name: 'shop',
      Domain: 'new.example.com',
      DeobfuscationConfiguration: { JavaScriptSourceMaps: { Status: 'ENABLED' } },
    };
    expect((await aws.failure('UpdateAppMonitor', input)).code).toBe('ValidationException');
    expect(await aws.get()).toEqual(before);
  });

  test('ignores a platform, and does not find a missing monitor', async () => {
    await aws.create();
    await aws.call('UpdateAppMonitor', { Name: 'shop', Platform: 'iOS' });
    expect((await aws.get()).Platform).toBe('Web');
    expect((await aws.failure('UpdateAppMonitor', { Name: 'gone' })).code).toBe('ResourceNotFoundException');
  });
});

describe('DeleteAppMonitor', () => {
  test('makes the monitor unknown at once, and its name free', async () => {
    await aws.create();
    await aws.call('DeleteAppMonitor', { Name: 'shop' });
    expect(aws.inventory()).toEqual([]);
    expect((await aws.failure('GetAppMonitor', { Name: 'shop' })).code).toBe('ResourceNotFoundException');
    expect((await aws.failure('DeleteAppMonitor', { Name: 'shop' })).code).toBe('ResourceNotFoundException');
    await aws.create();
  });

  test('can linger as DELETING, with its name taken and changes refused', async () => {
    aws = new RumHarness({ deletingSeconds: 60 });
    await aws.create();
    await aws.call('DeleteAppMonitor', { Name: 'shop' });
    expect((await aws.get()).State).toBe('DELETING');
    const input = { Name: 'shop', Domain: 'a.example.com' };
    for (const operation of ['CreateAppMonitor', 'UpdateAppMonitor', 'DeleteAppMonitor']) {
      expect((await aws.failure(operation, input)).code).toBe('ConflictException');
    }
    await aws.clock.sleep(60_000);
    expect((await aws.failure('GetAppMonitor', { Name: 'shop' })).code).toBe('ResourceNotFoundException');
  });
});

describe('ListAppMonitors', () => {
  test('pages through all monitors, also when some go meanwhile', async () => {
    for (const name of ['c', 'a', 'd', 'b']) await aws.create(name);
    const first = await aws.call('ListAppMonitors', { MaxResults: 2 });
    expect(first.AppMonitorSummaries.map((summary: { Name: string }) => summary.Name)).toEqual(['a', 'b']);
    await aws.call('DeleteAppMonitor', { Name: 'b' });
    const second = await aws.call('ListAppMonitors', { MaxResults: 2, NextToken: first.NextToken });
    expect(second.AppMonitorSummaries.map((summary: { Name: string }) => summary.Name)).toEqual(['c', 'd']);
    expect(second.NextToken).toBeUndefined();
  });

  test('summarizes a monitor', async () => {
    const { Id } = await aws.create();
    expect((await aws.call('ListAppMonitors')).AppMonitorSummaries).toEqual([
      { Name: 'shop', Id, Created: '2030-01-01T00:00:00.000000Z', State: 'CREATED', Platform: 'Web' },
    ]);
  });

  test('refuses a token that it did not give', async () => {
    expect((await aws.failure('ListAppMonitors', { NextToken: 'x' })).code).toBe('ValidationException');
  });
});
