import { CloudHSMV2Client, CreateClusterCommand } from '@aws-sdk/client-cloudhsm-v2';
import { DecodeAuthorizationMessageCommand, STSClient } from '@aws-sdk/client-sts';
import { Sandbox } from '../../../../sandbox/sandbox';
import type { CloudHsmOptions } from '../../../../sandbox/services/cloudhsm/options';
import { errorOf, policyOf, trustOf } from '../../endpoint/testbed';

let sandbox: Sandbox;

afterEach(() => sandbox.stop());

/** The refusal of a cluster to a role that may do all that CloudHSM has, and of EC2 only some. */
async function refused(ec2: string[], cloudHsm: CloudHsmOptions): Promise<string> {
  sandbox = await Sandbox.start({ cloudHsm });
  const { accountId, region, endpoint } = sandbox;
  const Action = ['cloudhsm:*', 'iam:*', ...ec2];
  const role = sandbox.iam.createRole({
    accountId,
    name: 'Handler',
    trust: trustOf({ AWS: accountId }),
    inlinePolicies: { own: policyOf({ Effect: 'Allow', Action, Resource: '*' }) },
  });
  const credentials = sandbox.credentials.forRole(role, 'session');
  const client = new CloudHSMV2Client({ region, endpoint: endpoint.url, credentials, maxAttempts: 1 });
  const input = { HsmType: 'hsm2m.medium', Mode: 'FIPS', SubnetIds: ['subnet-0123456789abcdef0'] } as const;
  const { name, message } = await errorOf(
    client.send(new CreateClusterCommand({ ...input, SubnetIds: [...input.SubnetIds] })),
  );
  expect(name).toBe('AccessDeniedException');
  return message;
}

test('what EC2 refuses of a cluster is told with a message that the account of the caller can decode', async () => {
  const message = await refused([], { ec2Denial: 'encoded' });
  expect(message).toMatch(
    /^You are not authorized to perform this operation\. User: .* is not authorized to perform: ec2:CreateSecurityGroup on resource: .*security-group\/sg-new because no identity-based policy allows the ec2:CreateSecurityGroup action\. Encoded authorization failure message: [\w-]+$/,
  );
  const sts = new STSClient(sandbox.clientConfiguration());
  const { DecodedMessage } = await sts.send(
    new DecodeAuthorizationMessageCommand({ EncodedMessage: message.split(' ').at(-1) }),
  );
  expect(JSON.parse(DecodedMessage!)).toMatchObject({
    allowed: false,
    context: { action: 'ec2:CreateSecurityGroup', principal: { arn: expect.stringContaining('assumed-role/Handler') } },
  });
});

test.each<[string, string[], CloudHsmOptions]>([
  ['by default', [], {}],
  ['where EC2 is only asked', ['ec2:Create*', 'ec2:Authorize*', 'ec2:Revoke*'], { ec2Denial: 'encoded' }],
])('nothing is encoded %s', async (_, ec2, options) => {
  expect(await refused(ec2, options)).toMatch(/^User: .* is not authorized to perform: ec2:/);
});
