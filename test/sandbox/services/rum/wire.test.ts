import {
  BatchCreateRumMetricDefinitionsCommand,
  BatchDeleteRumMetricDefinitionsCommand,
  BatchGetRumMetricDefinitionsCommand,
  CreateAppMonitorCommand,
  DeleteAppMonitorCommand,
  GetAppMonitorCommand,
  GetAppMonitorDataCommand,
  ListAppMonitorsCommand,
  ListTagsForResourceCommand,
  PutRumEventsCommand,
  PutRumMetricsDestinationCommand,
  RUMClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAppMonitorCommand,
} from '@aws-sdk/client-rum';
import { Endpoint } from '../../../../sandbox/endpoint/endpoint';
import { Credentials } from '../../../../sandbox/iam/credentials';
import { Iam } from '../../../../sandbox/iam/iam';
import { Clock } from '../../../../sandbox/kernel/clock';
import { Executions } from '../../../../sandbox/kernel/executions';
import { Faults } from '../../../../sandbox/kernel/faults';
import { Journal } from '../../../../sandbox/kernel/journal';
import { Random } from '../../../../sandbox/kernel/random';
import { RumService } from '../../../../sandbox/services/rum/rum-service';
import type { RumState } from '../../../../sandbox/services/rum/state';
import type { World } from '../../../../sandbox/services/service';
import { ACCOUNT, arnOf, REGION } from './harness';

const clock = new Clock();
const random = new Random(1);
const rum = new RumService();
const iam = new Iam('aws', random);
const credentials = new Credentials(clock, random);
const states = new Map<string, RumState>();
const world: World = {
  clock,
  random,
  partition: 'aws',
  state: (_service, accountId, region) => {
    const key = `${accountId}/${region}`;
    states.set(key, states.get(key) ?? rum.newState());
    return states.get(key) as never;
  },
};
const endpoint = new Endpoint({
  world,
  services: [rum],
  iam,
  credentials,
  executions: new Executions(),
  faults: new Faults(),
  journal: new Journal(),
});

beforeAll(() => endpoint.start());
afterAll(() => endpoint.stop());
beforeEach(() => states.clear());

const clientOf = (keys = credentials.forAccount(ACCOUNT)) =>
  new RUMClient({
    region: REGION,
    endpoint: endpoint.url,
    credentials: keys,
    maxAttempts: 1,
    disableHostPrefix: true,
    // Signatures carry virtual time.
    systemClockOffset: clock.now() - Date.now(),
  });

test('a monitor’s life over the wire', async () => {
  const client = clientOf();
  const { Id } = await client.send(
    new CreateAppMonitorCommand({
      Name: 'a#b',
      Domain: 'shop.example.com',
      CwLogEnabled: true,
      Tags: { team: 'shop' },
    }),
  );
  await client.send(
    new UpdateAppMonitorCommand({ Name: 'a#b', AppMonitorConfiguration: { SessionSampleRate: 1, IncludedPages: [] } }),
  );
  const { AppMonitor } = await client.send(new GetAppMonitorCommand({ Name: 'a#b' }));
  expect(AppMonitor).toMatchObject({
    Id,
    Name: 'a#b',
    AppMonitorConfiguration: { SessionSampleRate: 1, IncludedPages: [] },
    Tags: { team: 'shop' },
  });
  const { AppMonitorSummaries } = await client.send(new ListAppMonitorsCommand({ MaxResults: 1 }));
  expect(AppMonitorSummaries).toHaveLength(1);
  await client.send(new DeleteAppMonitorCommand({ Name: 'a#b' }));
  await expect(client.send(new GetAppMonitorCommand({ Name: 'a#b' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    resourceName: 'a#b',
    $metadata: { httpStatusCode: 404 },
  });
});

test('tags over the wire', async () => {
  const client = clientOf();
  await client.send(new CreateAppMonitorCommand({ Name: 'shop', Domain: 'shop.example.com' }));
  const ResourceArn = arnOf('shop');
  await client.send(new TagResourceCommand({ ResourceArn, Tags: { a: '1', b: '2', 'c/d': '3' } }));
  await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['a', 'c/d'] }));
  const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn }));
  expect(Tags).toEqual({ b: '2' });
});

test('metrics over the wire', async () => {
  const client = clientOf();
  await client.send(new CreateAppMonitorCommand({ Name: 'shop', Domain: 'shop.example.com' }));
  const at = { AppMonitorName: 'shop', Destination: 'CloudWatch' } as const;
  await client.send(new PutRumMetricsDestinationCommand(at));
  const EventPattern = '{"event_type":["com.amazon.rum.js_error_event"]}';
  const MetricDefinitions = [{ Name: 'JsErrorCount', EventPattern }, { Name: 'Wrong' }];
  const created = await client.send(new BatchCreateRumMetricDefinitionsCommand({ ...at, MetricDefinitions }));
  expect([created.MetricDefinitions?.length, created.Errors?.length]).toEqual([1, 1]);
  const found = await client.send(new BatchGetRumMetricDefinitionsCommand({ ...at, MaxResults: 10 }));
  const MetricDefinitionIds = found.MetricDefinitions?.map((definition) => definition.MetricDefinitionId as string);
  const deleted = await client.send(new BatchDeleteRumMetricDefinitionsCommand({ ...at, MetricDefinitionIds }));
  expect(deleted).toMatchObject({ Errors: [], MetricDefinitionIds });
});

test('events over the wire', async () => {
  const client = clientOf();
  const { Id } = await client.send(
    new CreateAppMonitorCommand({ Name: 'shop', Domain: 'shop.example.com', CwLogEnabled: true }),
  );
  const timestamp = clock.date();
  await client.send(
    new PutRumEventsCommand({
      Id,
      BatchId: Id,
      AppMonitorDetails: {},
      UserDetails: {},
      RumEvents: [{ id: Id, timestamp, type: 'view', details: '{"a":1}', metadata: '{"osName":"Linux"}' }],
    }),
  );
  const { Events } = await client.send(new GetAppMonitorDataCommand({ Name: 'shop', TimeRange: { After: 0 } }));
  expect(Events?.map((event) => JSON.parse(event))).toMatchObject([
    { event_type: 'view', event_details: { a: 1 }, event_timestamp: timestamp.getTime() },
  ]);
  expect(rum.inventory(world.state(rum, ACCOUNT, REGION))).toHaveLength(2);
});

test('a wrong request is answered with all that is wrong', async () => {
  const wrong = { Name: '.shop', Domain: 'a.com', AppMonitorConfiguration: { SessionSampleRate: 2 } };
  await expect(clientOf().send(new CreateAppMonitorCommand(wrong))).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(
      /^2 validation errors detected: .*'name'.*'appMonitorConfiguration.sessionSampleRate'/,
    ),
  });
});

test('a role can do what its policy says, by name and tag, and no more', async () => {
  const role = iam.createRole({
    accountId: ACCOUNT,
    name: 'deployer',
    trust: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
    },
    inlinePolicies: {
      rum: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: ['rum:CreateAppMonitor', 'rum:TagResource'], Resource: arnOf('shop-*') },
          {
            Effect: 'Allow',
            Action: 'rum:DeleteAppMonitor',
            Resource: '*',
            Condition: { StringEquals: { 'aws:ResourceTag/owner': 'me' } },
          },
          { Effect: 'Allow', Action: 'iam:CreateServiceLinkedRole', Resource: '*' },
        ],
      },
    },
  });
  const client = clientOf(credentials.forRole(role, 'session'));
  const denied = { name: 'AccessDeniedException', $metadata: { httpStatusCode: 403 } };
  const Domain = 'shop.example.com';
  await client.send(new CreateAppMonitorCommand({ Name: 'shop-1', Domain, Tags: { owner: 'me' } }));
  await client.send(new CreateAppMonitorCommand({ Name: 'shop-2', Domain }));
  await expect(client.send(new CreateAppMonitorCommand({ Name: 'other', Domain }))).rejects.toMatchObject(denied);
  const withLogs = new CreateAppMonitorCommand({ Name: 'shop-3', Domain, CwLogEnabled: true });
  await expect(client.send(withLogs)).rejects.toMatchObject(denied);
  await client.send(new DeleteAppMonitorCommand({ Name: 'shop-1' }));
  await expect(client.send(new DeleteAppMonitorCommand({ Name: 'shop-2' }))).rejects.toMatchObject(denied);
});
