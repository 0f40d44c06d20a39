import { arnOf, CloudHsmHarness, OTHER_ACCOUNT, OTHER_REGION } from './harness';

let aws: CloudHsmHarness;
let ResourceArn: string;
beforeEach(async () => {
  aws = new CloudHsmHarness();
  await aws.active();
  ResourceArn = (await aws.backups())[0]!.BackupArn;
});

const policy = (more: object = {}) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: OTHER_ACCOUNT },
        Action: ['cloudhsm:CreateCluster', 'cloudhsm:DescribeBackups'],
        Resource: ResourceArn,
        ...more,
      },
    ],
  });

test('a policy is put, read, replaced and deleted', async () => {
  expect(await aws.call('GetResourcePolicy', { ResourceArn })).toEqual({});
  const Policy = policy();
  expect(await aws.call('PutResourcePolicy', { ResourceArn, Policy })).toEqual({ ResourceArn, Policy });
  const other = policy({ Principal: '*' });
  await aws.call('PutResourcePolicy', { ResourceArn, Policy: other });
  expect(await aws.call('GetResourcePolicy', { ResourceArn })).toEqual({ Policy: other });
  expect(await aws.call('DeleteResourcePolicy', { ResourceArn })).toEqual({ ResourceArn, Policy: other });
  expect(await aws.call('GetResourcePolicy', { ResourceArn })).toEqual({});
});

test.each<[string, () => string | undefined]>([
  ['no policy', () => undefined],
  ['text that is not JSON', () => '{'],
  ['a policy without statements', () => '{}'],
  ['another effect', () => policy({ Effect: 'Maybe' })],
  ['nobody', () => policy({ Principal: undefined })],
  ['another action', () => policy({ Action: 'cloudhsm:DeleteBackup' })],
  ['another resource', () => policy({ Resource: arnOf('backup-aaaaaaaaaaa') })],
])('refuses %s', async (_case, make) => {
  const error = await aws.failure('PutResourcePolicy', { ResourceArn, Policy: make() });
  expect(error.code).toBe('CloudHsmInvalidRequestException');
});

test('is for backups that are ready, in this account and region', async () => {
  const failure = async (arn: string) =>
    (await aws.failure('PutResourcePolicy', { ResourceArn: arn, Policy: policy() })).code;
  expect(await failure(arnOf('cluster-aaaaaaaaaaa'))).toBe('CloudHsmInvalidRequestException');
  expect(await failure(arnOf('backup-aaaaaaaaaaa'))).toBe('CloudHsmResourceNotFoundException');
  expect(await failure(ResourceArn.replace('eu-central-1', OTHER_REGION))).toBe('CloudHsmResourceNotFoundException');
  await aws.call('DeleteBackup', { BackupId: ResourceArn.split('/')[1] });
  expect(await failure(ResourceArn)).toBe('CloudHsmInvalidRequestException');
});
