import type { AppMonitor } from '@aws-sdk/client-rum';
import {
  type Configuration,
  configurationOf,
  createInput,
  differences,
  updateInput,
} from '../../src/rum/app-monitor-configuration.runtime';
import { FULL_PROPERTIES, goalOf, MINIMAL_PROPERTIES } from '../support/monitor-goals';

const FULL = goalOf(FULL_PROPERTIES);
const MINIMAL = goalOf(MINIMAL_PROPERTIES);
const PAGES = ['https://a.example.com/1', 'https://a.example.com/2'];

function withPages(includedPages: string[], excludedPages: string[] = []): Configuration {
  return { ...MINIMAL.configuration, includedPages, excludedPages };
}

describe('decoding properties', () => {
  test('reads every property from its string', () => {
    expect(goalOf({ ...FULL_PROPERTIES, Name: 'shop', Tags: [{ Key: 'team', Value: 'web' }] })).toEqual({
      name: 'shop',
      tags: { team: 'web' },
      configuration: {
        domains: ['shop.example.com'],
        cwLogEnabled: true,
        sessionSampleRate: 0.5,
        telemetries: ['errors', 'http'],
        allowCookies: true,
        enableXRay: true,
        includedPages: [],
        excludedPages: ['https://shop.example.com/admin'],
        favoritePages: ['https://shop.example.com/'],
        customEvents: 'ENABLED',
        platform: 'Web',
        sourceMaps: 's3://maps/shop',
        identityPoolId: 'eu-central-1:0f1e2d3c',
        guestRoleArn: 'arn:aws:iam::111122223333:role/Guest',
      },
    });
  });

  test("fills in the service's defaults", () => {
    expect(MINIMAL).toEqual({
      name: undefined,
      tags: {},
      configuration: {
        domains: ['shop.example.com'],
        cwLogEnabled: false,
        sessionSampleRate: 0.1,
        telemetries: [],
        allowCookies: false,
        enableXRay: false,
        includedPages: [],
        excludedPages: [],
        favoritePages: [],
        customEvents: 'DISABLED',
        platform: 'Web',
        sourceMaps: undefined,
        identityPoolId: undefined,
        guestRoleArn: undefined,
      },
    });
  });

  test('takes a list of domains before a single one, and keeps a sample rate of zero', () => {
    const { domains, sessionSampleRate } = goalOf({
      DomainList: ['a.com', 'b.com'],
      SessionSampleRate: '0',
    }).configuration;
    expect(domains).toEqual(['a.com', 'b.com']);
    expect(sessionSampleRate).toBe(0);
  });

  test('fails without a domain', () => {
    expect(() => goalOf({})).toThrow('property Domain is required but missing or empty');
  });

  test.each(['cdk-settled:id', 'cdk-settled:owner', 'cdk-settled:replaces', 'cdk-settled:any'])(
    'fails for the reserved tag %s, which would make the monitor lose its owner',
    (Key) => {
      expect(() => goalOf({ ...MINIMAL_PROPERTIES, Tags: [{ Key, Value: 'x' }] })).toThrow(
        `property Tags must not have the reserved key "${Key}"`,
      );
    },
  );
});

describe('the configuration of a monitor as RUM answers it', () => {
  test('is that of its creation', () => {
    const { Name, CwLogEnabled, ...answered } = createInput('shop', FULL);
    const monitor: AppMonitor = { ...answered, DataStorage: { CwLog: { CwLogEnabled } } };
    expect(configurationOf(monitor)).toEqual(FULL.configuration);
  });

  test('has the defaults where RUM answers nothing', () => {
    expect(configurationOf({ Domain: 'shop.example.com' })).toEqual(MINIMAL.configuration);
  });

  test('has the list where RUM answers both domain and list, and none where it answers neither', () => {
    expect(configurationOf({ Domain: 'a.com', DomainList: ['a.com', 'b.com'] }).domains).toEqual(['a.com', 'b.com']);
    expect(configurationOf({}).domains).toEqual([]);
  });

  test('has no source maps where they are disabled, even if RUM remembers where they were', () => {
    const JavaScriptSourceMaps = { Status: 'DISABLED', S3Uri: 's3://maps/shop' } as const;
    expect(configurationOf({ DeobfuscationConfiguration: { JavaScriptSourceMaps } }).sourceMaps).toBeUndefined();
  });
});

describe('differences', () => {
  const others: Configuration = {
    domains: ['other.example.com'],
    cwLogEnabled: false,
    sessionSampleRate: 0.6,
    telemetries: ['performance'],
    allowCookies: false,
    enableXRay: false,
    includedPages: PAGES,
    excludedPages: [],
    favoritePages: [],
    customEvents: 'DISABLED',
    platform: 'iOS',
    sourceMaps: 's3://maps/other',
    identityPoolId: 'eu-central-1:other',
    guestRoleArn: 'arn:aws:iam::111122223333:role/Other',
  };

  test('are none between equal configurations', () => {
    expect(differences(FULL.configuration, { ...FULL.configuration })).toEqual([]);
  });

  test.each(Object.keys(others) as Array<keyof Configuration>)('name %s where it alone differs', (name) => {
    expect(differences(FULL.configuration, { ...FULL.configuration, [name]: others[name] })).toEqual([name]);
    expect(differences({ ...FULL.configuration, [name]: others[name] }, FULL.configuration)).toEqual([name]);
  });

  test.each(['sourceMaps', 'identityPoolId', 'guestRoleArn'] as const)('name %s where one side has none', (name) => {
    const { [name]: _removed, ...without } = FULL.configuration;
    expect(differences(FULL.configuration, without)).toEqual([name]);
    expect(differences(without, FULL.configuration)).toEqual([name]);
    expect(differences(without, { ...without, [name]: undefined })).toEqual([]);
  });

  test.each(['domains', 'telemetries', 'includedPages', 'excludedPages', 'favoritePages'] as const)(
    'do not name %s for their order or for repetition, but for one entry more',
    (name) => {
      const wanted = { ...FULL.configuration, [name]: ['a', 'b'] };
      expect(differences(wanted, { ...wanted, [name]: ['b', 'a'] })).toEqual([]);
      expect(differences(wanted, { ...wanted, [name]: ['b', 'a', 'b'] })).toEqual([]);
      expect(differences(wanted, { ...wanted, [name]: ['a', 'b', 'c'] })).toEqual([name]);
    },
  );

  test('do not sort the lists that they compare', () => {
    const wanted = { ...FULL.configuration, domains: Object.freeze(['b', 'a']) };
    expect(differences(wanted, wanted)).toEqual([]);
    expect(wanted.domains).toEqual(['b', 'a']);
  });
});

describe('the input of CreateAppMonitor', () => {
  test('has everything', () => {
    expect(createInput('shop', FULL)).toEqual({
      Name: 'shop',
      Domain: 'shop.example.com',
      CwLogEnabled: true,
      CustomEvents: { Status: 'ENABLED' },
      Platform: 'Web',
      DeobfuscationConfiguration: { JavaScriptSourceMaps: { Status: 'ENABLED', S3Uri: 's3://maps/shop' } },
      AppMonitorConfiguration: {
        SessionSampleRate: 0.5,
        Telemetries: ['errors', 'http'],
        AllowCookies: true,
        EnableXRay: true,
        ExcludedPages: ['https://shop.example.com/admin'],
        FavoritePages: ['https://shop.example.com/'],
        IdentityPoolId: 'eu-central-1:0f1e2d3c',
        GuestRoleArn: 'arn:aws:iam::111122223333:role/Guest',
      },
    });
  });

  test.each([
    [PAGES, [], ['IncludedPages']],
    [[], PAGES, ['ExcludedPages']],
    [[], [], []],
  ])('has the page lists that have pages, and not the other: %p, %p', (included, excluded, names) => {
    const input = createInput('shop', { ...MINIMAL, configuration: withPages(included, excluded) });
    expect(pageLists(input.AppMonitorConfiguration)).toEqual(names);
  });
});

describe('the input of UpdateAppMonitor', () => {
  test('resets explicitly what is not wanted any more, since RUM keeps what is left out', () => {
    const { identityPoolId, guestRoleArn } = FULL.configuration;
    const goal = { ...MINIMAL, configuration: { ...MINIMAL.configuration, identityPoolId, guestRoleArn } };
    expect(updateInput('shop', goal, FULL.configuration)).toEqual({
      Name: 'shop',
      Domain: 'shop.example.com',
      CwLogEnabled: false,
      CustomEvents: { Status: 'DISABLED' },
      DeobfuscationConfiguration: { JavaScriptSourceMaps: { Status: 'DISABLED' } },
      AppMonitorConfiguration: {
        SessionSampleRate: 0.1,
        Telemetries: [],
        AllowCookies: false,
        EnableXRay: false,
        ExcludedPages: [],
        FavoritePages: [],
        IdentityPoolId: identityPoolId,
        GuestRoleArn: guestRoleArn,
      },
    });
  });

  test('has no platform, which UpdateAppMonitor does not know', () => {
    expect(updateInput('shop', FULL, MINIMAL.configuration)).not.toHaveProperty('Platform');
  });

  test.each([
    ['none to none', withPages([]), withPages([]), {}],
    ['none to included', withPages([]), withPages(PAGES), { IncludedPages: PAGES }],
    ['none to excluded', withPages([]), withPages([], PAGES), { ExcludedPages: PAGES }],
    ['included to others', withPages(['https://b.com']), withPages(PAGES), { IncludedPages: PAGES }],
    ['included to none', withPages(PAGES), withPages([]), { IncludedPages: [] }],
    ['excluded to none', withPages([], PAGES), withPages([]), { ExcludedPages: [] }],
    ['included to excluded', withPages(PAGES), withPages([], PAGES), { IncludedPages: [], ExcludedPages: PAGES }],
    ['excluded to included', withPages([], PAGES), withPages(PAGES), { IncludedPages: PAGES, ExcludedPages: [] }],
  ])('names a page list only to set or to reset it: %s', (_what, observed, configuration, expected) => {
    const { AppMonitorConfiguration = {} } = updateInput('shop', { ...MINIMAL, configuration }, observed);
    const { IncludedPages, ExcludedPages } = AppMonitorConfiguration;
    expect({ IncludedPages, ExcludedPages }).toEqual(expected);
    expect(pageLists(AppMonitorConfiguration)).toEqual(Object.keys(expected));
  });
});

describe.each([
  ['CreateAppMonitor', createInput],
  ['UpdateAppMonitor', (name: string, goal: typeof MINIMAL) => updateInput(name, goal, MINIMAL.configuration)],
])('the input of %s', (_call, input) => {
  test('has one domain as Domain and several as DomainList, never both', () => {
    const one = input('shop', goalOf({ DomainList: ['a.com'] }));
    expect(one).toMatchObject({ Domain: 'a.com' });
    expect(one).not.toHaveProperty('DomainList');
    const two = input('shop', goalOf({ DomainList: ['a.com', 'b.com'] }));
    expect(two).toMatchObject({ DomainList: ['a.com', 'b.com'] });
    expect(two).not.toHaveProperty('Domain');
  });

  test('names no pool and no role where there is none, since they cannot be empty', () => {
    const { IdentityPoolId, GuestRoleArn } = input('shop', MINIMAL).AppMonitorConfiguration ?? {};
    expect([IdentityPoolId, GuestRoleArn]).toEqual([undefined, undefined]);
  });
});

function pageLists(configuration: object = {}): string[] {
  return Object.keys(configuration).filter((name) => name === 'IncludedPages' || name === 'ExcludedPages');
}
