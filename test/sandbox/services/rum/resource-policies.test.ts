import { ACCOUNT, arnOf, RumHarness } from './harness';

let aws: RumHarness;
beforeEach(async () => {
  aws = new RumHarness();
  await aws.create();
});

const statement = (change: object = {}) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 'rum:PutRumEvents',
  Resource: arnOf('shop'),
  ...change,
});
const policy = (change: object = {}) => JSON.stringify({ Version: '2012-10-17', Statement: [statement(change)] });
const put = (PolicyDocument: string, PolicyRevisionId?: string) =>
  aws.call('PutResourcePolicy', { Name: 'shop', PolicyDocument, PolicyRevisionId });

test('a policy is put, read, replaced and deleted', async () => {
  expect(await put(policy())).toEqual({ PolicyDocument: policy() });
  const replaced = policy({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/a` } });
  await put(replaced);
  expect(await aws.call('GetResourcePolicy', { Name: 'shop' })).toEqual({ PolicyDocument: replaced });
  await aws.call('DeleteResourcePolicy', { Name: 'shop' });
  for (const operation of ['GetResourcePolicy', 'DeleteResourcePolicy']) {
    expect(await aws.failure(operation, { Name: 'shop' })).toMatchObject({
      code: 'PolicyNotFoundException',
      statusCode: 404,
    });
  }
});

test('a policy with a revision id is changed only by who knows it', async () => {
  await put(policy(), 'one');
  expect((await aws.call('GetResourcePolicy', { Name: 'shop' })).PolicyRevisionId).toBe('one');
  for (const PolicyRevisionId of [undefined, 'two']) {
    const input = { Name: 'shop', PolicyDocument: policy(), PolicyRevisionId };
    expect((await aws.failure('PutResourcePolicy', input)).code).toBe('InvalidPolicyRevisionIdException');
    const error = await aws.failure('DeleteResourcePolicy', { Name: 'shop', PolicyRevisionId });
    expect(error.code).toBe('InvalidPolicyRevisionIdException');
  }
  await put(policy(), 'one');
  expect(await aws.call('DeleteResourcePolicy', { Name: 'shop', PolicyRevisionId: 'one' })).toEqual({
    PolicyRevisionId: 'one',
  });
});

test('a revision id that a policy does not have deletes nothing', async () => {
  await put(policy());
  const error = await aws.failure('DeleteResourcePolicy', { Name: 'shop', PolicyRevisionId: 'one' });
  expect(error.code).toBe('InvalidPolicyRevisionIdException');
});

test.each<[string, string]>([
  ['text', 'policy'],
  ['a list', '[]'],
  ['no statement', '{"Version":"2012-10-17"}'],
  ['an empty list of statements', '{"Version":"2012-10-17","Statement":[]}'],
  ['another action', policy({ Action: 'rum:GetAppMonitor' })],
  ['every action', policy({ Action: '*' })],
  ['no action', policy({ Action: undefined })],
  ['another effect', policy({ Effect: 'Permit' })],
  ['another monitor', policy({ Resource: arnOf('other') })],
  ['no principal', policy({ Principal: undefined })],
  ['another account', policy({ Principal: { AWS: 'arn:aws:iam::444455556666:root' } })],
  ['another account by its number', policy({ Principal: { AWS: ['444455556666'] } })],
])('a policy of %s is malformed', async (_case, PolicyDocument) => {
  const error = await aws.failure('PutResourcePolicy', { Name: 'shop', PolicyDocument });
  expect(error.code).toBe('MalformedPolicyDocumentException');
});

test('a policy may speak of its monitor with wildcards, and of its own account', async () => {
  await put(policy({ Resource: [arnOf('*')], Principal: { AWS: [ACCOUNT, `arn:aws:iam::${ACCOUNT}:root`] } }));
});

test('a policy has at most 4 KB', async () => {
  const PolicyDocument = policy({ Sid: 'x'.repeat(4096) });
  const error = await aws.failure('PutResourcePolicy', { Name: 'shop', PolicyDocument });
  expect(error.code).toBe('PolicySizeLimitExceededException');
});

test('a policy needs its monitor, and one that stays', async () => {
  const operations = ['PutResourcePolicy', 'GetResourcePolicy', 'DeleteResourcePolicy'];
  for (const operation of operations) {
    const error = await aws.failure(operation, { Name: 'gone', PolicyDocument: policy() });
    expect(error.code).toBe('ResourceNotFoundException');
  }
  aws = new RumHarness({ deletingSeconds: 60 });
  await aws.create();
  await put(policy());
  await aws.call('DeleteAppMonitor', { Name: 'shop' });
  for (const operation of ['PutResourcePolicy', 'DeleteResourcePolicy']) {
    const error = await aws.failure(operation, { Name: 'shop', PolicyDocument: policy() });
    expect(error.code).toBe('ConflictException');
  }
});
