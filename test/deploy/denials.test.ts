import { DecodeAuthorizationMessageCommand, STSClient } from '@aws-sdk/client-sts';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { cloudhsm, sts } from '../../src';
import { errorOf } from '../sandbox/endpoint/testbed';
import { aCluster, startHsmBed, ZONES } from './cloudhsm-bed';
import { deployPair, HERE, THERE } from './delegation-bed';
import { failureReason, Testbed } from './testbed';

jest.setTimeout(120_000);
afterEach(() => Testbed.stopAll());

/** EC2 refuses the security group of a cluster: the session may do everything but that. */
const NARROW = new iam.PolicyDocument({
  statements: [
    new iam.PolicyStatement({ actions: ['*'], resources: ['*'] }),
    new iam.PolicyStatement({
      sid: 'NoGroups',
      effect: iam.Effect.DENY,
      actions: ['ec2:CreateSecurityGroup'],
      resources: ['*'],
    }),
  ],
});

async function refused({ inStack = true, inRole = true }) {
  const bed = await startHsmBed({ cloudHsm: { ec2Denial: 'encoded' } });
  const result = await deployPair(
    bed,
    ({ here, role }) => {
      const assumeRole = role.assumption({ region: THERE.region, sessionPolicy: NARROW });
      const vpc = ec2.Vpc.fromVpcAttributes(here, 'Vpc', {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ZONES.map((zone) => zone.replace(HERE.region, THERE.region)),
        privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
      });
      const key = kms.Key.fromKeyArn(here, 'Key', `arn:aws:kms:${THERE.region}:${THERE.account}:key/any`);
      const initialization = cloudhsm.CertificateAuthority.kms(key);
      const activation = cloudhsm.Activation.none();
      role.allowManaging(aCluster(here, { vpc, assumeRole, hsmCount: 0, initialization, activation }));
      if (inStack) sts.Denials.explain(here);
    },
    { explainDenials: inRole },
  );
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  const decoded = bed.sandbox.journal.calls.filter(({ operation }) => operation === 'DecodeAuthorizationMessage');
  return { bed, reason: failureReason(result), decoded };
}

test('a message that comes with a denial in another account is decoded there, and the error says what and why', async () => {
  const { reason, decoded } = await refused({});
  expect(reason).toMatch(/decoded: arn:aws:sts::222222222222:assumed-role\/\S+ may not ec2:CreateSecurityGroup on /);
  expect(reason).toMatch(/an explicit deny; .*NoGroups/);
  expect(decoded.map(({ accountId, outcome }) => [accountId, outcome])).toEqual([[THERE.account, 'ok']]);
});

test('without the permission of the role the error says how to give it', async () => {
  const { reason, decoded } = await refused({ inRole: false });
  expect(reason).toMatch(
    /could not be decoded: add {.*sts:DecodeAuthorizationMessage.*as explainDenials of DelegatedRole/,
  );
  expect(decoded.map(({ accountId, outcome }) => [accountId, outcome])).toEqual([[THERE.account, 'AccessDenied']]);
});

test('nothing is decoded unless that is wished', async () => {
  const { reason, decoded } = await refused({ inStack: false });
  expect(reason).toMatch(/to have the encoded message decoded, use sts\.Denials\.explain/);
  expect(decoded).toEqual([]);
});

test('a message is whole or nothing, and read by who may read it', async () => {
  const { sandbox } = await Testbed.start();
  const EncodedMessage = sandbox.iam.messages.encode(sandbox.accountId, { allowed: false });
  const decode = (message: string) =>
    new STSClient(sandbox.clientConfiguration()).send(
      new DecodeAuthorizationMessageCommand({ EncodedMessage: message }),
    );
  expect(JSON.parse((await decode(EncodedMessage)).DecodedMessage!)).toEqual({ allowed: false });
  expect((await errorOf(decode(EncodedMessage.slice(0, -1)))).name).toBe('InvalidAuthorizationMessageException');
});
