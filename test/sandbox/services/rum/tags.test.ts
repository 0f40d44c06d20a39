import { ACCOUNT, arnOf, REGION, RumHarness } from './harness';

let aws: RumHarness;
beforeEach(async () => {
  aws = new RumHarness();
  await aws.create('shop', { Tags: { team: 'shop', cost: '1' } });
});

const ResourceArn = arnOf('shop');

test('tags are added, replaced, removed and listed', async () => {
  await aws.call('TagResource', { ResourceArn, Tags: { cost: '2', stage: '' } });
  await aws.call('UntagResource', { ResourceArn, TagKeys: ['team', 'never-there'] });
  const Tags = { cost: '2', stage: '' };
  expect(await aws.call('ListTagsForResource', { ResourceArn })).toEqual({ ResourceArn, Tags });
  expect((await aws.get()).Tags).toEqual(Tags);
});

test('a monitor has at most 50 tags, counted together with those it has', async () => {
  const Tags = Object.fromEntries(Array.from({ length: 48 }, (_, i) => [`k${i}`, 'v']));
  await aws.call('TagResource', { ResourceArn, Tags });
  const error = await aws.failure('TagResource', { ResourceArn, Tags: { more: 'v' } });
  expect(error.code).toBe('ValidationException');
  await aws.call('TagResource', { ResourceArn, Tags: { team: 'other' } });
});

test.each([
  ['a monitor that is not there', arnOf('gone')],
  ['another account', `arn:aws:rum:${REGION}:444455556666:appmonitor/shop`],
  ['another region', `arn:aws:rum:us-east-1:${ACCOUNT}:appmonitor/shop`],
  ['another service', `arn:aws:logs:${REGION}:${ACCOUNT}:appmonitor/shop`],
])('the tags of %s are not found', async (_case, arn) => {
  const inputs = { TagResource: { Tags: { a: 'b' } }, UntagResource: { TagKeys: ['a'] }, ListTagsForResource: {} };
  for (const [operation, input] of Object.entries(inputs)) {
    const error = await aws.failure(operation, { ResourceArn: arn, ...input });
    expect(error).toMatchObject({ code: 'ResourceNotFoundException', members: { resourceName: arn } });
  }
});

test('a monitor that is being deleted cannot be tagged', async () => {
  aws = new RumHarness({ deletingSeconds: 60 });
  await aws.create();
  await aws.call('DeleteAppMonitor', { Name: 'shop' });
  const error = await aws.failure('TagResource', { ResourceArn, Tags: { a: 'b' } });
  expect(error.code).toBe('ResourceNotFoundException');
});
