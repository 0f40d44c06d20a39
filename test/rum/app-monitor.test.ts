import { CfnParameter, RemovalPolicy, Stack, Stage, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AppMonitor, type AppMonitorProps, Authorization, Platform, Telemetry } from '../../src/rum';
import { decodeGoal } from '../../src/rum/app-monitor-configuration.runtime';
import { Properties } from '../../src/runtime/properties';
import { RoleAssumption } from '../../src/sts';
import {
  IRELAND,
  type Json,
  MONITOR,
  monitorProperties,
  onlyResource,
  resourcesOf,
  synthesize,
  testApp,
  testStack,
} from '../support/synthesis';

/** Properties of an app monitor that has nothing but these props and a domain. */
function propertiesWith(props: Partial<AppMonitorProps>): Json {
  return monitorProperties(synthesize((stack) => addMonitor(stack, props)));
}

function addMonitor(stack: Stack, props: Partial<AppMonitorProps> = {}, id = 'Monitor'): AppMonitor {
  const domain = props.domainList === undefined ? 'example.com' : undefined;
  return new AppMonitor(stack, id, { domain, authorization: Authorization.none(), ...props });
}

const defaults = synthesize((stack) => addMonitor(stack));

const EVERYTHING: AppMonitorProps = {
  appMonitorName: 'shop',
  domainList: ['example.com', '*.example.com'],
  sessionSampleRate: 0.25,
  telemetries: [Telemetry.HTTP],
  allowCookies: true,
  enableXRay: true,
  includedPages: ['https://example.com/a'],
  favoritePages: ['/a'],
  cwLogEnabled: true,
  customEvents: true,
  platform: Platform.ANDROID,
  javaScriptSourceMaps: 's3://bucket/maps',
  tags: { team: 'web' },
  authorization: Authorization.none(),
};

describe('the custom resource', () => {
  test('has explicit values for everything that has a default', () => {
    expect(monitorProperties(defaults)).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '3600',
      Domain: 'example.com',
      SessionSampleRate: 0.1,
      Telemetries: ['errors', 'performance', 'http'],
      AllowCookies: false,
      EnableXRay: false,
      CwLogEnabled: false,
      CustomEvents: 'DISABLED',
      Platform: 'Web',
    });
  });

  const cases: Array<[keyof AppMonitorProps, Partial<AppMonitorProps>, Record<string, unknown>]> = [
    ['appMonitorName', { appMonitorName: 'shop' }, { Name: 'shop' }],
    ['domain', { domain: '*.example.com' }, { Domain: '*.example.com' }],
    ['domainList', { domainList: ['a.com', 'b.com'] }, { DomainList: ['a.com', 'b.com'] }],
    ['sessionSampleRate', { sessionSampleRate: 0 }, { SessionSampleRate: 0 }],
    ['telemetries', { telemetries: [Telemetry.ERRORS] }, { Telemetries: ['errors'] }],
    ['telemetries', { telemetries: [] }, { Telemetries: [] }],
    ['telemetries', { telemetries: [Telemetry.HTTP, Telemetry.HTTP] }, { Telemetries: ['http'] }],
    ['allowCookies', { allowCookies: true }, { AllowCookies: true }],
    ['enableXRay', { enableXRay: true }, { EnableXRay: true }],
    ['includedPages', { includedPages: ['https://a.com/b'] }, { IncludedPages: ['https://a.com/b'] }],
    ['includedPages', { includedPages: [] }, { IncludedPages: [] }],
    ['excludedPages', { excludedPages: ['https://a.com/b'] }, { ExcludedPages: ['https://a.com/b'] }],
    ['favoritePages', { favoritePages: ['/b'] }, { FavoritePages: ['/b'] }],
    ['cwLogEnabled', { cwLogEnabled: true }, { CwLogEnabled: true }],
    ['customEvents', { customEvents: true }, { CustomEvents: 'ENABLED' }],
    ['customEvents', { customEvents: false }, { CustomEvents: 'DISABLED' }],
    ['platform', { platform: Platform.IOS }, { Platform: 'iOS' }],
    [
      'javaScriptSourceMaps',
      { javaScriptSourceMaps: 's3://bucket/maps' },
      { JavaScriptSourceMaps: 's3://bucket/maps' },
    ],
    ['tags', { tags: { team: 'web' } }, { Tags: [{ Key: 'team', Value: 'web' }] }],
  ];
  test.each(cases)('gets %s from %j', (_, props, expected) => {
    expect(propertiesWith(props)).toMatchObject(expected);
  });

  test('has no Domain where a list is given', () => {
    expect(propertiesWith({ domainList: ['a.com'] })).not.toHaveProperty('Domain');
  });

  test('does not carry the settings of the web client, which change nothing in AWS', () => {
    const without = monitorProperties(defaults);
    const { ServiceToken, ...rest } = propertiesWith({
      webClient: { clientVersion: '3.0.0', applicationVersion: '7' },
    });
    expect({ ...rest, ServiceToken: without.ServiceToken }).toEqual(without);
  });

  test('is what the handler reads', () => {
    const rendered = asDelivered(propertiesWith(EVERYTHING));
    expect(decodeGoal(new Properties(rendered))).toEqual({
      name: 'shop',
      tags: { team: 'web' },
      configuration: {
        domains: ['example.com', '*.example.com'],
        sessionSampleRate: 0.25,
        telemetries: ['http'],
        allowCookies: true,
        enableXRay: true,
        includedPages: ['https://example.com/a'],
        excludedPages: [],
        favoritePages: ['/a'],
        cwLogEnabled: true,
        customEvents: 'ENABLED',
        platform: 'Android',
        sourceMaps: 's3://bucket/maps',
        identityPoolId: undefined,
        guestRoleArn: undefined,
      },
    });
  });

  test('can be made of tokens', () => {
    const template = synthesize((stack) => {
      const text = new CfnParameter(stack, 'Text').valueAsString;
      const number = new CfnParameter(stack, 'Number', { type: 'Number' }).valueAsNumber;
      const list = new CfnParameter(stack, 'List', { type: 'CommaDelimitedList' }).valueAsList;
      addMonitor(stack, { appMonitorName: text, domainList: list, sessionSampleRate: number, includedPages: list });
    });
    expect(monitorProperties(template)).toMatchObject({
      Name: { Ref: 'Text' },
      DomainList: { Ref: 'List' },
      SessionSampleRate: { Ref: 'Number' },
      IncludedPages: { Ref: 'List' },
    });
  });

  test('is found by Tags.of(monitor)', () => {
    const template = synthesize((stack) => Tags.of(addMonitor(stack)).add('stage', 'test'));
    expect(monitorProperties(template).Tags).toEqual([{ Key: 'stage', Value: 'test' }]);
  });
});

/** CloudFormation delivers numbers and booleans as strings. */
function asDelivered(value: Json): Json {
  if (Array.isArray(value)) return value.map(asDelivered);
  if (typeof value !== 'object') return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asDelivered(item)]));
}

describe('removal policy', () => {
  test('is DESTROY by default', () => {
    expect(onlyResource(defaults, MONITOR)).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  });

  const RETAINED = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

  test('RETAIN keeps the monitor, but not one whose creation failed', () => {
    const template = synthesize((stack) => addMonitor(stack, { removalPolicy: RemovalPolicy.RETAIN }));
    expect(onlyResource(template, MONITOR)).toMatchObject(RETAINED);
  });

  test('can be applied to the construct later', () => {
    const template = synthesize((stack) => addMonitor(stack).applyRemovalPolicy(RemovalPolicy.RETAIN));
    expect(onlyResource(template, MONITOR)).toMatchObject(RETAINED);
  });
});

describe('attributes', () => {
  const stack = testStack();
  const monitor = addMonitor(stack);
  const [logicalId] = Object.keys(Template.fromStack(stack).findResources(MONITOR));

  test.each([
    ['appMonitorName', 'Name'],
    ['appMonitorArn', 'Arn'],
    ['appMonitorId', 'Id'],
    ['appMonitorState', 'State'],
  ] as const)('%s is %s of the settled resource', (attribute, name) => {
    expect(stack.resolve(monitor[attribute])).toEqual({ 'Fn::GetAtt': [logicalId, name] });
  });

  test('the log group is the one that RUM names', () => {
    expect(stack.resolve(monitor.logGroup.logGroupName)).toEqual({ 'Fn::GetAtt': [logicalId, 'LogGroupName'] });
  });

  test('identity pool and guest role are undefined without them', () => {
    expect(monitor.identityPoolId).toBeUndefined();
    expect(monitor.guestRole).toBeUndefined();
  });

  test('the name is that of the settled resource even if it was given, so that users depend on it', () => {
    const named = testStack();
    expect(named.resolve(addMonitor(named, { appMonitorName: 'shop' }).appMonitorName)).toHaveProperty('Fn::GetAtt');
  });
});

describe('a role to assume', () => {
  const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/monitoring', { region: 'us-east-1' });
  const template = synthesize((stack) => addMonitor(stack, { assumeRole, authorization: undefined }));

  test('is handed to the handler', () => {
    expect(monitorProperties(template).AssumeRole).toMatchObject({
      RoleArn: 'arn:aws:iam::222222222222:role/monitoring',
      Region: 'us-east-1',
      SessionName: expect.stringMatching(/^Stack-Monitor-/),
    });
  });

  test('makes its account and region the place of the monitor', () => {
    const monitor = addMonitor(testStack({ env: IRELAND }), { assumeRole });
    expect(monitor.env).toMatchObject({ account: '222222222222', region: 'us-east-1' });
  });

  test('without a region leaves the monitor in the region of the stack', () => {
    const here = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/monitoring');
    const monitor = addMonitor(testStack({ env: IRELAND }), { assumeRole: here });
    expect(monitor.env).toMatchObject({ account: '222222222222', region: 'eu-west-1' });
  });

  test('makes the web client send to the other region', () => {
    const stack = testStack();
    const { configuration } = addMonitor(stack, { assumeRole }).webClient;
    expect(JSON.stringify(stack.resolve(configuration))).toContain('https://dataplane.rum.us-east-1.');
  });
});

test('monitors in several stages of an app each have a provider in their own stack', () => {
  const app = testApp();
  const stacks = ['Test', 'Prod'].map((id) => new Stack(new Stage(app, id), 'Web'));
  for (const stack of stacks) addMonitor(stack);
  for (const stack of stacks) {
    const template = Template.fromStack(stack);
    template.resourceCountIs(MONITOR, 1);
    expect(resourcesOf(template, 'AWS::StepFunctions::StateMachine')).toHaveLength(1);
  }
});
