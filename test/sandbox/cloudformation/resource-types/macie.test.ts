import { bucketOfStacks } from '../../../../sandbox/cloudformation/buckets';
import { ACCOUNT, Lab, REGION } from '../lab';

const session = (properties: object = {}) => ({ Session: { Type: 'AWS::Macie::Session', Properties: properties } });
const getAtt = (name: string) => ({ Value: { 'Fn::GetAtt': ['Session', name] } });

describe('a session of Macie', () => {
  const stateOf = (it: Lab) => it.macie2.sessions(it.world).state(ACCOUNT, REGION);

  test('comes, changes and goes', async () => {
    const it = new Lab();
    const Outputs = {
      Account: getAtt('AwsAccountId'),
      Role: getAtt('ServiceRole'),
      Ref: { Value: { Ref: 'Session' } },
    };
    const made = await it.deploy(session(), { template: { Outputs } });
    expect(made.status).toBe('CREATE_COMPLETE');
    expect(it.stack()?.outputs.map(({ value }) => value)).toEqual([
      ACCOUNT,
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie`,
      ACCOUNT,
    ]);
    expect(stateOf(it).session).toMatchObject({ status: 'ENABLED', findingPublishingFrequency: 'SIX_HOURS' });
    await it.deploy(session({ FindingPublishingFrequency: 'ONE_HOUR', Status: 'PAUSED' }));
    expect(stateOf(it).session).toMatchObject({ status: 'PAUSED', findingPublishingFrequency: 'ONE_HOUR' });
    await expect(it.delete()).resolves.toMatchObject({ status: 'DELETE_COMPLETE' });
    expect(stateOf(it).session).toBeUndefined();
  });

  test('fails where Macie is enabled already, and leaves it', async () => {
    const it = new Lab();
    it.macie2.sessions(it.world).enable(ACCOUNT, REGION);
    expect((await it.deploy(session())).status).toBe('ROLLBACK_COMPLETE');
    expect(stateOf(it).session).toBeDefined();
  });
});

test('buckets of stacks are found with their policies', async () => {
  const it = new Lab();
  const PolicyDocument = { Version: '2012-10-17', Statement: [] };
  await it.deploy({
    Plain: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'plain' } },
    Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument } },
  });
  const name = it.stack()!.resources.get('Bucket')!.instance!.physicalId;
  const place = { accountId: ACCOUNT, region: REGION };
  expect(bucketOfStacks(it.stacks, name)).toEqual({ ...place, policy: PolicyDocument });
  expect(bucketOfStacks(it.stacks, 'plain')).toEqual({ ...place, policy: undefined });
  expect(bucketOfStacks(it.stacks, 'none')).toBeUndefined();
});
