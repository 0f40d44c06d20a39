import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as targets from 'aws-cdk-lib/aws-scheduler-targets';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Sandbox } from '../../../../sandbox/sandbox';

// Processes start slowly where many tests share the processors.
jest.setTimeout(60_000);

let sandbox: Sandbox;
let directory: string;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'cdk-settled-schedule-'));
  writeFileSync(path.join(directory, 'index.js'), 'exports.handler = async (event) => console.log(event.time);');
  sandbox = await Sandbox.start({ scheduler: { jitterMs: { min: 0, max: 0 } } });
});

afterEach(async () => {
  await sandbox.stop();
  rmSync(directory, { recursive: true });
});

interface Wish {
  readonly rate?: number;
  readonly enabled?: boolean;
}

/** The stack that CDK's own constructs make. */
function template({ rate = 1, enabled = true }: Wish = {}): object {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'app');
  const handler = new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromAsset(directory),
    retryAttempts: 0,
    maxEventAge: Duration.minutes(1),
  });
  handler.addPermission('Alarms', {
    principal: new iam.ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
    sourceAccount: stack.account,
  });
  new scheduler.Schedule(stack, 'Schedule', {
    schedule: scheduler.ScheduleExpression.cron({ minute: `0/${rate}` }),
    enabled,
    scheduleGroup: new scheduler.ScheduleGroup(stack, 'Group', { removalPolicy: RemovalPolicy.DESTROY }),
    target: new targets.LambdaInvoke(handler, {
      retryAttempts: 0,
      deadLetterQueue: new sqs.Queue(stack, 'Dead'),
      input: scheduler.ScheduleTargetInput.fromObject({ time: scheduler.ContextAttribute.scheduledTime }),
    }),
  });
  const { Parameters: _, Rules: __, ...rest } = app.synth().getStackByName('app').template;
  return rest;
}

function deploy(wish?: Wish) {
  const { accountId, region } = sandbox;
  const assets = { directory: () => directory };
  return sandbox.stacks.deploy(template(wish) as never, { stackName: 'app', accountId, region, assets });
}

/** Waits to the next full hour and half a minute, and counts what the function printed in the hour. */
async function inAnHour(): Promise<readonly string[]> {
  const before = sandbox.functions.logs.length;
  const now = sandbox.clock.now();
  await sandbox.clock.sleep(Math.ceil(now / 3_600_000) * 3_600_000 - now + 30_000);
  return sandbox.functions.logs.slice(before).map(({ text }) => text);
}

test('a schedule of CDK fires, changes, rests and goes', async () => {
  expect(await deploy({ rate: 20 })).toMatchObject({ status: 'CREATE_COMPLETE' });
  expect(await inAnHour()).toEqual(['2030-01-01T00:20:00Z', '2030-01-01T00:40:00Z', '2030-01-01T01:00:00Z']);
  expect(await deploy({ rate: 30 })).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(await inAnHour()).toEqual(['2030-01-01T01:30:00Z', '2030-01-01T02:00:00Z']);
  expect(await deploy({ enabled: false })).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect(await inAnHour()).toEqual([]);
  expect(sandbox.inventory().filter((name) => name.startsWith('schedule'))).toHaveLength(2);

  expect(await deploy()).toMatchObject({ status: 'UPDATE_COMPLETE' });
  expect((await inAnHour()).length).toBeGreaterThan(50);
  const { accountId, region } = sandbox;
  expect(await sandbox.stacks.delete('app', accountId, region)).toMatchObject({ status: 'DELETE_COMPLETE' });
  expect([await inAnHour(), sandbox.inventory(), sandbox.scheduler.failures]).toEqual([[], [], []]);
});

test('the function of a stack has the retries and the permission that its template says', async () => {
  await deploy({ enabled: false });
  const { accountId, region, functions } = sandbox;
  const { arn } = functions.list(accountId, region)[0]!;
  expect(functions.eventInvokeConfig(arn)).toEqual({ maximumRetryAttempts: 0, maximumEventAgeSeconds: 60 });
  const alarm = {
    service: 'lambda.alarms.cloudwatch.amazonaws.com',
    sourceArn: `arn:aws:cloudwatch:${region}:${accountId}:alarm:a`,
    sourceAccount: accountId,
  };
  functions.invokeForService(alarm, arn, '{"time":"alarm"}');
  await sandbox.clock.sleep(1000);
  expect(functions.logs.map(({ text }) => text)).toEqual(['alarm']);
  expect(() => functions.invokeForService({ ...alarm, sourceAccount: '2' }, arn, '{}')).toThrow('not authorized');
});

test('time stands still when nobody waits, schedules or not', async () => {
  await deploy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { clock } = sandbox;
  const before = clock.now();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(clock.now()).toBe(before);
});
