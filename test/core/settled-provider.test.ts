import { type App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { QUERY_INTERVAL, type SettledService, TOTAL_TIMEOUT } from '../../src/core/settled-provider';
import { SettledResource } from '../../src/core/settled-resource';
import { AppMonitor, Authorization } from '../../src/rum';
import { RoleAssumption } from '../../src/sts';
import { fakeService } from '../support/fake-service';
import {
  HANDLER_ROLE,
  type Json,
  MONITOR,
  messageOf,
  onlyResource,
  resourcesOf,
  statementsOf,
  synthesize,
  testApp,
  testStack,
} from '../support/synthesis';

const STATE_MACHINE = 'AWS::StepFunctions::StateMachine';
const FUNCTION = 'AWS::Lambda::Function';

function addMonitors(stack: Stack, count: number): void {
  for (let index = 0; index < count; index++) {
    new AppMonitor(stack, `Monitor${index}`, { domain: 'example.com', authorization: Authorization.none() });
  }
}

function addFake(stack: Stack, id: string, service: SettledService = fakeService()): SettledResource {
  return new SettledResource(stack, id, {
    service,
    resourceType: 'Custom::SettledFake',
    properties: {},
    removalPolicy: RemovalPolicy.DESTROY,
  });
}

const template = synthesize((stack) => addMonitors(stack, 1));

function functionWithHandler(handler: string): Json {
  return resourcesOf(template, FUNCTION).find(({ Properties }) => Properties.Handler === handler).Properties;
}

describe('how many', () => {
  test('all resources of a service in a stack share one provider', () => {
    const two = synthesize((stack) => {
      addFake(stack, 'A');
      addFake(stack, 'B');
    });
    two.resourceCountIs(STATE_MACHINE, 1);
    const [a, b] = resourcesOf(two, 'Custom::SettledFake');
    expect(a.Properties.ServiceToken).toEqual(b.Properties.ServiceToken);
  });

  test('each service in a stack has a provider of its own', () => {
    const two = synthesize((stack) => {
      addFake(stack, 'A', fakeService('One'));
      addFake(stack, 'B', fakeService('Two'));
    });
    two.resourceCountIs(STATE_MACHINE, 2);
    const [a, b] = resourcesOf(two, 'Custom::SettledFake');
    expect(a.Properties.ServiceToken).not.toEqual(b.Properties.ServiceToken);
  });

  test('each stack has a provider of its own', () => {
    const app = testApp();
    const stacks = ['A', 'B'].map((id) => new Stack(app, id));
    for (const stack of stacks) addFake(stack, 'Thing');
    for (const stack of stacks) Template.fromStack(stack).resourceCountIs(STATE_MACHINE, 1);
  });

  test.each([
    [1, 15],
    [2, 16],
    [9, 23],
  ])(
    'with %i app monitors that need nothing else, the template has %i resources: 14 for the provider',
    (monitors, resources) => {
      const { Resources } = synthesize((stack) => addMonitors(stack, monitors)).toJSON();
      expect(Object.keys(Resources)).toHaveLength(resources);
    },
  );
});

describe('functions', () => {
  test("the framework's complete and timeout functions share a role, which its other function does not have", () => {
    const [onEvent, isComplete, onTimeout] = ['onEvent', 'isComplete', 'onTimeout'].map(
      (name) => functionWithHandler(`framework.${name}`).Role,
    );
    expect(isComplete).toEqual(onTimeout);
    expect(onEvent).not.toEqual(isComplete);
  });

  test('the handler runs on nodejs22.x', () => {
    expect(functionWithHandler('index.handler')).toMatchObject({ Runtime: 'nodejs22.x', Timeout: 300 });
  });

  test('one handler serves the events and the looks at the state', () => {
    const { Environment } = functionWithHandler('framework.onEvent');
    expect(Environment.Variables.USER_ON_EVENT_FUNCTION_ARN).toEqual(
      Environment.Variables.USER_IS_COMPLETE_FUNCTION_ARN,
    );
  });

  test('all functions write to the one log group', () => {
    const logGroups = resourcesOf(template, FUNCTION).map(({ Properties }) => Properties.LoggingConfig.LogGroup);
    expect(logGroups).toHaveLength(4);
    expect(new Set(logGroups.map((logGroup) => JSON.stringify(logGroup))).size).toBe(1);
    expect(logGroups[0].Ref).toBe(Object.keys(template.findResources('AWS::Logs::LogGroup'))[0]);
  });

  test('the handler may describe its own stack and no other', () => {
    const statements = statementsOf(template, HANDLER_ROLE).filter(({ Action }) => /cloudformation/.test(`${Action}`));
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['cloudformation:DescribeStacks', 'cloudformation:DescribeStackResource'],
        Resource: { Ref: 'AWS::StackId' },
      },
    ]);
  });
});

describe('time', () => {
  test('a resource has at most 50 minutes to settle, a whole number of intervals', () => {
    expect(TOTAL_TIMEOUT.toMinutes()).toBeLessThanOrEqual(50);
    expect(TOTAL_TIMEOUT.toSeconds() % QUERY_INTERVAL.toSeconds()).toBe(0);
  });

  test('the waiter looks each interval, without backoff, until the time is over', () => {
    const definition = JSON.stringify(onlyResource(template, STATE_MACHINE).Properties.DefinitionString);
    const [, interval, attempts, backoff] =
      /IntervalSeconds\\":(\d+),\\"MaxAttempts\\":(\d+),\\"BackoffRate\\":(\d+)/.exec(
        definition.replaceAll('\\\\', '\\'),
      ) ?? [];
    expect(Number(interval)).toBe(QUERY_INTERVAL.toSeconds());
    expect(Number(interval) * Number(attempts)).toBe(TOTAL_TIMEOUT.toSeconds());
    expect(Number(backoff)).toBe(1);
  });

  test('the handler knows the interval and the time', () => {
    expect(functionWithHandler('index.handler').Environment.Variables).toMatchObject({
      SETTLED_INTERVAL_SECONDS: `${QUERY_INTERVAL.toSeconds()}`,
      SETTLED_TIMEOUT_SECONDS: `${TOTAL_TIMEOUT.toSeconds()}`,
    });
  });

  test('CloudFormation waits longer than the waiter, whose reason it so hears', () => {
    const { ServiceTimeout } = onlyResource(template, MONITOR).Properties;
    expect(Number(ServiceTimeout)).toBe(3600);
    expect(Number(ServiceTimeout)).toBeGreaterThan(TOTAL_TIMEOUT.toSeconds());
  });
});

describe('logs', () => {
  const CONTEXT = 'cdk-settled:logRetentionDays';

  function withRetention(days: unknown): Template {
    const stack = testStack({}, { [CONTEXT]: days });
    addFake(stack, 'Thing');
    return Template.fromStack(stack);
  }

  test('are kept for one month by default, and removed with the stack', () => {
    template.hasResource('AWS::Logs::LogGroup', {
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  test.each([7, '7'])('are kept for the days that the context says, as a number or as text: %p', (days) => {
    withRetention(days).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
  });

  test('are kept forever with 9999 in the context', () => {
    withRetention(9999).hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: Match.absent() });
  });

  test.each([2, 0, -1, '', 'abc', true, null, 1.5])('cannot be kept for %p days', (days) => {
    expect(messageOf(() => withRetention(days))).toMatch(
      /^Stack\/CdkSettledFakeProvider: context "cdk-settled:logRetentionDays" must be a number of days that CloudWatch Logs knows \(1, 3, 5, .*9999; the last one means forever\), got /,
    );
  });

  test('the error shows the days that were given', () => {
    expect(messageOf(() => withRetention('two weeks'))).toContain('got "two weeks"');
  });
});

test('what one app makes leaves no trace in the next one of the same process', () => {
  const build = (app: App): Json => {
    const stack = new Stack(app, 'Stack');
    addMonitors(stack, 1);
    return Template.fromStack(stack).toJSON();
  };
  const before = build(testApp());
  const other = new Stack(testApp(), 'Stack');
  new AppMonitor(other, 'Monitor0', {
    appMonitorName: 'other',
    domain: 'other.example.com',
    cwLogEnabled: true,
    tags: { other: 'yes' },
    assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/other'),
  });
  new AppMonitor(other, 'Monitor1', { appMonitorName: 'another', domain: 'example.com', cwLogEnabled: true });
  expect(Template.fromStack(other).toJSON()).not.toEqual(before);
  expect(build(testApp())).toEqual(before);
});
