import { Aspects, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BackupCopy, BackupSource, CertificateAuthority, Cluster } from '../../src/cloudhsm';
import { RoleAssumption } from '../../src/sts';
import { irishStack, vpcWithZones } from '../support/clusters';
import { testStack } from '../support/synthesis';

/** What cdk-nag says against a stack: `<path> <rule and finding>`. */
function findings(stack: Stack): string[] {
  Aspects.of(stack).add(new AwsSolutionsChecks({ reports: false }));
  const annotations = Annotations.fromStack(stack);
  return [...annotations.findError('*', Match.anyValue()), ...annotations.findWarning('*', Match.anyValue())]
    .map(({ id, entry }) => `${id} ${String(entry.data).split(': ')[0]}`)
    .filter((finding) => finding.includes(' AwsSolutions-'));
}

test.each([
  ['whose account and region are known', irishStack],
  ['for any account and region', testStack],
])('cdk-nag finds nothing in clusters of all kinds that is not explained, in a stack %s', (_, make) => {
  const stack = make();
  const vpc = vpcWithZones(stack, 2);
  new Cluster(stack, 'Default', { vpc, hsmCount: 2 }).addAlarms();
  new Cluster(stack, 'Destroyed', { vpc, removalPolicy: RemovalPolicy.DESTROY, deleteBackups: true });
  const secret = secretsmanager.Secret.fromSecretNameV2(stack, 'Pki', 'pki');
  new Cluster(stack, 'OwnPki', { vpc, initialization: CertificateAuthority.secret(secret) });
  new Cluster(stack, 'Elsewhere', {
    vpc,
    initialization: CertificateAuthority.external(),
    assumeRole: RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm'),
  });
  new BackupCopy(stack, 'Copy', { source: BackupSource.id('backup-abcdefghijk'), destinationRegion: 'us-east-1' });
  expect(findings(stack)).toEqual([]);
});
