import * as iam from 'aws-cdk-lib/aws-iam';
import { cloudhsm, sts } from '../../src';
import { aCluster, startHsmBed } from './cloudhsm-bed';
import { deployPair, destroyPair, expectNothingAnywhere, HERE, type Sides, THERE } from './delegation-bed';
import { networkThere, vpcOf } from './delegation-hsm-bed';
import { failureReason, Testbed } from './testbed';

jest.setTimeout(60_000);
afterEach(() => Testbed.stopAll());

/** A cluster whose role may not do what CloudHSM asks of EC2 on its behalf, so that the reason is encoded. */
async function refused(explaining: boolean, explainDenials: boolean) {
  const bed = await startHsmBed({ cloudHsm: { ec2Denial: 'encoded' } });
  const ground = networkThere(bed);
  const build = ({ here, role, assumeRole }: Sides) => {
    if (explaining) sts.Denials.explain(here);
    const initialization = cloudhsm.CertificateAuthority.external();
    role.allowManaging(aCluster(here, { vpc: vpcOf(here, ground), hsmCount: 0, assumeRole, initialization }));
    role.addToPrincipalPolicy(
      new iam.PolicyStatement({
        sid: 'NoGroups',
        effect: iam.Effect.DENY,
        actions: ['ec2:CreateSecurityGroup'],
        resources: ['*'],
      }),
    );
  };
  const result = await deployPair(bed, build, { explainDenials });
  expect(result.status).toBe('ROLLBACK_COMPLETE');
  const decodings = bed.sandbox.journal.calls.filter(({ operation }) => operation === 'DecodeAuthorizationMessage');
  await destroyPair(bed);
  ground.remove();
  expectNothingAnywhere(bed);
  return { bed, decodings, reason: failureReason(result) };
}

const GROUPS = `arn:aws:ec2:${THERE.region}:${THERE.account}:security-group/`;

describe("EC2's encoded refusal of what CloudHSM asks of it, in another account", () => {
  test('is not decoded, unless that is asked for', async () => {
    const { decodings, reason } = await refused(false, true);
    expect(decodings).toEqual([]);
    expect(reason).toContain('(an encoded authorization message came with it)');
    expect(reason).toContain(
      'to have the encoded message decoded, use sts.Denials.explain(stack) and explainDenials of DelegatedRole',
    );
  });

  test('is decoded whole, by the role of that account, and told', async () => {
    const { bed, decodings, reason } = await refused(true, true);
    expect(decodings).toMatchObject([{ accountId: THERE.account, outcome: 'ok' }]);
    const { EncodedMessage } = decodings[0]!.input as { EncodedMessage: string };
    expect(bed.sandbox.iam.messages.decode(EncodedMessage)).toMatchObject({ accountId: THERE.account });
    expect(reason).toMatch(
      new RegExp(
        `decoded: arn:aws:sts::${THERE.account}:assumed-role/\\S+ may not ec2:CreateSecurityGroup on ${GROUPS}\\S+: an explicit deny; `,
      ),
    );
    expect(reason).toContain('the statement NoGroups denies ec2:CreateSecurityGroup: narrow it in');
    expect(reason).not.toContain(EncodedMessage.slice(0, 40));
  });

  test('stays closed to a role that may not decode, and the message says how to let it', async () => {
    const { decodings, reason } = await refused(true, false);
    expect(decodings.map(({ outcome }) => outcome)).not.toContain('ok');
    expect(decodings.every(({ accountId }) => accountId !== HERE.account)).toBe(true);
    expect(reason).toMatch(
      /the encoded message could not be decoded: add {"Effect":"Allow","Action":"sts:DecodeAuthorizationMessage","Resource":"\*"} to the role arn:aws:iam::222222222222:role\/\S+, as explainDenials of DelegatedRole does/,
    );
  });
});
