import { CreateAppMonitorCommand, GetAppMonitorCommand, RUMClient } from '@aws-sdk/client-rum';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fakeRum, fakeStepFunctions } from './fake-services';
import { ACCOUNT, errorOf, Testbed } from './testbed';

const rum = fakeRum();
let bed: Testbed;

beforeEach(async () => {
  bed = new Testbed(rum, fakeStepFunctions());
  await bed.endpoint.start();
});

afterEach(() => bed.endpoint.stop());

function create(client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)))) {
  return client.send(new CreateAppMonitorCommand({ Name: 'a', Domain: 'd' }));
}

function effects() {
  return bed.world.state(rum, ACCOUNT, 'eu-central-1').length;
}

it.each([
  ['throttle', 'ThrottlingException', 429],
  ['deny', 'AccessDeniedException', 403],
  ['internal-error', 'InternalServerException', 500],
  ['unavailable', 'ServiceUnavailable', 503],
] as const)('%s is answered as %s by rest-json, and nothing takes effect', async (kind, name, httpStatusCode) => {
  bed.faults.add({ match: { service: 'rum' }, kind });
  expect(await errorOf(create())).toMatchObject({ name, $metadata: { httpStatusCode } });
  expect(effects()).toBe(0);
  expect(bed.journal.calls).toMatchObject([{ outcome: name, fault: kind }]);
  await create();
});

it.each([
  ['throttle', 'ThrottlingException', 400],
  ['deny', 'AccessDeniedException', 400],
  ['internal-error', 'InternalFailure', 500],
  ['unavailable', 'ServiceUnavailable', 503],
] as const)('%s is answered as %s by the JSON protocol', async (kind, name, httpStatusCode) => {
  bed.faults.add({ match: {}, kind });
  const client = new SFNClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
  const error = await errorOf(client.send(new StartExecutionCommand({ stateMachineArn: 'a' })));
  expect(error).toMatchObject({ name, $metadata: { httpStatusCode } });
});

it.each([
  ['throttle', 'Throttling', 400],
  ['deny', 'AccessDenied', 403],
  ['internal-error', 'InternalFailure', 500],
  ['unavailable', 'ServiceUnavailable', 503],
] as const)('%s is answered as %s by the query protocol', async (kind, name, httpStatusCode) => {
  bed.faults.add({ match: {}, kind });
  const client = new STSClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
  const error = await errorOf(client.send(new GetCallerIdentityCommand({})));
  expect(error).toMatchObject({ name, $metadata: { httpStatusCode } });
});

it.each([
  ['cut-before', 0, 'NotCarriedOut'],
  ['cut-after', 1, 'ok'],
] as const)('%s leaves the caller without an answer, after %d effects', async (kind, count, outcome) => {
  const seen = bed.execution('f-1');
  const { credentials } = bed.role('F', [{ Effect: 'Allow', Action: '*', Resource: '*' }], { execution: 'f-1' });
  bed.faults.add({ match: { operation: 'CreateAppMonitor' }, kind });
  const error = await errorOf(create(new RUMClient(bed.client(credentials))));
  expect(error.$metadata?.httpStatusCode).toBeUndefined();
  expect(error.message).toContain('socket hang up');
  expect(effects()).toBe(count);
  expect(bed.journal.calls).toMatchObject([{ outcome, fault: kind, execution: 'f-1' }]);
  expect(seen).toEqual(['pause', 'resume']);
});

it.each([
  ['kill-before', 0],
  ['kill-after', 1],
] as const)('%s kills the calling function, after %d effects', async (kind, count) => {
  const seen = bed.execution('f-1');
  const { credentials } = bed.role('F', [{ Effect: 'Allow', Action: '*', Resource: '*' }], { execution: 'f-1' });
  bed.faults.add({ match: { service: 'rum' }, kind });
  await errorOf(create(new RUMClient(bed.client(credentials))));
  expect(effects()).toBe(count);
  expect(seen).toEqual(['pause', 'kill']);
});

it('a fault meets the planned call only', async () => {
  bed.faults.add({ match: { service: 'rum', operation: 'CreateAppMonitor', nth: 2 }, kind: 'throttle' });
  const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
  await create(client);
  await client.send(new GetAppMonitorCommand({ Name: 'a' }));
  expect((await errorOf(create(client))).name).toBe('ThrottlingException');
  await create(client);
});
