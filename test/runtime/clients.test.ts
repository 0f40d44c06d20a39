import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloudHSMV2Client, CreateHsmCommand } from '@aws-sdk/client-cloudhsm-v2';
import { AwsClients, type ClientConfiguration } from '../../src/runtime/clients';

class FakeClient {
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

test('a call whose connection is cut is made once, also by the old SDK of CloudHSM, which forgets maxAttempts', async () => {
  let calls = 0;
  const server = createServer((request) => {
    calls += 1;
    request.socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_ENDPOINT_URL_CLOUDHSM_V2: url };
  const environment = process.env;
  process.env = { ...environment, ...credentials };
  try {
    const client = new AwsClients('eu-central-1').get(CloudHSMV2Client, 'CLOUDHSM_V2');
    const command = new CreateHsmCommand({ ClusterId: 'cluster-22222222222', AvailabilityZone: 'eu-central-1a' });
    await expect(client.send(command)).rejects.toThrow();
    expect(calls).toBe(1);
  } finally {
    process.env = environment;
    server.close();
  }
});
