import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateAppMonitorCommand,
  DeleteAppMonitorCommand,
  GetAppMonitorCommand,
  ListAppMonitorsCommand,
  PutRumMetricsDestinationCommand,
  RUMClient,
  UntagResourceCommand,
} from '@aws-sdk/client-rum';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fakeLambda, fakeRum, fakeStepFunctions } from './fake-services';
import { ACCOUNT, errorOf, Testbed } from './testbed';

const rum = fakeRum();
const states = fakeStepFunctions();
const lambda = fakeLambda();
let bed: Testbed;

beforeEach(async () => {
  bed = new Testbed(rum, states, lambda);
  await bed.endpoint.start();
});

afterEach(() => bed.endpoint.stop());

function seenBy(service: typeof rum) {
  return bed.world.state(service, ACCOUNT, 'eu-central-1');
}

describe('signatures', () => {
  it('are accepted from a client in real time, whose clock is years behind', async () => {
    const { systemClockOffset: _, ...options } = bed.client(bed.credentials.forAccount(ACCOUNT));
    const identity = await new STSClient(options).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/administrator` });
  });

  it('are refused when the secret is another', async () => {
    const credentials = { ...bed.credentials.forAccount(ACCOUNT), secretAccessKey: 'x'.repeat(40) };
    const query = await errorOf(new STSClient(bed.client(credentials)).send(new GetCallerIdentityCommand({})));
    expect(query).toMatchObject({ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } });
    const rest = await errorOf(new RUMClient(bed.client(credentials)).send(new GetAppMonitorCommand({ Name: 'a' })));
    expect(rest).toMatchObject({ name: 'InvalidSignatureException', $metadata: { httpStatusCode: 403 } });
  });

  it('are refused when the body was changed on the way', async () => {
    const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { body: Uint8Array }).body = Buffer.from('{"Name":"b","Domain":"d"}');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const error = await errorOf(client.send(new CreateAppMonitorCommand({ Name: 'a', Domain: 'd' })));
    expect(error.name).toBe('InvalidSignatureException');
    expect(seenBy(rum)).toEqual([]);
  });

  it('are refused for an unknown key, a foreign token, and for none', async () => {
    const mine = bed.credentials.forAccount(ACCOUNT);
    const unknown = { ...mine, accessKeyId: 'ASIAUNKNOWNUNKNOWN22' };
    const foreign = { ...mine, sessionToken: bed.credentials.forAccount(ACCOUNT).sessionToken };
    for (const credentials of [unknown, foreign]) {
      const error = await errorOf(new STSClient(bed.client(credentials)).send(new GetCallerIdentityCommand({})));
      expect(error).toMatchObject({ name: 'InvalidClientTokenId', $metadata: { httpStatusCode: 403 } });
    }
    expect((await fetch(`${bed.endpoint.url}/appmonitor/a`)).status).toBe(403);
  });

  it('are refused when the session has expired', async () => {
    const { role } = bed.role('Expiring', []);
    const credentials = bed.credentials.forRole(role, 's', { durationSeconds: 900 });
    await bed.clock.sleep(900_000);
    // The client itself must not see it coming.
    const client = new STSClient(bed.client({ ...credentials, expiration: new Date('2040-01-01') }));
    expect(await errorOf(client.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'ExpiredToken' });
  });

  it('are refused when their role was deleted, and when it was made anew', async () => {
    const { role, credentials } = bed.role('Gone', []);
    const client = new STSClient(bed.client(credentials));
    await client.send(new GetCallerIdentityCommand({}));
    bed.iam.deleteRole(role.arn);
    expect((await errorOf(client.send(new GetCallerIdentityCommand({})))).name).toBe('InvalidClientTokenId');
    bed.role('Gone', []);
    expect((await errorOf(client.send(new GetCallerIdentityCommand({})))).name).toBe('InvalidClientTokenId');
  });

  it('of a function are refused when its clock is more than fifteen minutes off', async () => {
    const { credentials } = bed.role('Function', [], { execution: 'f-1' });
    const client = (offsetMs: number) =>
      new STSClient({
        ...bed.client(credentials),
        systemClockOffset: bed.clock.now() - Date.now() + offsetMs,
      });
    await client(10 * 60_000).send(new GetCallerIdentityCommand({}));
    const error = await errorOf(client(-16 * 60_000).send(new GetCallerIdentityCommand({})));
    expect(error.name).toBe('SignatureDoesNotMatch');
    expect(error.message).toContain('Signature expired');
  });
});

describe('protocols', () => {
  it('carry rest-json bodies, labels with encoded slashes and repeated query keys', async () => {
    const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const created = await client.send(new CreateAppMonitorCommand({ Name: 'a b', Domain: 'd', Tags: { 'k/1': 'ä' } }));
    expect(created.Id).toBe('id of a b');
    await client.send(new GetAppMonitorCommand({ Name: "a b'(*)" }));
    const ResourceArn = `arn:aws:rum:eu-central-1:${ACCOUNT}:appmonitor/x`;
    await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: ['one', 'two & three', 'fo*r'] }));
    expect(seenBy(rum)).toEqual([
      { operation: 'CreateAppMonitor', input: { Name: 'a b', Tags: { 'k/1': 'ä' } } },
      { operation: 'GetAppMonitor', input: { Name: "a b'(*)" } },
      { operation: 'UntagResource', input: { ResourceArn, TagKeys: ['one', 'two & three', 'fo*r'] } },
    ]);
  });

  it('carry rest-json errors with their members and headers', async () => {
    const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const error = await errorOf(client.send(new CreateAppMonitorCommand({ Name: 'taken', Domain: 'd' })));
    expect(error).toMatchObject({
      name: 'ConflictException',
      message: 'a monitor of this name exists',
      resourceName: 'taken',
      $metadata: { httpStatusCode: 409 },
    });
    expect(error.$response.headers['retry-after']).toBe('9');
  });

  it('carry rest-json payloads, headers and statuses', async () => {
    const client = new LambdaClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const Payload = Buffer.from('{"a":1}');
    const answer = await client.send(
      new InvokeCommand({ FunctionName: 'arn:aws:lambda:f', InvocationType: 'Event', Payload }),
    );
    expect(answer).toMatchObject({ StatusCode: 202, FunctionError: 'Unhandled' });
    expect(answer.Payload?.transformToString()).toBe('got {"a":1}');
    expect(seenBy(lambda)[0]?.input).toMatchObject({ FunctionName: 'arn:aws:lambda:f', InvocationType: 'Event' });
  });

  it('carry JSON with timestamps, and its errors', async () => {
    const client = new SFNClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const started = await client.send(new StartExecutionCommand({ stateMachineArn: 'arn:machine' }));
    expect(started).toMatchObject({ executionArn: 'arn:execution' });
    expect(started.startDate?.getTime()).toBe(bed.clock.now());
    const error = await errorOf(
      client.send(new StartExecutionCommand({ stateMachineArn: 'arn:machine', name: 'taken' })),
    );
    expect(error).toMatchObject({ name: 'ExecutionAlreadyExists', message: 'it runs already' });
  });

  it('carry query forms with lists, and XML with timestamps', async () => {
    const { role } = bed.role('Tagged', []);
    bed.iam.updateRole(role.arn, {
      trust: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
      },
    });
    const Tags = [
      { Key: 'a', Value: '<1> & "2"' },
      { Key: 'b', Value: '' },
    ];
    const client = new STSClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const error = await errorOf(client.send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'me', Tags })));
    expect(error.message).toContain('<1> & "2"');
    const Fine = [{ Key: 'a', Value: '1 + 2' }, Tags[1]!];
    const answer = await client.send(
      new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'me', Tags: Fine, PolicyArns: [] }),
    );
    expect(answer.Credentials?.Expiration?.getTime()).toBe(Math.floor(bed.clock.now() / 1000) * 1000 + 3_600_000);
    expect(bed.journal.calls.at(-1)?.input).toEqual({
      RoleArn: role.arn,
      RoleSessionName: 'me',
      Tags: Fine,
      PolicyArns: [],
    });
  });

  it('answer with a request id and the virtual date', async () => {
    const response = await fetch(bed.endpoint.url);
    expect(response.headers.get('date')).toBe(bed.clock.date().toUTCString());
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a call', () => {
  it('takes some virtual time and none of the function, which is paused', async () => {
    const seen = bed.execution('f-1');
    const { credentials } = bed.role('Function', [], { execution: 'f-1' });
    const before = bed.clock.now();
    await new STSClient(bed.client(credentials)).send(new GetCallerIdentityCommand({}));
    expect(bed.clock.now() - before).toBeGreaterThanOrEqual(20);
    expect(bed.clock.now() - before).toBeLessThanOrEqual(80);
    expect(seen).toEqual(['pause', 'resume']);
  });

  it('of several at once is paused and resumed for itself', async () => {
    const seen = bed.execution('f-1');
    const { credentials } = bed.role('Function', [], { execution: 'f-1' });
    const client = new STSClient(bed.client(credentials));
    await Promise.all([client.send(new GetCallerIdentityCommand({})), client.send(new GetCallerIdentityCommand({}))]);
    expect(seen.sort()).toEqual(['pause', 'pause', 'resume', 'resume']);
  });

  it('is written to the journal with what it asked for', async () => {
    const heard: string[] = [];
    bed.journal.onCall(({ operation }) => heard.push(operation));
    const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    await client.send(new CreateAppMonitorCommand({ Name: 'a', Domain: 'd' }));
    expect(bed.journal.calls).toEqual([
      {
        at: bed.clock.now(),
        service: 'rum',
        operation: 'CreateAppMonitor',
        accountId: ACCOUNT,
        region: 'eu-central-1',
        principal: `arn:aws:iam::${ACCOUNT}:user/administrator`,
        input: { Name: 'a' },
        outcome: 'ok',
        permissions: ['rum:CreateAppMonitor'],
        requestId: expect.any(String),
      },
    ]);
    expect(heard).toEqual(['CreateAppMonitor']);
  });

  it('is refused without permission, before its input is looked at, and allowed as soon as a policy is added', async () => {
    const { role, credentials } = bed.role('Function', []);
    const client = new RUMClient(bed.client(credentials));
    const error = await errorOf(client.send(new CreateAppMonitorCommand({ Name: '', Domain: 'd' })));
    expect(error).toMatchObject({
      name: 'AccessDeniedException',
      message:
        `User: arn:aws:sts::${ACCOUNT}:assumed-role/Function/session is not authorized to perform: ` +
        'rum:CreateAppMonitor on resource: * because no identity-based policy allows the rum:CreateAppMonitor action',
      $metadata: { httpStatusCode: 403 },
    });
    bed.iam.policies.put(role.arn, 'p', {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'rum:*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-central-1' } },
      },
    });
    await client.send(new CreateAppMonitorCommand({ Name: 'a', Domain: 'd' }));
  });

  it('with an invalid input is answered with all violations', async () => {
    const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const error = await errorOf(client.send(new CreateAppMonitorCommand({ Name: 'a name too long', Domain: 'd' })));
    expect(error.name).toBe('ValidationException');
    expect(error.message).toMatch(/^1 validation error detected: Value .* at 'name' failed to satisfy constraint: /);
    const sts = new STSClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const { role } = bed.role('R', []);
    bed.iam.updateRole(role.arn, {
      trust: { Statement: { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' } },
    });
    const two = await errorOf(
      sts.send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: '!', DurationSeconds: 1 })),
    );
    expect(two.name).toBe('ValidationError');
    expect(two.message).toMatch(/^3 validation errors detected: /);
  });

  it('to an operation that the sandbox does not have is refused and stands in the journal', async () => {
    const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    const error = await errorOf(
      client.send(new PutRumMetricsDestinationCommand({ AppMonitorName: 'a', Destination: 'CloudWatch' })),
    );
    expect(error).toMatchObject({ name: 'UnknownOperationException', $metadata: { httpStatusCode: 404 } });
    expect(error.message).toContain("the sandbox's service 'rum' has no operation for POST /rummetrics/a/");
    expect(bed.journal.calls).toMatchObject([{ service: 'rum', outcome: 'UnknownOperationException' }]);
  });
});

describe('bugs of the sandbox', () => {
  it('are told to the caller and thrown when the endpoint stops', async () => {
    const client = new RUMClient(bed.client(bed.credentials.forAccount(ACCOUNT)));
    expect((await errorOf(client.send(new DeleteAppMonitorCommand({ Name: 'a' })))).name).toBe('SandboxBug');
    expect((await errorOf(client.send(new ListAppMonitorsCommand({})))).message).toContain(
      "the sandbox's rum:ListAppMonitors answers against its model",
    );
    await expect(bed.endpoint.stop()).rejects.toThrow('the sandbox failed in 2 call(s): a bug of the sandbox');
  });
});
