import { CloudHSMV2Client, DescribeClustersCommand } from '@aws-sdk/client-cloudhsm-v2';
import { ListMemberAccountsCommand, MacieClient } from '@aws-sdk/client-macie';
import { ListAppMonitorsCommand, RUMClient } from '@aws-sdk/client-rum';
import type { AssumedRole } from '../../src/runtime/assumed-role';
import { AssumptionError } from '../../src/runtime/assumption-error';
import { AwsClients } from '../../src/runtime/clients';
import { type FakeAnswer, type FakeRequest, fakeEndpoint, queryAnswer, queryError } from '../support/fake-endpoint';
import { aSession, REGION } from '../support/runs';

const endpoint = fakeEndpoint();

let assumed: FakeRequest[];
/** What the next calls of AssumeRole answer instead. */
let failures: FakeAnswer[];
let lifetimeMs: number;

beforeEach(() => {
  assumed = [];
  failures = [];
  lifetimeMs = 15 * 60_000;
  endpoint.answer = (request) => {
    if (request.body.includes('Action=AssumeRole')) return assume(request);
    return { status: 200, type: 'application/json', body: '{}' };
  };
});

/** Each session has an access key id of its own. */
function assume(request: FakeRequest): FakeAnswer {
  assumed.push(request);
  const failure = failures.shift();
  if (failure !== undefined) return failure;
  const expiration = new Date(Date.now() + lifetimeMs).toISOString();
  return queryAnswer(
    'AssumeRole',
    `<Credentials><AccessKeyId>ASIA${assumed.length}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials>`,
  );
}

const HUB = aSession({ RoleArn: 'arn:aws:iam::777788889999:role/Hub', ExternalId: 'of-the-hub' });

function aRole(changes: Partial<AssumedRole> = {}): AssumedRole {
  return { ...aSession(), region: REGION, accountId: '444455556666', ...changes };
}

const callRum = (aws: AwsClients) => aws.get(RUMClient, 'RUM').send(new ListAppMonitorsCommand({}));
const callCloudHsm = (aws: AwsClients) =>
  aws.get(CloudHSMV2Client, 'CLOUDHSM_V2').send(new DescribeClustersCommand({}));
const callMacie = (aws: AwsClients) => aws.get(MacieClient, 'MACIE').send(new ListMemberAccountsCommand({}));

/** Who signed what is no AssumeRole. */
function signers(): Array<string | undefined> {
  return endpoint.requests.filter((request) => !assumed.includes(request)).map(({ accessKeyId }) => accessKeyId);
}

describe('within an invocation', () => {
  test('a role is assumed once, for all clients, old and new, and all regions, also at the same time', async () => {
    const aws = new AwsClients(REGION, aRole());
    await Promise.all([callRum(aws), callCloudHsm(aws), callMacie(aws), callRum(aws.inRegion('us-east-1'))]);
    await callCloudHsm(aws.inRegion('us-east-1'));
    expect(assumed).toHaveLength(1);
    expect(signers()).toEqual(Array(5).fill('ASIA1'));
  });

  test('it is assumed again after a failure', async () => {
    const aws = new AwsClients(REGION, aRole());
    failures = [queryError('AccessDenied', 'not yet')];
    await expect(callRum(aws)).rejects.toThrow('not yet');
    await callRum(aws);
    await callCloudHsm(aws);
    expect(assumed).toHaveLength(2);
    expect(signers()).toEqual(['ASIA2', 'ASIA2']);
  });

  test('it is assumed again when the session is about to end', async () => {
    lifetimeMs = 60_000;
    const aws = new AwsClients(REGION, aRole());
    await callRum(aws);
    await callRum(aws);
    expect(new Set(signers()).size).toBe(2);
  });

  test('without a role, none is assumed', async () => {
    await callRum(new AwsClients(REGION));
    expect(assumed).toEqual([]);
    expect(signers()).toEqual(['AKIAOWN']);
  });
});

test('two invocations, or two resources, never share a session, even of the same role', async () => {
  const [one, two] = [new AwsClients(REGION, aRole()), new AwsClients(REGION, aRole())];
  await callRum(one);
  await callRum(two);
  expect(assumed).toHaveLength(2);
  expect(signers()).toEqual(['ASIA1', 'ASIA2']);
});

describe('a chain', () => {
  test('is assumed role by role, each with the session of the one before', async () => {
    await callRum(new AwsClients(REGION, aRole({ via: HUB })));
    expect(assumed.map(({ accessKeyId }) => accessKeyId)).toEqual(['AKIAOWN', 'ASIA1']);
    expect(assumed[0]?.body).toContain('role%2FHub');
    expect(assumed[0]?.body).toContain('ExternalId=of-the-hub');
    expect(assumed[1]?.body).toContain('role%2FDeploy');
    expect(assumed[1]?.body).not.toContain('ExternalId');
    expect(signers()).toEqual(['ASIA2']);
  });

  test('is assumed once for all clients', async () => {
    const aws = new AwsClients(REGION, aRole({ via: HUB }));
    await Promise.all([callRum(aws), callCloudHsm(aws)]);
    expect(assumed).toHaveLength(2);
  });

  test('asks STS for each role in its own region', async () => {
    await callRum(new AwsClients(REGION, aRole({ via: { ...HUB, stsRegion: 'us-west-2' } })));
    const regions = assumed.map(
      ({ headers }) => /Credential=[^/]+\/\d+\/([^/]+)/.exec(headers.authorization ?? '')?.[1],
    );
    expect(regions).toEqual(['us-west-2', REGION]);
  });

  test('that is refused on the way says at which role', async () => {
    failures = [queryError('AccessDenied', 'no')];
    const error = await callRum(new AwsClients(REGION, aRole({ via: HUB }))).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(AssumptionError);
    expect((error as AssumptionError).session.request.RoleArn).toBe(HUB.request.RoleArn);
  });
});

describe('a failure', () => {
  test.each([
    ['RUM', callRum],
    ['the old SDK of CloudHSM', callCloudHsm],
    ['the old SDK of Macie Classic', callMacie],
  ])('to assume the role for %s is told from one of the call, with what STS said', async (_service, call) => {
    failures = [queryError('AccessDenied', 'not yours')];
    const error = await call(new AwsClients(REGION, aRole())).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AssumptionError);
    expect(error).toMatchObject({ name: 'AccessDenied', message: 'not yours', $metadata: { httpStatusCode: 403 } });
    expect(endpoint.requests).toHaveLength(1);
  });

  test('of the connection to STS is one to assume the role as well', async () => {
    failures = ['cut'];
    const error = await callRum(new AwsClients(REGION, aRole())).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AssumptionError);
  });
});
