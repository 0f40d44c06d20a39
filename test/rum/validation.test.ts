import { Lazy, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { compilePattern } from '../../sandbox/model/pattern';
import { AppMonitor, type AppMonitorProps, Authorization } from '../../src/rum';
import { validateAppMonitor } from '../../src/rum/app-monitor-validation';
import { MONITOR, messageOf, monitorProperties, testStack } from '../support/synthesis';

const TOKEN = Lazy.string({ produce: () => 'not valid anywhere: <>' });
const LIST_TOKEN = Lazy.list({ produce: () => ['not valid anywhere: <>'] });

function check(props: AppMonitorProps): void {
  validateAppMonitor('Stack/Monitor', props);
}

/** With a domain, where none is given. */
function checkWith(props: Partial<AppMonitorProps>): void {
  check({ domain: 'example.com', ...props });
}

function pages(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `https://example.com/${index}`);
}

function tags(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'value']));
}

describe('domain', () => {
  test.each([
    'example.com',
    'www.example.com',
    '*.example.com',
    'example.*',
    '*.example.*',
    'localhost',
    '10.0.0.1',
    '255.255.255.255',
    'a.b-c.io',
    'xn--bcher-kva.example',
    `${'a'.repeat(63)}.com`,
    `${'a.'.repeat(125)}com`,
  ])('%s is accepted', (domain) => {
    expect(() => check({ domain })).not.toThrow();
    expect(() => check({ domainList: [domain] })).not.toThrow();
  });

  test.each([
    'https://example.com',
    'example.com:8080',
    'example.com/path',
    'foo.*.com',
    '*',
    '*.*',
    '*.com',
    'f*.example.com',
    '-a.com',
    'a-.com',
    'a.com-',
    '.example.com',
    'a..b',
    '256.1.1.1',
    '1.2.3',
    'example',
    'exam ple.com',
    'exämple.com',
    'under_score.com',
    'example.com\n',
    `${'a'.repeat(64)}.com`,
    '',
  ])('%j is rejected with the value and the remedy', (domain) => {
    const text = `must be a host name such as example.com, with "*" at most as its first or last label, an IPv4 address or localhost, without scheme, port or path, got "${domain}"`;
    expect(messageOf(() => check({ domain }))).toContain(`domain ${text}`);
    expect(messageOf(() => check({ domainList: ['example.com', domain] }))).toContain(`domainList ${text}`);
  });

  test('may have 253 characters and no more', () => {
    const longest = `${'a'.repeat(49)}.`.repeat(5).concat('com');
    expect(longest).toHaveLength(253);
    expect(() => check({ domain: longest })).not.toThrow();
    expect(messageOf(() => check({ domain: `a${longest}` }))).toContain(
      'domain must have 1 to 253 characters (it has 254)',
    );
  });

  test('or domainList must be given', () => {
    expect(messageOf(() => check({}))).toBe('Stack/Monitor: pass either domain or domainList, got neither');
  });

  test('and domainList exclude each other', () => {
    expect(messageOf(() => check({ domain: 'a.com', domainList: ['b.com'] }))).toBe(
      'Stack/Monitor: pass either domain or domainList, got both',
    );
  });

  test.each([1, 5])('lists have %i entries', (count) => {
    expect(() => check({ domainList: new Array(count).fill('example.com') })).not.toThrow();
  });

  test.each([0, 6])('lists do not have %i entries', (count) => {
    expect(messageOf(() => check({ domainList: new Array(count).fill('example.com') }))).toContain(
      `domainList must have 1 to 5 entries, got "${count} entries"`,
    );
  });
});

describe('a constraint', () => {
  const valid: Array<[string, Partial<AppMonitorProps>]> = [
    ['a name of 1 character', { appMonitorName: 'a' }],
    ['a name of 255 characters', { appMonitorName: 'a'.repeat(255) }],
    ['all characters of a name', { appMonitorName: 'aZ09.-_#' }],
    ['a rate of 0', { sessionSampleRate: 0 }],
    ['a rate of 1', { sessionSampleRate: 1 }],
    ['50 included pages', { includedPages: pages(50) }],
    ['50 excluded pages', { excludedPages: pages(50) }],
    ['50 favorite pages, which need not be URLs', { favoritePages: new Array(50).fill('/start') }],
    ['no pages at all', { includedPages: [], excludedPages: [] }],
    ['a page of 1,260 characters', { includedPages: ['https://example.com/'.padEnd(1260, 'x')] }],
    ['a page with http', { excludedPages: ['http://example.com'] }],
    ['a page with a wildcard', { includedPages: ['https://example.com/*'] }],
    ['a page with a query and all that a path can have', { includedPages: ["https://a.com/b,c;d!$'()[]?q=ä&r#s"] }],
    ['source maps in a bucket', { javaScriptSourceMaps: 's3://bucket' }],
    ['source maps in a folder', { javaScriptSourceMaps: "s3://my.bucket-1/a/b_c!*'()/" }],
    ['source maps of 1,024 characters', { javaScriptSourceMaps: 's3://bucket/'.padEnd(1024, 'x') }],
    ['an exact version of the client', { webClient: { clientVersion: '3.2.1' } }],
    ['the newest patch of the client', { webClient: { clientVersion: '3.2.x' } }],
    ['the newest client of a major version', { webClient: { clientVersion: '3.x' } }],
    ['47 tags', { tags: tags(47) }],
    ['a tag key of 128 characters', { tags: { ['k'.repeat(128)]: 'v' } }],
    ['all characters of a tag key', { tags: { 'aZ09+-=.,:;</_': 'v' } }],
    ['a tag value of 256 characters', { tags: { key: 'v'.repeat(256) } }],
    ['any character in a tag value', { tags: { key: 'a b@#ß' } }],
    ['an empty tag value', { tags: { key: '' } }],
  ];
  test.each(valid)('accepts %s', (_, props) => {
    expect(() => checkWith(props)).not.toThrow();
  });

  const NAME = 'appMonitorName must consist of letters, digits and .-_# and not begin with ".", got';
  const PAGE = 'must be a URL such as https://example.com/page, got';
  const S3 = 'javaScriptSourceMaps must be an S3 URI such as s3://bucket/path, got';
  const VERSION = 'webClient.clientVersion must be a version such as 3.2.1, 3.2.x or 3.x, got';
  const KEY = 'tags key must consist of letters, digits and +-=.,:;</_ and not begin with "aws:", got';
  const invalid: Array<[string, Partial<AppMonitorProps>, string]> = [
    ['an empty name', { appMonitorName: '' }, 'appMonitorName must have 1 to 255 characters (it has 0), got ""'],
    ['a name of 256 characters', { appMonitorName: 'a'.repeat(256) }, 'must have 1 to 255 characters (it has 256)'],
    ['a space in a name', { appMonitorName: 'my shop' }, `${NAME} "my shop"`],
    ['a slash in a name', { appMonitorName: 'a/b' }, `${NAME} "a/b"`],
    ['a dot before a name', { appMonitorName: '.shop' }, `${NAME} ".shop"`],
    ['a negative rate', { sessionSampleRate: -0.1 }, 'sessionSampleRate must be from 0 to 1, got -0.1'],
    ['a rate in percent', { sessionSampleRate: 10 }, 'sessionSampleRate must be from 0 to 1, got 10'],
    ['51 included pages', { includedPages: pages(51) }, 'includedPages must have 0 to 50 entries, got "51 entries"'],
    ['51 excluded pages', { excludedPages: pages(51) }, 'excludedPages must have 0 to 50 entries, got "51 entries"'],
    ['51 favorite pages', { favoritePages: pages(51) }, 'favoritePages must have 0 to 50 entries, got "51 entries"'],
    [
      'included beside excluded pages',
      { includedPages: pages(1), excludedPages: pages(1) },
      'includedPages and excludedPages exclude each other; keep one of them',
    ],
    [
      'a page of 1,261 characters',
      { includedPages: ['https://example.com/'.padEnd(1261, 'x')] },
      'includedPages must have 1 to 1260 characters (it has 1261)',
    ],
    ['a page without scheme', { includedPages: ['example.com/a'] }, `includedPages ${PAGE} "example.com/a"`],
    ['a path', { excludedPages: ['/a'] }, `excludedPages ${PAGE} "/a"`],
    ['a page without a dot in its host', { excludedPages: ['http://localhost/'] }, `excludedPages ${PAGE}`],
    ['a page with a space', { excludedPages: ['https://example.com/a b'] }, `excludedPages ${PAGE}`],
    ['source maps elsewhere', { javaScriptSourceMaps: 'https://a.com/maps' }, `${S3} "https://a.com/maps"`],
    ['a bucket with capitals', { javaScriptSourceMaps: 's3://Bucket' }, `${S3} "s3://Bucket"`],
    ['a bucket of one letter', { javaScriptSourceMaps: 's3://b' }, `${S3} "s3://b"`],
    [
      'source maps of 1,025 characters',
      { javaScriptSourceMaps: 's3://bucket/'.padEnd(1025, 'x') },
      'javaScriptSourceMaps must have 1 to 1024 characters (it has 1025)',
    ],
    ['a version without its parts', { webClient: { clientVersion: '3' } }, `${VERSION} "3"`],
    ['a version behind v', { webClient: { clientVersion: 'v3.2.1' } }, `${VERSION} "v3.2.1"`],
    ['a path in a version', { webClient: { clientVersion: '3.2.1/../x' } }, `${VERSION} "3.2.1/../x"`],
    ['48 tags', { tags: tags(48) }, 'tags must have 0 to 47 entries, got "48 entries"'],
    ['an empty tag key', { tags: { '': 'v' } }, 'tags key "" must have 1 to 128 characters (it has 0)'],
    ['a tag key of 129 characters', { tags: { ['k'.repeat(129)]: 'v' } }, 'must have 1 to 128 characters (it has 129)'],
    ['a space in a tag key', { tags: { 'cost center': '1' } }, `${KEY} "cost center"`],
    ['@ in a tag key', { tags: { 'a@b': '1' } }, `${KEY} "a@b"`],
    ['a tag key of AWS', { tags: { 'aws:team': '1' } }, `${KEY} "aws:team"`],
    [
      'a tag key of this library',
      { tags: { 'cdk-settled:owner': 'me' } },
      'tags key "cdk-settled:owner" is reserved; choose another prefix than "cdk-settled:"',
    ],
    [
      'a tag value of 257 characters',
      { tags: { key: 'v'.repeat(257) } },
      'tags value of "key" must have 0 to 256 characters (it has 257)',
    ],
  ];
  test.each(invalid)('rejects %s', (_, props, message) => {
    expect(messageOf(() => checkWith(props))).toContain(message);
  });

  test('is not applied to tokens', () => {
    expect(() =>
      check({
        domain: TOKEN,
        appMonitorName: TOKEN,
        sessionSampleRate: Lazy.number({ produce: () => 7 }),
        includedPages: [TOKEN],
        favoritePages: LIST_TOKEN,
        javaScriptSourceMaps: TOKEN,
        webClient: { clientVersion: TOKEN, applicationVersion: TOKEN },
        tags: { key: TOKEN },
      }),
    ).not.toThrow();
    expect(() => check({ domainList: LIST_TOKEN, excludedPages: LIST_TOKEN })).not.toThrow();
    expect(() => check({ domainList: ['example.com', TOKEN] })).not.toThrow();
  });
});

describe('an invalid construct', () => {
  test('says its path and everything that is wrong with it', () => {
    const make = () =>
      new AppMonitor(testStack(), 'Monitor', { domain: 'https://a', appMonitorName: ' ', sessionSampleRate: 2 });
    expect(messageOf(make)).toMatch(/^Stack\/Monitor: appMonitorName .*; sessionSampleRate .*; domain /);
  });
});

describe('the documented patterns', () => {
  const { shapes } = jest.requireActual('../../sandbox/services/rum/model.json');

  function accepted(run: () => void): boolean {
    try {
      run();
      return true;
    } catch {
      return false;
    }
  }

  /** Compares what passes here with what passes in AWS. */
  function agree(shape: string, alphabet: string[], checkText: (text: string) => void): void {
    const documented = compilePattern(shapes[shape].pattern);
    const texts = fc.array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''));
    const sameAnswer = fc.property(texts, (text) => accepted(() => checkText(text)) === documented.test(text));
    fc.assert(sameAnswer, { numRuns: 1000, seed: 1 });
  }

  test('of domains are what is checked', () => {
    agree('AppMonitorDomain', ['a', 'b1', '-', '.', '*', '.', '9', '256', '_', 'com', 'localhost'], (domain) =>
      check({ domain }),
    );
  });

  test('of names are what is checked', () => {
    agree('AppMonitorName', ['a', 'Z', '0', '.', '-', '_', '#', ' ', '/'], (appMonitorName) =>
      checkWith({ appMonitorName }),
    );
  });

  test('of tag keys are what is checked', () => {
    agree('TagKey', ['aws:', 'aws', 'k', '9', '+', ',', '<', ';', '>', '@', ' ', '_', '/'], (key) =>
      checkWith({ tags: { [key]: 'v' } }),
    );
  });

  test('of S3 URIs are what is checked', () => {
    agree('DeobfuscationS3Uri', ['s3://', 'bk', '-', '.', '/', '/', 'A', '!', ' '], (javaScriptSourceMaps) =>
      checkWith({ javaScriptSourceMaps }),
    );
  });
});

describe('tags that come by Tags.of()', () => {
  function synthesized(change: (monitor: AppMonitor) => void) {
    const stack = testStack();
    const monitor = new AppMonitor(stack, 'Monitor', {
      domain: 'example.com',
      authorization: Authorization.none(),
      tags: tags(46),
    });
    change(monitor);
    return monitorProperties(Template.fromStack(stack));
  }

  test('may fill up to what RUM allows', () => {
    expect(synthesized((monitor) => Tags.of(monitor.stack).add('team', 'web')).Tags).toHaveLength(47);
  });

  test('are an error at synthesis where RUM does not take the key, with both remedies', () => {
    const message = messageOf(() => synthesized((monitor) => Tags.of(monitor.node.root).add('with space', 'x')));
    expect(message).toContain('[Stack/Monitor/Resource] tags key must consist of letters, digits and');
    expect(message).toContain('got "with space"');
    expect(message).toContain(`excludeResourceTypes: ['${MONITOR}']`);
    expect(message).toContain('Tags.of(monitor).remove()');
  });

  test('are an error at synthesis where there are too many', () => {
    const tooMany = (monitor: AppMonitor) => {
      Tags.of(monitor.stack).add('team', 'web');
      Tags.of(monitor.stack).add('stage', 'test');
    };
    expect(messageOf(() => synthesized(tooMany))).toContain('tags must have 0 to 47 entries, got "48 entries"');
  });

  test('are an error at synthesis where they are reserved', () => {
    expect(messageOf(() => synthesized((monitor) => Tags.of(monitor).add('cdk-settled:id', 'x')))).toContain(
      'tags key "cdk-settled:id" is reserved',
    );
  });

  test('cause no error with the first remedy', () => {
    const { Tags: rendered } = synthesized((monitor) =>
      Tags.of(monitor.node.root).add('with space', 'x', { excludeResourceTypes: [MONITOR] }),
    );
    expect(rendered).toHaveLength(46);
  });

  test('cause no error with the second remedy', () => {
    const { Tags: rendered } = synthesized((monitor) => {
      Tags.of(monitor.node.root).add('with space', 'x');
      Tags.of(monitor).remove('with space');
    });
    expect(rendered).toHaveLength(46);
  });
});
