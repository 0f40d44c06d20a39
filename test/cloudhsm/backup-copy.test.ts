import { CfnParameter, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { BackupCopy, type BackupCopyProps, BackupSource, Cluster } from '../../src/cloudhsm';
import { RoleAssumption } from '../../src/sts';
import { BACKUP_COPY, irishStack } from '../support/clusters';
import { type Json, messageOf, onlyResource } from '../support/synthesis';

const source = BackupSource.id('backup-abcdefghijk');
const ARN = 'arn:aws:cloudhsm:eu-west-1:111111111111:backup/backup-abcdefghijk';

function copyWith(props: Partial<BackupCopyProps> = {}): BackupCopy {
  return new BackupCopy(irishStack(), 'Copy', { source, destinationRegion: 'us-east-1', ...props });
}

function resource(copy: BackupCopy): Json {
  return onlyResource(Template.fromStack(Stack.of(copy)), BACKUP_COPY);
}

describe('a copy of a backup', () => {
  test('names the backup and the region', () => {
    expect(resource(copyWith()).Properties).toEqual({
      ServiceToken: expect.anything(),
      ServiceTimeout: '3600',
      SourceBackupId: 'backup-abcdefghijk',
      DestinationRegion: 'us-east-1',
    });
  });

  test('is known by its id where the ARN is given, since the API knows ids only', () => {
    expect(resource(copyWith({ source: BackupSource.arn(ARN) })).Properties.SourceBackupId).toBe('backup-abcdefghijk');
  });

  test('takes the id out of an ARN that is a token', () => {
    const stack = irishStack();
    const backup = BackupSource.arn(new CfnParameter(stack, 'Backup').valueAsString);
    new BackupCopy(stack, 'Copy', { source: backup, destinationRegion: 'us-east-1' });
    expect(onlyResource(Template.fromStack(stack), BACKUP_COPY).Properties.SourceBackupId).toEqual({
      'Fn::Select': [1, { 'Fn::Split': ['/', { Ref: 'Backup' }] }],
    });
  });

  test('can be of the latest backup of a cluster', () => {
    const stack = irishStack();
    const latest = BackupSource.latestOf(Cluster.fromClusterId(stack, 'Cluster', 'cluster-abcdefghijk'));
    new BackupCopy(stack, 'Copy', { source: latest, destinationRegion: 'us-east-1' });
    const { Properties } = onlyResource(Template.fromStack(stack), BACKUP_COPY);
    expect(Properties.ClusterId).toBe('cluster-abcdefghijk');
    expect(Properties).not.toHaveProperty('SourceBackupId');
  });

  test('has tags', () => {
    const copy = copyWith({ tags: { team: 'web' } });
    Tags.of(copy).add('stage', 'test');
    expect(resource(copy).Properties.Tags).toEqual([
      { Key: 'stage', Value: 'test' },
      { Key: 'team', Value: 'web' },
    ]);
  });

  test('is retained by default', () => {
    expect(resource(copyWith()).DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(resource(copyWith({ removalPolicy: RemovalPolicy.DESTROY })).DeletionPolicy).toBe('Delete');
    const changed = copyWith();
    changed.applyRemovalPolicy(RemovalPolicy.DESTROY);
    expect(resource(changed).DeletionPolicy).toBe('Delete');
  });

  test('can be managed with a role', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::222222222222:role/hsm');
    expect(resource(copyWith({ assumeRole })).Properties.AssumeRole.RoleArn).toBe(assumeRole.roleArn);
  });

  test('has an id, an ARN and a state', () => {
    const copy = copyWith();
    const attributes = [copy.backupId, copy.backupArn, copy.backupState];
    expect(
      Stack.of(copy)
        .resolve(attributes)
        .map((value: Json) => value['Fn::GetAtt'][1]),
    ).toEqual(['BackupId', 'BackupArn', 'State']);
  });

  test.each([
    ['eu-west-1', 'destinationRegion must be another region than that of the backup, got "eu-west-1"'],
    ['Ireland', 'destinationRegion must be the name of a region such as eu-west-1, got "Ireland"'],
  ])('cannot be made in %s', (destinationRegion, message) => {
    expect(messageOf(() => copyWith({ destinationRegion }))).toBe(`Stack/Copy: ${message}`);
  });

  test('can go to the region of the stack from that of a role', () => {
    const assumeRole = RoleAssumption.fromRoleArn('arn:aws:iam::111111111111:role/hsm', { region: 'us-east-1' });
    expect(() => copyWith({ assumeRole, destinationRegion: 'eu-west-1' })).not.toThrow();
    expect(() => copyWith({ assumeRole, destinationRegion: 'us-east-1' })).toThrow('another region');
  });

  test('has at most 47 tags', () => {
    const tags = Object.fromEntries(Array.from({ length: 48 }, (_, index) => [`key${index}`, 'value']));
    expect(messageOf(() => copyWith({ tags }))).toContain('tags must have 0 to 47 entries, got "48 entries"');
  });
});
