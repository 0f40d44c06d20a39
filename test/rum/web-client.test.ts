import { runInNewContext } from 'node:vm';
import { CfnParameter, type Stack } from 'aws-cdk-lib';
import { IdentityPool } from 'aws-cdk-lib/aws-cognito-identitypool';
import { transformSync } from 'esbuild';
import { AppMonitor, type AppMonitorProps, Authorization, Telemetry, type WebClient } from '../../src/rum';
import { filledIn, type Json, REFERENCES, testStack } from '../support/synthesis';

const ID = '01234567-89ab-cdef-0123-456789abcdef';
const POOL = 'eu-west-1:11111111-2222-3333-4444-555555555555';
const ROLE = 'arn:aws:iam::111111111111:role/guests';

/** The strings as a deployment in Ireland makes them; the template's references get these values. */
function deployed(
  props: Partial<AppMonitorProps> = {},
  prepare: (stack: Stack) => Partial<AppMonitorProps> = () => ({}),
) {
  const stack = testStack();
  const { webClient } = new AppMonitor(stack, 'Monitor', { domain: 'example.com', ...props, ...prepare(stack) });
  return Object.fromEntries(
    Object.entries(webClient).map(([name, text]) => [name, filledIn(stack.resolve(text), VALUES)]),
  ) as unknown as WebClient;
}

const VALUES: Record<string, string> = {
  ...REFERENCES,
};
const none = { authorization: Authorization.none() };

beforeAll(() => {
  // Logical ids end in a hash; ask instead of guessing.
  const stack = testStack();
  const monitor = new AppMonitor(stack, 'Monitor', { domain: 'example.com' });
  const name = (value: unknown) => {
    const reference = stack.resolve(value);
    return reference.Ref ?? reference['Fn::GetAtt'].join('.');
  };
  VALUES[name(monitor.appMonitorId)] = ID;
  VALUES[name(monitor.identityPoolId)] = POOL;
  VALUES[name(monitor.guestRole?.roleArn)] = ROLE;
});

/** Runs the script in a page, and says what it has done there. */
function inPage(scriptTag: string): { window: Json; scripts: Json[] } {
  const [, script] = /^<script>([\s\S]*)<\/script>$/.exec(scriptTag) ?? [];
  const scripts: Json[] = [];
  const document = {
    createElement: (tagName: string) => ({ tagName }),
    head: { appendChild: (it: Json) => scripts.push(it) },
  };
  const window: Json = {};
  runInNewContext(script, { window, document });
  return { window, scripts };
}

/** What runs in another realm, as plain objects of this one. */
function plain(value: Json): Json {
  return JSON.parse(JSON.stringify(value));
}

/** Bundles nothing, but runs the module with this class in the place of the npm package's. */
function asModule(npmModule: string, AwsRum: unknown): Json {
  const { code } = transformSync(npmModule, { format: 'cjs', loader: 'js' });
  const module = { exports: {} };
  runInNewContext(code, { module, exports: module.exports, require: () => ({ AwsRum }) });
  return module.exports;
}

describe('configuration', () => {
  test('is JSON with explicit values, the endpoint of the region and the telemetries', () => {
    const configuration = JSON.parse(deployed(none).configuration);
    expect(configuration).toEqual({
      sessionSampleRate: 0.1,
      endpoint: 'https://dataplane.rum.eu-west-1.amazonaws.com',
      telemetries: ['errors', 'performance', 'http'],
      allowCookies: false,
      enableXRay: false,
      signing: true,
    });
  });

  test('follows the props of the monitor', () => {
    const configuration = JSON.parse(
      deployed({
        ...none,
        sessionSampleRate: 1,
        telemetries: [Telemetry.HTTP],
        allowCookies: true,
        enableXRay: true,
      }).configuration,
    );
    expect(configuration).toMatchObject({
      sessionSampleRate: 1,
      telemetries: ['http'],
      allowCookies: true,
      enableXRay: true,
    });
  });

  test('names no telemetries explicitly where none are wanted, since the client would choose its own', () => {
    expect(JSON.parse(deployed({ ...none, telemetries: [] }).configuration).telemetries).toEqual([]);
  });

  test('has the identity pool alone in the enhanced flow', () => {
    const configuration = JSON.parse(deployed().configuration);
    expect(configuration.identityPoolId).toBe(POOL);
    expect(configuration).not.toHaveProperty('guestRoleArn');
  });

  test('has the guest role as well in the classic flow, where the browser assumes it', () => {
    const authorization = Authorization.cognito({ classicFlow: true });
    expect(JSON.parse(deployed({ authorization }).configuration)).toMatchObject({
      identityPoolId: POOL,
      guestRoleArn: ROLE,
    });
  });

  test('has the DNS suffix of the partition', () => {
    const stack = testStack();
    const { webClient } = new AppMonitor(stack, 'Monitor', { domain: 'example.com', ...none });
    const china = filledIn(stack.resolve(webClient.configuration), {
      ...VALUES,
      'AWS::Region': 'cn-north-1',
      'AWS::URLSuffix': 'amazonaws.com.cn',
    });
    expect(JSON.parse(china).endpoint).toBe('https://dataplane.rum.cn-north-1.amazonaws.com.cn');
  });

  test('has no quotes around a number that is known at deployment only', () => {
    const { configuration } = deployed(none, (stack) => ({
      sessionSampleRate: new CfnParameter(stack, 'Rate', { type: 'Number' }).valueAsNumber,
    }));
    expect(configuration).toContain('"sessionSampleRate":[Rate],');
  });
});

describe('script tag', () => {
  test('puts a queue and the configuration where the client looks for them', () => {
    const { scriptTag, configuration } = deployed(none);
    const { window } = inPage(scriptTag);
    expect(plain(window.AwsRumClient)).toEqual({
      q: [],
      n: 'cwr',
      i: ID,
      v: '1.0.0',
      r: 'eu-west-1',
      c: JSON.parse(configuration),
    });
  });

  test('queues calls until the client has loaded', () => {
    const { window } = inPage(deployed(none).scriptTag);
    window.cwr('setAwsCredentials', { accessKeyId: 'x' });
    window.cwr('enable');
    expect(plain(window.AwsRumClient.q)).toEqual([
      { c: 'setAwsCredentials', p: { accessKeyId: 'x' } },
      { c: 'enable' },
    ]);
  });

  test('loads the pinned version of the client without blocking the page', () => {
    const { scripts } = inPage(deployed(none).scriptTag);
    expect(plain(scripts)).toEqual([
      { tagName: 'script', async: true, src: 'https://client.rum.us-east-1.amazonaws.com/3.2.1/cwr.js' },
    ]);
  });

  test('loads the version and names the application that are given', () => {
    const webClient = { clientVersion: '3.x', applicationVersion: '2024.1' };
    const { window, scripts } = inPage(deployed({ ...none, webClient }).scriptTag);
    expect(scripts[0].src).toBe('https://client.rum.us-east-1.amazonaws.com/3.x/cwr.js');
    expect(window.AwsRumClient.v).toBe('2024.1');
  });

  test.each([
    '</script><script>alert(1)</script>',
    '<!--<script>',
    ']]>',
    `"'\\`,
    'line\nbreak',
    '\u2028\u2029',
    '$&$1',
  ])('cannot be left by the value %j, which arrives unharmed', (applicationVersion) => {
    const { scriptTag } = deployed({ ...none, webClient: { applicationVersion } });
    expect(inPage(scriptTag).window.AwsRumClient.v).toBe(applicationVersion);
    expect(scriptTag.slice('<script>'.length, -'</script>'.length)).not.toMatch(/[<>\u2028\u2029]/);
  });

  test('cannot be left by the id of an identity pool that is given', () => {
    const evil = 'eu-west-1:</script>';
    const { scriptTag } = deployed({}, (stack) => ({
      authorization: Authorization.cognito({ identityPool: IdentityPool.fromIdentityPoolId(stack, 'Given', evil) }),
    }));
    expect(scriptTag.match(/<\/script/g)).toHaveLength(1);
    expect(inPage(scriptTag).window.AwsRumClient.c.identityPoolId).toBe(evil);
  });

  test('holds tokens for all that is known at deployment only', () => {
    const stack = testStack();
    const { webClient } = new AppMonitor(stack, 'Monitor', { domain: 'example.com' });
    const parts: Json[] = stack.resolve(webClient.scriptTag)['Fn::Join'][1];
    const tokens = parts.filter((part) => typeof part !== 'string').map((part) => filledIn(part, VALUES));
    expect(new Set(tokens)).toEqual(new Set([ID, POOL, 'eu-west-1', 'amazonaws.com']));
  });
});

describe('npm module', () => {
  test('makes the client with id, version, region and configuration', () => {
    const { npmModule, configuration } = deployed(none);
    const calls: Json[] = [];
    class AwsRum {
      constructor(...args: Json[]) {
        calls.push(args);
      }
    }
    expect(asModule(npmModule, AwsRum).awsRum).toBeInstanceOf(AwsRum);
    expect(plain(calls)).toEqual([[ID, '1.0.0', 'eu-west-1', JSON.parse(configuration)]]);
  });

  test('never breaks the application', () => {
    class Broken {
      constructor() {
        throw new Error('no crypto here');
      }
    }
    expect(asModule(deployed(none).npmModule, Broken).awsRum).toBeUndefined();
  });

  test('takes the client from aws-rum-web', () => {
    expect(deployed(none).npmModule).toContain("import { AwsRum } from 'aws-rum-web';");
  });

  test('survives values with quotes and line breaks', () => {
    const applicationVersion = `"'\n\\`;
    const calls: string[] = [];
    class AwsRum {
      constructor(_id: string, version: string) {
        calls.push(version);
      }
    }
    asModule(deployed({ ...none, webClient: { applicationVersion } }).npmModule, AwsRum);
    expect(calls).toEqual([applicationVersion]);
  });
});
