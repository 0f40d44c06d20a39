import { CloudHSMV2Client, CreateHsmCommand } from '@aws-sdk/client-cloudhsm-v2';
import { AssociateMemberAccountCommand, MacieClient } from '@aws-sdk/client-macie';
import { AwsClients, type ClientConfiguration } from '../../src/runtime/clients';
import { type FakeAnswer, fakeEndpoint, jsonError } from '../support/fake-endpoint';

class FakeClient {
  readonly middlewareStack = { add: () => undefined };

  constructor(readonly configuration: ClientConfiguration) {}
}

describe('clients of another region', () => {
  const role = {
    request: { RoleArn: 'arn:aws:iam::111122223333:role/r', RoleSessionName: 's' },
    region: 'eu-central-1',
    stsRegion: 'eu-central-1',
    accountId: '111122223333',
  };

  test('have that region, and the role of the first', () => {
    const there = new AwsClients('eu-central-1', role).inRegion('us-east-1').get(FakeClient, 'RUM');
    expect(there.configuration.region).toBe('us-east-1');
    expect(there.configuration.credentials).toBeDefined();
  });

  test('are made once, and for the same region not at all', () => {
    const aws = new AwsClients('eu-central-1');
    expect(aws.inRegion('us-east-1')).toBe(aws.inRegion('us-east-1'));
    expect(aws.inRegion('eu-central-1')).toBe(aws);
  });
});

const HSM = new CreateHsmCommand({ ClusterId: 'cluster-22222222222', AvailabilityZone: 'eu-central-1a' });
const MEMBER = new AssociateMemberAccountCommand({ memberAccountId: '111122223333' });

const endpoint = fakeEndpoint();

/** What becomes of a call that is answered so, and how often it was made. */
async function callsOf(call: (aws: AwsClients) => Promise<unknown>, answer: FakeAnswer) {
  endpoint.answer = () => answer;
  const error = await call(new AwsClients('eu-central-1')).catch((thrown: unknown) => thrown);
  return { calls: endpoint.requests.length, error };
}

const createHsm = (aws: AwsClients) => aws.get(CloudHSMV2Client, 'CLOUDHSM_V2').send(HSM);
const associateMember = (aws: AwsClients) => aws.get(MacieClient, 'MACIE').send(MEMBER);

test.each([
  ['CloudHSM', createHsm],
  ['Macie Classic', associateMember],
])('a call whose connection is cut is made once, also by the old SDK of %s', async (_service, call) => {
  const { calls, error } = await callsOf(call, 'cut');
  expect(error).toBeInstanceOf(Error);
  expect(calls).toBe(1);
});

test('a quota is not taken for throttling by the old SDK of Macie Classic', async () => {
  const { calls, error } = await callsOf(associateMember, jsonError('LimitExceededException', 'too many'));
  expect(error).toMatchObject({ name: 'LimitExceededException', message: 'too many' });
  expect(calls).toBe(1);
});
